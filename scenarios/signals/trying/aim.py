"""What a search makes less of: delay, or stops, emissions, the delay of one mode, or queues that fill their lanes.

Whatever the aim, everybody's delay counts a little beside it (`GUARD`): a plan must not block the others for it, and
one that lets fewer vehicles in must not look good.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from scenarios.signals.trying.delays import Delays
from scenarios.signals.trying.modes import mode_of
from scenarios.signals.trying.queues import PERIOD_S, queue_detectors, read_halts, read_queues

Purpose = Literal["delay", "stops", "emissions", "pedestrians", "bicycles", "buses", "queues"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
MODES_OF = {"pedestrians": ("pedestrian",), "bicycles": ("bicycle",), "buses": ("bus", "tram")}
GUARD = {"stops": 0.005, "emissions": 0.5, "pedestrians": 0.2, "bicycles": 0.2, "buses": 0.2, "queues": 0.05}
"""What 1 s of everybody's mean delay counts, in the unit of the aim (this project's own choice)."""
STOP_WAIT_S = 60.0
"""Who waits to enter counts as one who stops once in so long."""
_ROW = {tag: re.compile(rf"<{tag}( [^>]*)>") for tag in ("tripinfo", "personinfo", "edge")}
_ITEM = re.compile(r'\b(\w+)="([^"]*)"')
_CO2 = re.compile(r'<emissions [^>]*CO2_abs="([\d.]+)"')


@dataclass(frozen=True)
class Target:
    """What runs are to tell beside delay.

    Attributes:
        purpose: Of `PURPOSES`.
        modes: Mode of each vehicle type.
        lanes: Approach lanes with their lengths in m.
    """

    purpose: Purpose = "delay"
    modes: Mapping[str, str] = field(default_factory=dict)
    lanes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Aim:
    """What a run came to.

    Attributes:
        purpose: Of `PURPOSES`.
        figure: Stops per vehicle; g of CO2 per km driven; delay in s per walker, cyclist or bus; minutes of full lanes
            in an hour. NaN where nobody travels so.
        cost: The figure and the guard.
        by_edge: What of it arises on each edge, in a unit of its own.
    """

    purpose: str
    figure: float
    cost: float
    by_edge: Mapping[str, float]


def options_of(target: Target) -> dict[str, str]:
    """SUMO's options that the aim asks for."""
    return {"device.emissions.probability": "1"} if target.purpose == "emissions" else {}


def elements_of(target: Target, folder: Path) -> str:
    """Elements of an additional file that the aim asks for."""
    start = f'<edgeData id="aim" file="{folder / "aim.xml"}" excludeEmpty="true"'
    if target.purpose == "emissions":
        return f'{start} type="emissions"/>'
    if target.purpose == "pedestrians":
        return f'{start} detectPersons="walk" withInternal="true"/>'
    if target.purpose in MODES_OF:
        return f'{start} vTypes="{" ".join(_types(target))}"/>'
    if target.purpose in ("stops", "queues"):
        return queue_detectors(target.lanes, folder / "aim.xml", name="aim")
    return ""


def aim_of(target: Target, folder: Path, trips: Path, delays: Delays, begin_s: float, end_s: float) -> Aim | None:
    """Read what a run came to; None where the purpose is delay.

    Args:
        target: What it was to tell.
        folder: Where SUMO wrote.
        trips: SUMO's trips.
        delays: Of the run.
        begin_s: Of the run.
        end_s: Of the run.
    """
    if target.purpose == "delay":
        return None
    read = {"stops": _stops, "emissions": _emissions, "queues": _queues}.get(target.purpose, _mode)
    told = trips.read_text(encoding="utf-8")
    figure, by_edge = read(target, folder / "aim.xml", told, delays, (end_s - begin_s) / 3600.0)
    cost = figure + GUARD[target.purpose] * delays.all_planned_s
    return Aim(target.purpose, figure, cost, by_edge)


def lost_aim(target: Target) -> Aim | None:
    """That of a run that was ended early."""
    return None if target.purpose == "delay" else Aim(target.purpose, math.inf, math.inf, {})


Read = tuple[float, dict[str, float]]


def _stops(_: Target, file: Path, trips: str, delays: Delays, __: float) -> Read:
    stops = sum(
        float(told.get("waitingCount", 0)) * (float(told["depart"]) >= 0) + float(told["departDelay"]) / STOP_WAIT_S
        for told in _rows(trips, "tripinfo")
    )
    by_edge = {edge: waited / STOP_WAIT_S for edge, waited in delays.waited_s.items()}
    for lane, halts in read_halts(file).items():
        _add(by_edge, lane.rpartition("_")[0], halts)
    return stops / max(delays.vehicles, 1), by_edge


def _emissions(_: Target, file: Path, trips: str, delays: Delays, __: float) -> Read:
    """Who waits to enter counts with the mean rate of those who drive."""
    rows = [told for told in _rows(trips, "tripinfo") if float(told["depart"]) >= 0]
    grams = sum(map(float, _CO2.findall(trips))) / 1000.0
    driven_s = sum(float(told["duration"]) for told in rows)
    rate = grams / max(driven_s, 1.0)
    waited = sum(float(told["departDelay"]) for told in _rows(trips, "tripinfo"))
    km = sum(float(told["routeLength"]) for told in rows) / 1000.0
    by_edge = {edge: rate * seconds for edge, seconds in delays.waited_s.items()}
    for told in _rows(file.read_text(encoding="utf-8"), "edge"):
        _add(by_edge, told["id"], float(told.get("CO2_abs", 0.0)) / 1000.0)
    return (grams + rate * waited) / max(km, 0.001), by_edge


def _mode(target: Target, file: Path, trips: str, _: Delays, __: float) -> Read:
    """Lost on the edges by those who travel so, and the wait to enter of vehicles."""
    by_edge, waited, count = dict[str, float](), 0.0, 0
    for told in _rows(file.read_text(encoding="utf-8"), "edge"):
        by_edge[told["id"]] = float(told.get("timeLoss", 0.0))
    if target.purpose == "pedestrians":
        count = len(_ROW["personinfo"].findall(trips))
    else:
        wanted = MODES_OF[target.purpose]
        own = [told for told in _rows(trips, "tripinfo") if mode_of(told.get("vType", ""), target.modes) in wanted]
        waited, count = sum(float(told["departDelay"]) for told in own), len(own)
        for told in own:
            if "departLane" in told and float(told["depart"]) >= 0:
                _add(by_edge, told["departLane"].rpartition("_")[0], float(told["departDelay"]))
        waited -= sum(float(told["departDelay"]) for told in own if float(told["depart"]) >= 0)
    return (sum(by_edge.values()) + waited) / count if count else math.nan, by_edge


def _queues(target: Target, file: Path, _: str, __: Delays, hours: float) -> Read:
    by_edge: dict[str, float] = {}
    for lane, (_longest, full) in read_queues(file, target.lanes).items():
        _add(by_edge, lane.rpartition("_")[0], full * hours * 3600.0 / PERIOD_S)
    return sum(by_edge.values()) / max(hours, 1e-9), by_edge


def _types(target: Target) -> list[str]:
    """At least one: SUMO takes no empty list, and a type that does not exist selects nobody."""
    return sorted(name for name, mode in target.modes.items() if mode in MODES_OF[target.purpose]) or ["nobody"]


def _rows(text: str, tag: str) -> list[dict[str, str]]:
    return [dict(_ITEM.findall(row)) for row in _ROW[tag].findall(text)]


def _add(found: dict[str, float], edge: str, value: float) -> None:
    found[edge] = found.get(edge, 0.0) + value
