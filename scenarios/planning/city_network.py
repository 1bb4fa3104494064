"""A city's streets as links to assign trips to: edges with guessed capacities, turns, and connectors of zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely import point_on_surface

from models.assignment import FlowNetwork
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.assignment.network import Floats, Ints
    from networks import City

LANE_VEH_H: dict[str, float] = {
    "motorway": 1900.0, "motorway_link": 1400.0, "trunk": 1500.0, "trunk_link": 1200.0, "primary": 900.0,
    "primary_link": 800.0, "secondary": 800.0, "secondary_link": 700.0, "tertiary": 600.0, "tertiary_link": 600.0,
    "unclassified": 500.0, "residential": 400.0, "living_street": 200.0, "service": 200.0, "outside": 1500.0,
}  # fmt: skip
"""Passenger cars per hour and lane by class of road. Guessed: on motorways a little below the base capacity of the
Highway Capacity Manual (2,250 to 2,400), on streets its saturation flow (1,900) times an assumed share of green."""
OTHER_LANE_VEH_H = 400.0
BPR_ALPHA, BPR_POWER = 0.15, 4.0
TURN_S = 4.0
"""Seconds that a turn takes at any flow, guessed."""
DOOR_MPS = 15.0 / 3.6
"""Speed between the middle of a zone and a street in it, guessed."""
OUTSIDE_MPS = 60.0 / 3.6
"""Speed between a zone beyond the map and a gateway, guessed."""


@dataclass(frozen=True)
class Doors:
    """Where the trips of zones reach the streets.

    Attributes:
        zones: Ids.
        leave, arrive: For each zone, (number of an edge, seconds between the zone and it).
    """

    zones: tuple[str, ...]
    leave: tuple[tuple[tuple[int, float], ...], ...]
    arrive: tuple[tuple[tuple[int, float], ...], ...]

    @property
    def lonely(self) -> tuple[str, ...]:
        """Zones that lack a street out, or one in."""
        return tuple(
            zone for zone, a, b in zip(self.zones, self.leave, self.arrive, strict=True) if not (len(a) and len(b))
        )


@dataclass(frozen=True)
class CityNetwork:
    """A city's network for assignment: first all its edges, then the turns, then the connectors.

    Attributes:
        network: Times in seconds.
        zones: Ids of its zones.
        edges: Ids of the city's edges: link i is edge i for i < len(edges).
        turns: (turns, 2) numbers of the edges from and to: link len(edges) + j is turn j.
        length_m: (links,) 0 but for edges.
        lonely: Zones that are not connected.
    """

    network: FlowNetwork
    zones: tuple[str, ...]
    edges: tuple[str, ...]
    turns: Ints
    length_m: Floats
    lonely: tuple[str, ...]

    @property
    def edge_number(self) -> dict[str, int]:
        """Number of each edge."""
        return {edge: i for i, edge in enumerate(self.edges)}


GUESSES: tuple[Sentence, ...] = (
    say(
        "capacities of streets are guessed from their class and lanes (HCM-like, 200 to 1,900 vehicles per hour and "
        f"lane); times by BPR with alpha {BPR_ALPHA} and power {BPR_POWER:g}; {TURN_S:g} s for each turn",
        f"道路通行能力按等级和车道数推测（参照HCM，每车道每小时200至1900辆）；行程时间用BPR函数"
        f"（alpha {BPR_ALPHA}，指数{BPR_POWER:g}）；每次转向{TURN_S:g}秒",
    ),
    say(
        "connectors of zones are guessed: up to eight streets, reached at 15 km/h from the middle of the zone "
        "(60 km/h beyond the map); trips drive the whole of their first and last street",
        "小区连接线为推测：至多八条道路，自小区中心以15 km/h到达（地图外为60 km/h）；出行驶过首末道路的全长",
    ),
)


def city_network(city: City, doors: Doors) -> CityNetwork:
    """The streets of a city that cars may use, with connectors for zones.

    A way goes zone, connector, edge, turn, edge, ..., connector, zone; no way passes through a zone.

    Args:
        city: The city.
        doors: Its zones and where they reach the streets.
    """
    graph = city.road_graph("passenger")
    layer = city.layer("edges")
    count, zones = len(graph.edge_ids), len(doors.zones)
    open_to_cars = np.asarray(graph.allowed, dtype=bool)
    pairs = np.unique(np.stack([graph.conn_from, graph.conn_to], axis=1).astype(np.int32), axis=0)
    turns = pairs[open_to_cars[pairs[:, 0]] & open_to_cars[pairs[:, 1]]]
    lanes = np.maximum(layer["lanes"].to_numpy(dtype=float), 1.0)
    per_lane = np.array([LANE_VEH_H.get(str(kind), OTHER_LANE_VEH_H) for kind in layer["highway"]])
    enter, leave = np.arange(count) * 2, np.arange(count) * 2 + 1
    out, back = _connectors(doors.leave), _connectors(doors.arrive)
    middle = 2 * count
    tail = np.concatenate([enter, leave[turns[:, 0]], middle + out[0], leave[back[1]]])
    head = np.concatenate([leave, enter[turns[:, 1]], enter[out[1]], middle + back[0]])
    rest = len(tail) - count
    network = FlowNetwork(
        nodes=middle + zones,
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        zone_node=np.arange(middle, middle + zones, dtype=np.int32),
        through=np.zeros(zones, dtype=bool),
        free=np.concatenate([graph.length_m / graph.speed_mps, np.full(len(turns), TURN_S), out[2], back[2]]),
        capacity=np.concatenate([lanes * per_lane, np.full(rest, np.inf)]),
        alpha=np.concatenate([np.full(count, BPR_ALPHA), np.zeros(rest)]),
        power=np.concatenate([np.full(count, BPR_POWER), np.ones(rest)]),
    )
    length_m = np.concatenate([graph.length_m, np.zeros(rest)])
    return CityNetwork(network, doors.zones, graph.edge_ids, turns, length_m, doors.lonely)


def _connectors(
    doors: Sequence[Sequence[tuple[int, float]]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Zone, edge and seconds of each connector."""
    rows = [(zone, edge, seconds) for zone, ends in enumerate(doors) for edge, seconds in ends]
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def zone_doors(city: City) -> Doors:
    """Where the zones of a city reach its streets: the connectors of the layer `zones` that cars may use.

    A zone beyond the map is left by the gateways into the map, and reached by those out of it.
    """
    from networks import zone_connectors

    graph = city.road_graph("passenger")
    number = {edge: i for i, edge in enumerate(graph.edge_ids) if graph.allowed[i]}
    zones, gates = city.layer("zones"), city.layer("gateways")
    into, out_of = (set(gates["edge_id"][gates["direction"] == way]) for way in ("in", "out"))
    known = zone_connectors(zones)
    ids, leave, arrive = [], [], []
    for zone, source, shape in zip(zones["zone_id"], zones["source"], zones.geometry, strict=True):
        inner = point_on_surface(shape)
        here = [(edge, number[edge]) for edge in known[str(zone)] if edge in number]
        beyond = source == "outside"
        speed = OUTSIDE_MPS if beyond else DOOR_MPS
        middle = (graph.from_xy + graph.to_xy) / 2.0
        seconds = {i: float(np.hypot(*(middle[i] - (inner.x, inner.y)))) / speed for _, i in here}
        ids.append(str(zone))
        leave.append(tuple((i, seconds[i]) for edge, i in here if not beyond or edge in into))
        arrive.append(tuple((i, seconds[i]) for edge, i in here if not beyond or edge in out_of))
    return Doors(tuple(ids), tuple(leave), tuple(arrive))


def edge_doors(ends: Mapping[str, int]) -> Doors:
    """Edges that are zones of their own, by id: trips of the guessed demand go from edge to edge."""
    doors = tuple(((number, 0.0),) for number in ends.values())
    return Doors(tuple(ends), doors, doors)
