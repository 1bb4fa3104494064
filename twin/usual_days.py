"""What is usual at sensors: earlier days that were counted, or runs of the twin."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts, ReadCounts
from calibration.flows import PathSet
from calibration.flows.simulation import counts_in
from calibration.incidents import ways_of
from models.sumo import SumoCase, run_native
from networks import BadInput

Floats = NDArray[np.float64]
Days = tuple[Floats, Floats]
"""Counts and speeds (M, S, T)."""


def days_of(given: Sequence[ReadCounts], today: Counts) -> Days:
    """Earlier days at the sensors and in the hours of today.

    Raises:
        BadInput: Less than three days, other periods, or a sensor or hour of today that a day lacks altogether.
    """
    if len(given) < 3:
        raise BadInput(f"{len(given)} earlier days", place="--usual", expected="three or more, one file each")
    shape = today.vehicles.shape
    flow, speed = np.full((len(given), *shape), np.nan), np.full((len(given), *shape), np.nan)
    for day, read in enumerate(given):
        row = {sensor: at for at, sensor in enumerate(read.counts.sensors)}
        shift = round((today.begin_s - read.counts.begin_s) / read.counts.period_s)
        there = np.arange(shape[1]) + shift
        inside = (there >= 0) & (there < read.counts.vehicles.shape[1])
        for at, sensor in enumerate(today.sensors):
            if sensor in row:
                flow[day, at, inside] = read.counts.vehicles[row[sensor], there[inside]]
                speed[day, at, inside] = read.speeds_mps[row[sensor], there[inside]]
    if np.isnan(flow).all(axis=0).any():
        raise BadInput(
            "there are sensors or hours of which no earlier day says anything", place="--usual",
            expected="the same sensors and hours on the same clock", remedy="give other days, or none: runs are taken",
        )  # fmt: skip
    return flow, speed


def runs_and_ways(case: SumoCase, today: Counts, members: int) -> tuple[Days, PathSet, Floats]:
    """Runs of the twin with other seeds at the sensors of today, and the ways of its vehicles."""
    edges = tuple(dict.fromkeys(today.edges))
    rows = [edges.index(edge) for edge in today.edges]
    first = round((today.begin_s - case.begin_s) / today.period_s)
    flow, speed = [], []
    with tempfile.TemporaryDirectory(prefix="citytwin-usual-") as scratch:
        for seed in range(101, 101 + members):
            folder = Path(scratch) / str(seed)
            run_native(case, seed, folder, tables=("edges",), interval_s=today.period_s, end_s=today.end_s)
            run = counts_in(folder, edges, case.begin_s, today.end_s, today.period_s)
            flow.append(run.counts.vehicles[rows, first:])
            speed.append(run.speed_mps[rows, first:])
        paths, vehicles = ways_of(case.between(end_s=today.end_s), 1, Path(scratch) / "ways")
    return (np.array(flow), np.array(speed)), paths, vehicles
