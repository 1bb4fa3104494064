"""Sensors on a fifth of the streets: each errs by 5 %, and some lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.experiment.day import Day
from benchmarks.calibration.faults import Lie, drifting, silent, stuck
from models.streams import stream

Floats = NDArray[np.float64]
SHARE, NOISE, FAULTY = 0.2, 0.05, 0.2
LIARS_DAYS = 3
"""The faulty ones lie on so many last days of history, and on the hidden days."""


def double(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """It counts axles instead of vehicles."""
    return 2.0 * own


FAULTS: dict[str, Lie] = {"stuck": stuck, "silent": silent, "double": double, "drifting": drifting}


@dataclass(frozen=True, slots=True)
class Watched:
    """What the sensors said of a day.

    Attributes:
        sensors: Names (S).
        edges: Street of each (S).
        begin_s: Begin of the first period.
        period_s: Length of every period.
        counts: Vehicles (S, T).
        speeds_mps: Harmonic mean speed (S, T), NaN where nobody was seen.
    """

    sensors: tuple[str, ...]
    edges: tuple[str, ...]
    begin_s: float
    period_s: float
    counts: Floats
    speeds_mps: Floats

    def write(self, file: Path) -> None:
        """Keep it."""
        fields = {name: np.asarray(getattr(self, name)) for name in self.__slots__}
        beside = file.with_name(f"{file.stem}.part.npz")
        np.savez_compressed(beside, **fields)  # type: ignore[arg-type]
        beside.replace(file)


def read_watched(file: Path) -> Watched:
    """What sensors said of a day that was kept."""
    with np.load(file) as kept:
        sensors, edges = (tuple(map(str, kept[name])) for name in ("sensors", "edges"))
        return Watched(
            sensors, edges, float(kept["begin_s"]), float(kept["period_s"]), kept["counts"], kept["speeds_mps"]
        )


def place_sensors(driven: tuple[str, ...], seed: int) -> tuple[tuple[str, ...], dict[str, str]]:
    """Draw the streets that have a sensor, and which of them lie how (street -> of FAULTS)."""
    rng = stream(seed, "sensors")
    edges = sorted(map(str, rng.choice(sorted(driven), size=round(SHARE * len(driven)), replace=False)))
    liars = rng.choice(edges, size=round(FAULTY * len(edges)), replace=False)
    kinds = list(FAULTS)
    return tuple(edges), {str(edge): kinds[at % len(kinds)] for at, edge in enumerate(liars)}


def watch(day: Day, edges: tuple[str, ...], liars: dict[str, str], seed: int, name: str) -> Watched:
    """What the sensors say of a day: one factor each for the whole day, and speeds that err in every period.

    Args:
        day: What happened.
        edges: Streets with a sensor (S).
        liars: Those that lie today, and how.
        seed: Of the town.
        name: Of the day.
    """
    row = {edge: at for at, edge in enumerate(day.edges)}
    at = [row[edge] for edge in edges]
    rng = stream(seed, f"sensor noise {name}")
    factor = np.clip(1 + NOISE * rng.standard_normal((len(at), 1)), 0, None)
    counts = np.round(day.flow[at] * factor)
    speeds = day.speed_mps[at] * np.clip(1 + NOISE * rng.standard_normal((len(at), day.flow.shape[1])), 0.1, None)
    speeds[day.flow[at] == 0] = np.nan
    for number, edge in enumerate(edges):
        if edge in liars:
            true = counts[number].copy()
            counts[number] = FAULTS[liars[edge]](true, stream(seed, f"lie of {edge} {name}"), float(true.max()))
            speeds[number, (counts[number] == 0) & (true > 0)] = np.nan
    return Watched(edges, edges, day.begin_s, day.period_s, counts, speeds)
