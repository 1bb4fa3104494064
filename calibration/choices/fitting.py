"""Choice and stay fitted to counts: least squares on the expected day, held by what was believed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from calibration.choices.counted import Count
from calibration.choices.expected_day import Expected, Figures, Ground, expect_day
from calibration.choices.vector import Vector
from networks.errors import BadInput

GROUP = 2.8
"""Variance over mean of counts of people who come in groups: mean square over mean of the sizes of `draw_people`."""
MODEL_ERROR = 0.1
"""Relative error of the expected day itself, one standard deviation (guess: streets that jam, sizes of groups)."""
STEP = 0.01
FAULTY, FAULTY_SHARE = 2.0, 0.34
"""A counter whose residuals are so many times those of the middle one, or whose own error is ODD times what was
stated, is left out, the worst first, up to this share."""
ODD = 3.0


@dataclass(frozen=True)
class Fitted:
    """What was learnt.

    Attributes:
        figures: The fitted figures, one set.
        drawn: Sets that are as likely, for intervals.
        z: The vector.
        errors: Counter -> relative error, 0.1: tells a tenth too many.
        faulty: Counters that do not fit the others, left out, the worst first.
        misfit: Root mean square of the residuals, in standard deviations; near 1 where all fits.
        runs: Days that were computed.
    """

    figures: Figures
    drawn: Figures
    z: np.ndarray
    errors: dict[str, float]
    faulty: tuple[str, ...]
    misfit: float
    runs: int


def fit(
    ground: Ground, vector: Vector, counts: Sequence[Count], *, begin: np.ndarray | None = None, draws: int = 200,
    seed: int = 0,
) -> Fitted:  # fmt: skip
    """Fit the figures to the counts.

    Nonlinear least squares (`scipy.optimize.least_squares`, trust region reflective, soft L1 loss) over the vector and
    each counter's own relative error, each with its prior; so a maximum a posteriori estimate. A counter that does not
    fit the others is left out and told. Intervals come from the curvature there (Laplace), widened by the misfit.

    Args:
        ground: What is known of the day.
        vector: What was believed before.
        counts: What was counted.
        begin: A vector to begin at, such as that of a fit to fewer counts.
        draws: Sets for the intervals.
        seed: Of these draws.

    Raises:
        BadInput: There is no count at all.
    """
    if not any((one.told == one.told).any() for one in counts):
        raise BadInput("no counter tells anything of any site", expected="counts at doors, or of who is there")
    dead = _dead(counts)
    left, faulty, runs = [one for one in counts if one not in dead], [one.counter for one in dead], 0
    start = np.zeros(len(vector) + len(left))
    start[: len(vector)] = 0.0 if begin is None else begin
    while True:
        problem = _Problem(ground, vector, left)
        found = least_squares(
            problem.residuals, start, jac=problem.jacobian, loss="soft_l1", max_nfev=30, xtol=1e-3, ftol=1e-4
        )
        runs += problem.runs
        size, own = problem.sizes(found.x), np.abs(found.x[len(vector) :])
        doubt = np.maximum(size / (FAULTY * max(float(np.median(size)), 0.5)), own / ODD)
        worst = int(np.argmax(doubt))
        if len(faulty) >= int(FAULTY_SHARE * len(counts)) or doubt[worst] <= 1.0:
            break
        faulty.append(left.pop(worst).counter)
        start = np.delete(found.x, len(vector) + worst)
    z, errors = found.x[: len(vector)], found.x[len(vector) :]
    misfit = float(np.sqrt(np.mean(size**2)))
    cov = np.linalg.inv(found.jac.T @ found.jac)[: len(vector), : len(vector)] * max(1.0, misfit) ** 2
    drawn = np.random.default_rng(seed).multivariate_normal(z, cov, draws, method="eigh")
    known = {one.counter: float(one.error * at) for one, at in zip(left, errors, strict=True)}
    return Fitted(
        vector.figures(z[None]), vector.figures(drawn), z, known, tuple(faulty), misfit, runs
    )  # fmt: skip


def expected_of(day: Expected, one: Count) -> np.ndarray:
    """(B, periods) what a counter without an error would tell."""
    return np.asarray(getattr(day, one.what)[:, one.site] * one.per_person)


class _Problem:
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


def _dead(counts: Sequence[Count]) -> list[Count]:
    """Counters that told 0 all day, of sites of which others told people."""
    busy = {one.site for one in counts if np.nansum(one.told) > 0}
    return [one for one in counts if one.site in busy and (one.told == one.told).any() and np.nansum(one.told) == 0]


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
