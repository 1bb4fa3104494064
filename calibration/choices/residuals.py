"""What counters told against the expected day, in standard deviations, and the derivatives of that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.choices.counted import Count
from calibration.choices.expected_day import Expected, Ground, expect_day
from calibration.choices.vector import Vector

GROUP = 2.8
"""Variance over mean of counts of people who come in groups: mean square over mean of the sizes of `draw_people`."""
MODEL_ERROR = 0.1
"""Relative error of the expected day itself, one standard deviation (guess: streets that jam, sizes of groups)."""
STEP = 0.01


def expected_of(day: Expected, one: Count) -> np.ndarray:
    """(B, periods) what a counter without an error would tell."""
    return np.asarray(getattr(day, one.what)[:, one.site] * one.per_person)


class Problem:
    """Residuals over (vector, counters' errors), and their derivatives by many days at once."""

    def __init__(self, ground: Ground, vector: Vector, counts: Sequence[Count]) -> None:
        self._ground, self._vector, self._counts = ground, vector, counts
        self.runs = 0
        self._known = [~np.isnan(one.told) for one in counts]
        believed = expect_day(ground, vector.figures(np.zeros((1, len(vector)))))
        self._sd = [
            _sd(one, expected_of(believed, one)[0], vector, ground.period_s)[known]
            for one, known in zip(counts, self._known, strict=True)
        ]

    def residuals(self, x: np.ndarray) -> np.ndarray:
        said = self._said(x[None, : len(self._vector)])
        return np.concatenate([x, *(part[0] for part in self._missed(said, x))])

    def sizes(self, x: np.ndarray) -> np.ndarray:
        """(counters,) root mean square residual of each, its own error as fitted."""
        parts = self._missed(self._said(x[None, : len(self._vector)]), x)
        return np.array([np.sqrt(np.mean(part**2)) if part.size else 0.0 for part in parts])

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        size = len(self._vector)
        steps = np.vstack([np.zeros(size), STEP * np.eye(size)])
        said = self._said(x[:size] + steps)
        rows = []
        for at, (one, mine, sd) in enumerate(zip(self._counts, said, self._sd, strict=True)):
            part = np.zeros((mine.shape[1], len(x)))
            part[:, :size] = -((mine[1:] - mine[0]) / STEP * (1.0 + one.error * x[size + at]) / sd).T
            part[:, size + at] = -one.error * mine[0] / sd
            rows.append(part)
        return np.vstack([np.eye(len(x)), *rows])

    def _said(self, z: np.ndarray) -> list[np.ndarray]:
        """By counter: (B, known periods)."""
        self.runs += len(z)
        day = expect_day(self._ground, self._vector.figures(z))
        return [expected_of(day, one)[:, known] for one, known in zip(self._counts, self._known, strict=True)]

    def _missed(self, said: list[np.ndarray], x: np.ndarray) -> list[np.ndarray]:
        size = len(self._vector)
        return [
            (one.told[known] - mine * (1.0 + one.error * x[size + at])) / sd
            for at, (one, known, mine, sd) in enumerate(zip(self._counts, self._known, said, self._sd, strict=True))
        ]


def _sd(one: Count, believed: np.ndarray, vector: Vector, period_s: float) -> np.ndarray:
    """Standard deviation of what a counter tells, from the mean of its own numbers, smoothed, and of those believed.

    From its own alone, one that tells too few would look sure of it, and overrule the others.
    Who is inside now was mostly inside a period ago: such numbers tell as often as people stay.
    """
    told = np.where(np.isnan(one.told), 0.0, one.told)
    window = np.ones(5)
    seen = np.convolve(~np.isnan(one.told), window, "same")
    smooth = np.convolve(told, window, "same") / np.maximum(seen, 1.0)
    smooth = np.maximum(0.5 * (smooth + believed), 1.0)
    scatter = smooth * one.per_person * (GROUP + max(0.0, 1.0 / one.per_person - 1.0))
    again = max(1.0, vector.sites.stay_median_s[one.site] / period_s) if one.what == "inside" else 1.0
    return np.asarray(np.sqrt(again * (scatter + ((MODEL_ERROR + 0.5 * one.error) * smooth) ** 2)))
