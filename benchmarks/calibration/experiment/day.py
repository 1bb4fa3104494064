"""One simulated day of a town, everything that anybody could have measured: kept as one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Day:
    """A day.

    Attributes:
        edges: Streets (E).
        begin_s: Begin of the first period on the simulation's clock.
        period_s: Length of every period.
        flow: Vehicles that entered a street or set out on it (E, T).
        speed_mps: Way driven on a street by the time spent on it, so the harmonic mean (E, T); NaN where nobody was.
        paths: Names (N).
        travel_time_s: Mean over those who set out in the period (N, T); NaN where nobody did.
        travel_known_s: When the last of them arrived (N, T): nobody knows the mean before.
    """

    edges: tuple[str, ...]
    begin_s: float
    period_s: float
    flow: Floats
    speed_mps: Floats
    paths: tuple[str, ...]
    travel_time_s: Floats
    travel_known_s: Floats

    @property
    def end_s(self) -> float:
        """End of its last period."""
        return self.begin_s + self.period_s * self.flow.shape[1]

    def write(self, file: Path) -> None:
        """Keep it."""
        fields = {name: np.asarray(getattr(self, name)) for name in self.__slots__}
        beside = file.with_name(f"{file.stem}.part.npz")
        np.savez_compressed(beside, **fields)  # type: ignore[arg-type]
        beside.replace(file)


def read_day(file: Path) -> Day:
    """A day that was kept."""
    with np.load(file) as kept:
        edges, paths = (tuple(map(str, kept[name])) for name in ("edges", "paths"))
        return Day(
            edges, float(kept["begin_s"]), float(kept["period_s"]), kept["flow"], kept["speed_mps"],
            paths, kept["travel_time_s"], kept["travel_known_s"],
        )  # fmt: skip
