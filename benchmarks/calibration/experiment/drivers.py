"""The hidden day's drivers: who sets out when, by which way, and how they drive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from benchmarks.calibration.experiment.days import OD_SD, DayPlan, profile
from models.streams import stream
from networks.safe_xml import read_xml

HABIT, OWN_WAY = 0.6, 0.25
"""Shares that drive the shipped way, and that choose an own one beforehand; the rest look again every few minutes."""
OTHER_WAYS = {
    "weights.random-factor": "1.5", "device.rerouting.probability": "0", "device.rerouting.period": "180",
    "device.rerouting.pre-period": "0", "device.rerouting.adaptation-steps": "18",
    "device.rerouting.adaptation-interval": "10",
}  # fmt: skip
"""SUMO's options: edges look up to half as long again to each who chooses, by chance."""
BUSIEST = {"cologne8": 1.35, "bologna": 0.75, "ingolstadt21": 0.8}
"""Rate at the top of both tides beside the shipped hour's."""
_LOOKS = {
    "car": 'length="4.7" minGap="1.7" decel="3.6" speedFactor="normc(0.98,0.12,0.6,1.4)"',
    "van": 'length="8.5" minGap="2.2" decel="3.2" speedFactor="normc(0.9,0.08,0.6,1.1)"',
}
_PULLS = {
    ("car", "dry"): (2.1, 1.05),
    ("car", "wet"): (1.8, 1.3),
    ("van", "dry"): (1.3, 1.3),
    ("van", "wet"): (1.1, 1.6),
}
"""Acceleration (m/s2) and time gap (s): cars and vans, and the same in rain."""
VANS = 0.1


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip of the shipped demand."""

    edges: tuple[str, ...]
    vclass: str
    has_route: bool


def shipped_trips(files: Iterable[Path], begin_s: float, end_s: float) -> list[Trip]:
    """Cars of route files that set out within a window."""
    found = []
    for file in files:
        for one in read_xml(file):
            if one.tag not in ("vehicle", "trip") or not begin_s <= float(one.get("depart", "-1")) < end_s:
                continue
            route = one.find("route")
            edges = route.attrib["edges"].split() if route is not None else [one.attrib["from"], one.attrib["to"]]
            vclass = "ignoring" if one.get("type") == "ignoring" else "passenger"
            found.append(Trip(tuple(edges), vclass, route is not None))
    return found


def write_drivers(file: Path, trips: list[Trip], plan: DayPlan, begin_s: float, rate: float, draw: str = "") -> int:
    """Write a day's demand: Poisson by origin and destination.

    Args:
        file: The route file.
        trips: The shipped hour.
        plan: The day.
        begin_s: Its begin on the simulation's clock.
        rate: Rate at the top beside the shipped hour's.
        draw: Another name draws other vehicles of the same expected demand.

    Returns:
        How many vehicles set out.
    """
    rng = stream(plan.seed, f"vehicles{draw}")
    leaving = _departures(trips, plan, rate, rng)
    lines = [_vehicle(number, begin_s, *one, plan, rng) for number, one in enumerate(leaving)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["<routes>", *_types(), *lines, "</routes>"]), encoding="utf-8")
    return len(lines)


def _departures(trips: list[Trip], plan: DayPlan, rate: float, rng: np.random.Generator) -> list[tuple[float, Trip]]:
    by_od: dict[tuple[str, str, str], list[Trip]] = defaultdict(list)
    for trip in trips:
        by_od[trip.edges[0], trip.edges[-1], trip.vclass].append(trip)
    always = stream(plan.seed // 1000, "origins and destinations")
    early = always.random(len(by_od)) < 0.5
    of_kind = np.exp(always.normal(0, 0.2, len(by_od))) if plan.kind == "friday" else np.ones(len(by_od))
    today = np.exp(stream(plan.seed, "origins and destinations today").normal(0, OD_SD, len(by_od)))
    found = []
    for (_, own), is_early, factor in zip(sorted(by_od.items()), early, of_kind * today * plan.total, strict=True):
        at_s, share = profile(plan, bool(is_early))
        grown = np.concatenate([[0.0], np.cumsum((share[1:] + share[:-1]) / 2 * np.diff(at_s))])
        number = rng.poisson(len(own) * rate * factor * grown[-1] / 3600.0)
        times = np.interp(rng.random(number) * grown[-1], grown, at_s)
        found += [
            (float(time), own[pick]) for time, pick in zip(times, rng.integers(len(own), size=number), strict=True)
        ]
    return sorted(found, key=lambda one: one[0])


def _types() -> list[str]:
    return [
        f'  <vType id="{vclass}-{look}-{road}" vClass="{vclass}" carFollowModel="IDM" accel="{accel}" tau="{tau}"'
        f" {_LOOKS[look]}/>"
        for vclass in ("passenger", "ignoring")
        for (look, road), (accel, tau) in _PULLS.items()
    ]


def _vehicle(number: int, begin_s: float, at_s: float, trip: Trip, plan: DayPlan, rng: np.random.Generator) -> str:
    wet = plan.rain_s is not None and plan.rain_s[0] <= at_s < plan.rain_s[1]
    look, way = "van" if rng.random() < VANS else "car", rng.random()
    begun = (
        f'id="{number}" type="{trip.vclass}-{look}-{"wet" if wet else "dry"}" depart="{begin_s + at_s:.2f}"'
        ' departLane="best" departSpeed="max"'
    )
    looks_again = '<param key="has.rerouting.device" value="true"/>' if way > HABIT + OWN_WAY else ""
    if trip.has_route and way < HABIT:
        return f"  <vehicle {begun}><route edges={quoteattr(' '.join(trip.edges))}/></vehicle>"
    ends = f"from={quoteattr(trip.edges[0])} to={quoteattr(trip.edges[-1])}"
    return f"  <trip {begun} {ends}>{looks_again}</trip>"
