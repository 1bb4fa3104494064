"""What the street says, as one vector, and the same vector out of a simulation."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts
from calibration.flows import SimulatedCounts
from calibration.parameters.misfit import Target, weights_of
from networks import read_net
from networks.errors import BadInput

Floats = NDArray[np.float64]
COUNT_ERROR, SPEED_ERROR, SPEED_LEAST_MPS = 0.05, 0.03, 0.3
"""Relative errors of counters, and what a speed is not known better than (guesses)."""
JOURNEY_ERROR, JOURNEY_LEAST_S = 0.05, 3.0


@dataclass(frozen=True, slots=True)
class Journeys:
    """Travel times along paths.

    Attributes:
        names: Of the paths (P).
        edges: Of each path (P).
        seconds: Mean travel time of those who set out in each period of the counts (P, T); NaN gaps.
    """

    names: tuple[str, ...]
    edges: tuple[tuple[str, ...], ...]
    seconds: Floats


@dataclass(frozen=True, slots=True)
class Street:
    """What was seen.

    Attributes:
        counts: Vehicles (S, T).
        speeds_mps: Harmonic mean speed at the same sensors (S, T), NaN gaps; None where nobody measured any.
        journeys: Travel times; None where there are none.
    """

    counts: Counts
    speeds_mps: Floats | None = None
    journeys: Journeys | None = None

    @property
    def target(self) -> Target:
        """All that was seen as one vector, with the noise of sensors and of one day among others (Poisson)."""
        counts = self.counts
        parts = [("flow", counts.sensors, counts.vehicles,
                  np.sqrt(np.maximum(counts.vehicles, 1.0) + (COUNT_ERROR * counts.vehicles) ** 2))]  # fmt: skip
        if self.speeds_mps is not None:
            error = np.hypot(SPEED_ERROR * self.speeds_mps, SPEED_LEAST_MPS)
            parts.append(("speed", counts.sensors, self.speeds_mps, error))
        if self.journeys is not None:
            seconds = self.journeys.seconds
            parts.append(("travel_time", self.journeys.names, seconds,
                          np.hypot(JOURNEY_ERROR * seconds, JOURNEY_LEAST_S)))  # fmt: skip
        there = [np.isfinite(values) for _, _, values, _ in parts]
        kinds = tuple(kind for (kind, *_), known in zip(parts, there, strict=True) for _ in range(int(known.sum())))
        places = tuple(
            name
            for (_, names, _, _), known in zip(parts, there, strict=True)
            for name, row in zip(names, known, strict=True)
            for _ in range(int(row.sum()))
        )
        seen, noise = (
            np.concatenate([part[at][known] for part, known in zip(parts, there, strict=True)]) for at in (2, 3)
        )
        return Target(seen, noise, kinds, places, weights_of(kinds))

    def said(self, run: SimulatedCounts, roads: Mapping[str, tuple[float, float]]) -> Floats:
        """The same vector out of a simulation that covers the counts' periods.

        Args:
            run: The simulation, in the counts' periods; it may begin earlier.
            roads: Length (m) and speed limit (m/s) of each edge: where no vehicle was, it would have driven freely.
        """
        counts, row = self.counts, {edge: at for at, edge in enumerate(run.counts.edges)}
        first = round((counts.begin_s - run.counts.begin_s) / counts.period_s)
        span = slice(first, first + counts.vehicles.shape[1])
        rows = [row[edge] for edge in counts.edges]
        parts = [run.counts.vehicles[rows][:, span][np.isfinite(counts.vehicles)]]
        if self.speeds_mps is not None:
            free = np.array([[roads[edge][1]] for edge in counts.edges])
            speeds = run.speed_mps[rows][:, span]
            parts.append(np.where(np.isfinite(speeds), speeds, free)[np.isfinite(self.speeds_mps)])
        if self.journeys is not None:
            parts.append(path_seconds(run, self.journeys.edges, roads)[:, span][np.isfinite(self.journeys.seconds)])
        return np.concatenate(parts)


def path_seconds(
    run: SimulatedCounts, paths: tuple[tuple[str, ...], ...], roads: Mapping[str, tuple[float, float]]
) -> Floats:
    """Travel time of paths (P, T) for those who set out in each period, by the speeds that they meet on the way, s."""
    row = {edge: at for at, edge in enumerate(run.counts.edges)}
    periods = run.counts.vehicles.shape[1]
    seconds = np.zeros((len(paths), periods))
    for number, path in enumerate(paths):
        clock = np.arange(periods) + 0.5  # middle of the period, in periods
        for edge in path:
            length, free = roads[edge]
            now = np.minimum(clock.astype(np.int64), periods - 1)
            speed = run.speed_mps[row[edge]][now]
            took = length / np.maximum(np.where(np.isfinite(speed), speed, free), 0.1)
            seconds[number] += took
            clock = clock + took / run.counts.period_s
    return seconds


def edge_facts(net_file: Path) -> dict[str, tuple[float, float]]:
    """Length (m) and speed limit (m/s) by edge."""
    return {one.edge_id: (one.length_m, one.speed_mps) for one in read_net(net_file).edges}


def read_journeys(file: Path, counts: Counts, edges: Mapping[str, tuple[float, float]]) -> Journeys:
    """Travel times from a CSV: `path,edges,begin,seconds`, edges parted by blanks, begin on the simulation's clock.

    Raises:
        BadInput: The file is missing, lacks a column, or names an edge that cars cannot use or a time that is none.
    """
    if not file.is_file():
        raise BadInput("there is no such file", file=file, place="--journeys", remedy="correct the path")
    paths = dict[str, tuple[str, ...]]()
    found = dict[tuple[str, int], list[float]]()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), 2):
            try:
                name, way = row["path"], tuple(row["edges"].split())
                begin_s, seconds = float(row["begin"]), float(row["seconds"])
                paths[name] = way if seconds > 0 and way and paths.get(name, way) == way else _refuse(way)
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise BadInput(f"{error}", file=file, place=f"line {line}",
                               expected="path,edges,begin,seconds; seconds > 0, one way a path") from error  # fmt: skip
            for edge in way:
                if edge not in edges:
                    raise BadInput(f"there is no edge {edge!r}", file=file, place=f"line {line}",
                                   expected="edges of the network", remedy="correct the way of this path")  # fmt: skip
            period = int((begin_s - counts.begin_s) // counts.period_s)
            if 0 <= period < counts.vehicles.shape[1]:
                found.setdefault((name, period), []).append(seconds)
    names = tuple(paths)
    values = np.full((len(names), counts.vehicles.shape[1]), np.nan)
    for (name, period), several in found.items():
        values[names.index(name), period] = np.mean(several)
    if not np.isfinite(values).any():
        raise BadInput("no travel time is within the counts' window", file=file, place="begin",
                       expected=f"{counts.begin_s:g} to {counts.end_s:g} s")  # fmt: skip
    return Journeys(names, tuple(paths.values()), values)


def _refuse(way: tuple[str, ...]) -> tuple[str, ...]:
    raise ValueError(f"a path of {len(way)} edges, or a time, that cannot be")
