"""Two lamps of a plan: conflicts, rights of way, protected turns, intergreens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from networks.rules.ground import Ground
from networks.rules.judging import NOTHING, Judge
from networks.rules.verdict import Verdict
from networks.sentence import Sentence, say
from networks.signals.controllers.controller import Controller
from networks.signals.groups.encounter import Encounter
from networks.signals.plans.course import Course, Green, overlap
from networks.signals.plans.plan import SignalPlan

_ZH = {"straight": "直行", "turning": "转弯", "bicycle": "自行车", "pedestrian": "行人", "tram": "有轨电车"}
Greens = dict[str, tuple[Green, ...]]


def judge_pairs(
    judge: Judge, ground: Ground, controller: Controller, plan: SignalPlan, course: Course
) -> Iterator[Verdict]:
    """Verdicts on every two lamps in conflict, and on every link that goes first."""
    greens = {lamp.name: course.greens(lamp.links) for lamp in ground.lamps if lamp.links}
    together = {
        pair
        for pair in combinations(greens, 2)
        if ground.protected.forbids(*pair)
        and any(overlap(a, b, course.cycle_s) for a in greens[pair[0]] for b in greens[pair[1]])
    }
    yield from _together(judge, ground, together)
    yield from _rights(judge, controller, plan)
    for one, other in permutations(greens, 2):
        apart = (one, other) not in together and (other, one) not in together
        if apart and ground.protected.forbids(one, other) and greens[one] and greens[other]:
            yield from _intergreen(judge, ground, greens, course, (one, other))


def _together(judge: Judge, ground: Ground, together: set[tuple[str, str]]) -> Iterator[Verdict]:
    for rule, hard in (("conflict", True), ("protected_turn", False)):
        if not judge.asks(rule):
            continue
        bad = [pair for pair in sorted(together) if ground.conflicts.forbids(*pair) is hard]
        for one, other in bad:
            why = say(
                f"{one} and {other} are green together"
                if hard
                else f"{one} and {other} are green together: a turn over the oncoming lanes that the table protects",
                f"{one}与{other}同时绿灯" if hard else f"{one}与{other}同时绿灯：规则要求该转弯设保护相位",
            )
            yield judge.counted(rule, f"{one} and {other}", 1, "pairs", why)
        if not bad:
            yield judge.counted(rule, "all lamps", 0, "pairs")


def _rights(judge: Judge, controller: Controller, plan: SignalPlan) -> Iterator[Verdict]:
    if not judge.asks("right_of_way"):
        return
    wrong = 0
    for link, others in controller.gives_way.items():
        for other in others:
            count = sum(p.state[link] == "G" and p.state[other] in "Gg" for p in plan.phases)
            if count:
                wrong += 1
                why = say(
                    f"link {link} shows G while link {other}, which it must give way to, is green",
                    f"连接{link}显示G，而其应让行的连接{other}正为绿灯",
                )
                yield judge.verdict("right_of_way", f"link {link}", float(count), why=why)
    if not wrong:
        yield judge.verdict("right_of_way", "all links", 0.0)


def _intergreen(
    judge: Judge, ground: Ground, greens: Greens, course: Course, pair: tuple[str, str]
) -> Iterator[Verdict]:
    rule = "clearance" if ground.named[pair[0]].kind == "pedestrian" else "intergreen"
    if not judge.asks(rule):
        return
    gaps = [(b.begin - a.end) % course.cycle_s for a in greens[pair[0]] for b in greens[pair[1]]]
    needed = ground.intergreens.between(*pair)
    met = ground.decided.get(pair)
    why = _told(met, min(gaps), needed, ground.named[pair[0]].yellow_s) if met else NOTHING
    yield judge.verdict(rule, f"{pair[0]} > {pair[1]}", min(gaps), needed, why)


def _told(met: Encounter, found: float, needed: float, yellow: float) -> Sentence:
    clears, enters = met.clearing_m, met.entering_m
    red = max(0.0, needed - yellow)
    asked = f"{needed:g} s" + (f" (yellow {yellow:g}, red {red:g})" if yellow else "")
    asked_zh = f"{needed:g}秒" + (f"（黄灯{yellow:g}，红灯{red:g}）" if yellow else "")
    return say(
        f"{found:g} of {asked}: {met.leaving} {clears:.0f} m to clear, {met.entering} {enters:.0f} m to enter",
        f"{found:g}秒，应为{asked_zh}：{_ZH[met.leaving]}清空{clears:.0f}米，{_ZH[met.entering]}驶入{enters:.0f}米",
    )
