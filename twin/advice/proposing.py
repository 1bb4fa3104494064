"""Options for trouble: signals around it, diversion by signs or by radio, a street closed, and what goes together."""

from __future__ import annotations

from collections.abc import Sequence

from models.sumo.diverted import Diverted
from networks import SignalPlan
from networks.sentence import say
from twin.advice.ground import AdviceGround
from twin.advice.option import Option, both, nothing
from twin.advice.timing import shifted, timed
from twin.advice.trouble import REACH, Trouble

SIGN_SHARE, RADIO_SHARE, BARRIER_SHARE = 0.3, 0.2, 1.0
"""Drivers who follow (guesses): signs before the last junctions, a message to everybody, a closed street."""
SIGNALS = 4
"""Signals that one option changes at most: each is an order that somebody must approve."""
BARRIER_S = 36000.0


def options_for(trouble: Trouble, ground: AdviceGround, seed: int) -> list[Option]:
    """Everything to be tried, doing nothing first.

    Args:
        trouble: What is to be dealt with.
        ground: The streets and today's plans.
        seed: Who follows a diversion is drawn from it.
    """
    single = [*_signs(trouble, ground, seed), *_radio(trouble, ground, seed)]
    timing = _timing(trouble, ground)
    closed = _closed(trouble, ground, seed)
    pairs = [both(one, plan) for one in single for plan in timing[:2]]
    pairs += [both(single[0], single[1])] if len(single) == 2 else []
    return [nothing(), *single, *timing, *closed, *pairs]


def _names(ground: AdviceGround, edges: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(map(ground.name, edges)))


def _signs(trouble: Trouble, ground: AdviceGround, seed: int) -> list[Option]:
    ahead = ground.upstream(trouble.edges, REACH)
    signs = tuple(sorted(edge for edge, hop in ahead.items() if hop > 1))  # before the last junction nobody turns off
    if not signs:
        return []
    where = _names(ground, trouble.edges)
    change = Diverted(trouble.edges, SIGN_SHARE, seed, signs)
    action = {
        "kind": "diversion", "avoid": list(trouble.edges), "signs": list(signs), "by": "signs",
        "text": say(f"{where}: avoid", f"{where}：请绕行"),
    }  # fmt: skip
    title = say(
        f"signs on {len(signs)} street{'s' if len(signs) > 1 else ''} ahead send traffic round {where}",
        f"上游 {len(signs)} 条道路的可变标志引导绕行 {where}",
    )
    back = {"kind": "diversion", "avoid": [], "signs": list(signs), "by": "signs", "text": say("", "")}
    return [Option("signs", title, (change,), (action,), (back,), {f"sign:{edge}": "off" for edge in trouble.edges})]


def _radio(trouble: Trouble, ground: AdviceGround, seed: int) -> list[Option]:
    where = _names(ground, trouble.edges)
    change = Diverted(trouble.edges, RADIO_SHARE, seed)
    text = say(f"{where}: avoid", f"{where}：请绕行")
    action = {"kind": "diversion", "avoid": list(trouble.edges), "by": "broadcast", "text": text}
    back = {"kind": "diversion", "avoid": [], "by": "broadcast", "text": say("", "")}
    title = say(f"everybody is told to keep away from {where}", f"向所有驾驶人发布绕行 {where} 的信息")
    return [Option("broadcast", title, (change,), (action,), (back,), {"broadcast": "off"})]


def _closed(trouble: Trouble, ground: AdviceGround, seed: int) -> list[Option]:
    """Blocked streets closed at their begin: nobody queues where nobody is let in."""
    ahead = tuple(sorted(edge for edge, hop in ground.upstream(trouble.blocked, REACH).items() if hop > 1))
    if not trouble.blocked or not ahead:
        return []
    where = _names(ground, trouble.blocked)
    change = Diverted(trouble.blocked, BARRIER_SHARE, seed, ahead, BARRIER_S)
    action = {"kind": "road_closure", "edges": list(trouble.blocked)}
    back = {"kind": "road_closure", "edges": list(trouble.blocked), "open": True}
    risk = say(
        "whoever lives or is expected there cannot get in; rescue services need a way through",
        "沿线居民和访客无法驶入；须为救援车辆留出通道",
    )
    return [
        Option(
            "closure", say(f"{where} closed to all traffic", f"封闭 {where}"), (change,), (action,), (back,),
            {f"road:{edge}": "open" for edge in trouble.blocked}, (risk,),
        )
    ]  # fmt: skip


def _timing(trouble: Trouble, ground: AdviceGround) -> list[Option]:
    """Less green into the trouble at the signals before it; more green out of a street that only is too full."""
    found = []
    if emptied := _plans(ground, trouble.jammed, more=True):
        why = ("more green out of the full street", "增加拥堵路段出口绿灯")
        found.append(timed("empty", ground.plans, emptied, why))
    near = tuple(trouble.edges)
    if held := _plans(ground, near, more=False, without=emptied):
        why = ("less green into the trouble", "减少驶入受阻路段的绿灯")
        found.append(timed("meter", ground.plans, held, why))
    farther = tuple(edge for edge, hop in ground.upstream(trouble.edges, 1).items() if hop == 1)
    if held := _plans(ground, farther, more=False, without=(*emptied, *held)):
        why = ("less green one junction farther out", "减少外围一级路口驶入方向的绿灯")
        found.append(timed("gate", ground.plans, held, why))
    return found


def _plans(
    ground: AdviceGround, edges: Sequence[str], *, more: bool, without: Sequence[SignalPlan] = ()
) -> list[SignalPlan]:
    taken = {plan.tls_id for plan in without}
    signals = ground.emptying(edges) if more else ground.feeding(edges)
    by_size = sorted(signals.items(), key=lambda one: (-len(one[1][0]), one[0]))
    plans = [
        next((plan for links in of if (plan := shifted(ground.plans[tls], links, more=more))), None)
        for tls, of in by_size
        if tls not in taken
    ]
    return [plan for plan in plans if plan is not None][:SIGNALS]
