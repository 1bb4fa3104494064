"""Seconds to pass every road in slices of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.routing import Floats
from networks.errors import BadInput

STEP_S = 60.0
"""Moments at which roads shut or open are rounded to this."""


@dataclass(frozen=True)
class RoadTimes:
    """Seconds to pass every edge, constant within each slice of time.

    Attributes:
        times_s: (slices,) s of the run at which each slice begins, increasing; the first holds before, too.
        edge_s: (slices, edges) s to pass; infinite where an edge is shut.

    Raises:
        BadInput: Shapes or times that do not fit.
    """

    times_s: Floats
    edge_s: Floats

    def __post_init__(self) -> None:
        if self.edge_s.shape[:1] != self.times_s.shape or not len(self.times_s) or (np.diff(self.times_s) <= 0).any():
            raise BadInput("road times do not fit", expected="increasing times (slices,) and seconds (slices, edges)")

    @classmethod
    def closing(cls, edge_s: Floats, shut_s: Floats, *, step_s: float = STEP_S) -> RoadTimes:
        """Edges that pass in `edge_s` until `shut_s` (both (edges,)), and are shut from then on."""
        return cls(np.zeros(1), np.asarray(edge_s, dtype=np.float64)[None, :]).shut(shut_s, step_s=step_s)

    def shut(self, from_s: Floats, to_s: Floats | None = None, *, step_s: float = STEP_S) -> RoadTimes:
        """The same with each edge shut from `from_s` on, until `to_s` (both (edges,), s of the run; infinite: never).

        Moments are rounded to `step_s` outwards, so that a road is shut rather early and long than late and briefly.
        """
        begin = np.floor(from_s / step_s) * step_s
        end = np.full_like(begin, np.inf) if to_s is None else np.ceil(to_s / step_s) * step_s
        moments = np.unique(np.concatenate([begin[np.isfinite(begin)], end[np.isfinite(begin) & np.isfinite(end)]]))
        if not len(moments):
            return self
        times = np.unique(np.concatenate([[min(self.times_s[0], moments[0] - step_s)], self.times_s, moments]))
        slots = np.maximum(0, np.searchsorted(self.times_s, times, side="right") - 1)
        closed = (begin <= times[:, None]) & (times[:, None] < end)
        return RoadTimes(times, np.where(closed, np.inf, self.edge_s[slots]))

    def slot(self, now: float) -> int:
        """The slice of a moment."""
        return max(0, int(np.searchsorted(self.times_s, now, side="right")) - 1)

    def at(self, when_s: Floats) -> Floats:
        """Seconds to pass each edge entered at `when_s` (edges,)."""
        slots = np.maximum(0, np.searchsorted(self.times_s, when_s, side="right") - 1)
        found: Floats = self.edge_s[slots, np.arange(self.edge_s.shape[1])]
        return found
