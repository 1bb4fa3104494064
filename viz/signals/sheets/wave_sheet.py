"""The sheet of a green wave: two time-space diagrams from one past, with the time that people on foot have."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.report import templates
from viz.signals.diagrams.time_space import Direction, time_space
from viz.signals.plans.course import Shown
from viz.signals.sheets.corridor_greens import recorded_course, tracks_along

if TYPE_CHECKING:
    import pandas as pd

    from networks import Controller, Corridor, Crossing, StopLine

_BEFORE_S, _AFTER_S = 10.0, 60.0


@dataclass(frozen=True)
class Driven:
    """One drive.

    Attributes:
        states: time_s, tls_id, state whenever it changed.
        tracks: time_s, vehicle_id, lane_id, pos_m of everybody on the way.
        passed_s: Stop line -> when the vehicle passed it.
        end_s: End of the record.
    """

    states: pd.DataFrame
    tracks: pd.DataFrame
    passed_s: Mapping[int, float]
    end_s: float


@dataclass(frozen=True)
class People:
    """Who crosses the way at a stop line.

    Attributes:
        lit: Links of their own lights; empty where the network has none.
        red: Links that must not be green while they walk.
        need_s: What they need, from the end of the last yellow on; 0 with lights of their own.
    """

    lit: tuple[int, ...]
    red: tuple[int, ...]
    need_s: float


def people_at(stop: StopLine, controller: Controller, crossings: Sequence[Crossing]) -> People | None:
    """Who crosses before a stop line; None where nobody does.

    Args:
        stop: The stop line.
        controller: Of its signal.
        crossings: Crossings that the network does not hold.
    """
    home = {link: group.name for group in controller.groups for link in group.links}
    mine = {home[link] for link in stop.links if link in home}
    lit = [
        link
        for group in controller.groups
        if group.kind == "pedestrian" and any(controller.conflicts.forbids(group.name, name) for name in mine)
        for link in group.links
    ]
    if lit:
        return People(tuple(lit), (), 0.0)
    for one in crossings:
        if stop.edge_id in one.over:
            red = tuple(link for name in one.stopped for link in controller.named[name].links)
            return People((), red, one.need_s)
    return None


def walks(people: People | None, states: pd.DataFrame, end_s: float) -> tuple[Shown, ...]:
    """When people may cross: their own green, or a red of everybody in their way that is long enough for them.

    Args:
        people: From `people_at`.
        states: time_s, state of one signal whenever it changed.
        end_s: End of the record.
    """
    if people is None or not len(states):
        return ()
    times = [*map(float, states["time_s"]), end_s]
    spans = [(times[n], times[n + 1], _may(people, str(state))) for n, state in enumerate(states["state"])]
    runs = [list(run) for may, run in groupby(spans, key=lambda span: span[2]) if may]
    found = [(run[0][0], run[-1][1]) for run in runs]
    return tuple(Shown(a, b, "G") for a, b in found if b - a >= people.need_s)


def _may(people: People, state: str) -> bool:
    if people.lit:
        return any(state[link] in "Gg" for link in people.lit)
    return not any(state[link] in "GgyY" for link in people.red)


def wave_sheet(
    corridor: Corridor, wave: Driven, blue: Driven, people: Mapping[int, People | None], mine: str, call_s: float, *,
    lines: Sequence[Markup], simulated: Markup, notes: Mapping[str, Markup],
) -> Markup:  # fmt: skip
    """The sheet as a part of an HTML page in both languages.

    Args:
        corridor: The way.
        wave: With signals that hand over.
        blue: With blue light alone.
        people: Stop line -> who crosses there.
        mine: The vehicle.
        call_s: When it was asked for.
        lines: What came of it, in words, the answer first.
        simulated: Which run it was, in words.
        notes: Signal -> why it did not hand over.
    """
    last = max([*wave.passed_s.values(), *blue.passed_s.values(), call_s + 60.0])
    to_s = min(last + _AFTER_S, max(wave.end_s, blue.end_s))
    numbers = {tls: n for n, tls in enumerate(dict.fromkeys(stop.tls_id for stop in corridor.stops), 1)}
    names = _names(corridor, numbers)
    pictures = [_picture(corridor, one, people, mine, (call_s - _BEFORE_S, to_s), names) for one in (wave, blue)]
    rows = []
    for n, stop in enumerate(corridor.stops):
        own = wave.states[wave.states["tls_id"] == stop.tls_id]
        times = walks(people.get(n), own, wave.end_s)[1:-1]  # those at the ends of the record may be longer
        rows.append(
            {
                "number": numbers[stop.tls_id], "tls": stop.tls_id, "at": f"{stop.at_m:.0f}",
                "passed": _since(wave, n, call_s), "blue": _since(blue, n, call_s),
                "people": f"{min(one.seconds for one in times):.0f}" if times else "–",
                "why": notes.get(stop.tls_id, ""),
            }
        )  # fmt: skip
    shown = {"lines": lines, "simulated": simulated, "wave": pictures[0], "blue": pictures[1], "rows": rows}
    return Markup(templates().get_template("wave.html.j2").render(shown))


def _names(corridor: Corridor, numbers: Mapping[str, int]) -> list[str]:
    seen = set[str]()
    names = []
    for stop in corridor.stops:
        names.append("" if stop.tls_id in seen else str(numbers[stop.tls_id]))
        seen.add(stop.tls_id)
    return names


def _picture(
    corridor: Corridor, driven: Driven, people: Mapping[int, People | None], mine: str, span: tuple[float, float],
    names: Sequence[str],
) -> Markup:  # fmt: skip
    own = driven.tracks["vehicle_id"] == mine
    ours, others = (_inside(tracks_along(corridor, driven.tracks[one]), span) for one in (own, ~own))
    whole = (tuple(point for track in ours for point in track),) if ours else ()  # it may leap over a short edge
    at = tuple(stop.at_m for stop in corridor.stops)
    feet = tuple(
        walks(people.get(n), driven.states[driven.states["tls_id"] == stop.tls_id], driven.end_s)
        for n, stop in enumerate(corridor.stops)
    )
    forward = Direction(at, recorded_course(corridor, driven.states, driven.end_s), None, whole)
    back = Direction(at, feet, None, others)
    title = f"{corridor.edges[0]} – {corridor.edges[-1]}"
    return time_space(forward, back, span[0], span[1], title=title, names=names)


def _inside(
    tracks: Sequence[Sequence[tuple[float, float]]], span: tuple[float, float]
) -> tuple[tuple[tuple[float, float], ...], ...]:
    cut = (tuple((t, m) for t, m in track if span[0] <= t <= span[1]) for track in tracks)
    return tuple(track for track in cut if len(track) > 1)


def _since(driven: Driven, stop: int, call_s: float) -> str:
    passed = driven.passed_s.get(stop, math.nan)
    return "–" if math.isnan(passed) else f"{passed - call_s:.0f}"
