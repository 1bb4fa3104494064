"""Pumps: a curve of flow over head, levels that start and stop them, and hours without power."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from models.flood.forcing.series import Series, checked_spans, positive_s, share_within
from models.flood.surface.water import Water
from networks.errors import BadInput


class Pump:
    """Lifts water out of cells, onto another cell or out of the map; a `Forcing`.

    It starts once the deepest of its cells holds `start_depth_m` and stops at `stop_depth_m`. Booked as `NAME takes`
    and, where its water stays on the map, `NAME gives`.

    Args:
        name: The ledger's bookings.
        cells: (k,) flat indices of the cells that it draws from.
        curve: (n, 2) head (m, increasing) and flow (m3/s, not increasing); beyond the last head nothing flows.
        start_depth_m: Depth (m) that starts it.
        stop_depth_m: Depth (m) that stops it; it draws no lower.
        outlet: Flat index of the cell that gets the water; None lets it leave the map.
        outlet_level_m: Level (m) in time against which it lifts out of the map; None is no head. On the map the
            head is found from both levels.
        fails_s: Spans (from, to; s) without power.
        every_s: Longest piece of time (s).

    Raises:
        BadInput: A curve, a depth or a span that cannot be.
    """

    def __init__(
        self,
        name: str,
        cells: ArrayLike,
        curve: ArrayLike,
        *,
        start_depth_m: float,
        stop_depth_m: float,
        outlet: int | None = None,
        outlet_level_m: Series | None = None,
        fails_s: Sequence[Sequence[float]] = (),
        every_s: float = 10.0,
    ) -> None:
        self.name, self.every_s = name, positive_s(every_s)
        self.cells = np.unique(np.asarray(cells, np.int64))
        self.curve = _curve(name, curve)
        if not 0 <= stop_depth_m < start_depth_m:
            raise BadInput(
                f"a pump that starts at {start_depth_m:g} m and stops at {stop_depth_m:g} m",
                place=name,
                expected="stop_depth_m from 0, below start_depth_m",
            )
        self.start_depth_m, self.stop_depth_m = start_depth_m, stop_depth_m
        self.outlet, self.outlet_level_m = outlet, outlet_level_m
        self.fails_s = checked_spans(fails_s, name)
        self.running = False

    def flow_m3s(self, head_m: float) -> float:
        """Its flow (m3/s) against a head (m)."""
        head, flow = self.curve.T
        return 0.0 if head_m > head[-1] else float(np.interp(head_m, head, flow))

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Lift what the curve gives, as long as there is water and power."""
        depth = water.depth_m.reshape(-1)[self.cells].astype(np.float64)
        self.running = bool(depth.max() >= (self.stop_depth_m if self.running else self.start_depth_m))
        powered = 1 - share_within(self.fails_s, begin_s, end_s)
        above = np.maximum(depth - self.stop_depth_m, 0) * water.cell_m**2
        there = float(above.sum())
        if not self.running or powered <= 0 or there <= 0:
            return
        lifted = min(self.flow_m3s(self._head_m(water, begin_s)) * (end_s - begin_s) * powered, there)
        taken = water.take(f"{self.name} takes", self.cells, above * (lifted / there))
        if self.outlet is not None:
            water.add(f"{self.name} gives", [self.outlet], taken)

    def _head_m(self, water: Water, time_s: float) -> float:
        level = (water.ground.bed_m + water.depth_m).reshape(-1)
        below = float(level[self.cells].max())
        if self.outlet is not None:
            return max(0.0, float(level[self.outlet]) - below)
        if self.outlet_level_m is None:
            return 0.0
        return max(0.0, self.outlet_level_m.at(time_s) - water.ground.datum_m - below)


def _curve(name: str, curve: ArrayLike) -> np.ndarray:
    points = np.asarray(curve, np.float64)
    whole = points.ndim == 2 and points.shape[1:] == (2,) and len(points) > 0 and np.all(np.isfinite(points))
    if not whole or not np.all(np.diff(points[:, 0]) > 0) or np.any(np.diff(points[:, 1]) > 0) or points.min() < 0:
        raise BadInput(
            "a pump curve that cannot be",
            place=name,
            expected="[head m, flow m3/s] pairs: heads from 0 on increasing, flows not negative and not increasing",
        )
    return points
