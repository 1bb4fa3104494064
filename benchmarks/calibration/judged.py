"""An estimated demand, simulated and held against the truth."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.towns import HOUR_S, Town, departures_s, trip_lengths_m
from calibration.proof import coincidence_ratio, geh


@dataclass(frozen=True)
class Judged:
    """How good one estimate is, after simulation.

    Attributes:
        held: Share of held-out edges with GEH < 5 on the hour's flow.
        fit: The same at the sensors, against what they counted.
        trips: Vehicles of the estimate over those of the truth.
        lengths: Coincidence ratio of trip lengths (1: alike).
        waiting: Share of the vehicles that found no room to enter.
        cpu_s: Processor seconds of the estimate (without the judging simulation).
    """

    held: float
    fit: float
    trips: float
    lengths: float
    waiting: float
    cpu_s: float


def kept_row(file: Path, judged: Callable[[], Judged]) -> Judged:
    """One cell of the table, judged once."""
    if file.is_file():
        return Judged(**json.loads(file.read_text(encoding="utf-8")))
    row = judged()
    beside = file.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(asdict(row)), encoding="utf-8")
    beside.replace(file)
    return row


def judge(town: Town, drawn: Draw, rou_file: Path, cpu_s: float, folder: Path) -> Judged:
    """Simulate an estimate in micro, seed 1, with the buses that everybody knows."""
    run = town.run((rou_file, *town.buses), folder)
    truth = dict(zip(town.truth.counts.edges, town.truth.counts.vehicles.sum(axis=1), strict=True))
    found = dict(zip(run.counts.edges, run.counts.vehicles.sum(axis=1), strict=True))
    held = geh(np.array([found[edge] for edge in drawn.held]), np.array([truth[edge] for edge in drawn.held]))
    seen = drawn.counts.vehicles.sum(axis=1)
    fit = geh(np.array([found[edge] for edge in drawn.counts.edges]), seen)
    vehicles = len(departures_s(rou_file, town.case.begin_s, town.case.begin_s + HOUR_S))
    totals = run.totals
    due = max(1, totals.inserted + totals.waiting)
    lengths = coincidence_ratio(trip_lengths_m(folder), town.lengths_m)
    held_share, fit_share = float((held < 5).mean()), float((fit < 5).mean())
    return Judged(held_share, fit_share, vehicles / town.trips, lengths, totals.waiting / due, cpu_s)
