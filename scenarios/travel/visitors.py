"""Visitors who leave an event: when, by which exit, to which stop or car park.

Every draw is made for everybody beforehand, so that guidance changes those who follow it and nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.streams import stream
from networks.errors import BadScenario
from networks.sentence import say
from scenarios.interventions import Event, VisitorGuidance
from scenarios.places import locate, matching_stops, nearest_node, project

if TYPE_CHECKING:
    from models.crowd import VisitorPlans
    from networks import City, WalkGraph
    from scenarios.schema import Scenario

# Relative pull of a stop by kind, by what its vehicles carry; guessed.
STOP_PULL = {"rail": 3.0, "subway": 3.0, "tram": 1.0, "bus": 0.8, "ferry": 0.4}
ON_FOOT_SHARE = 0.15
DECAY_M = 350.0
SPEED_MPS, SPEED_SPREAD_MPS = 1.34, 0.26
TO_THE_CAR_S = 300.0
DEFAULT_EXIT_M = 60.0
LIKELY = 0.9
EGRESS_A, EGRESS_B = 1.5, 2.5

GUESS = say(
    "visitors: shares by mode, pull of stops, distance decay and the shape of the release are guessed; "
    "walking speeds after Weidmann 1993",
    "观众：出行方式分担率、站点吸引力、距离衰减和散场时间分布均为推测；步行速度依据Weidmann（1993）",
)


@dataclass(frozen=True)
class VisitorCar:
    """A car of a party of visitors: where it is parked and when it leaves."""

    name: str
    edge_id: str
    depart_s: float


@dataclass(frozen=True)
class Visitors:
    """All visitors of a member's events.

    Attributes:
        plans: One row per walker, by departure; `group` is the index of its event.
        cars: Cars that leave the car parks.
        event_end_s: End of each event, s after the run's start.
        target: Index into `targets` of each walker.
        targets: What walkers head for: {"name", "kind", "walk_node"}.
        summary: Persons by kind of target, and the provenance.
    """

    plans: VisitorPlans
    cars: tuple[VisitorCar, ...]
    event_end_s: tuple[float, ...]
    target: np.ndarray
    targets: tuple[dict[str, Any], ...]
    summary: dict[str, Any]


@dataclass(frozen=True)
class _Targets:
    """What visitors can head for, by position: stops first, then car parks, then homes on foot."""

    name: list[str]
    kind: list[str]
    node: np.ndarray
    pull: np.ndarray
    edge_id: list[str]

    def where(self, *kinds: str) -> np.ndarray:
        return np.flatnonzero(np.isin(np.array(self.kind), kinds))


@dataclass
class _Crowd:
    """Columns of one event's visitors."""

    depart_s: np.ndarray
    exit: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    speed_mps: np.ndarray
    way_m: np.ndarray
    by_car: np.ndarray


def draw_visitors(city: City, scenario: Scenario, seed: int) -> Visitors:
    """Draw all visitors of a scenario's events.

    Raises:
        BadScenario: The walk graph or what they could head for is missing, or a name is unknown.
    """
    from models.crowd import VisitorPlans

    events = scenario.of(Event)
    if not events:
        none = np.zeros(0)
        return Visitors(VisitorPlans(none, none, none, none, none), (), (), none.astype(int), (), {"people": 0})
    graph = city.walk_graph()
    targets = _find_targets(city, graph)
    crowds, cars = [], []
    for event in events:
        crowd = _draw_event(city, scenario, event, seed, graph, targets)
        crowds.append(crowd)
        cars += _cars(event, crowd, targets)
    column = {
        name: np.concatenate([getattr(c, name) for c in crowds])
        for name in ("depart_s", "origin", "target", "speed_mps")
    }
    group = np.repeat(np.arange(len(events)), [len(c.depart_s) for c in crowds])
    order = np.argsort(column["depart_s"], kind="stable")
    plans = VisitorPlans(
        column["depart_s"][order],
        column["origin"][order],
        targets.node[column["target"][order]],
        column["speed_mps"][order],
        group[order],
    )
    kinds = np.array(targets.kind)[column["target"]]
    summary: dict[str, Any] = {"people": len(order), "cars": len(cars), "provenance": GUESS}
    summary["by_kind"] = {str(kind): int(np.sum(kinds == kind)) for kind in sorted(set(kinds.tolist()))}
    told = tuple(
        {"name": n, "kind": k, "walk_node": int(w)}
        for n, k, w in zip(targets.name, targets.kind, targets.node, strict=True)
    )
    ends = tuple(scenario.seconds(event.ends) for event in events)
    return Visitors(plans, tuple(cars), ends, column["target"][order], told, summary)


def _find_targets(city: City, graph: WalkGraph) -> _Targets:
    stops, parks, zones = city.layer("stops"), city.layer("car_parks"), city.layer("zones")
    stops = stops[stops["walk_node"] >= 0]
    homes = zones[(zones["walk_node"] >= 0) & (zones["population"] > 0)]
    centres = [geometry.representative_point() for geometry in parks.geometry]
    nodes = [nearest_node(graph.node_x, graph.node_y, point.x, point.y) for point in centres]
    return _Targets(
        name=[*stops["name"].where(stops["name"] != "", stops["osm_id"]), *parks["name"], *homes["zone_id"]],
        kind=[*stops["kind"], *["car_park"] * len(parks), *["on_foot"] * len(homes)],
        node=np.array([*stops["walk_node"], *nodes, *homes["walk_node"]], dtype=np.int32),
        pull=np.array(
            [*(STOP_PULL.get(k, 0.5) for k in stops["kind"]), *parks["capacity"], *homes["population"]], float
        ),
        edge_id=[*[""] * len(stops), *parks["edge_id"], *[""] * len(homes)],
    )


def _draw_event(city: City, scenario: Scenario, event: Event, seed: int, graph: WalkGraph, targets: _Targets) -> _Crowd:
    n = event.people
    draw = {name: stream(seed, f"visitors {event.name} {name}") for name in ("when", "exit", "target", "walk", "mode")}
    exit_nodes, exit_names, exit_weight = _exits(city, event, graph)
    way_m = _distances(graph, exit_nodes)[:, targets.node]
    exits = _pick(draw["exit"].random(n), exit_weight)
    mode = draw["mode"].random(n)
    noise = draw["target"].gumbel(size=(n, len(targets.name)))
    parks, homes, stops = targets.where("car_park"), targets.where("on_foot"), targets.where(*STOP_PULL)
    parks, homes = (_likely(options, targets.pull, way_m, exit_weight) for options in (parks, homes))
    car_share = event.car_share if len(parks) else 0.0
    on_foot = ON_FOOT_SHARE if len(homes) and len(stops) else float(not len(stops))
    by_car = mode < car_share
    walks = ~by_car & (mode < car_share + (1 - car_share) * on_foot)
    if not len(stops) and not len(homes):
        raise BadScenario(f"event {event.name}: {city.name} has no stop and no home that visitors could walk to")
    target = np.empty(n, dtype=np.int64)
    near_stops = _likely(stops, targets.pull, way_m, exit_weight)
    for who, options in ((by_car, parks), (walks, homes), (~by_car & ~walks, near_stops)):
        if who.any():
            target[who] = options[_logit(targets.pull[options], way_m[:, options], exits[who], noise[who][:, options])]
    spread = draw["when"].beta(EGRESS_A, EGRESS_B, n)
    crowd = _Crowd(
        depart_s=spread * event.egress_s,
        exit=exits,
        origin=exit_nodes[exits],
        target=target,
        speed_mps=np.clip(draw["walk"].normal(SPEED_MPS, SPEED_SPREAD_MPS, n), 0.6, 2.0),
        way_m=np.zeros(n),
        by_car=by_car,
    )
    for guidance in scenario.of(VisitorGuidance):
        if guidance.event in (None, event.name):
            _guide(city, guidance, event, seed, crowd, exit_names, stops)
    crowd.depart_s = np.round(crowd.depart_s + scenario.seconds(event.ends), 1)
    crowd.origin = exit_nodes[crowd.exit]
    crowd.way_m = way_m[crowd.exit, crowd.target]
    return crowd


def _guide(
    city: City,
    guidance: VisitorGuidance,
    event: Event,
    seed: int,
    crowd: _Crowd,
    exit_names: list[str],
    stops: np.ndarray,
) -> None:
    """Change exit, stop and release of those who follow; the draws are the same for every guidance."""
    rng = stream(seed, f"guidance {event.name}")
    n = len(crowd.depart_s)
    follows, exit_u, stop_u = rng.random(n) < guidance.compliance, rng.random(n), rng.random(n)
    if guidance.exit_shares:
        weight = np.array([guidance.exit_shares.get(name, 0.0) for name in exit_names])
        crowd.exit[follows] = _pick(exit_u[follows], weight)
    if guidance.stop_shares:
        weight = stop_weights(city, guidance)
        to_stops = follows & np.isin(crowd.target, stops)
        crowd.target[to_stops] = stops[_pick(stop_u[to_stops], weight)]
    if guidance.stagger_s > 0:
        crowd.depart_s[follows] *= 1 + guidance.stagger_s / event.egress_s


def stop_weights(city: City, guidance: VisitorGuidance) -> np.ndarray:
    """Share of each stop (rows with a walk node); a name that several stops bear is split evenly.

    Raises:
        BadScenario: No stop has that name or id.
    """
    stops = city.layer("stops")
    stops = stops[stops["walk_node"] >= 0]
    weight = np.zeros(len(stops))
    for name, share in sorted(guidance.stop_shares.items()):
        rows = matching_stops(stops, name)
        if not len(rows):
            raise BadScenario(
                f"visitor_guidance: {city.name} has no stop called {name!r}",
                expected="the name or OSM id of a row of the layer stops",
            )
        weight[rows] += share / len(rows)
    return weight


def exits_of(city: City, event: Event) -> list[str]:
    """Names of an event's exits, those that are taken by default included."""
    return _exits(city, event, city.walk_graph())[1]


def _exits(city: City, event: Event, graph: WalkGraph) -> tuple[np.ndarray, list[str], np.ndarray]:
    if event.exits:
        spots = [project(city, way.lon, way.lat, what=f"exit {way.name}") for way in event.exits]
        names, weight = [way.name for way in event.exits], [way.share for way in event.exits]
    else:
        x, y = locate(city, event.at, what=f"event {event.name}")
        spots = [(x + dx * DEFAULT_EXIT_M, y + dy * DEFAULT_EXIT_M) for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0))]
        names, weight = ["north", "east", "south", "west"], [1.0] * 4
    nodes = [nearest_node(graph.node_x, graph.node_y, *spot) for spot in spots]
    return np.array(nodes, dtype=np.int32), names, np.array(weight)


def _distances(graph: WalkGraph, nodes: np.ndarray) -> np.ndarray:
    """(nodes, all nodes) walking distance, m; infinite where there is no way."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    n = len(graph.node_x)
    arcs = coo_matrix((graph.length_m, (graph.link_from, graph.link_to)), shape=(n, n))
    # Parallel links would add up in a sparse matrix: keep the shortest.
    order = np.lexsort((arcs.data, arcs.col, arcs.row))
    row, col, data = arcs.row[order], arcs.col[order], arcs.data[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (col[1:] != col[:-1])
    lone = coo_matrix((data[first], (row[first], col[first])), shape=(n, n)).tocsr()
    found: np.ndarray = dijkstra(lone, directed=False, indices=nodes)
    return found


def _logit(pull: np.ndarray, way_m: np.ndarray, exits: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Index of the option of greatest utility ln(pull) - distance / DECAY_M + Gumbel noise: a multinomial logit.

    Source: McFadden 1974, Conditional logit analysis of qualitative choice behavior.
    """
    far = np.minimum(way_m, 1e6)
    utility = np.log(np.maximum(pull, 1e-9))[None, :] - far[exits] / DECAY_M + noise
    best: np.ndarray = np.argmax(utility, axis=1)
    return best


def _likely(options: np.ndarray, pull: np.ndarray, way_m: np.ndarray, exit_weight: np.ndarray) -> np.ndarray:
    """The options that draw all but one in ten: the rest would cost a search each and move nobody."""
    if not len(options):
        return options
    far = np.average(np.minimum(way_m[:, options], 1e6), axis=0, weights=exit_weight)
    share = pull[options] * np.exp(-far / DECAY_M)
    order = np.argsort(-share, kind="stable")
    needed = int(np.searchsorted(np.cumsum(share[order]) / share.sum(), LIKELY) + 1) if share.sum() > 0 else len(order)
    kept: np.ndarray = np.sort(options[order[:needed]])
    return kept


def _pick(u: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Index by share: the same u and a small change of shares move few."""
    passed = np.cumsum(weight) / weight.sum()
    return np.minimum(np.searchsorted(passed, u, side="right"), len(weight) - 1)


def _cars(event: Event, crowd: _Crowd, targets: _Targets) -> list[VisitorCar]:
    drivers = np.flatnonzero(crowd.by_car)
    drivers = drivers[
        np.unique((np.arange(1, len(drivers) // event.party_size + 1) * event.party_size).astype(int) - 1)
    ]
    cars = []
    for k, i in enumerate(drivers):
        way_m = crowd.way_m[i]
        edge_id = targets.edge_id[crowd.target[i]]
        if edge_id and np.isfinite(way_m):
            leaves = float(crowd.depart_s[i] + way_m / crowd.speed_mps[i] + TO_THE_CAR_S)
            cars.append(VisitorCar(f"{event.name}.car{k}", edge_id, round(leaves, 1)))
    return cars
