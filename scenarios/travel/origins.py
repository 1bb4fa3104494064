"""Where car trips begin and end: gateways by road class, zones by residents, jobs and attractions; guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.routing import Router
from networks.sentence import say

if TYPE_CHECKING:
    from networks import City

GUESS = say(
    "traffic demand: from road class at the map's border, residents, jobs and attractions, not from counts; guessed. "
    "Calibration corrects it by factors.",
    "交通需求：由地图边界道路等级、居民、岗位和吸引点推测，并非来自交通计数；可由标定以系数修正。",
)

# Share of the busiest hour, by hour of the day from 0; shapes of urban weekday and weekend counts, guessed.
PROFILES: dict[str, tuple[float, ...]] = {
    "weekday_morning": (
        .08, .05, .04, .05, .12, .35, .70, 1.0, .95, .70, .62, .65,
        .68, .68, .72, .82, .90, .85, .65, .48, .38, .32, .25, .15,
    ),
    "weekday_midday": (
        .08, .05, .04, .05, .10, .25, .55, .85, .85, .75, .72, .76,
        .80, .80, .82, .88, .92, .88, .70, .52, .42, .35, .26, .16,
    ),
    "weekday_evening": (
        .08, .05, .04, .05, .10, .28, .58, .86, .82, .66, .62, .66,
        .70, .72, .80, .94, 1.0, .98, .78, .58, .46, .38, .28, .17,
    ),
    "weekend_afternoon": (
        .18, .14, .10, .08, .08, .12, .20, .30, .42, .55, .68, .78,
        .85, .88, .90, .90, .88, .84, .74, .60, .48, .42, .36, .26,
    ),
    "night": (
        .18, .14, .10, .08, .08, .12, .18, .24, .26, .28, .30, .30,
        .30, .30, .32, .34, .36, .36, .34, .32, .30, .28, .26, .22,
    ),
}  # fmt: skip

# Vehicles per hour and lane that enter the map by class of road, in the busiest hour; guessed,
# and low enough for default signal plans.
GATEWAY_VEH_H_LANE = {
    "motorway": 360.0, "motorway_link": 120.0, "trunk": 210.0, "trunk_link": 90.0, "primary": 105.0,
    "primary_link": 50.0, "secondary": 72.0, "secondary_link": 32.0, "tertiary": 40.0, "tertiary_link": 20.0,
    "unclassified": 16.0, "residential": 10.0, "living_street": 4.0, "service": 3.0,
}  # fmt: skip
OTHER_VEH_H_LANE = 4.0
# Car trips in the busiest hour that start on the map, and weights of those that end there; guessed for a dense centre.
RESIDENT_TRIPS_H = 0.008
JOB_TRIPS_H = 0.008
VISITOR_TRIPS_H = 60.0
THROUGH_SHARE = 0.6
LEAVING_SHARE = 0.85
NEAR_M = 300.0
ROUND_TRIP_M = 15.0
DETOUR = 2.0


@dataclass(frozen=True)
class TripTable:
    """Car trips in the busiest hour.

    Attributes:
        origin_ids: Edge id of each origin, o.
        origins: Its index in the city's edges.
        destination_ids: Edge id of each destination, d.
        destinations: Its index in the city's edges.
        veh_h: (o, d) vehicles per hour.
    """

    origin_ids: tuple[str, ...]
    origins: np.ndarray
    destination_ids: tuple[str, ...]
    destinations: np.ndarray
    veh_h: np.ndarray


def profile_at(profile: str, hour: float) -> float:
    """Share of the busiest hour at a local hour of the day, linear between the middles of hours."""
    shares = np.array(PROFILES[profile])
    return float(np.interp(hour % 24.0, np.arange(-1, 25) + 0.5, np.concatenate(([shares[-1]], shares, [shares[0]]))))


def trip_table(city: City, kernel: Router) -> TripTable:
    """Trips between gateways and zones of the city (vehicles per hour in the busiest hour)."""
    index = {edge: i for i, edge in enumerate(kernel.graph.edge_ids)}
    usable = np.asarray(kernel.graph.allowed, dtype=bool)
    came, left, within, drawn = _ends(city, index, usable)
    origins = sorted(set(came) | set(within))
    destinations = sorted(set(left) | set(drawn))
    out = np.array([left.get(d, 0.0) for d in destinations])
    pull = np.array([drawn.get(d, 0.0) for d in destinations])
    table = np.zeros((len(origins), len(destinations)))
    if origins and destinations:
        fits, reached = _plausible(kernel, origins, destinations)
        for row, origin in enumerate(origins):
            for rate, share in ((came.get(origin, 0.0), THROUGH_SHARE), (within.get(origin, 0.0), LEAVING_SHARE)):
                table[row] += _spread(rate * share, out * fits[row]) + _spread(rate * (1 - share), pull * reached[row])
    names = kernel.graph.edge_ids
    return TripTable(
        tuple(names[i] for i in origins),
        np.array(origins, dtype=np.int32),
        tuple(names[i] for i in destinations),
        np.array(destinations, dtype=np.int32),
        table,
    )


def leaving_weights(
    city: City, edge_ids: tuple[str, ...], *, direction: Literal["out", "in"] = "out"
) -> tuple[np.ndarray, np.ndarray]:
    """Edges by which one leaves the map, or comes in (indices), and their weights: class of road times lanes."""
    index = {edge: i for i, edge in enumerate(edge_ids)}
    gates = city.layer("gateways")
    gates = gates[(gates["direction"] == direction) & gates["edge_id"].isin(index)].sort_values("edge_id")
    rates = [_gate_rate(h, n) for h, n in zip(gates["highway"], gates["lanes"], strict=True)]
    return np.array([index[e] for e in gates["edge_id"]], dtype=np.int32), np.array(rates)


def _gate_rate(highway: str, lanes: int) -> float:
    return GATEWAY_VEH_H_LANE.get(str(highway), OTHER_VEH_H_LANE) * max(1, int(lanes))


Ends = dict[int, float]


def _ends(city: City, index: dict[str, int], usable: np.ndarray) -> tuple[Ends, Ends, Ends, Ends]:
    """Vehicles per hour by edge: entering by gateways, pull of gateways out, starting in zones, pull of zones."""
    came: Ends = {}
    left: Ends = {}
    within: Ends = {}
    drawn: Ends = {}
    gates = city.layer("gateways")
    for edge, direction, highway, lanes in zip(
        gates["edge_id"], gates["direction"], gates["highway"], gates["lanes"], strict=True
    ):
        if edge in index and usable[index[edge]]:
            (came if direction == "in" else left)[index[edge]] = _gate_rate(highway, lanes)
    zones = city.layer("zones")
    pull = zones["attraction"].sum()
    for edge, residents, jobs, attraction in zip(
        zones["edge_id"], zones["population"], zones["jobs"], zones["attraction"], strict=True
    ):
        if edge not in index or not usable[index[edge]]:
            continue
        visits = VISITOR_TRIPS_H * attraction / pull if pull > 0 else 0.0
        start = RESIDENT_TRIPS_H * residents + JOB_TRIPS_H * jobs + visits
        if start > 0:
            within[index[edge]] = within.get(index[edge], 0.0) + start
            drawn[index[edge]] = drawn.get(index[edge], 0.0) + start
    return came, left, within, drawn


def _plausible(kernel: Router, origins: list[int], destinations: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """(o, d) 1 where a trip from origin to destination makes sense: through the map, and to a zone."""
    graph = kernel.graph
    length_m = np.asarray(graph.length_m)
    way_m = kernel.matrix(origins, destinations, length_m)
    start, end = np.asarray(graph.from_xy)[origins], np.asarray(graph.to_xy)[destinations]
    crow_m = np.hypot(start[:, None, 0] - end[None, :, 0], start[:, None, 1] - end[None, :, 1])
    reached = np.isfinite(way_m) & (np.array(origins)[:, None] != np.array(destinations)[None, :])
    reached &= crow_m > ROUND_TRIP_M
    driven_m = way_m + length_m[destinations][None, :]
    through = reached & (crow_m > NEAR_M) & (driven_m < DETOUR * crow_m)
    # Where the map is so small that nothing is far apart, anything reachable will do.
    through |= reached & ~through.any(axis=1)[:, None]
    return through.astype(float), reached.astype(float)


def _spread(total: float, weights: np.ndarray) -> np.ndarray:
    weight = weights.sum()
    spread: np.ndarray = total * weights / weight if weight > 0 else np.zeros_like(weights)
    return spread
