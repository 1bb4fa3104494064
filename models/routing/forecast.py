"""What is expected on the roads in the coming hour, and what makes travel times fit for a search in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.routing.kernel import Floats


@dataclass(frozen=True)
class EdgeForecast:
    """What is expected on every road edge in the coming hour.

    Attributes:
        times_s: (t,) seconds since the run's start, increasing.
        travel_time_s: (t, edges) time to pass the edge when it is entered at that moment.
        depth_m: (t, edges) water depth.
    """

    times_s: Floats
    travel_time_s: Floats
    depth_m: Floats

    def at(self, when_s: Floats, *, depth_limit_m: float) -> Floats:
        """Seconds to pass each edge entered at `when_s` (edges,); infinite where it is too deep.

        Too deep: the water at entry or at exit is above `depth_limit_m`.
        Values between slices are linear, before the first and after the last slice they are held.
        """
        passing = _linear(self.times_s, self.travel_time_s, when_s)
        wet = _linear(self.times_s, self.depth_m, when_s)
        leaving = np.where(np.isfinite(passing), when_s + passing, when_s)
        wet = np.maximum(wet, _linear(self.times_s, self.depth_m, leaving))
        return np.where(wet > depth_limit_m, np.inf, passing)


def first_in_first_out(times_s: Floats, travel_time_s: Floats) -> Floats:
    """Travel times (t, edges) lowered so that nobody who enters an edge later leaves it earlier.

    Between two slices travel time may fall by at most the time between them (slope >= -1); a steeper fall in the
    data means that the one who entered earlier would have been freed too.
    Source: the FIFO property, Kaufman & Smith (1993), IVHS Journal 1(1), doi:10.1080/10248079308903779.
    """
    lowered = np.array(travel_time_s, dtype=np.float64)
    for k in range(len(times_s) - 2, -1, -1):
        lowered[k] = np.minimum(lowered[k], lowered[k + 1] + (times_s[k + 1] - times_s[k]))
    return lowered


def _linear(times_s: Floats, values: Floats, when_s: Floats) -> Floats:
    if len(times_s) == 1:
        return np.array(values[0], dtype=np.float64)
    slot = np.clip(np.searchsorted(times_s, when_s, side="right") - 1, 0, len(times_s) - 2)
    share = np.clip((when_s - times_s[slot]) / (times_s[slot + 1] - times_s[slot]), 0.0, 1.0)
    column = np.arange(values.shape[1])
    early, late = values[slot, column], values[slot + 1, column]
    both = np.isfinite(early) & np.isfinite(late)
    mixed = early + share * (np.where(both, late, early) - np.where(both, early, early))
    return np.where(both, mixed, np.where(share < 1.0, early, late))
