"""Which roads an ensemble says will have shut by the time that a unit gets to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.emergency.dispatching.road_times import STEP_S
from models.routing import Floats


@dataclass(frozen=True)
class Outlook:
    """Closures to come, as members of an ensemble that count alike foretell them.

    What is open now is known: of each road only the members count in which it is still open, so that a member that was
    wrong about a road says nothing more of it. Where every member was, the road counts as about to shut.

    Attributes:
        shut_s: (members, edges) s of the run from which on each edge is shut; infinite: never.
        alarm: A road is taken as shut where it is in this share of those members, and in one at least.
        step_s: Moments are rounded down to this, as in `RoadTimes`.
    """

    shut_s: Floats
    alarm: float = 0.5
    step_s: float = STEP_S

    def shut(self, when_s: Floats, now: float) -> NDArray[np.bool_]:
        """(edges,) whether each edge is to be taken as shut when entered at `when_s` (edges,), as is seen at `now`."""
        return self._taken(self._moments, when_s, now)

    def meets(self, edges: Sequence[int], entered_s: Floats, now: float) -> bool:
        """Whether a drive over `edges`, entered at these moments, comes to one that will be shut; the first is left."""
        ahead = np.asarray(edges[1:], dtype=np.int64)
        return bool(self._taken(self._moments[:, ahead], entered_s[1:], now).any())

    def certain(self) -> Outlook:
        """The same, where a road is taken as shut only when every member that counts says so."""
        return replace(self, alarm=1.0)

    def _taken(self, moments: Floats, when_s: Floats, now: float) -> NDArray[np.bool_]:
        open_now = moments > now
        number = open_now.sum(axis=0)
        chance = np.where(number > 0, (open_now & (moments <= when_s)).sum(axis=0) / np.maximum(number, 1), 1.0)
        return np.asarray((chance > 0.0) & (chance >= self.alarm))

    @cached_property
    def _moments(self) -> Floats:
        rounded: Floats = np.floor(np.asarray(self.shut_s, dtype=np.float64) / self.step_s) * self.step_s
        return rounded
