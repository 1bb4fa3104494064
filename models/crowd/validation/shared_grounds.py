"""Grounds that the city model and people in continuous space both walk: how long it takes on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon, box

from models.crowd.city import CityCrowd
from models.crowd.hotspot.area import Door, SlowGround
from models.crowd.hotspot.spot import HotSpot
from models.crowd.plans import VisitorPlans
from models.crowd.speed import CAPACITY_PMS, FREE_SPEED_MPS, SpeedTable
from models.streams import stream
from networks import WalkGraph

Links = tuple[tuple[int, int, float, float], ...]
"""From node, to node, length (m), width (m) of each link."""
SCATTER_MPS = 0.1
"""Standard deviation of people's speeds (m/s): small, for nobody overtakes in the city model's queues."""
BEYOND_M = 0.4
"""People start 0.2 m inside a door and are let go 0.6 m behind one: the way in continuous space is longer (m)."""
LATEST_S = 900.0
"""Nobody walks longer than this (s)."""


@dataclass(frozen=True)
class SharedGround:
    """One ground, twice.

    Attributes:
        name: What it is.
        polygon, slow: The ground in continuous space.
        ways_in: Doors that people come in by, each with the node where its people set out in the city model.
        way_out: The door that they leave by; its `outflow_ps` holds them back in both.
        links: The city model's links; people go to the last one's end.
        flow_ps: People a second by each way in.
        for_s: How long they come (s).
        ways_out: A door, and the link at whose end it is in the city model, for each way in; empty: all by `way_out`.
        gated: Whether the two have to agree; else what they differ by is told.
    """

    name: str
    polygon: Polygon
    ways_in: tuple[tuple[Door, int], ...]
    way_out: Door
    links: Links
    flow_ps: float
    for_s: float
    slow: tuple[SlowGround, ...] = ()
    ways_out: tuple[tuple[Door, int], ...] = ()
    gated: bool = True

    @property
    def leave_by(self) -> tuple[tuple[Door, int], ...]:
        """The door and the link that the people of each way in leave by."""
        return self.ways_out or ((self.way_out, len(self.links) - 1),) * len(self.ways_in)


def _door(name: str, a: tuple[float, float], b: tuple[float, float], outflow_ps: float | None = None) -> Door:
    return Door(name, (a, b), outflow_ps)


_HALL = Polygon(
    [(0, 0), (20, 0), (20, 3), (24, 3), (24, 0), (34, 0), (34, 8), (24, 8), (24, 5), (20, 5), (20, 8), (0, 8)]
)
_BEND = Polygon([(0, 0), (20, 0), (20, 20), (17, 20), (17, 3), (0, 3)])
_FORK = Polygon([(-16.5, 0), (16.5, 0), (16.5, 3), (1.5, 3), (1.5, 23), (-1.5, 23), (-1.5, 3), (-16.5, 3)])
_BRIDGE = Polygon([(0, 0), (20, 0), (20, 3.75), (45, 3.75), (45, 6.25), (20, 6.25), (20, 10), (0, 10)])
_SQUARE = box(-10, -10, 10, 10)
_WEST, _SOUTH = _door("west", (-10, -1.5), (-10, 1.5)), _door("south", (-1.5, -10), (1.5, -10))
_EAST, _NORTH = _door("east", (10, -1.5), (10, 1.5)), _door("north", (-1.5, 10), (1.5, 10))
_BY_THE_MIDDLE: Links = ((0, 4, 10, 3), (1, 4, 10, 3), (4, 2, 10, 3), (4, 3, 10, 3))
GROUNDS: tuple[SharedGround, ...] = (
    SharedGround(
        "corridor", box(0, 0, 60, 3), ((_door("in", (0, 0), (0, 3)), 0),), _door("out", (60, 0), (60, 3)),
        ((0, 1, 60, 3),), 2.0, 100,
    ),
    SharedGround(
        "bottleneck", _HALL, ((_door("in", (0, 0), (0, 8)), 0),), _door("out", (34, 0), (34, 8)),
        ((0, 1, 20, 8), (1, 2, 4, 2), (2, 3, 10, 8)), 6.0, 40,
    ),
    SharedGround(
        "corner", _BEND, ((_door("in", (0, 0), (0, 3)), 0),), _door("out", (17, 20), (20, 20)),
        ((0, 1, 18.5, 3), (1, 2, 18.5, 3)), 2.0, 100,
    ),
    SharedGround(
        "merge", _FORK, ((_door("left", (-16.5, 0), (-16.5, 3)), 0), (_door("right", (16.5, 0), (16.5, 3)), 1)),
        _door("out", (-1.5, 23), (1.5, 23)), ((0, 2, 16.5, 3), (1, 2, 16.5, 3), (2, 3, 21.5, 3)), 1.2, 100,
    ),
    SharedGround(
        "bridge that fills up", _BRIDGE, ((_door("in", (0, 0), (0, 10)), 0),),
        _door("out", (45, 3.75), (45, 6.25), 1.5), ((0, 1, 20, 10), (1, 2, 25, 2.5)), 4.0, 60,
    ),
    SharedGround(
        "stairs", box(0, 0, 50, 3), ((_door("in", (0, 0), (0, 3)), 0),), _door("out", (50, 0), (50, 3)),
        ((0, 1, 20, 3), (1, 2, 20, 1.5), (2, 3, 20, 3)), 1.2, 100, (SlowGround(box(20, 0, 30, 3), 0.5),),
    ),
    SharedGround(
        "square with crossing ways", _SQUARE, ((_WEST, 0), (_SOUTH, 1)), _EAST, _BY_THE_MIDDLE, 1.0, 100,
        ways_out=((_EAST, 2), (_NORTH, 3)),
    ),
    SharedGround(
        "square with ways that turn", _SQUARE, ((_WEST, 0), (_SOUTH, 1)), _EAST, _BY_THE_MIDDLE, 1.0, 100,
        ways_out=((_NORTH, 3), (_EAST, 2)), gated=False,
    ),
)  # fmt: skip
"""On a stair people keep half of their speed: in the city model it is twice as long and half as wide. Who turns on a
square walks straight from door to door in continuous space, and by the middle in the city model."""


def arrivals(ground: SharedGround) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Everybody's way in, when they come (s) and how fast they want to walk (m/s), in order of coming."""
    each = np.arange(0, ground.for_s, 1 / ground.flow_ps)
    due = np.sort(np.repeat(each, len(ground.ways_in)))
    way = np.tile(np.arange(len(ground.ways_in)), len(each))
    speed = stream(7, "shared grounds").normal(FREE_SPEED_MPS, SCATTER_MPS, len(due)).clip(0.9, 1.8)
    return way, due, speed


def in_continuous_space(ground: SharedGround) -> float:
    """Mean time from coming to having left (s), waits before the doors included."""
    way, due, speed = arrivals(ground)
    doors = [*(door for door, _ in ground.ways_in), *dict.fromkeys(door for door, _ in ground.leave_by)]
    with HotSpot(ground.polygon, (), doors, slow=ground.slow) as spot:
        came = 0
        while spot.now_s < LATEST_S and (came < len(due) or spot.still_there()):
            while came < len(due) and due[came] <= spot.now_s + 1e-9:
                out = ground.leave_by[way[came]][0]
                spot.enter(doors[way[came]].name, out.name, [float(speed[came])])
                came += 1
            spot.advance(spot.now_s + spot.every_s)
        left = np.array([person.left_s for person in spot.people.values()])
    return float(left.mean() - due.mean()) if len(left) == len(due) else float("inf")


def in_the_city_model(
    ground: SharedGround, *, table: SpeedTable | None = None, capacity_pms: float = CAPACITY_PMS
) -> float:
    """Mean time from setting out to arriving (s)."""
    way, due, speed = arrivals(ground)
    links = list(ground.links)
    goals = [links[link][1] for _, link in ground.leave_by]
    for link in {link for _, link in ground.leave_by}:
        links[link] = (*links[link][:2], links[link][2] + BEYOND_M, links[link][3])
    if ground.way_out.outflow_ps is not None:
        links.append((goals[0], goals[0] + 1, 0.01, ground.way_out.outflow_ps / capacity_pms))
        goals = [goals[0] + 1] * len(goals)
    begin = np.array([node for _, node in ground.ways_in], dtype=np.int32)[way]
    plans = VisitorPlans(due, begin, np.array(goals)[way], speed, np.zeros(len(due)))
    crowd = CityCrowd(graph_of(links), plans, table=table, capacity_pms=capacity_pms)
    crowd.advance_to(LATEST_S)
    return float((crowd.walkers.arrive_s - crowd.plans.depart_s).mean())


def graph_of(links: Sequence[tuple[int, int, float, float]]) -> WalkGraph:
    """A walk graph of such links; where its nodes lie means nothing."""
    columns = np.array(links, dtype=float).T
    ends = columns[:2].astype(np.int32)
    nodes = int(ends.max()) + 1
    return WalkGraph(
        np.arange(nodes, dtype=float), np.zeros(nodes), ends[0], ends[1], columns[2], columns[3],
        ("footway",) * len(links), ((),) * len(links),
    )  # fmt: skip
