"""Options for trouble: signals around it, diversion by signs or by radio, a street closed, and what goes together."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.sumo.diverted import Diverted
from networks import SignalPlan
from networks.sentence import say
from twin.advice.ground import AdviceGround
from twin.advice.option import Option, both, nothing
from twin.advice.ruling import Refusal
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
    ahead = ground.upstream(trouble.shunned, REACH)
    signs = tuple(sorted(edge for edge, hop in ahead.items() if hop > 1))  # before the last junction nobody turns off
    if not signs:
        return []
    where = _names(ground, trouble.shunned)
    change = Diverted(trouble.shunned, SIGN_SHARE, seed, signs)
    action = {
        "kind": "diversion", "avoid": list(trouble.shunned), "signs": list(signs), "by": "signs",
        "text": say(f"{where}: avoid", f"{where}：请绕行"),
    }  # fmt: skip
    title = say(
        f"signs on {len(signs)} street{'s' if len(signs) > 1 else ''} ahead send traffic round {where}",
        f"上游 {len(signs)} 条道路的可变标志引导绕行 {where}",
    )
    back = {"kind": "diversion", "avoid": [], "signs": list(signs), "by": "signs", "text": say("", "")}
    return [Option("signs", title, (change,), (action,), (back,), {f"sign:{edge}": "off" for edge in trouble.shunned})]


def _radio(trouble: Trouble, ground: AdviceGround, seed: int) -> list[Option]:
    where = _names(ground, trouble.shunned)
    change = Diverted(trouble.shunned, RADIO_SHARE, seed)
    text = say(f"{where}: avoid", f"{where}：请绕行")
    action = {"kind": "diversion", "avoid": list(trouble.shunned), "by": "broadcast", "text": text}
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
    found, taken = list[Option](), set[str]()
    farther = tuple(edge for edge, hop in ground.upstream(trouble.edges, 1).items() if hop == 1)
    for name, edges, more, why in (
        ("empty", tuple(trouble.jammed), True, ("more green out of the full street", "增加拥堵路段出口绿灯")),
        ("meter", tuple(trouble.edges), False, ("less green into the trouble", "减少驶入受阻路段的绿灯")),
        ("gate", farther, False, ("less green one junction farther out", "减少外围一级路口驶入方向的绿灯")),
    ):
        plans, refused = _plans(ground, edges, more=more, without=taken)
        taken |= {plan.tls_id for plan in plans}
        if plans:
            said = ground.rules.said(plans, refused) if ground.rules else ()
            found.append(timed(name, ground.plans, plans, why, said))
    return found


def _plans(
    ground: AdviceGround, edges: Sequence[str], *, more: bool, without: Collection[str] = ()
) -> tuple[list[SignalPlan], list[Refusal]]:
    """Changed plans, and those that rules do not let through."""
    signals = ground.emptying(edges) if more else ground.feeding(edges)
    plans, refused = list[SignalPlan](), list[Refusal]()
    for tls, of in sorted(signals.items(), key=lambda one: (-len(one[1][0]), one[0])):
        plan = next((one for links in of if (one := shifted(ground.plans[tls], links, more=more))), None)
        if plan is None or tls in without or len(plans) == SIGNALS:
            continue
        refusal = ground.rules.refusal(ground.plans[tls], plan) if ground.rules else None
        if refusal is None:
            plans.append(plan)
        else:
            refused.append(refusal)
    return plans, refused
