"""Travel that is a table of times: for control rooms whose answer is known in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from models.emergency.dispatching.travel import Drive
from models.routing import Floats


class TableTravel:
    """Places 0 ... n-1 with times between them; some may be shut from a moment on.

    Args:
        times_s: (places, places) s.
        shut: Place -> s of the run from which on nobody gets to it.
    """

    def __init__(self, times_s: ArrayLike, shut: dict[int, float] | None = None) -> None:
        self.times_s, self.shut = np.asarray(times_s, dtype=np.float64), shut or {}

    def times(self, origins: ArrayLike, destinations: ArrayLike, depart_s: float) -> Floats:
        """See `Travel`."""
        start, end = np.atleast_1d(origins), np.atleast_1d(destinations)
        found: Floats = self.times_s[np.ix_(start, end)].copy()
        for column, place in enumerate(end.tolist()):
            if self.shut.get(place, np.inf) <= depart_s:
                found[start != place, column] = np.inf
        return found

    def drive(self, origin: int, destination: int, depart_s: float) -> Drive | None:
        """See `Travel`; without places between."""
        spent = float(self.times([origin], [destination], depart_s)[0, 0])
        return Drive((origin, destination), np.array([depart_s, depart_s + spent])) if np.isfinite(spent) else None

    def nearest(self, origins: ArrayLike, destination: int, depart_s: float) -> tuple[str, float] | None:  # noqa: ARG002
        """See `Travel`; no place is nearer than another."""
        return "p0", 100.0

    def found_shut(self, edge: int, now: float) -> None:
        """See `Travel`; a table has no roads to be found shut."""

    def fresh(self) -> TableTravel:
        """See `Travel`."""
        return self
