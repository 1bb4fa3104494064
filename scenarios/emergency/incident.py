"""An incident in a city: who could be there when, on ways that stay open, and the orders that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from models.emergency import Unit
from models.emergency.dispatching import Delays, Drive, LiveRoads, Outlook
from models.emergency.incidents import Board, Order, Task, tasks_of
from models.emergency.resources import Depot, Resources
from models.routing import vehicle
from networks.errors import BadInput
from networks.sentence import Sentence, say
from scenarios.emergency.ends import End
from scenarios.emergency.journey import Roads
from scenarios.emergency.service import Service
from scenarios.emergency.water import water_ahead

if TYPE_CHECKING:
    from pathlib import Path

    from networks import City

SHORT_M = 300.0
"""A unit that cannot reach the place itself goes to the nearest road it reaches, if that is no further away (guess)."""
LOAD_S = 300.0
"""Loading at a depot (guess)."""
USUAL = Delays()


@dataclass(frozen=True)
class Approach:
    """How a unit gets to an incident.

    Attributes:
        arrival_s: s after the order.
        edges: Its way.
        short_m: How far from the place it ends: before water, or where the task holds it; 0 where it gets there.
        depot: Where it loads on the way, or "".
        entered_s: When each edge is entered, s of the run.
    """

    arrival_s: float
    edges: tuple[str, ...]
    short_m: float = 0.0
    depot: str = ""
    entered_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Incident:
    """An incident with its orders.

    Attributes:
        kind: A kind of the table of tasks.
        place: Where.
        board: Orders, as they are at the begin.
        approaches: (task, unit) -> how it gets there.
        services: Class -> its roads and what they rest on.
    """

    kind: str
    place: End
    board: Board
    approaches: dict[tuple[str, str], Approach]
    services: dict[str, Service]

    def approach(self, order: Order) -> Approach:
        """The way of an order."""
        return self.approaches[order.task.name, order.unit.unit_id]


def plan_incident(
    city: City, resources: Resources, kind: str, place: End, *,
    begin: datetime, at_s: float = 0.0, flood: Path | None = None, alarm: float = 0.5, delays: Delays = USUAL,
) -> Incident:  # fmt: skip
    """Order units for every task of an incident.

    Args:
        city: The city.
        resources: Units and depots.
        kind: A kind of `models.emergency.incidents`.
        place: Where.
        begin: When the run begins, by the local clock: shifts count from it.
        at_s: When orders are given, s after that.
        flood: A flood run's folder.
        alarm: A road is shut where water shuts it in so many members.
        delays: Steps without driving.

    Raises:
        NotThere: No such kind.
        BadInput: Nobody is on duty at all, or two units on duty have one name.
    """
    tasks, services = tasks_of(kind), dict[str, Service]()
    for name in sorted({crew.kind for crew in resources.crews}):
        who = vehicle(name)
        water = water_ahead(flood, city, who) if flood else None
        services[name] = Service(city, resources, Roads(city, who, water=water, alarm=alarm), begin, at_s / 3600 + 1.0)
    units = [u for one in services.values() for u in one.units if any(a <= at_s < b for a, b in u.duty_s)]
    if not units:
        raise BadInput(f"nobody is on duty in {city.name} then", remedy="name stations and units in resources.yaml")
    if len({unit.unit_id for unit in units}) != len(units):
        raise BadInput("two units on duty have the same name", remedy="give each its own id")
    found = dict[tuple[str, str], Approach]()
    arrival = np.full((len(tasks), len(units)), np.inf)
    for name, service in services.items():
        graph, turn_s = service.roads.graph, service.roads.turn_s
        live = LiveRoads(graph, service.true, outlook=Outlook(service.shut_s[None, :]), turn_s=turn_s)
        for i, task in enumerate(tasks):
            for j, unit in enumerate(units):
                if unit.kind != name or name not in task.classes:
                    continue
                approach = _approach(service, live, unit, task, place, at_s, delays)
                if approach is not None:
                    found[task.name, unit.unit_id] = approach
                    arrival[i, j] = approach.arrival_s
    return Incident(kind, place, Board(tasks, units, arrival, at_s), found, services)


def _approach(
    service: Service, live: LiveRoads, unit: Unit, task: Task, place: End, at_s: float, delays: Delays
) -> Approach | None:
    index = service.index
    turnout_s = unit.request_s + (delays.turnout_s if unit.turnout_s is None else unit.turnout_s)
    start, leaves_s = index[unit.edge_id], at_s + turnout_s
    ways: list[tuple[float, int, tuple[int, ...], tuple[float, ...], str]] = [(leaves_s, start, (), (), "")]
    if task.material:
        ways = [
            (
                float(drive.entered_s[-1]) + LOAD_S,
                index[depot.edge_id],
                drive.edges[:-1],
                tuple(drive.entered_s[:-1].tolist()),
                depot.name or depot.site_id,
            )
            for depot in _depots(service.resources, task)
            if (drive := live.drive(start, index[depot.edge_id], leaves_s)) is not None
        ]
    best: Approach | None = None
    for moment, edge, before, before_s, depot in ways:
        drive, short_m = _there(live, edge, [index[e] for e in place.edges if e in index], moment)
        if drive is not None:
            edges, entered_s, away_m = _held_back(service, drive, place, task.away_m)
            spent = entered_s[-1] - at_s
            if best is None or spent < best.arrival_s:
                ids, when_s = service.roads.router.ids(before + edges), (*before_s, *entered_s)
                best = Approach(spent, ids, max(short_m, away_m), depot, when_s)
    return best


def _held_back(
    service: Service, drive: Drive, place: End, away_m: float
) -> tuple[tuple[int, ...], tuple[float, ...], float]:
    """The drive until it would come nearer to the place than `away_m`: edges, when (s), how far away it ends (m)."""
    when_s = tuple(drive.entered_s.tolist())
    if not away_m:
        return drive.edges, when_s, 0.0
    xy = np.asarray(service.roads.router.turns.xy)[list(drive.edges)]
    apart = np.hypot(xy[:, 0] - place.x, xy[:, 1] - place.y)
    near = np.flatnonzero(apart < away_m)
    last = max(0, int(near[0]) - 1) if len(near) else len(drive.edges) - 1
    return drive.edges[: last + 1], when_s[: last + 1], float(apart[last])


def _there(live: LiveRoads, edge: int, ends: list[int], moment: float) -> tuple[Drive | None, float]:
    """The drive to the place, else to the nearest road that is reached, and how far short of it that ends."""
    drives = [drive for end in ends if (drive := live.drive(edge, end, moment)) is not None]
    if drives:
        return min(drives, key=lambda drive: float(drive.entered_s[-1])), 0.0
    nearest = live.nearest([edge], ends[0], moment)
    if nearest is None or nearest[1] > SHORT_M:
        return None, np.inf
    return live.drive(edge, live.router.index[nearest[0]], moment), nearest[1]


def out_of_stock(resources: Resources, tasks: Sequence[Task]) -> list[Sentence]:
    """Tasks whose material no depot has enough of."""
    return [
        say(
            f"{task.name}: no depot has {task.amount * task.count} {task.material} left; next best: a neighbour's",
            f"{task.named['zh']}：各物资库{task.material}不足{task.amount * task.count}件；次优：向邻近单位借调",
        )
        for task in tasks
        if task.material and not _depots(resources, task)
    ]


def _depots(resources: Resources, task: Task) -> list[Depot]:
    wanted = task.amount * task.count
    return [one for one in resources.depots if one.materials.get(task.material, 0) >= wanted]
