"""Days of a town with and without a vehicle that stands in a lane: what every edge saw, by five minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.calibration.towns import Town
from calibration.flows import SimulatedCounts, simulated
from models.streams import stream

LASTS_S, PERIOD_S, WARM_S = 7200.0, 300.0, 900.0
_VEHICLE = re.compile(
    r'<(?:vehicle|trip)\b[^>]*?\bdepart="([\d.]+)"[^>]*?(?:/>|>.*?</(?:vehicle|trip)>)',
    re.S,
)
DRIVERS = {"device.rerouting.probability": "0.3", "device.rerouting.period": "300", "time-to-teleport": "600"}
"""A third of the drivers know how the roads are, everybody else keeps to their way."""
TRUE_DRIVERS = 'carFollowModel="IDM" tau="1.2"'
"""The truth's drivers follow each other otherwise than the twin's (SUMO's default, Krauss)."""


@dataclass(frozen=True)
class Standing:
    """A vehicle that stands in a lane.

    Attributes:
        edge: Where.
        lanes: Lanes that are blocked (numbers from the right), each by a vehicle of its own.
        at_m: How far from the begin of the edge.
        since_s: From this second of the simulation on.
        for_s: For so long.
    """

    edge: str
    lanes: tuple[int, ...]
    at_m: float
    since_s: float
    for_s: float


def day(
    where: Town, number: int, folder: Path, standing: Standing | None = None, level: float = 1.0,
    places: dict[str, float] | None = None, drivers: str = TRUE_DRIVERS,
) -> SimulatedCounts:  # fmt: skip
    """Two hours of a day in micro: the town's hour drawn twice, with a level of the day and of each origin.

    Args:
        where: The town.
        number: Of the day: demand and drivers are drawn by it, so that a day with a blocked lane and the same day
            without differ in nothing else.
        folder: Where inputs and outputs stay.
        standing: What blocks a lane.
        level: Times the usual demand of everybody.
        places: Times the usual demand of origins (edges) from half-time on: a surge.
        drivers: How vehicles follow each other: attributes of every vehicle type.
    """
    folder.mkdir(parents=True, exist_ok=True)
    routes = folder / "day.rou.xml"
    routes.write_text(_drawn(where, number, level, places or {}, drivers), encoding="utf-8")
    more = [*where.case.additionals]
    if standing is not None:
        more.append(folder / "standing.add.xml")
        more[-1].write_text(standing_file(standing), encoding="utf-8")
    begin_s = where.case.begin_s
    return simulated(
        where.case.net, routes, additional=more, begin_s=begin_s, end_s=begin_s + LASTS_S, period_s=PERIOD_S,
        seed=number, options=DRIVERS, folder=folder.absolute(),
    )  # fmt: skip


def standing_file(one: Standing) -> str:
    """What blocks its lanes, as a SUMO additional file."""
    blocks = [
        f'  <route id="blocked.{lane}" edges="{one.edge}"/>\n'
        f'  <vehicle id="blocked.{lane}" type="broken" route="blocked.{lane}" depart="{one.since_s:g}" '
        f'departLane="{lane}" departPos="{one.at_m:g}" departSpeed="0">'
        f'<stop lane="{one.edge}_{lane}" endPos="{one.at_m + 0.5:g}" duration="{one.for_s:g}"/></vehicle>\n'
        for lane in one.lanes
    ]
    return f'<additional>\n  <vType id="broken" length="5"/>\n{"".join(blocks)}</additional>\n'


def _drawn(where: Town, number: int, level: float, places: dict[str, float], drivers: str) -> str:
    rng = stream(number, "incident-days")
    text = "".join(file.read_text(encoding="utf-8") for file in where.cars)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    begin_s = where.case.begin_s
    found = [(float(one.group(1)) - begin_s, one.group(0)) for one in _VEHICLE.finditer(text)]
    first = [re.search(r'(?:edges|from)="([^" ]+)', vehicle) for _, vehicle in found]
    homes = [one.group(1) if one else "" for one in first]
    names = sorted(set(homes))
    factor = dict(zip(names, np.exp(rng.normal(0.0, 0.1, len(names))), strict=True))
    day_level = level * float(np.exp(rng.normal(0.0, 0.05)))
    told = []
    for half in range(2):
        times = [day_level * factor[home] * (places.get(home, 1.0) if half else 1.0) for home in homes]
        for at, ((time, vehicle), copies) in enumerate(zip(found, rng.poisson(times), strict=True)):
            for copy in range(copies):
                depart = begin_s + 3600.0 * half + (time + rng.uniform(-120, 120)) % 3600.0
                named = re.sub(r'\bid="[^"]*"', f'id="{half}-{at}-{copy}"', vehicle, count=1)
                told.append((depart, re.sub(r'\bdepart="[\d.]+"', f'depart="{depart:.2f}"', named, count=1)))
    vehicles = [vehicle for _, vehicle in sorted(told)]
    types = [kind.replace("<vType", f"<vType {drivers}") for kind in re.findall(r"<vType\b[^>]*/>", text)]
    return "\n".join(["<routes>", *types, *vehicles, "</routes>"])


@dataclass(frozen=True)
class Day:
    """What every edge of a town saw, without the minutes in which the streets fill."""

    edges: tuple[str, ...]
    begin_s: float
    vehicles: np.ndarray
    speed_mps: np.ndarray
    spent_s: np.ndarray


def kept_day(where: Town, name: str, number: int, **how: object) -> Day:
    """A day by its name, simulated where it is not kept in the town's folder."""
    file = where.folder / "incident-days" / f"{name}.npz"
    if not file.is_file():
        run = day(where, number, file.parent / name, **how)  # type: ignore[arg-type]
        warm = round(WARM_S / PERIOD_S)
        beside = file.with_suffix(".beside.npz")
        np.savez(
            beside, edges=np.array(run.counts.edges), vehicles=run.counts.vehicles[:, warm:],
            speed_mps=run.speed_mps[:, warm:], spent_s=run.vehicle_s[:, warm:],
        )  # fmt: skip
        beside.rename(file)
    found = np.load(file)
    edges = tuple(str(edge) for edge in found["edges"])
    return Day(edges, where.case.begin_s + WARM_S, found["vehicles"], found["speed_mps"], found["spent_s"])


def planted(where: Town, usual: Day, number: int, busy_vph: float = 120.0) -> Standing:
    """The incident of a number: any street with some traffic, any lane (now and then all), a quarter of an hour and
    more, from a third to two thirds of the day on.
    """
    rng = stream(number, "incident-places")
    flow = usual.vehicles.sum(axis=1) / (usual.vehicles.shape[1] * PERIOD_S / 3600.0)
    net = {edge.edge_id: edge for edge in where.net.edges}
    streets = [edge for edge, vph in zip(usual.edges, flow, strict=True) if vph > busy_vph and net[edge].length_m > 25]
    edge = str(rng.choice(streets))
    count = net[edge].lanes
    lanes = tuple(range(count)) if count > 1 and rng.random() < 0.3 else (int(rng.integers(count)),)
    at_m = float(rng.uniform(0.3, 0.9)) * net[edge].length_m
    since_s = where.case.begin_s + float(rng.uniform(0.33, 0.67)) * LASTS_S
    return Standing(edge, lanes, at_m, since_s, float(rng.choice([900.0, 1800.0, 2700.0])))
