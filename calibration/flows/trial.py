"""A demand tried once on the streets: what a simulation of it counts, and how far that is from the sensors."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from calibration.counting import Counts
from calibration.flows.carrying import Capacity
from calibration.flows.departing import Departures, write_departures
from calibration.flows.paths import PathSet
from calibration.flows.roads import Floats, Roads
from calibration.flows.simulation import SimulatedCounts, simulated
from models.sumo import read_tables


@dataclass(frozen=True, slots=True)
class Town:
    """What stays the same in all rounds."""

    net_file: Path
    additional: tuple[Path, ...]
    known: tuple[Path, ...]
    roads: Roads
    carried: Capacity
    counts: Counts
    others: SimulatedCounts | None
    vehicle_type: str | None
    seed: int


def tried(town: Town, paths: PathSet, leaving: Departures, *, meso: bool) -> tuple[SimulatedCounts, Floats]:
    """One simulation, and how long each vehicle waited to enter."""
    with tempfile.TemporaryDirectory(prefix="citytwin-loop-") as own:
        demand = write_departures(Path(own) / "demand.rou.xml", paths, leaving, vehicle_type=town.vehicle_type)
        told = counted(town, (demand, *town.known), meso=meso, folder=Path(own) / "run")
        waits_s = _waits_s(Path(own) / "run", leaving, town.counts.end_s)
    return told, waits_s


def counted(town: Town, routes: Sequence[Path], *, meso: bool = True, folder: Path | None = None) -> SimulatedCounts:
    counts = town.counts
    trips = {"tripinfo-output": "trips.sumo.parquet"}
    trips |= {f"tripinfo-output.write-{which}": "true" for which in ("unfinished", "undeparted")}
    return simulated(
        town.net_file, routes, additional=town.additional, begin_s=counts.begin_s, end_s=counts.end_s,
        period_s=counts.period_s, meso=meso, seed=town.seed, options=trips if folder else None, folder=folder,
    )  # fmt: skip


def _waits_s(folder: Path, leaving: Departures, end_s: float) -> Floats:
    trips = read_tables(folder)["trips"]
    trips = trips[trips["vehicle_id"].str.isdigit()]
    vehicle = trips["vehicle_id"].astype(np.int64).to_numpy()
    waits_s = np.zeros(len(leaving))
    entered_s = trips["depart_s"].fillna(end_s).to_numpy(dtype=np.float64)
    mine = vehicle < len(leaving)
    waits_s[vehicle[mine]] = np.maximum(entered_s[mine] - leaving.depart_s[vehicle[mine]], 0.0)
    return waits_s


def car_rows(town: Town, told: SimulatedCounts) -> SimulatedCounts:
    """The rows of the roads that cars may use, without the vehicles that are known beforehand."""
    row = {edge: at for at, edge in enumerate(told.counts.edges)}
    at = np.array([row[edge] for edge in town.roads.edges])
    vehicles = told.counts.vehicles[at]
    if town.others is not None:
        vehicles = np.maximum(vehicles - town.others.counts.vehicles[at], 0.0)
    counts = Counts(town.roads.edges, town.roads.edges, told.counts.begin_s, told.counts.period_s, vehicles)
    return replace(told, counts=counts, speed_mps=told.speed_mps[at], vehicle_s=told.vehicle_s[at])


def misfit(counts: Counts, told: SimulatedCounts) -> float:
    """Mean GEH of hourly flows at the sensors, over the periods in which each counted."""
    row = {edge: at for at, edge in enumerate(told.counts.edges)}
    here = told.counts.vehicles[[row[edge] for edge in counts.edges]]
    known = np.isfinite(counts.vehicles)
    hours = np.maximum(known.sum(axis=1) * counts.period_s / 3600.0, 1e-9)
    seen = np.where(known, counts.vehicles, 0.0).sum(axis=1) / hours
    found = np.where(known, here, 0.0).sum(axis=1) / hours
    geh = np.sqrt(2.0 * (seen - found) ** 2 / np.maximum(seen + found, 1e-9))
    return float(geh[known.any(axis=1)].mean())
