"""The plan of SUMO's that a ring plan shows when every phase lasts its split."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from networks.signals.plans.phase import CHANGE, SignalPhase
from networks.signals.plans.plan import ACTUATED, STATIC, SignalPlan
from networks.timing.ring_plan import RingPlan
from networks.timing.timing import Control

_DIGITS = 6
"""Moments are told apart to a microsecond: sums of the same times in another order must meet."""


@dataclass(frozen=True)
class _Service:
    """A green of a link: what it shows, from its begin to the end of the split."""

    phase: int
    letter: str
    begin: float
    yellow_from: float
    red_from: float
    end: float


def plan_of_rings(rings: RingPlan) -> SignalPlan:
    """Phases of states: green while a phase serves a link, and through the change where the next one serves it too.

    Where all of two phases' green is over, yellow, red-amber and red follow link by link. The limits of a green are
    those of the phases that have exactly this green; others last as written.

    Raises:
        BadInput: The rings do not meet at their barriers.
    """
    cycle, begins = round(rings.cycle_s, _DIGITS), rings.begins_s()
    services = {link: _services(rings, begins, link) for link in range(len(rings.red)) if link not in rings.constant}
    cuts = {0.0, cycle}.union(*(_moments(rings, link, own, cycle) for link, own in services.items()))
    phases = list[SignalPhase]()
    for begin, end in itertools.pairwise(sorted(cuts)):
        if end - begin <= 2 * 10.0**-_DIGITS:
            continue
        now = (begin + end) / 2
        state = "".join(
            rings.constant[link] if link in rings.constant else _letter(rings, link, services[link], now, cycle)
            for link in range(len(rings.red))
        )
        phases.append(_phase(rings, begins, state, begin, end))
    kind = STATIC if rings.control is Control.FIXED else ACTUATED
    return SignalPlan(rings.tls_id, rings.program_id, rings.offset_s, tuple(phases), rings.source, kind, rings.params)


def _services(rings: RingPlan, begins: dict[int, float], link: int) -> list[_Service]:
    found = []
    for phase in rings.phases:
        letter = "G" if link in phase.protected else "g" if link in phase.permitted else ""
        if letter:
            begin = begins[phase.number]
            yellow, red = begin + phase.green_s, begin + phase.green_s + phase.yellow_s
            times = (round(t, _DIGITS) for t in (begin, yellow, red, begin + phase.split_s))
            found.append(_Service(phase.number, letter, *times))
    return found


def _moments(rings: RingPlan, link: int, services: list[_Service], cycle: float) -> Iterator[float]:
    amber = rings.red_ambers_s.get(link, 0.0)
    for one in services:
        for moment in (one.begin, one.begin - amber, one.yellow_from, one.red_from, one.end):
            yield round(moment % cycle, _DIGITS)


def _letter(rings: RingPlan, link: int, services: list[_Service], now: float, cycle: float) -> str:
    """What a link shows at a moment: the freest letter of all phases that serve it."""
    shown = {_shown(rings, link, services, one, cycle, now) for one in services if one.begin <= now < one.end}
    for letter in "Ggy":
        if letter in shown:
            return letter
    amber = rings.red_ambers_s.get(link, 0.0)
    soon = any(0.0 < (one.begin - now) % cycle <= amber for one in services)
    return "u" if soon else rings.red[link]


def _shown(rings: RingPlan, link: int, services: list[_Service], one: _Service, cycle: float, now: float) -> str:
    if now < one.yellow_from:
        return one.letter
    after = [two for two in services if abs(two.begin - one.end % cycle) < 2 * 10.0**-_DIGITS]
    if after and (link, one.phase) not in rings.interrupted:
        return "g" if "g" in {one.letter, *(two.letter for two in after)} else "G"
    return "y" if now < one.red_from and link not in rings.without_yellow else rings.red[link]


def _phase(rings: RingPlan, begins: dict[int, float], state: str, begin: float, end: float) -> SignalPhase:
    """One step of the plan, with the limits of the phases that have exactly this green."""

    def near(one: float, other: float) -> bool:
        return abs(one - other) < 2 * 10.0**-_DIGITS

    seconds = round(end - begin, _DIGITS)
    greens = [(p, begins[p.number], begins[p.number] + p.green_s) for p in rings.phases]
    own = [phase for phase, b, e in greens if near(b, begin) and near(e, end)]
    running = any(b <= (begin + end) / 2 < e for _, b, e in greens)
    least = max((phase.least_s for phase in own), default=seconds)
    most = min((phase.most_s for phase in own), default=seconds)
    return SignalPhase(seconds, state, least, most, "" if running else CHANGE)
