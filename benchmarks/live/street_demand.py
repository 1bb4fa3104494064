"""Who drives in the hidden city: the shipped hour thinned to a day of two tides, by drivers that no twin knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from benchmarks.calibration.experiment.drivers import Trip
from benchmarks.live.planted import Concert, Planted
from models.streams import stream

BUSIEST = {"cologne8": 1.0, "bologna": 0.6, "ingolstadt21": 0.6}
"""Rate at the top of a tide beside the shipped hour's."""
OD_SD, TOTAL_SD, LOOKS_AGAIN = 0.15, 0.04, 0.2
"""Between days: each origin and destination and the total (lognormal); share who look for ways as they go."""
_TYPES = (
    '  <vType id="{v}-car" vClass="{v}" carFollowModel="IDM" accel="2.1" decel="3.6" tau="1.05" length="4.7"'
    ' minGap="1.7" speedFactor="normc(0.98,0.12,0.6,1.4)"/>\n'
    '  <vType id="{v}-van" vClass="{v}" carFollowModel="IDM" accel="1.3" decel="3.2" tau="1.3" length="8.5"'
    ' minGap="2.2" speedFactor="normc(0.9,0.08,0.6,1.1)"/>'
)
TWIN_TYPES = '  <vType id="{v}-car" vClass="{v}" minGap="1.8"/>\n  <vType id="{v}-van" vClass="{v}" length="8.5"/>'
"""What a twin takes for drivers: SUMO's own."""
VANS = 0.1

Leaving = tuple[float, tuple[str, ...], str, bool]
"""Second, edges (a whole way, or its ends), vehicle class, whether the edges are a whole way."""


def tide(at_s: np.ndarray, early: bool) -> np.ndarray:
    """Share of the busiest rate at seconds of the day: a night, and a tide in the morning or in the evening."""
    hours = (np.asarray(at_s) / 3600.0) % 24.0
    top, wide = (8.0, 2.2) if early else (17.5, 2.8)
    other = 17.5 if early else 8.0
    day = 0.35 / (1 + np.exp(-(hours - 6.0) * 2)) / (1 + np.exp((hours - 21.5) * 1.5))
    return np.clip(
        0.04 + day + 0.6 * np.exp(-(((hours - top) / wide) ** 2)) + 0.15 * np.exp(-(((hours - other) / 2.5) ** 2)), 0, 1
    )


def usual_trips(planted: Planted, trips: Sequence[Trip], day: int | None) -> list[Leaving]:
    """The cars of a day without events.

    Args:
        planted: Town, seed, length of the day.
        trips: The shipped hour.
        day: Number of the day; None draws from the expected demand, which a twin is given as the usual one.
    """
    rng = stream(planted.seed, f"street of day {day}")
    groups: dict[tuple[str, str, str], list[Trip]] = defaultdict(list)
    for trip in trips:
        groups[trip.edges[0], trip.edges[-1], trip.vclass].append(trip)
    early = stream(planted.seed, "street tides").random(len(groups)) < 0.5
    strays = np.exp(rng.normal(0.0, OD_SD, len(groups))) * np.exp(rng.normal(0.0, TOTAL_SD)) if day is not None else 1.0
    factors = np.broadcast_to(strays, (len(groups),)) * (planted.level if day == 0 else 1.0) * BUSIEST[planted.town]
    grid = np.arange(0.0, planted.end_s + 1, 300.0)
    leaving: list[Leaving] = []
    for (_, own), is_early, factor in zip(sorted(groups.items()), early, factors, strict=True):
        rate = tide(grid, bool(is_early)) * len(own) * factor / 3600.0
        grown = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * 300.0)])
        times = np.interp(rng.random(rng.poisson(grown[-1])) * grown[-1], grown, grid)
        leaving += [(float(t), own[int(rng.integers(len(own)))].edges, own[0].vclass, own[0].has_route) for t in times]
    return sorted(leaving)


def concert_trips(concert: Concert, trips: Sequence[Trip], seed: int) -> list[Leaving]:
    """Cars to a concert in the hour and a half before, and away in the half hour after; from and to the town's ends."""
    rng = stream(seed, f"street concert {concert.site}")
    cars = round(concert.visitors * concert.by_car / concert.persons_a_car)
    begins, ends = [t.edges[0] for t in trips], [t.edges[-1] for t in trips]
    come = concert.from_s - rng.triangular(300.0, 2400.0, 5400.0, cars)
    go = concert.to_s + rng.gamma(3.0, 300.0, cars)
    there = [
        (float(t), (begins[int(k)], concert.edge))
        for t, k in zip(come, rng.integers(len(trips), size=cars), strict=True)
    ]
    away = [
        (float(t), (concert.edge, ends[int(k)])) for t, k in zip(go, rng.integers(len(trips), size=cars), strict=True)
    ]
    return [(at_s, edges, "passenger", False) for at_s, edges in (*there, *away) if edges[0] != edges[1] and at_s >= 0]


def write_drivers(file: Path, leaving: Sequence[Leaving], seed: int, *, types: str = _TYPES) -> int:
    """Write a day's demand as SUMO reads it; how many set out."""
    rng = stream(seed, "street drivers")
    classes = sorted({one[2] for one in leaving}) or ["passenger"]
    lines = ["<routes>", *(types.format(v=name) for name in classes)]
    vans, again = rng.random(len(leaving)) < VANS, rng.random(len(leaving)) < LOOKS_AGAIN
    for number, (at_s, edges, vclass, whole) in enumerate(sorted(leaving)):
        own = f'id="{number}" type="{vclass}-{"van" if vans[number] else "car"}" depart="{at_s:.2f}"'
        own += ' departLane="best" departSpeed="max"'
        looks = '<param key="has.rerouting.device" value="true"/>' if again[number] and types is _TYPES else ""
        if whole and len(edges) > 1:
            lines.append(f"  <vehicle {own}>{looks}<route edges={quoteattr(' '.join(edges))}/></vehicle>")
        else:
            ends = f"from={quoteattr(edges[0])} to={quoteattr(edges[-1])}"
            lines.append(f"  <trip {own} {ends}>{looks}</trip>")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, "</routes>"]), encoding="utf-8")
    return len(leaving)
