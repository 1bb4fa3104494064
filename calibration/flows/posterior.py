"""The most likely log-linear flows, by Gauss-Newton steps whose size is the number of sensors, not of paths.

    log h = fixed + M x,   x ~ N(0, 1)

The second derivative of counts' and probes' likelihood has the rank of what was seen, so a step of the N unknowns
needs one dense system of as many rows as there are sensors and paths with probes (the identity of Woodbury 1950).
Student's t enters by its weights in each step (iteratively reweighted least squares; Lange, Little & Taylor 1989,
doi:10.1080/01621459.1989.10478852); a step is halved until the posterior rises.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags, vstack

from calibration.flows.roads import Floats, Ints

DEGREES = 4.0
"""Of Student's t: a sensor that nothing else agrees with loses its say."""
PROBED_PATHS = 600
"""Paths whose probes bend a step, those expected to have most first; all count in the posterior."""
NEGLIGIBLE = 1e-3
"""A path that adds less than this share of the largest to a count's bend is left out of steps, not of the posterior."""
_LARGE = 12.0
_FARTHEST = 2.0
_SHARE = -3.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of the flows.

    Attributes:
        at: How often each path passes each sensor (S, P).
        vehicles_h: What each sensor counted (S).
        spread: Standard deviation of a count beside Poisson's noise, as a share of it.
        probes: Observed vehicles on each path (P); all 0 without any.
        length_h: How long they were observed.
    """

    at: csr_matrix
    vehicles_h: Floats
    spread: float
    probes: Floats
    length_h: float


@dataclass(frozen=True, slots=True)
class _Here:
    """The likelihood at one point: minus its logarithm, its slope by log flow (P) and by log share of the probes, and
    what bends it: rows of the sensors (S, P), vehicles expected among the probes on some paths (R).
    """

    loss: float
    slope: Floats
    share_slope: float
    sensors: csr_matrix
    probed: Ints
    expected: Floats


def most_likely(fixed: Floats, effects: csr_matrix, seen: Seen, *, steps: int = 60, tolerance: float = 1e-4) -> Floats:
    """Vehicles per hour of each path (P) at the posterior's mode.

    Args:
        fixed: Logarithm of the flows that are expected (P).
        effects: M: what each unknown adds to it, in standard deviations of the unknown (P, N).
        seen: Counts and probes.
        steps: Most steps.
        tolerance: A step that gains less than this in log posterior is the last.
    """
    x, share = np.zeros(effects.shape[1]), 0.0
    across = effects.T.tocsr()
    log = fixed.copy()
    here = _likelihood(log, share, seen)
    value = here.loss
    for _ in range(steps):
        slope = np.append(x + across @ here.slope, share + here.share_slope)
        step = -_solved(here, effects, slope)
        bend = effects @ step[:-1]
        length = min(1.0, _FARTHEST / max(float(np.abs(bend).max()), abs(step[-1]), 1e-12))
        downhill = float(slope @ step)
        before = value
        while True:
            tried = x + length * step[:-1], share + length * float(step[-1])
            there = _likelihood(log + length * bend, tried[1], seen)
            value = there.loss + 0.5 * float(tried[0] @ tried[0]) + 0.5 * tried[1] ** 2
            if value <= before + 1e-4 * length * downhill or length < 1e-6:
                break
            length *= 0.5
        if value > before:
            break
        (x, share), log, here = tried, log + length * bend, there
        if before - value < tolerance:
            break
    return np.exp(np.clip(log, -40.0, _LARGE))


def _likelihood(log: Floats, share: float, seen: Seen) -> _Here:
    flows = np.exp(np.clip(log, -40.0, _LARGE))
    root = np.sqrt(seen.at @ flows + 0.4)
    off = 2.0 * (root - np.sqrt(seen.vehicles_h + 0.4))
    noise = 1.0 + seen.spread**2 * seen.vehicles_h
    loss = 0.5 * (DEGREES + 1.0) * float(np.log1p(off**2 / (noise * DEGREES)).sum())
    weights = (DEGREES + 1.0) / (DEGREES * noise + off**2)
    rows = diags(1.0 / root) @ seen.at @ diags(flows)
    slope = rows.T @ (weights * off)
    bending = _large((diags(np.sqrt(weights)) @ rows).tocsr())
    if not seen.probes.any():
        return _Here(loss, slope, 0.0, bending, np.zeros(0, dtype=np.int64), np.zeros(0))
    expected = np.exp(_SHARE + share) * seen.length_h * flows
    loss += float(expected.sum() - seen.probes @ np.log(expected + 1e-300))
    some = np.argsort(-expected)[:PROBED_PATHS]
    share_slope = float(expected.sum() - seen.probes.sum())
    return _Here(loss, slope + expected - seen.probes, share_slope, bending, some, expected[some])


def _solved(here: _Here, effects: csr_matrix, slope: Floats) -> Floats:
    """The curvature's inverse times the slope, by unknown and, last, by the probes' share."""
    root = np.append(np.zeros(here.sensors.shape[0]), np.sqrt(here.expected))
    rows = vstack([here.sensors @ effects, diags(np.sqrt(here.expected)) @ effects[here.probed]]).tocsr()
    inner = (rows @ rows.T).toarray() + np.outer(root, root) + np.eye(len(root))
    held = cho_solve(cho_factor(inner, lower=True), rows @ slope[:-1] + root * slope[-1])
    return slope - np.append(rows.T @ held, root @ held)


def _large(rows: csr_matrix) -> csr_matrix:
    """Only the entries that bend a step."""
    most = abs(rows).max(axis=1).toarray().ravel()
    rows.data[np.abs(rows.data) <= NEGLIGIBLE * np.repeat(most, np.diff(rows.indptr))] = 0.0
    rows.eliminate_zeros()
    return rows
