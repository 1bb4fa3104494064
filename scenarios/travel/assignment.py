"""Which ways drivers know: perceived edge times once the streets have filled, shared by all members."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Router
from models.streams import stream
from scenarios.results.store import Store, address
from scenarios.results.versions import code_version, engine_versions
from scenarios.travel.origins import TripTable
from scenarios.travel.timed_trips import timed_trips, trips_at

if TYPE_CHECKING:
    from networks import City
    from scenarios.schema import Scenario

TASTES = 4
TASTE_SPREAD = 0.2
ROUNDS = 12
LANE_VEH_H = 700.0
BPR_ALPHA, BPR_BETA = 0.6, 4.0
TURN_S = 4.0


def assignment_of(city: City, scenario: Scenario, store: Store) -> str:
    """Look up or make the perceived edge times of a scenario's city and hour; returns the result's id.

    Each of TASTES groups of drivers sees edge times with its own lognormal noise; flows are loaded by the method of
    successive averages on BPR times. Source: Sheffi 1985, Urban Transportation Networks, chapters 5 and 12 (stochastic
    loading by simulation); BPR 1964, Traffic Assignment Manual.
    """
    hour = scenario.period.begin.hour + scenario.period.begin.minute / 60
    inputs = {
        "city": city.digest,
        "profile": scenario.demand.profile,
        "hour": round(hour, 3),
        "scale": scenario.demand.scale,
        "source": scenario.demand.source,
        "code": code_version(),
        "engines": engine_versions(),
    }
    result_id = address(inputs)
    if store.find("assignment", result_id) is None:
        kernel = Router(city.road_graph("passenger"))
        table, level = trips_at(timed_trips(city, kernel, scenario), hour), scenario.demand.scale
        weights, flow = assign(city, kernel, table, level)
        with store.landing("assignment", result_id) as landing:
            np.savez(landing.folder / "assignment.npz", weights_s=weights, flow_veh_h=flow)
            landing.manifest |= {"inputs": inputs, "trips_per_hour": round(float(table.veh_h.sum() * level), 3)}
    return result_id


@lru_cache(maxsize=4)
def load_weights(store_root: str, result_id: str) -> np.ndarray:
    """(tastes, edges) perceived seconds to pass each edge."""
    with np.load(Store(store_root).get("assignment", result_id) / "assignment.npz") as arrays:
        weights: np.ndarray = arrays["weights_s"]
    return weights


def assign(city: City, kernel: Router, table: TripTable, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Perceived times (tastes, edges) in s and flows (edges,) in vehicles per hour."""
    lanes = city.layer("edges")["lanes"].to_numpy(dtype=float)
    capacity = LANE_VEH_H * np.maximum(lanes, 1.0)
    noise = np.exp(TASTE_SPREAD * np.stack([stream(0, f"taste {k}").normal(size=kernel.edges) for k in range(TASTES)]))
    free_s = kernel.free_s + TURN_S
    flow = np.zeros(kernel.edges)
    for round_ in range(ROUNDS):
        weights = noise * _bpr(free_s, flow, capacity)
        loaded = sum((_load(kernel, table, weights[k]) for k in range(TASTES)), np.zeros(kernel.edges))
        flow += (loaded * level / TASTES - flow) / (round_ + 1)
    return noise * _bpr(free_s, flow, capacity), flow


def _bpr(free_s: np.ndarray, flow: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    times: np.ndarray = free_s * (1 + BPR_ALPHA * np.minimum(flow / capacity, 2.0) ** BPR_BETA)
    return times


def _load(kernel: Router, table: TripTable, weights_s: np.ndarray) -> np.ndarray:
    flow = np.zeros(kernel.edges)
    for row, origin in enumerate(table.origins):
        wanted = np.flatnonzero(table.veh_h[row] > 0)
        flow += kernel.load_from(
            int(origin), np.asarray(table.destinations)[wanted], table.veh_h[row, wanted], weights_s
        )
    return flow
