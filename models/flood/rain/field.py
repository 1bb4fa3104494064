"""Rain that differs from place to place: radar pixels over the cells of a terrain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from models.flood.rain.storms.hyetograph import Hyetograph
from networks.errors import BadInput


@runtime_checkable
class Rain(Protocol):
    """What the solver asks of rain: moments at which its rate changes, its rate between two moments, its source."""

    @property
    def times_s(self) -> np.ndarray:
        """Moments (s since the run's start) between which the rate is constant; outside them it does not rain."""

    @property
    def source(self) -> str:
        """Where the rain comes from."""

    def rate_mm_h(self, begin_s: float, end_s: float) -> float | np.ndarray:
        """Mean rate (mm/h) from `begin_s` to `end_s` (s): one number, or one per cell of the terrain."""


@dataclass(frozen=True)
class RainField:
    """Rain in steps of time on a coarse grid, handed to the cells of a fine one.

    Each fine cell gets the rate of the coarse pixel that holds its centre: rain is neither smoothed nor made.

    Attributes:
        times_s: (n + 1,) increasing, s since the run's start; step i lasts from `times_s[i]` to `times_s[i + 1]`.
        pixel_mm_h: (n, rows of pixels, columns of pixels) rates (mm/h), none negative.
        pixel_of: (rows, cols) for each cell of the terrain the flat number of its pixel.
        source: Where the rain comes from; never empty.

    Raises:
        BadInput: Times that do not increase, rain that is negative or no number, a cell outside the pixels, no source.
    """

    times_s: np.ndarray
    pixel_mm_h: np.ndarray
    pixel_of: np.ndarray
    source: str

    def __post_init__(self) -> None:
        times, rates = np.asarray(self.times_s, dtype=np.float64), np.asarray(self.pixel_mm_h)
        if rates.ndim != 3 or times.shape != (len(rates) + 1,) or not len(rates):
            raise BadInput(
                f"a rain field of {times.shape} times and {rates.shape} rates",
                expected="n + 1 times around n >= 1 grids",
            )
        if not (np.all(np.isfinite(times)) and np.all(np.diff(times) > 0)):
            raise BadInput("the rain's times do not increase", place="times_s", expected="each later than the last")
        bad = ~(np.isfinite(rates) & (rates >= 0))
        if bad.any():
            step, row, col = (int(one) for one in np.argwhere(bad)[0])
            raise BadInput(
                f"rain of {rates[step, row, col]:g} mm/h",
                place=f"pixel_mm_h[{step}, {row}, {col}]",
                expected="a number that is not negative",
            )
        if self.pixel_of.min() < 0 or self.pixel_of.max() >= rates[0].size:
            raise BadInput("the terrain reaches beyond the rain's pixels", place="pixel_of")
        if not self.source.strip():
            raise BadInput("rain without a source", place="source", remedy="name the radar or service it comes from")

    def rate_mm_h(self, begin_s: float, end_s: float) -> np.ndarray:
        """(rows, cols) mean rate (mm/h) from `begin_s` to `end_s` (s) in each cell."""
        share = np.diff(np.clip(self.times_s, begin_s, end_s)) / (end_s - begin_s)
        return np.asarray(np.tensordot(share, self.pixel_mm_h, axes=1).ravel()[self.pixel_of])

    def mean(self) -> Hyetograph:
        """Its mean over the cells, in the same steps."""
        cells = np.bincount(self.pixel_of.ravel(), minlength=self.pixel_mm_h[0].size)
        course = self.pixel_mm_h.reshape(len(self.pixel_mm_h), -1) @ (cells / cells.sum())
        return Hyetograph(self.times_s, course, f"{self.source}; its mean over the map")

    @property
    def depth_mm(self) -> np.ndarray:
        """(rows, cols) all the rain (mm) in each cell."""
        begin, end = float(self.times_s[0]), float(self.times_s[-1])
        return self.rate_mm_h(begin, end) * ((end - begin) / 3600)
