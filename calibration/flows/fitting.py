"""Vehicles on each path in each period that agree with counts and stay as near to a prior as these allow.

Of all flows h (paths x periods) that are near the prior q, with counts c of variance v on edges that the paths reach
after their travel times (the assignment A, linear in h),

    minimise   sum h log(h / q) - h + q   +   sum rho((A h - c) / sqrt(v)),      rho: Huber's, quadratic up to K.

The dual has one multiplier m for every count: h = q exp(A' m), maximise  c m - sum q exp(A' m) - v m^2 / 2 with
|m| sqrt(v) <= K: convex, smooth and small, solved by L-BFGS-B. Sources: Van Zuylen & Willumsen 1980, The most likely
trip matrix estimated from traffic counts, Transportation Research B 14, doi:10.1016/0191-2615(80)90008-9; Huber 1964,
doi:10.1214/aoms/1177703732. The bound is the conjugate of Huber's loss: a count that nothing else agrees with pulls
with a bounded force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from calibration.counting import Counts
from calibration.flows.paths import PathSet
from calibration.flows.prior import Prior
from calibration.flows.roads import Bools, Floats
from calibration.flows.turning import TurnCounts, all_counted, seeing
from networks.errors import BadInput

NOISE = 0.05
"""Standard deviation of a count, beside Poisson's, as a share of it."""
HUBER = 4.0
"""A count pulls no harder than at so many standard deviations."""
_STEEP = 30.0


@dataclass(frozen=True, slots=True)
class Fit:
    """What the counts say.

    Attributes:
        flows: Vehicles that depart on each path in each period (P, T).
        counted: What these flows make each sensor count (S, T).
        pull: Force with which each count pulls at the flows, in its standard deviations (S, T); 0 at gaps. Where it is
            at the bound, the count and the rest disagree.
        unreached: Sensors whose edge no path uses.
    """

    flows: Floats
    counted: Floats
    pull: Floats
    unreached: tuple[str, ...]


def estimate(
    paths: PathSet,
    counts: Counts,
    prior: Prior,
    *,
    turns: TurnCounts | None = None,
    noise: float = NOISE,
    huber: float = HUBER,
    steps: int = 300,
) -> Fit:
    """Flows on paths that agree with the counts.

    Vehicles depart evenly within a period. Those on their way before the first period are not known, so a net that is
    full at the first period needs earlier periods in front; a gap costs nothing.

    Args:
        paths: Where vehicles may go.
        counts: What was counted; gaps are left out.
        prior: What was believed before, one flow for each path.
        turns: What was counted of turns, in the same periods.
        noise: Standard deviation of a count beside Poisson's, share of it.
        huber: Bound of a count's pull, in standard deviations.
        steps: Most iterations of the solver.

    Raises:
        BadInput: The prior is of other paths, no path passes any sensor, or turns are of other periods.
    """
    if len(prior.vehicles_h) != len(paths):
        raise BadInput(f"a prior of {len(prior.vehicles_h)} paths", expected=f"{len(paths)}, one for each path")
    vehicles = all_counted(counts, turns)
    passed = assignment(paths, counts, turns)
    reached = np.asarray(sum((part != 0).sum(axis=1) for part in passed)).ravel() > 0
    if not reached.any():
        raise BadInput("no path passes any sensor", expected="sensors on edges that cars use, by their SUMO edge ids")
    known = np.isfinite(vehicles) & reached[:, None]
    seen = np.where(known, vehicles, 0.0)
    before = np.repeat(prior.vehicles_h[:, None] * counts.period_s / 3600.0, seen.shape[1], axis=1)
    if not prior.total_known:
        before *= seen.sum() / max(float(at_sensors(passed, before)[known].sum()), 1e-9)
    deviation = np.sqrt(np.maximum(seen, 1.0) + (noise * seen) ** 2)
    pull = _solved(passed, before, seen, deviation, known, huber, steps)
    flows = before * np.exp(np.clip(_at_paths(passed, pull), -_STEEP, _STEEP))
    sensors = slice(len(counts.sensors))
    unreached = tuple(name for name, at in zip(counts.sensors, reached[sensors], strict=True) if not at)
    return Fit(flows, at_sensors(passed, flows)[sensors], (pull * deviation)[sensors], unreached)


def assignment(paths: PathSet, counts: Counts, turns: TurnCounts | None = None) -> list[csr_matrix]:
    """Share of each path's vehicles (P) that each sensor, then each turn, counts 0, 1, ... periods after departure."""
    seen = seeing(paths, counts, turns)
    path = np.repeat(np.arange(len(paths)), np.diff(paths.indptr))
    entry = np.unique(seen.indices)
    lag = paths.free_s[entry] / counts.period_s
    whole = np.floor(lag).astype(np.int64)
    late = lag - whole
    parts = []
    for after in range(min(int(whole.max(initial=0)) + 2, counts.vehicles.shape[1])):
        weight = np.where(whole == after, 1.0 - late, 0.0) + np.where(whole == after - 1, late, 0.0)
        some = weight > 0
        shape = (len(path), len(paths))
        parts.append((seen @ csr_matrix((weight[some], (entry[some], path[entry[some]])), shape=shape)).tocsr())
    return parts


def at_sensors(passed: Sequence[csr_matrix], flows: Floats) -> Floats:
    """Vehicles that each sensor counts (S, T) when `flows` (P, T) depart."""
    counted = np.zeros((passed[0].shape[0], flows.shape[1]))
    for after, part in enumerate(passed):
        counted[:, after:] += part @ flows[:, : flows.shape[1] - after]
    return counted


def _at_paths(passed: Sequence[csr_matrix], pull: Floats) -> Floats:
    """What multipliers at sensors (S, T) add up to on each path (P, T): the transpose of `at_sensors`."""
    total = np.zeros((passed[0].shape[1], pull.shape[1]))
    for after, part in enumerate(passed):
        total[:, : pull.shape[1] - after] += part.T @ pull[:, after:]
    return total


def _solved(
    passed: Sequence[csr_matrix],
    before: Floats,
    seen: Floats,
    deviation: Floats,
    known: Bools,
    huber: float,
    steps: int,
) -> Floats:
    """Multiplier of every count (S, T), 0 at gaps."""
    scale = deviation[known]  # multipliers times this are of order 1

    def loss(x: Floats) -> tuple[float, Floats]:
        pull = np.zeros(seen.shape)
        pull[known] = x / scale
        exponent = _at_paths(passed, pull)
        flows = before * np.exp(np.clip(exponent, -_STEEP, _STEEP))
        value = flows.sum() + 0.5 * float(x @ x) - float(seen[known] @ pull[known])
        return value, at_sensors(passed, flows)[known] / scale + x - seen[known] / scale

    bounds = [(-huber, huber)] * len(scale)
    found = minimize(
        loss, np.zeros(len(scale)), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 30}
    )
    pull = np.zeros(seen.shape)
    pull[known] = found.x / scale
    return pull
