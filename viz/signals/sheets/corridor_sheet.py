"""The sheet of a corridor: its time-space diagram, its green bands, its stop lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from viz.report import templates
from viz.signals.diagrams.band import Bands
from viz.signals.diagrams.time_space import Direction, time_space
from viz.signals.plans.one_round import one_round
from viz.signals.sheets.corridor_greens import (
    corridor_bands,
    planned_course,
    planned_greens,
    recorded_course,
    tracks_along,
)
from viz.text import both

if TYPE_CHECKING:
    import pandas as pd

    from networks import Corridor, SignalPlan


_KINDS = ("forward", "back")


@dataclass(frozen=True)
class Recorded:
    """A run of the corridor: what signals showed and how vehicles ran (models.sumo.record).

    Attributes:
        states: time_s, tls_id, state.
        tracks: time_s, vehicle_id, lane_id, pos_m.
        end_s: End of the run.
        told: Which run it was, in both languages.
    """

    states: pd.DataFrame
    tracks: pd.DataFrame
    end_s: float
    told: Markup


def corridor_sheet(
    forward: Corridor,
    back: Corridor | None,
    plans: Mapping[str, SignalPlan],
    from_s: float,
    to_s: float,
    *,
    recorded: Recorded | None = None,
    speed_mps: float | None = None,
) -> Markup:
    """The sheet as a part of an HTML page in both languages.

    Args:
        forward: The corridor in the direction of travel that runs upwards.
        back: The way back, where there is one.
        plans: Of every signal of both.
        from_s: Begin of the picture.
        to_s: Its end.
        recorded: A run; without it greens are drawn as the plans are written.
        speed_mps: Speed of the green bands; None takes the limit of each road.
    """
    plans = {tls: one_round(plan).plan for tls, plan in plans.items()}
    ways = [forward] if back is None else [forward, back]
    drawn = [_direction(one, forward, plans, from_s, to_s, recorded, speed_mps) for one in ways]
    numbers = _numbers(forward)
    names = [f"{number}" if number else "" for number in numbers]
    picture = time_space(
        drawn[0], drawn[1] if back else None, from_s, to_s, title=" – ".join(forward.stops[n].tls_id for n in (0, -1)),
        names=names,
    )  # fmt: skip
    free = sorted({stop.tls_id for way in ways for stop in way.stops if plans[stop.tls_id].kind != "static"})
    shown: dict[str, Any] = {
        "picture": picture,
        "back": back is not None,
        "recorded": recorded,
        "bands": [_band(kind, one.bands, way, plans) for kind, one, way in zip(_KINDS, drawn, ways, strict=False)],
        "not_fixed": both("corridor.not_fixed", signals=", ".join(free)) if free else "",
        "rows": [_row(forward, n, number, plans) for n, number in enumerate(numbers)],
    }  # fmt: skip
    return Markup(templates().get_template("corridor.html.j2").render(shown))


def _direction(
    way: Corridor,
    forward: Corridor,
    plans: Mapping[str, SignalPlan],
    from_s: float,
    to_s: float,
    recorded: Recorded | None,
    speed_mps: float | None,
) -> Direction:
    at = _onto(way, forward, [stop.at_m for stop in way.stops])
    bands = corridor_bands(way, plans, speed_mps)
    if recorded is None:
        return Direction(tuple(at), planned_course(way, plans, from_s, to_s), bands)
    tracks = []
    for track in tracks_along(way, recorded.tracks):
        inside = [(t, m) for t, m in track if from_s <= t <= to_s]
        if len(inside) > 1:
            places = _onto(way, forward, [m for _, m in inside])
            tracks.append(tuple(zip((t for t, _ in inside), places, strict=True)))
    return Direction(tuple(at), recorded_course(way, recorded.states, recorded.end_s), bands, tuple(tracks))


def _onto(way: Corridor, forward: Corridor, at_m: Sequence[float]) -> list[float]:
    """Metres of a way as metres of the picture: at a signal of both they agree, between they are stretched."""
    if way is forward:
        return list(at_m)
    import numpy as np

    own = {stop.tls_id: stop.at_m for stop in reversed(way.stops)}
    pairs = sorted((own[stop.tls_id], stop.at_m) for stop in forward.stops if stop.tls_id in own)
    falling = [pair for n, pair in enumerate(pairs) if not n or pair[1] < min(other for _, other in pairs[:n])]
    (first, first_at), (last, last_at) = falling[0], falling[-1]
    xs = [first - 1e5, *(x for x, _ in falling), last + 1e5]
    ys = [first_at + 1e5, *(y for _, y in falling), last_at - 1e5]
    return [float(m) for m in np.interp(at_m, xs, ys)]


def _numbers(corridor: Corridor) -> list[int]:
    """A number for each signal at its first stop line; 0 at further ones."""
    seen: list[str] = []
    numbers = []
    for stop in corridor.stops:
        numbers.append(0 if stop.tls_id in seen else len(seen) + 1)
        seen += [stop.tls_id] if stop.tls_id not in seen else []
    return numbers


def _band(kind: str, bands: Bands | None, way: Corridor, plans: Mapping[str, SignalPlan]) -> dict[str, Any]:
    assert bands is not None
    cycles = ", ".join(f"{one:g}" for one in sorted({plans[stop.tls_id].cycle_s for stop in way.stops}))
    why: Markup | str = ""
    if not bands.period_s:
        why = both("corridor.no_period", cycles=cycles)
    elif not bands.spans:
        why = both("corridor.no_band")
    return {
        "kind": kind,
        "width": f"{bands.width_s:.0f}",
        "period": f"{bands.period_s:g}" if bands.period_s else "–",
        "share": f"{100 * bands.efficiency:.0f} %",
        "travel": f"{max(bands.run_s):.0f}",
        "why": why,
    }


def _row(corridor: Corridor, n: int, number: int, plans: Mapping[str, SignalPlan]) -> dict[str, Any]:
    stop, plan = corridor.stops[n], plans[corridor.stops[n].tls_id]
    begins = planned_greens(corridor, plans)[n]
    times = ", ".join(
        f"{(b - plan.offset_s):g}–{(e - plan.offset_s) % plan.cycle_s or plan.cycle_s:g}" for b, e in begins
    )
    return {
        "number": number or "",
        "tls": stop.tls_id,
        "at": f"{stop.at_m:.0f}",
        "edge": stop.edge_id,
        "cycle": f"{plan.cycle_s:g}",
        "offset": f"{plan.offset_s:g}",
        "times": times,
        "seconds": f"{sum(e - b for b, e in begins):g}",
    }
