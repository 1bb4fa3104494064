"""Water that comes in at cells: checked, and laid out for the kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def inflow_cells(
    inflows: Sequence[Inflow], shape: tuple[int, ...], cell_m: float, surface: ArrayLike | None
) -> tuple[np.ndarray, Callable[[float, float], tuple[np.ndarray, np.ndarray]]]:
    """Flat indices of all inflow cells, and a function that gives their rise (m/s) at both ends of a segment (s)."""
    curves, cells = [], []
    for number, inflow in enumerate(inflows):
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
        cells.append(rows * shape[1] + cols)
        curves.append((times, flow / (len(rows) * cell_m**2), len(rows)))

    def rises(begin: float, end: float) -> tuple[np.ndarray, np.ndarray]:
        inside = [(begin + end) / 2 > times[0] and (begin + end) / 2 < times[-1] for times, _, _ in curves]
        ends: list[np.ndarray] = []
        for time in (begin, end):
            parts = [
                np.full(count, np.interp(time, times, rise) if on else 0.0)
                for (times, rise, count), on in zip(curves, inside, strict=True)
            ]
            ends.append(np.concatenate([np.zeros(0), *parts]))
        return ends[0], ends[1]

    return np.concatenate([np.zeros(0, np.int64), *cells]).astype(np.int64), rises
