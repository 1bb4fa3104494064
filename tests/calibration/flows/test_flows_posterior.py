"""The mode of log-linear flows against a general optimiser on the same posterior, written down anew."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import gammaln

from calibration.flows import posterior
from calibration.flows.posterior import Seen, most_likely


def town(seed: int, *, probed: bool) -> tuple[np.ndarray, csr_matrix, Seen]:
    """40 paths over 6 sensors, 25 unknowns; one sensor lies."""
    rng = np.random.default_rng(seed)
    fixed, effects = rng.normal(2.0, 1.0, 40), rng.normal(0.0, 0.4, (40, 25)) * (rng.random((40, 25)) < 0.4)
    at = (rng.random((6, 40)) < 0.3).astype(float)
    flows = np.exp(fixed + effects @ rng.normal(size=25))
    counts = rng.poisson(at @ flows).astype(float)
    counts[0] *= 5.0
    probes = rng.poisson(0.1 * flows).astype(float) if probed else np.zeros(40)
    return fixed, csr_matrix(effects), Seen(csr_matrix(at), counts, 0.07, probes, 1.0)


def minus_log(x: np.ndarray, fixed: np.ndarray, effects: np.ndarray, seen: Seen) -> float:
    """Student's t with 4 degrees on twice the root of counts, Poisson probes whose log share is -3 +- 1."""
    flows = np.exp(fixed + effects @ x[1:])
    off = 2 * np.sqrt(seen.at @ flows + 0.4) - 2 * np.sqrt(seen.vehicles_h + 0.4)
    told = 2.5 * np.log(1 + off**2 / (4 * (1 + seen.spread**2 * seen.vehicles_h))).sum() + 0.5 * x @ x
    if seen.probes.any():
        mean = np.exp(-3 + x[0]) * seen.length_h * flows
        told += (mean - seen.probes * np.log(mean) + gammaln(seen.probes + 1)).sum()
    return float(told)


@pytest.mark.parametrize("probed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_no_general_optimiser_finds_better(seed: int, probed: bool) -> None:
    fixed, effects, seen = town(seed, probed=probed)
    found = most_likely(fixed, effects, seen, tolerance=1e-10)
    dense = effects.toarray()
    start = np.append(0.0, np.linalg.lstsq(dense, np.log(found) - fixed, rcond=None)[0])
    if probed:
        start[0] = np.log(seen.probes.sum() / found.sum()) + 3
    best = minimize(minus_log, start, args=(fixed, dense, seen), method="BFGS", options={"gtol": 1e-6})
    assert minus_log(start, fixed, dense, seen) == pytest.approx(best.fun, abs=1e-2)
    assert found == pytest.approx(np.exp(fixed + dense @ best.x[1:]), rel=0.03)


def test_paths_left_out_of_a_step_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    given = town(4, probed=True)
    every = most_likely(*given, tolerance=1e-10)
    monkeypatch.setattr(posterior, "PROBED_PATHS", 5)
    monkeypatch.setattr(posterior, "NEGLIGIBLE", 0.02)
    assert most_likely(*given, steps=400, tolerance=1e-10) == pytest.approx(every, rel=0.02)


def test_counts_as_expected_leave_the_guess() -> None:
    fixed, effects, seen = town(5, probed=False)
    counts = np.asarray(seen.at @ np.exp(fixed))
    same = Seen(seen.at, counts, seen.spread, seen.probes, 1.0)
    assert most_likely(fixed, effects, same) == pytest.approx(np.exp(fixed), rel=1e-6)
