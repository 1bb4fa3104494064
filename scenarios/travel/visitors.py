"""Visitors who leave an event: when, by which exit, to which stop or car park.

Every draw is made for everybody beforehand, so that guidance changes those who follow it and nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.streams import stream
from networks.errors import BadScenario
from networks.sentence import joined, say
from scenarios.interventions import Event, VisitorGuidance
from scenarios.places import locate, matching_stops, nearest_node, project
from scenarios.travel.car_places import usable_places
from scenarios.travel.choice import distances, likely, pick, utility
from scenarios.travel.coming import COMING, Crowd, Targets, cars_of, walks_of, wished_s
from scenarios.travel.parties import VisitorCar, parties

if TYPE_CHECKING:
    from models.crowd import VisitorPlans
    from networks import City, WalkGraph
    from scenarios.schema import Scenario

# Relative pull of a stop by kind, by what its vehicles carry; guessed.
STOP_PULL = {"rail": 3.0, "subway": 3.0, "tram": 1.0, "bus": 0.8, "ferry": 0.4}
ON_FOOT_SHARE = 0.15
SPEED_MPS, SPEED_SPREAD_MPS = 1.34, 0.26
DEFAULT_EXIT_M = 60.0
EGRESS_A, EGRESS_B = 1.5, 2.5

GUESS = say(
    "visitors: shares by mode, pull of stops, distance decay and the shape of the release are guessed; "
    "walking speeds after Weidmann 1993",
    "观众：出行方式分担率、站点吸引力、距离衰减和散场时间分布均为推测；步行速度依据Weidmann（1993）",
)


@dataclass(frozen=True)
class Visitors:
    """All visitors of a member's events.

    Attributes:
        plans: One row per walk, by departure; `group` is the index of its event.
        cars: Cars that come to the car parks, and leave them.
        event_end_s: End of each event, s after the run's start.
        event_begin_s: When each begins; NaN where its visitors are there from the start.
        target: Index into `targets` of each walk: where it ends, or begins if it is `inward`.
        inward: Walks to the event, bool, shape (walks,).
        after: Row of the walk after which each begins at the earliest, -1: none.
        car: Index of the car that each walk comes from or goes to, -1: none.
        park_node: Walk node of each car park, by its id.
        targets: What walkers head for: {"name", "kind", "walk_node"}.
        summary: Persons by kind of target, and the provenance.
    """

    plans: VisitorPlans
    cars: tuple[VisitorCar, ...]
    event_end_s: tuple[float, ...]
    event_begin_s: tuple[float, ...]
    target: np.ndarray
    inward: np.ndarray
    after: np.ndarray
    car: np.ndarray
    targets: tuple[dict[str, Any], ...]
    park_node: dict[str, int]
    summary: dict[str, Any]


def draw_visitors(city: City, scenario: Scenario, seed: int) -> Visitors:
    """Draw all visitors of a scenario's events.

    Raises:
        BadScenario: The walk graph or what they could head for is missing, or a name is unknown.
    """
    import pandas as pd

    from models.crowd import VisitorPlans

    events = scenario.of(Event)
    if not events:
        none = np.zeros(0)
        some = none.astype(int)
        plans = VisitorPlans(none, none, none, none, none)
        return Visitors(plans, (), (), (), some, some.astype(bool), some, some, (), {}, {"people": 0})
    graph = city.walk_graph()
    targets = _find_targets(city, graph)
    walks, cars, targeted = list[pd.DataFrame](), list[VisitorCar](), []
    for group, event in enumerate(events):
        crowd, mine = _draw_event(city, scenario, event, seed, graph, targets)
        walks += walks_of(event, group, crowd, targets, first=sum(map(len, walks)), cars=len(cars))
        cars += mine
        targeted.append(crowd.target)
    walk = pd.concat(walks, ignore_index=True)
    order = np.argsort(walk["depart_s"].to_numpy(), kind="stable")
    place = np.append(np.argsort(order), -1)  # the last: of the walk -1, which is none
    walk = walk.iloc[order]
    plans = VisitorPlans(*(walk[name].to_numpy() for name in ("depart_s", "origin", "goal", "speed_mps", "group")))
    kinds = np.array(targets.kind)[np.concatenate(targeted)]
    summary: dict[str, Any] = {"people": len(kinds), "cars": len(cars), "provenance": GUESS}
    if walk["inward"].any():
        summary |= {"come": int(walk["inward"].sum()), "provenance": joined([GUESS, COMING])}
    summary["by_kind"] = {str(kind): int(np.sum(kinds == kind)) for kind in sorted(set(kinds.tolist()))}
    told = tuple(
        {"name": n, "kind": k, "walk_node": int(w)}
        for n, k, w in zip(targets.name, targets.kind, targets.node, strict=True)
    )
    ends = tuple(scenario.seconds(event.ends) for event in events)
    begins = tuple(scenario.seconds(event.begins) if event.begins else float("nan") for event in events)
    return Visitors(
        plans,
        tuple(cars),
        ends,
        begins,
        target=walk["target"].to_numpy(),
        inward=walk["inward"].to_numpy(),
        after=place[walk["after"].to_numpy()],
        car=walk["car"].to_numpy(),
        targets=told,
        park_node={park: int(node) for park, node in zip(targets.park_id, targets.node, strict=True) if park},
        summary=summary,
    )


def _find_targets(city: City, graph: WalkGraph) -> Targets:
    stops, parks, zones = city.layer("stops"), city.layer("car_parks"), city.layer("zones")
    stops = stops[stops["walk_node"] >= 0]
    homes = zones[(zones["walk_node"] >= 0) & (zones["population"] > 0)]
    centres = [geometry.representative_point() for geometry in parks.geometry]
    nodes = [nearest_node(graph.node_x, graph.node_y, point.x, point.y) for point in centres]
    return Targets(
        name=[*stops["name"].where(stops["name"] != "", stops["osm_id"]), *parks["name"], *homes["zone_id"]],
        kind=[*stops["kind"], *["car_park"] * len(parks), *["on_foot"] * len(homes)],
        node=np.array([*stops["walk_node"], *nodes, *homes["walk_node"]], dtype=np.int32),
        pull=np.array(
            [*(STOP_PULL.get(k, 0.5) for k in stops["kind"]), *parks["capacity"], *homes["population"]], float
        ),
        edge_id=[*[""] * len(stops), *parks["edge_id"], *[""] * len(homes)],
        park_id=[*[""] * len(stops), *parks["osm_id"], *[""] * len(homes)],
    )


def _draw_event(
    city: City, scenario: Scenario, event: Event, seed: int, graph: WalkGraph, targets: Targets
) -> tuple[Crowd, list[VisitorCar]]:
    n = event.people
    draw = {name: stream(seed, f"visitors {event.name} {name}") for name in ("when", "exit", "target", "walk", "mode")}
    exit_nodes, exit_names, exit_weight = _exits(city, event, graph)
    way_m = distances(graph, exit_nodes)[:, targets.node]
    exits = pick(draw["exit"].random(n), exit_weight)
    mode = draw["mode"].random(n)
    noise = draw["target"].gumbel(size=(n, len(targets.name)))
    pull = targets.pull.copy()
    parks, homes, stops = targets.where("car_park"), targets.where("on_foot"), targets.where(*STOP_PULL)
    if event.begins is not None and event.car_share > 0:
        pull[parks] = usable_places(city, event)
        parks = parks[pull[parks] > 0]
    parks, homes = (likely(options, pull, way_m, exit_weight) for options in (parks, homes))
    car_share = event.car_share if len(parks) else 0.0
    on_foot = ON_FOOT_SHARE if len(homes) and len(stops) else float(not len(stops))
    by_car = mode < car_share
    walks = ~by_car & (mode < car_share + (1 - car_share) * on_foot)
    if not len(stops) and not len(homes):
        raise BadScenario(f"event {event.name}: {city.name} has no stop and no home that visitors could walk to")
    target = np.empty(n, dtype=np.int64)
    near_stops = likely(stops, pull, way_m, exit_weight)
    wanted = np.empty((n, len(parks)), dtype=np.int64)
    for who, options in ((by_car, parks), (walks, homes), (~by_car & ~walks, near_stops)):
        if who.any():
            wish = utility(pull[options], way_m[:, options], exits[who], noise[who][:, options])
            target[who] = options[wish.argmax(axis=1)]
            if options is parks:
                wanted[who] = parks[np.argsort(-wish, axis=1, kind="stable")]
    spread = draw["when"].beta(EGRESS_A, EGRESS_B, n)
    crowd = Crowd(
        depart_s=spread * event.egress_s,
        exit=exits,
        origin=exit_nodes[exits],
        target=target,
        speed_mps=np.clip(draw["walk"].normal(SPEED_MPS, SPEED_SPREAD_MPS, n), 0.6, 2.0),
        way_m=np.zeros(n),
        entry=exit_nodes[exits],
        entry_way_m=np.zeros(n),
    )
    groups = parties(by_car, event.party_size)
    for people in groups:
        crowd.target[people] = target[people[0]]
    crowd.entry_way_m = way_m[crowd.exit, crowd.target]
    for guidance in scenario.of(VisitorGuidance):
        if guidance.event in (None, event.name):
            _guide(city, guidance, event, seed, crowd, exit_names, stops)
    crowd.depart_s = np.round(crowd.depart_s + scenario.seconds(event.ends), 1)
    crowd.origin = exit_nodes[crowd.exit]
    crowd.way_m = way_m[crowd.exit, crowd.target]
    if event.begins is not None:
        crowd.come_s = wished_s(event, scenario.seconds(event.begins), n, seed)
    return crowd, cars_of(event, seed, crowd, groups, wanted, targets)


def _guide(
    city: City,
    guidance: VisitorGuidance,
    event: Event,
    seed: int,
    crowd: Crowd,
    exit_names: list[str],
    stops: np.ndarray,
) -> None:
    """Change exit, stop and release of those who follow; the draws are the same for every guidance."""
    rng = stream(seed, f"guidance {event.name}")
    n = len(crowd.depart_s)
    follows, exit_u, stop_u = rng.random(n) < guidance.compliance, rng.random(n), rng.random(n)
    if guidance.exit_shares:
        weight = np.array([guidance.exit_shares.get(name, 0.0) for name in exit_names])
        crowd.exit[follows] = pick(exit_u[follows], weight)
    if guidance.stop_shares:
        weight = stop_weights(city, guidance)
        to_stops = follows & np.isin(crowd.target, stops)
        crowd.target[to_stops] = stops[pick(stop_u[to_stops], weight)]
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
