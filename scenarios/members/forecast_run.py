"""Forecasts of the roads: what runs with other seeds say about travel times, with the depths of the shared storm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.members.flood_run import load_flood
from scenarios.results.run import Run
from scenarios.results.store import Store, address
from scenarios.results.versions import code_version

if TYPE_CHECKING:
    from models.routing import EdgeForecast
    from networks import City
    from scenarios.schema import Scenario

SLICE_S = 300.0
SLOWEST_MPS = 0.3


def edge_forecast(city: City, runs: Sequence[Run], store: Store) -> EdgeForecast:
    """Mean travel times by slices of 5 minutes over runs of one scenario, and mean depths of the floods they met.

    Invalid runs are left out as long as there is a valid one.
    """
    from models.routing import EdgeForecast, first_in_first_out

    runs = [run for run in runs if run.valid] or list(runs)
    manifest = runs[0].manifest
    length_m = city.layer("edges")["length_m"].to_numpy(dtype=float)
    free_mps = city.layer("edges")["speed_mps"].to_numpy(dtype=float)
    slices = np.arange(0.0, manifest["end_s"], SLICE_S)
    speed = mean_speeds(city, runs, slices, free_mps)
    depth = np.zeros_like(speed)
    floods = sorted({run.manifest["inputs"]["flood"] for run in runs} - {None})
    for flood_id in floods:
        flood = load_flood(store, flood_id)
        at = np.clip(np.searchsorted(flood.times_s, slices), 0, len(flood.times_s) - 1)
        depth += flood.road_depth_m[at].astype(float) / len(floods)
    travel_s = first_in_first_out(slices, length_m[None, :] / np.maximum(speed, SLOWEST_MPS))
    return EdgeForecast(slices, travel_s, depth)


def mean_speeds(city: City, runs: Sequence[Run], slices: np.ndarray, free_mps: np.ndarray) -> np.ndarray:
    """(slices, edges) vehicle-weighted speed over all runs; free speed where nobody drove."""
    index = {edge: i for i, edge in enumerate(city.layer("edges")["edge_id"])}
    vehicles = np.zeros((len(slices), len(index)))
    moved = np.zeros_like(vehicles)
    for run in runs:
        table = run.table("edges")
        row = np.clip((table["time_s"] / SLICE_S).astype(int), 0, len(slices) - 1).to_numpy()
        column = table["edge_id"].map(index).to_numpy(dtype=int)
        weight = table["density_vpkm"].to_numpy(dtype=float)
        speed = table["speed_mps"].to_numpy(dtype=float)
        known = np.isfinite(speed) & (weight > 0)
        np.add.at(vehicles, (row[known], column[known]), weight[known])
        np.add.at(moved, (row[known], column[known]), weight[known] * speed[known])
    mean = np.divide(moved, vehicles, out=np.zeros_like(moved), where=vehicles > 0)
    return np.where(vehicles > 0, mean, free_mps[None, :])


def forecast_from(city: City, scenario: Scenario, runs: Sequence[Run], store: Store) -> str:
    """Keep the forecast made of some runs in the store; returns its id, for `run_member(forecast_id=...)`."""
    inputs: dict[str, Any] = {
        "runs": sorted(run.run_id for run in runs),
        "scenario": scenario.digest,
        "code": code_version(),
    }
    forecast_id = address(inputs)
    if store.find("forecast", forecast_id) is None:
        forecast = edge_forecast(city, runs, store)
        with store.landing("forecast", forecast_id) as landing:
            np.savez(
                landing.folder / "forecast.npz",
                times_s=forecast.times_s,
                travel_time_s=forecast.travel_time_s,
                depth_m=forecast.depth_m,
            )
            landing.manifest |= {"inputs": inputs}
    return forecast_id


def load_forecast(store: Store, forecast_id: str) -> EdgeForecast:
    """A forecast of the store."""
    from models.routing import EdgeForecast

    with np.load(store.get("forecast", forecast_id) / "forecast.npz") as arrays:
        return EdgeForecast(arrays["times_s"], arrays["travel_time_s"], arrays["depth_m"])
