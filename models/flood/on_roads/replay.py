"""A flood that was computed before, played on the clock for the models that meet its water."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from models.clock import Exchange


class FloodReplay:
    """Clock model "flood": depths on roads and paths, linear between outputs, held before the first and after the last.

    Args:
        times_s: (t,) increasing, seconds since the run's start.
        road_depth_m: (t, edges) depth (m) on the roads, in the order of the city's edges.
        link_depth_m: (t, links) depth (m) on the walk links, in their order.
        road_force_m2s: (t, edges) depth times speed (m2/s) on the roads; None: the water stands.
        link_force_m2s: (t, links) the same on the walk links.

    Raises:
        BadInput: Times that do not increase, arrays that do not fit, or a depth that is negative or no number.
    """

    name = "flood"
    reads: Sequence[str] = ()
    writes: Sequence[str] = ("road_depth_m", "link_depth_m", "road_force_m2s", "link_force_m2s")

    def __init__(
        self,
        times_s: np.ndarray,
        road_depth_m: np.ndarray,
        link_depth_m: np.ndarray,
        road_force_m2s: np.ndarray | None = None,
        link_force_m2s: np.ndarray | None = None,
    ) -> None:
        self.times_s = np.asarray(times_s, dtype=np.float64)
        if self.times_s.ndim != 1 or not len(self.times_s) or not np.all(np.diff(self.times_s) > 0):
            raise BadInput("the flood's times do not increase", place="times_s")
        self._depths = {"road_depth_m": np.asarray(road_depth_m), "link_depth_m": np.asarray(link_depth_m)}
        for kind, force in (("road", road_force_m2s), ("link", link_force_m2s)):
            still = np.zeros_like(self._depths[f"{kind}_depth_m"])
            self._depths[f"{kind}_force_m2s"] = still if force is None else np.asarray(force)
        for name, depths in self._depths.items():
            if depths.ndim != 2 or len(depths) != len(self.times_s):
                expected = f"({len(self.times_s)}, number of roads or links)"
                raise BadInput(f"{name} of shape {depths.shape}", place=name, expected=expected)
            if not np.all(np.isfinite(depths)) or np.any(depths < 0):
                raise BadInput(f"{name} holds a value that is negative or no number", place=name)

    def start(self, exchange: Exchange) -> None:
        """Write the depths at the run's start."""
        self._write(exchange.now, exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        """Write the depths at `until` (s)."""
        self._write(until, exchange)

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, time_s: float, exchange: Exchange) -> None:
        last = len(self.times_s) - 1
        after = min(int(np.searchsorted(self.times_s, time_s, side="right")), last)
        before = max(after - 1, 0)
        span = self.times_s[after] - self.times_s[before]
        share = np.float64(np.clip((time_s - self.times_s[before]) / span, 0, 1)) if span > 0 else np.float64(0)
        for name, depths in self._depths.items():
            first = depths[before].astype(np.float64)
            exchange.fields[name] = first + share * (depths[after] - first)
