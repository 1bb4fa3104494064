"""What sensors said lately, period by period."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from calibration.counting import Counts
from calibration.live.usual import Floats
from networks.errors import BadInput


@dataclass
class Heard:
    """Counts and speeds of the sensors that a town was opened with; later words about a period replace earlier ones.

    Attributes:
        sensors: Their names (S).
        period_s: Length of a period.
        said: Counts (S) and speeds (S) by begin of the period, s.
    """

    sensors: tuple[str, ...]
    period_s: float
    said: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)

    def hear(self, counts: Counts, speeds_mps: Floats | None, now_s: float) -> None:
        """Take in counts up to `now_s`; what comes after is not looked at.

        Raises:
            BadInput: Other periods, unknown sensors, or nothing for the period that ends now.
        """
        unknown = sorted(set(counts.sensors) - set(self.sensors))
        if unknown:
            raise BadInput(f"sensor {unknown[0]!r} was not there when the town was opened", expected="the same sensors")
        off = (counts.begin_s - now_s) / self.period_s
        if counts.period_s != self.period_s or abs(off - round(off)) > 1e-6:
            raise BadInput(
                f"counts of {counts.period_s:g} s from {counts.begin_s:g} s", place=f"cycle at {now_s:g} s",
                expected=f"periods of {self.period_s:g} s that end at {now_s:g} s",
            )  # fmt: skip
        rows = [self.sensors.index(name) for name in counts.sensors]
        for column in range(min(counts.vehicles.shape[1], -round(off))):
            vehicles, speeds = np.full((2, len(self.sensors)), np.nan)
            vehicles[rows] = counts.vehicles[:, column]
            if speeds_mps is not None:
                speeds[rows] = speeds_mps[:, column]
            self.said[round(counts.begin_s + column * self.period_s)] = vehicles, speeds

    def between(self, begin_s: float, periods: int) -> tuple[Floats, Floats]:
        """Counts and speeds (S, periods) from `begin_s` on; NaN where nothing was said."""
        gap = np.full(len(self.sensors), np.nan)
        told = [self.said.get(round(begin_s + k * self.period_s), (gap, gap)) for k in range(periods)]
        vehicles, speeds = (np.array([one[which] for one in told]).reshape(periods, -1).T for which in (0, 1))
        return vehicles, speeds

    def forget(self, before_s: float) -> None:
        """Let go of what nobody needs any more."""
        self.said = {begin_s: said for begin_s, said in self.said.items() if begin_s >= before_s}
