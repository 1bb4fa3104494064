"""What a source says of the next periods at many places, as equally likely members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one source says of one quantity at many places, period after period.

    Attributes:
        source: Who says it: "twin", "persistence", "historical mean", "blend", "boosting".
        quantity: "flow" (vehicles in the period), "speed" (m/s, harmonic), "travel_time" (s), "people", "depth" (m).
        places: Edges, paths, sites or ponds (N), each once.
        made_s: When it was made, seconds on the clock of the observations.
        begin_s: Begin of its first period (s), never before `made_s`.
        period_s: Length of each period (s).
        members: What each member, or each equally likely quantile, says (M, N, H), in the quantity's unit; NaN where
            it says nothing.
    """

    source: str
    quantity: str
    places: tuple[str, ...]
    made_s: float
    begin_s: float
    period_s: float
    members: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse what is no forecast.

        Raises:
            ValueError: No source or quantity, a place twice, a clock that is not finite, a period without length, a
                begin before it was made, members of another shape than (M >= 1, places, H >= 1), or infinite ones.
        """
        if not self.source or not self.quantity:
            raise ValueError("a forecast needs a source and a quantity")
        if len(set(self.places)) != len(self.places):
            raise ValueError(f"a place comes twice among {len(self.places)}")
        if not np.isfinite([self.made_s, self.begin_s, self.period_s]).all() or not self.period_s > 0:
            raise ValueError(f"made {self.made_s} s, begins {self.begin_s} s, a period of {self.period_s} s: no clock")
        if self.begin_s < self.made_s:
            raise ValueError(f"made at {self.made_s} s, after its first period began at {self.begin_s} s")
        shape = self.members.shape
        if len(shape) != 3 or shape[0] < 1 or shape[1] != len(self.places) or shape[2] < 1:
            raise ValueError(f"members have shape {shape}, expected (members, {len(self.places)}, periods)")
        if bool(np.isinf(self.members).any()):
            raise ValueError("a member is infinite")

    @property
    def horizon_s(self) -> NDArray[np.float64]:
        """From making it to the end of each period (H), s."""
        ends = self.begin_s + self.period_s * np.arange(1, self.members.shape[2] + 1)
        return np.asarray(ends - self.made_s, dtype=np.float64)

    @property
    def median(self) -> NDArray[np.float64]:
        """The point value (N, H): the median over members that say something; NaN where none does."""
        return quantiles(self.members, [0.5])[0]

    def interval(self, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Central interval that should hold `level` of what comes: low and high (N, H); NaN where no member speaks.

        Raises:
            ValueError: The level is not between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"an interval of level {level}, expected between 0 and 1")
        low, high = quantiles(self.members, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
        return low, high


def even_shares(count: int) -> list[float]:
    """Shares at which `count` equally likely quantiles stand."""
    return [(at + 0.5) / count for at in range(count)]


def quantiles(members: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Quantiles over the first axis (len(shares), ...), NaN left out; NaN where all are.

    Of M sorted members, number i stands at share (i - 1/2) / M.
    """
    ordered = np.sort(members, axis=0)  # NaN last
    told = (~np.isnan(ordered)).sum(axis=0)
    out = np.full((len(shares), *told.shape), np.nan)
    for row, share in enumerate(shares):
        at = np.clip(share * told - 0.5, 0.0, np.maximum(told - 1.0, 0.0))
        below = np.floor(at).astype(int)
        above = np.minimum(below + 1, np.maximum(told - 1, 0))
        lower, upper = (np.take_along_axis(ordered, one[None], axis=0)[0] for one in (below, above))
        out[row] = lower + (at - below) * (upper - lower)
    return out
