"""Water that comes in at cells: checked, and laid out for the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import BUILDING
from networks.errors import BadInput


@dataclass(frozen=True)
class Inflow:
    """Water that comes in at some cells, evenly spread over them.

    Attributes:
        rows: (k,) rows of the cells.
        cols: (k,) columns of the cells.
        times_s: (n,) increasing (s).
        flow_m3s: (n,) none negative (m3/s), linear in between, 0 before and after.
    """

    rows: ArrayLike
    cols: ArrayLike
    times_s: ArrayLike
    flow_m3s: ArrayLike


class InflowCells:
    """All inflows of a run on one terrain, checked and laid out for the kernels.

    Attributes:
        times_s: When any of them changes its slope (s), increasing.
        cells: (k,) flat indices of all inflow cells, one after the other.
    """

    def __init__(
        self, inflows: Sequence[Inflow], shape: tuple[int, ...], cell_m: float, surface: ArrayLike | None
    ) -> None:
        curves = [_checked(number, inflow, shape, surface) for number, inflow in enumerate(inflows)]
        self._curves = [(times, flow / (len(cells) * cell_m**2), len(cells)) for cells, times, flow in curves]
        self.cells = np.concatenate([np.zeros(0, np.int64), *(cells for cells, _, _ in curves)]).astype(np.int64)
        self.times_s = np.unique(np.concatenate([np.zeros(0), *(times for _, times, _ in curves)]))

    def between(self, begin_s: float, end_s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The cells, and their rise (m/s) at both ends of a piece of time (s) within which no slope changes."""
        middle = (begin_s + end_s) / 2
        ends: list[np.ndarray] = []
        for time in (begin_s, end_s):
            parts = [
                np.full(count, np.interp(time, times, rise) if times[0] < middle < times[-1] else 0.0)
                for times, rise, count in self._curves
            ]
            ends.append(np.concatenate([np.zeros(0), *parts]))
        return self.cells, ends[0], ends[1]


def _checked(
    number: int, inflow: Inflow, shape: tuple[int, ...], surface: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flat indices, times (s) and flow (m3/s) of one inflow."""
    rows, cols = np.atleast_1d(inflow.rows), np.atleast_1d(inflow.cols)
    times, flow = np.asarray(inflow.times_s, np.float64), np.asarray(inflow.flow_m3s, np.float64)
    place = f"inflows[{number}]"
    if times.ndim != 1 or times.shape != flow.shape or len(times) < 2 or not np.all(np.diff(times) > 0):
        raise BadInput("an inflow's times", place=place, expected="two or more, increasing, one flow for each")
    if not np.all(np.isfinite(flow) & (flow >= 0)):
        raise BadInput("an inflow that is negative or no number", place=place, expected="m3/s, not negative")
    inside = (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])
    if rows.shape != cols.shape or not len(rows) or not inside.all():
        raise BadInput("an inflow outside the terrain", place=place, expected=f"cells within {shape}")
    if surface is not None and np.any(np.asarray(surface)[rows, cols] == BUILDING):
        raise BadInput("an inflow inside a building", place=place, expected="open cells")
    return rows * shape[1] + cols, times, flow
