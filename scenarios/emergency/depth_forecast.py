"""Depths on every road as an ensemble foretells them and gauges correct them, and ways that are safe by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.flood.assimilation import kalman_increments
from models.routing import Floats, Router
from networks.errors import BadInput


@dataclass(frozen=True)
class DepthForecast:
    """Depths of an ensemble whose members count alike.

    Attributes:
        times_s: (t,) s since the run's begin, increasing.
        depth_m: (members, t, edges) float32.
    """

    times_s: Floats
    depth_m: np.ndarray

    def __post_init__(self) -> None:
        """Raises BadInput where the shapes do not fit."""
        if self.depth_m.ndim != 3 or self.depth_m.shape[1] != len(self.times_s) or not len(self.depth_m):
            raise BadInput(f"depths of {self.depth_m.shape}", expected=f"(members, {len(self.times_s)}, edges)")

    def between(self, begin_s: float, end_s: float) -> DepthForecast:
        """The outputs that tell of a time, the ones about it included."""
        first = max(0, int(np.searchsorted(self.times_s, begin_s, side="right")) - 1)
        last = min(len(self.times_s) - 1, int(np.searchsorted(self.times_s, end_s, side="left")))
        return DepthForecast(self.times_s[first : last + 1], self.depth_m[:, first : last + 1])

    def knowing(self, foretold_m: Floats, read_m: Floats, error_m: float) -> DepthForecast:
        """The same members, each moved by what gauges read: `models.flood.assimilation.kalman_increments`.

        Dry roads stay between dry and what moves them: depths below zero are zero.

        Args:
            foretold_m: (members, readings) what each member has where and when a gauge was read.
            read_m: (readings,) what was read.
            error_m: Standard error of a reading against the right member.
        """
        state = self.depth_m.reshape(len(self.depth_m), -1).astype(np.float64)
        error = np.full(len(read_m), error_m)
        moved = np.maximum(state + kalman_increments(state, foretold_m, read_m, error), 0.0)
        return DepthForecast(self.times_s, moved.reshape(self.depth_m.shape).astype(np.float32))

    def risk(self, limit_m: float) -> Risk:
        """The share of the members with deeper water than `limit_m` on each road."""
        return Risk(self.times_s, np.asarray((self.depth_m > np.float32(limit_m)).mean(axis=0)))


@dataclass(frozen=True)
class Risk:
    """The chance of too deep water on each road in time, for one limit.

    Attributes:
        times_s: (t,) s.
        chance: (t, edges).
    """

    times_s: Floats
    chance: Floats

    def passing(self, entered_s: Floats, left_s: Floats, edges: np.ndarray | None = None) -> Floats:
        """The greatest chance from the output before entering to the one after leaving, for each edge (or of `edges`).

        Beyond the last output its chance holds.
        """
        last, columns = len(self.times_s) - 1, np.arange(self.chance.shape[1]) if edges is None else edges
        begin = np.clip(np.searchsorted(self.times_s, entered_s, side="right") - 1, 0, last)
        end = np.clip(np.searchsorted(self.times_s, left_s, side="left"), begin, last)
        found: Floats = self.chance[end, columns]
        for step in range(int((end - begin).max(initial=0))):
            found = np.maximum(found, self.chance[np.minimum(begin + step, end), columns])
        return found


@dataclass(frozen=True)
class SafeReach:
    """Where one gets from one origin, at which moment, by which roads, at which risk that was allowed.

    Attributes:
        entered_s: (edges,) moment of entering each edge, infinite where no way is safe.
        before: (edges,) predecessors.
    """

    entered_s: Floats
    before: np.ndarray


def safe_reach(
    router: Router, edge_s: Floats, risk: Risk, origin: int, depart_s: float, alarm: float = 0.0
) -> SafeReach:
    """Quickest ways on which no road has a chance above `alarm` of being too deep while it is passed.

    Args:
        router: The roads of one class.
        edge_s: (edges,) s to pass each.
        risk: Chances for that class's limit.
        origin: Edge where the unit stands; its own water does not hold it.
        depart_s: When it leaves, s since the run's begin.
        alarm: Greatest chance that is taken.
    """

    def passing_s(when_s: Floats) -> Floats:
        shut = risk.passing(when_s, when_s + edge_s) > alarm
        shut[origin] = False
        return np.where(shut, np.inf, edge_s)

    return SafeReach(*router.times_at(origin, depart_s, passing_s))
