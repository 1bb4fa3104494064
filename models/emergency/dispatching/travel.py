"""What a dispatcher knows of the roads, and what a drive really meets: the seam between the fleet and the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from models.routing import Floats


@dataclass(frozen=True)
class Drive:
    """A drive as it went.

    Attributes:
        edges: Road edges by their place in the graph, both ends included.
        entered_s: (edges,) s of the run at which each is entered.
        shut: The edge that it found shut and did not enter, after the last of `edges`; -1 where it got there.
    """

    edges: tuple[int, ...]
    entered_s: Floats
    shut: int = -1

    @property
    def turning_s(self) -> float:
        """Turning round takes as long as the last edge took, a tenth of it, at least one second (guess)."""
        last = float(self.entered_s[-1] - self.entered_s[-2]) if len(self.entered_s) > 1 else 0.0
        return max(1.0, 0.1 * last)

    def where(self, now: float) -> int:
        """The edge that the vehicle is on at `now` (s)."""
        return self.edges[max(0, int(np.searchsorted(self.entered_s, now, side="right")) - 1)]


class Travel(Protocol):
    """Travel times as they are believed, and drives as they happen."""

    def times(self, origins: ArrayLike, destinations: ArrayLike, depart_s: float) -> Floats:
        """Seconds from each origin to each destination, believed at `depart_s`: (origins, destinations)."""
        ...

    def drive(self, origin: int, destination: int, depart_s: float) -> Drive | None:
        """The drive along the way believed best at `depart_s`, in the roads as they really are; None without a way."""
        ...

    def nearest(self, origins: ArrayLike, destination: int, depart_s: float) -> tuple[str, float] | None:
        """The road next to `destination` that can be reached from some origin: its name, and how far from it (m)."""
        ...

    def found_shut(self, edge: int, now: float) -> None:
        """A crew reports that it could not enter `edge`: ways of the next while avoid it."""
        ...

    def fresh(self) -> Travel:
        """The same roads without what crews reported: for another run on them."""
        ...


Travels = Travel | Mapping[str, Travel]
"""One for all units, or one for each class of vehicles, all over the same road edges."""


def travel_of(travels: Travels, kind: str) -> Travel:
    """Travel for a class of vehicles."""
    return travels[kind] if isinstance(travels, Mapping) else travels
