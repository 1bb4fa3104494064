"""Cars on the road: one draw per vehicle from streams named by origin, so that no intervention shifts another's.

Every origin draws up to ROOM times its vehicles and gives each a rank in [0, 1); a vehicle drives when its rank is
below scale x factors / ROOM. So a demand change or a calibration factor adds or takes vehicles and leaves all others
as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.routing import Router
from models.streams import stream
from scenarios.interventions import DemandChange
from scenarios.response.response import Informed
from scenarios.travel.assignment import TASTES, assignment_of, load_weights
from scenarios.travel.origins import leaving_weights
from scenarios.travel.parties import with_wishes
from scenarios.travel.riding import Ends, kinds_of, ways
from scenarios.travel.timed_trips import TimedTrips, provenance_of, timed_trips
from scenarios.travel.ways_in import WaysIn

if TYPE_CHECKING:
    from models.traffic import VehicleTrip
    from networks import City
    from scenarios.results.store import Store
    from scenarios.schema import Scenario
    from scenarios.travel.visitors import Visitors

ROOM = 3.0
TRUCK_SHARE = 0.05
SPEED_FACTOR_SPREAD = 0.1


@dataclass(frozen=True)
class Demand:
    """The trips of one member, by departure, and what they amount to."""

    trips: tuple[VehicleTrip, ...]
    summary: dict[str, Any]


@dataclass(frozen=True)
class _Draws:
    """Candidates of one origin, one entry per vehicle; `column` picks the destination, `ear` (0..1) who hears first."""

    rank: np.ndarray
    depart_s: np.ndarray
    column: np.ndarray
    taste: np.ndarray
    truck: np.ndarray
    ear: np.ndarray
    speed_factor: np.ndarray


def draw_demand(city: City, scenario: Scenario, seed: int, store: Store, *, visitors: Visitors | None = None) -> Demand:
    """Draw all car trips of a member, those of the events' visitors included.

    Args:
        city: Where.
        scenario: Its period, demand and demand changes count.
        seed: The member's seed.
        store: Holds the assignment that routes come from.
        visitors: From `draw_visitors`; their cars leave the car parks.
    """
    kernel = Router(city.road_graph("passenger"))
    timed = timed_trips(city, kernel, scenario)
    weights = load_weights(str(store.root), assignment_of(city, scenario, store))
    planned = [car for one in timed for car in _everyday(scenario, seed, one)]
    everyday = len(planned)
    if visitors is not None:
        planned += _event_cars(city, kernel, visitors, seed)
    rides = ways(city, [(one.origin, one.destination) for one in planned if one.ridden])
    trips = _routed(kernel, weights, planned, rides, *_informed(scenario))
    length_m = np.asarray(kernel.graph.length_m)
    lengths = [float(sum(length_m[list(route)])) for _, route in trips]
    summary = {
        "trips": len(trips),
        "event_car_trips": len(planned) - everyday,
        "no_way": len(planned) - len(trips),
        "rides": sum(trip.vtype in ("bicycle", "ebike") for trip, _ in trips),
        "rides_without_way": sum(bool(one.ridden) and (one.origin, one.destination) not in rides for one in planned),
        "mean_length_m": round(float(np.mean(lengths)), 1) if lengths else 0.0,
        "busiest_hour_veh_h": round(_busiest(timed) * scenario.demand.scale, 1),
        "od_trips_without_way": round(sum(one.lost for one in timed), 1),
        "provenance": provenance_of(scenario),
    }
    return Demand(with_wishes([trip for trip, _ in trips], visitors.cars if visitors else ()), summary)


def _informed(scenario: Scenario) -> tuple[float, float]:
    """The share of drivers who hear of jams and closures, and from when on (s)."""
    response = scenario.response
    if not isinstance(response, Informed):
        return 0.0, 0.0
    return response.share, max(0.0, scenario.seconds(response.from_when)) if response.from_when else 0.0


@dataclass(frozen=True)
class Planned:
    """A vehicle before it has a route: origin and destination are indices of edges; `ridden` is "" for drivers."""

    vehicle_id: str
    depart_s: float
    origin: int
    destination: int
    taste: int
    truck: bool
    ear: float
    speed_factor: float
    ridden: str = ""


def _busiest(timed: Sequence[TimedTrips]) -> float:
    """Vehicles per hour in the busiest hour: by the profile's definition, or of the trip table's day."""
    if all(one.profile for one in timed):
        return sum(float(one.table.veh_h.sum()) for one in timed)
    hours = np.arange(0.0, 24.0, 0.25)
    return float(np.max(sum(one.table.veh_h.sum() * one.level(hours) for one in timed)))


def _everyday(scenario: Scenario, seed: int, timed: TimedTrips) -> list[Planned]:
    planned: list[Planned] = []
    table, level = timed.table, timed.level(_hours(scenario))
    if not level.any():
        return planned
    for row, (name, origin) in enumerate(zip(table.origin_ids, table.origins, strict=True)):
        rate = float(table.veh_h[row].sum())
        if rate <= 0:
            continue
        draws = _draw_origin(seed, f"{name}{timed.name}", rate, table.veh_h[row], level, scenario.end_s)
        wanted = _wanted(scenario, name, table.destination_ids, draws)
        ridden = kinds_of(seed, f"{name}{timed.name}", scenario.demand, len(draws.rank))
        for k in np.flatnonzero(draws.rank * ROOM < wanted):
            planned.append(
                Planned(
                    f"{name}{timed.name}.{k}",
                    float(draws.depart_s[k]),
                    int(origin),
                    int(table.destinations[draws.column[k]]),
                    int(draws.taste[k]),
                    bool(draws.truck[k]) if timed.truck is None else timed.truck,
                    float(draws.ear[k]),
                    float(draws.speed_factor[k]),
                    str(ridden[k]),
                )
            )
    return planned


def _hours(scenario: Scenario) -> np.ndarray:
    """Local hour of the day at the middle of each minute of the run."""
    start = scenario.start
    first = start.hour + start.minute / 60 + start.second / 3600
    return first + (np.arange(int(np.ceil(scenario.end_s / 60))) + 0.5) / 60


def _draw_origin(seed: int, name: str, veh_h: float, shares: np.ndarray, level: np.ndarray, end_s: float) -> _Draws:
    rng = stream(seed, f"demand {name}")
    count = int(rng.poisson(veh_h * level.sum() / 60 * ROOM))
    passed = np.concatenate(([0.0], np.cumsum(level))) / level.sum()
    edges_s = np.minimum(np.arange(len(level) + 1) * 60.0, end_s)
    return _Draws(
        rank=rng.random(count),
        depart_s=np.round(np.interp(rng.random(count), passed, edges_s), 1),
        column=np.searchsorted(np.cumsum(shares) / shares.sum(), rng.random(count), side="right").clip(
            max=len(shares) - 1
        ),
        taste=rng.integers(TASTES, size=count),
        truck=rng.random(count) < TRUCK_SHARE,
        ear=rng.random(count),
        speed_factor=np.round(np.clip(rng.normal(1.0, SPEED_FACTOR_SPREAD, count), 0.7, 1.3), 3),
    )


def _wanted(scenario: Scenario, origin: str, destination_ids: Sequence[str], draws: _Draws) -> np.ndarray:
    """Scale of each candidate: the scenario's, the origin's factor, and every demand change that holds for it."""
    wanted = np.full(len(draws.rank), scenario.demand.scale * scenario.demand.factors.get(origin, 1.0))
    for change in scenario.of(DemandChange):
        begin = scenario.seconds(change.begin) if change.begin else -np.inf
        end = scenario.seconds(change.end) if change.end else np.inf
        holds = (draws.depart_s >= begin) & (draws.depart_s < end)
        if change.origins and origin not in change.origins:
            holds &= False
        if change.destinations:
            there = np.isin(np.array(destination_ids), change.destinations)
            holds &= there[draws.column]
        wanted[holds] *= change.scale
    return wanted


def _event_cars(city: City, kernel: Router, visitors: Visitors, seed: int) -> list[Planned]:
    """One vehicle per party that came by car, off when the party should have reached its car; before it, where they
    come, one that brings them when they want to be there.
    """
    gates, weight = leaving_weights(city, kernel.graph.edge_ids)
    if not len(gates):
        return []
    index = {edge: i for i, edge in enumerate(kernel.graph.edge_ids)}
    passed = np.cumsum(weight) / weight.sum()
    ways_in = WaysIn(city, kernel, {index[car.edge_id] for car in visitors.cars if car.wish and car.edge_id in index})
    planned = []
    for car in visitors.cars:
        rng = stream(seed, f"event car {car.name}")
        gate = min(int(np.searchsorted(passed, rng.random(), side="right")), len(gates) - 1)
        taste, ear = int(rng.integers(TASTES)), float(rng.random())
        factor = round(float(np.clip(rng.normal(1.0, SPEED_FACTOR_SPREAD), 0.7, 1.3)), 3)
        origin, destination = index.get(car.edge_id), int(gates[gate])
        if origin is None:
            continue
        planned.append(Planned(car.name, car.depart_s, origin, destination, taste, False, ear, factor))
        if car.wish is not None and (way := ways_in.draw(origin, stream(seed, f"event car {car.comes}").random())):
            departs = round(max(0.0, car.arrive_s - way[1]), 1)
            planned.append(Planned(car.comes, departs, way[0], origin, taste, False, ear, factor))
    return planned


def _routed(
    kernel: Router,
    weights: np.ndarray,
    planned: list[Planned],
    rides: Mapping[Ends, tuple[int, ...]],
    share: float,
    from_s: float,
) -> list[tuple[VehicleTrip, tuple[int, ...]]]:
    """Trips with routes, by departure; one without a way for bicycles is driven, one without any is left out."""
    from models.traffic import VehicleTrip

    asked: dict[tuple[int, int], set[int]] = {}
    for car in planned:
        if car.ridden and (car.origin, car.destination) in rides:
            continue
        asked.setdefault((car.taste, car.origin), set()).add(car.destination)
    routes: dict[tuple[int, int, int], tuple[int, ...] | None] = {}
    for (taste, origin), ends in sorted(asked.items()):
        found = kernel.routes_from(origin, sorted(ends), weights[taste])
        routes.update({(taste, origin, end): route for end, route in zip(sorted(ends), found, strict=True)})
    trips = []
    for car in sorted(planned, key=lambda car: (car.depart_s, car.vehicle_id)):
        ride = rides.get((car.origin, car.destination)) if car.ridden else None
        route = ride or routes[car.taste, car.origin, car.destination]
        if route is not None:
            trip = VehicleTrip(
                vehicle_id=car.vehicle_id,
                depart_s=car.depart_s,
                vtype=car.ridden if ride else "truck" if car.truck else "car",
                route=kernel.ids(route),
                speed_factor=car.speed_factor,
                reroutes=car.ear < share,
                reroutes_from_s=from_s,
            )
            trips.append((trip, route))
    return trips
