"""SPaT: what signals show, as messages with the names of SAE J2735, one a line of JSON.

SAE J2735 could not be read. Secondary sources: the field notes of CARMA Streets (github.com/usdot-fhwa-stol,
carma-streets, streets_signal_phase_and_timing) and the classes of the USDOT's Operational Data Environment (jpo-ode).
"""

from __future__ import annotations

import heapq
import itertools
import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from networks.errors import BadInput
from networks.signals.controllers.controller import Controller
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import STATIC, SignalPlan
from networks.timing.grouping import form_lamps
from networks.timing.looping import shown_loop

STATES = {
    "G": "protected-Movement-Allowed",
    "g": "permissive-Movement-Allowed",
    "r": "stop-And-Remain",
    "s": "stop-Then-Proceed",
    "u": "pre-Movement",
    "O": "dark",
    "o": "caution-Conflicting-Traffic",
}
"""SUMO's letters as MovementPhaseState; yellow is a clearance of the kind of the green before it."""
CLEARANCES = {"G": "protected-clearance", "g": "permissive-clearance"}
HOUR, LATER = 36_000, 36_000
"""Tenths of a second of an hour; a TimeMark of a moment more than an hour away."""
MOST_GROUPS = 254
_MINUTE_MS = 60_000
_SAME_S = 1e-6


@dataclass(frozen=True)
class Shown:
    """What a signal shows for a time.

    Attributes:
        begin_s: From here on, seconds of the replay's clock.
        seconds: So long.
        least_s, most_s: Its limits, where traffic decides.
        state: SUMO's letters.
    """

    begin_s: float
    seconds: float
    least_s: float
    most_s: float
    state: str


@dataclass(frozen=True)
class Movement:
    """Links that always show the same: a signal group of J2735."""

    number: int
    name: str
    links: tuple[int, ...]


def plan_shown(plan: SignalPlan) -> list[Shown]:
    """One cycle of a plan, from a moment on at which something changes.

    Raises:
        BadInput: Its phases branch, nothing ever changes, or a time is no tenth of a second.
    """
    loop = shown_loop(plan)
    first = next((n for n, phase in enumerate(loop.phases) if phase.state != loop.phases[n - 1].state), None)
    if first is None:
        raise BadInput("its lights never change", place=f"signal {plan.tls_id}", expected="phases of several states")
    now = (loop.offset_s + sum(phase.duration_s for phase in loop.phases[:first])) % loop.cycle_s
    found = []
    for phase in (*loop.phases[first:], *loop.phases[:first]):
        limits = (phase.min_s, phase.max_s) if plan.kind != STATIC else (phase.duration_s, phase.duration_s)
        found.append(Shown(round(now, 6), phase.duration_s, *limits, phase.state))
        now += phase.duration_s
    _tenths(plan.tls_id, [one.begin_s for one in found])
    return found


def states_shown(moments: Sequence[tuple[float, str]], end_s: float) -> list[Shown]:
    """What (second, state) of a run say, each until the next and the last until `end_s`."""
    ends = [*(second for second, _ in moments[1:]), end_s]
    told = [(begin, end - begin, state) for (begin, state), end in zip(moments, ends, strict=True)]
    return [Shown(begin, seconds, seconds, seconds, state) for begin, seconds, state in told if seconds > _SAME_S]


def movements_of(tls: str, shown: Sequence[Shown], controller: Controller) -> tuple[Movement, ...]:
    """The signal groups of what is shown: links of one group of the controller that show the same throughout.

    Raises:
        BadInput: There are more than a message may hold.
    """
    phases = tuple(SignalPhase(one.seconds, one.state, one.seconds, one.seconds) for one in shown)
    lamps = form_lamps(SignalPlan(tls, "", 0.0, phases, ""), controller)
    if len(lamps) > MOST_GROUPS:
        raise BadInput(f"{len(lamps)} signal groups, at most {MOST_GROUPS}", place=f"signal {tls}")
    return tuple(Movement(n, lamp.name, lamp.links) for n, lamp in enumerate(lamps, 1))


def messages(
    tls: str,
    number: int,
    shown: Sequence[Shown],
    movements: Sequence[Movement],
    *,
    repeats: bool,
    fixed: bool,
    begin_moy: int = 0,
) -> Iterator[tuple[float, dict[str, Any]]]:
    """(second, message) whenever something changes.

    Args:
        tls: The signal.
        number: Its id, 1 to 65535.
        shown: In order of time.
        movements: Of `movements_of`.
        repeats: Whether the end is followed by the begin; otherwise nothing is known of what comes behind the end.
        fixed: Whether times are fixed; otherwise the least and longest are told.
        begin_moy: Minute of the year of second 0.
    """
    runs = {one.number: _runs(shown, one.links[0], repeats=repeats) for one in movements}
    for now in shown:
        moment = round(now.begin_s, 1)
        minutes, rest = divmod(round(moment * 1000), _MINUTE_MS)
        states = [
            {
                "movementName": f"{one.name} [{' '.join(map(str, one.links))}]",
                "signalGroup": one.number,
                "state-time-speed": [_event(run, fixed=fixed) for run in _current(runs[one.number], now.begin_s)],
            }
            for one in movements
        ]
        status = "fixedTimeOperation" if fixed else "trafficDependentOperation"
        intersection = {
            "name": tls,
            "id": {"id": number},
            "revision": 0,
            "status": [status],
            "moy": begin_moy + minutes,
        }
        yield moment, {"intersections": [intersection | {"timeStamp": rest, "states": states}]}


def write_lines(told: Mapping[str, Iterator[tuple[float, dict[str, Any]]]]) -> Iterator[str]:
    """The messages of several signals in the order of time, then of signals, a line each: each signal's are."""
    rows = (((second, tls, message) for second, message in own) for tls, own in told.items())
    for _, _, message in heapq.merge(*rows, key=lambda row: row[:2]):
        yield json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True)
class _Run:
    """A movement's state: its letter as J2735 says it, from when to when, and the earliest and latest end."""

    state: str
    begin_s: float
    end_s: float
    earliest_s: float
    latest_s: float
    open: bool


def _runs(shown: Sequence[Shown], link: int, *, repeats: bool) -> list[_Run]:
    """Every state of a link in a row; where it repeats, from the state before the begin to the one behind the end."""
    length = sum(one.seconds for one in shown)
    turns = (-length, 0.0, length) if repeats else (0.0,)
    laid = [(turn + one.begin_s, one) for turn in turns for one in shown]
    found, green = list[_Run](), "G"
    for letter, group in itertools.groupby(laid, key=lambda pair: pair[1].state[link]):
        own = list(group)
        green = letter if letter in "Gg" else green
        begin, end = own[0][0], own[-1][0] + own[-1][1].seconds
        least, most = (sum(getattr(one, name) for _, one in own) for name in ("least_s", "most_s"))
        state = CLEARANCES[green] if letter in "yY" else STATES.get(letter, "unavailable")
        found.append(_Run(state, begin, end, begin + min(least, end - begin), begin + max(most, end - begin), False))
    if not repeats:
        last = found[-1]
        found[-1] = _Run(last.state, last.begin_s, last.end_s, last.end_s, last.end_s, True)
    return found


def _current(runs: Sequence[_Run], now: float) -> Sequence[_Run]:
    """What a movement shows at a moment, and what it shows next."""
    at = bisect_right(runs, now + _SAME_S, key=lambda run: run.begin_s) - 1
    return runs[at : at + 2]


def _event(run: _Run, *, fixed: bool) -> dict[str, Any]:
    timing = {"startTime": _mark(run.begin_s), "minEndTime": _mark(run.end_s if fixed else run.earliest_s)}
    if not run.open:
        timing |= {"maxEndTime": _mark(run.end_s if fixed else run.latest_s), "likelyTime": _mark(run.end_s)}
    return {"eventState": run.state, "timing": timing}


def _mark(second: float) -> int:
    """A TimeMark: tenths of a second in the hour."""
    return round(second * 10) % HOUR


def _tenths(tls: str, moments: Sequence[float]) -> None:
    odd = [moment for moment in moments if abs(moment * 10 - round(moment * 10)) > 1e-5 or not math.isfinite(moment)]
    if odd:
        raise BadInput(f"it changes at {odd[0]:g} s", place=f"signal {tls}", expected="times in tenths of a second")
