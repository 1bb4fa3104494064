"""Choice and stay fitted to counts: least squares on the expected day, held by what was believed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from calibration.choices.counted import Count
from calibration.choices.expected_day import Figures, Ground
from calibration.choices.residuals import Problem
from calibration.choices.vector import Vector
from networks.errors import BadInput

FAULTY, FAULTY_SHARE = 2.0, 0.34
"""A counter whose residuals are so many times those of the middle one, or whose own error is ODD times what was
stated, is left out, the worst first, up to this share."""
ODD = 3.0
SUSPECTS = 3
"""Of two counters that contradict each other the honest one may look worse: so many that look faulty are left out in
turn, and the one without which all else fits best is the one."""


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
        own_sd: (2, sites) standard deviation of each site's own part of its pull against the others' and of its stay,
            in those of what was believed: 1 where counts told nothing of it.
    """

    figures: Figures
    drawn: Figures
    z: np.ndarray
    errors: dict[str, float]
    faulty: tuple[str, ...]
    misfit: float
    runs: int
    own_sd: np.ndarray


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
    left, faulty = [one for one in counts if one not in dead], [one.counter for one in dead]
    start = np.zeros(len(vector) + len(left))
    start[: len(vector)] = 0.0 if begin is None else begin
    found = _solved(ground, vector, left, start)
    runs = found.runs
    while len(faulty) < int(FAULTY_SHARE * len(counts)) and (odd := found.odd()):
        without = [_without(ground, vector, left, found, at) for at in odd]
        runs += sum(one.runs for one in without)
        at, found = min(zip(odd, without, strict=True), key=lambda pair: pair[1].cost)
        faulty.append(left.pop(at).counter)
    z, errors = found.x[: len(vector)], found.x[len(vector) :]
    misfit = float(np.sqrt(np.mean(found.size**2)))
    cov = np.linalg.inv(found.jac.T @ found.jac)[: len(vector), : len(vector)] * max(1.0, misfit) ** 2
    drawn = np.random.default_rng(seed).multivariate_normal(z, cov, draws, method="eigh")
    known = {one.counter: float(one.error * at) for one, at in zip(left, errors, strict=True)}
    return Fitted(
        vector.figures(z[None]), vector.figures(drawn), z, known, tuple(faulty), misfit, runs,
        _own_sd(cov, len(vector.sites)),
    )  # fmt: skip


def _own_sd(cov: np.ndarray, sites: int) -> np.ndarray:
    """As in `Fitted`; what all pulls share moves nobody, so theirs are taken against their mean."""
    apart = np.eye(sites) - 1.0 / sites
    pulls = np.diag(apart @ cov[-2 * sites : -sites, -2 * sites : -sites] @ apart) / max(1.0 - 1.0 / sites, 0.5)
    return np.sqrt(np.array([pulls, np.diag(cov)[-sites:]]))


@dataclass(frozen=True)
class _Solved:
    """A fit to some counters.

    Attributes:
        x: Vector and errors.
        jac: Derivatives of the residuals there.
        cost: What was made least.
        size: (counters,) root mean square residual of each.
        own: (counters,) own error of each, in those that were stated.
        runs: Days that were computed.
    """

    x: np.ndarray
    jac: np.ndarray
    cost: float
    size: np.ndarray
    own: np.ndarray
    runs: int

    def odd(self) -> list[int]:
        """Counters that look faulty, the worst first, SUSPECTS at most."""
        doubt = np.maximum(self.size / (FAULTY * max(float(np.median(self.size)), 0.5)), self.own / ODD)
        return [int(at) for at in np.argsort(-doubt)[:SUSPECTS] if doubt[at] > 1.0]


def _solved(ground: Ground, vector: Vector, counts: Sequence[Count], start: np.ndarray) -> _Solved:
    problem = Problem(ground, vector, counts)
    found = least_squares(
        problem.residuals, start, jac=problem.jacobian, loss="soft_l1", max_nfev=30, xtol=1e-3, ftol=1e-4
    )
    size, own = problem.sizes(found.x), np.abs(found.x[len(vector) :])
    return _Solved(found.x, found.jac, float(found.cost), size, own, problem.runs)


def _without(ground: Ground, vector: Vector, counts: Sequence[Count], found: _Solved, at: int) -> _Solved:
    """The fit with one counter left out."""
    rest = [one for row, one in enumerate(counts) if row != at]
    return _solved(ground, vector, rest, np.delete(found.x, len(vector) + at))


def _dead(counts: Sequence[Count]) -> list[Count]:
    """Counters that told 0 all day, of sites of which others told people."""
    busy = {one.site for one in counts if np.nansum(one.told) > 0}
    return [one for one in counts if one.site in busy and (one.told == one.told).any() and np.nansum(one.told) == 0]
