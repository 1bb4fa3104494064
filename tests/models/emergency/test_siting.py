"""Siting by integer programs: never worse and never better than trying everything."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.emergency.dispatching import expected_coverage
from models.emergency.siting import max_covering, max_expected_covering, p_median
from networks.errors import BadInput

CASES = st.tuples(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 8))


def drawn(seed: int, sites: int, places: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    times = rng.integers(1, 30, (sites, places)) * 60.0
    return times, rng.integers(1, 9, places).astype(float), rng


@settings(max_examples=40)
@given(CASES)
def test_p_median_is_the_best_of_all_choices(case: tuple[int, int, int]) -> None:
    times, weights, rng = drawn(*case)
    count, fixed = int(rng.integers(1, len(times) + 1)), [int(rng.integers(len(times)))]
    found = p_median(times, weights, count, fixed=fixed)
    choices = [set(c) | set(fixed) for c in combinations(range(len(times)), count) if set(fixed) <= set(c)]
    best = min(np.average(times[list(c)].min(axis=0), weights=weights) for c in choices)
    assert found.value == pytest.approx(best) and found.bound == pytest.approx(best)
    chosen = np.flatnonzero(found.counts)
    assert len(chosen) == count and fixed[0] in chosen
    assert np.average(times[chosen].min(axis=0), weights=weights) == pytest.approx(best)


@settings(max_examples=40)
@given(CASES)
def test_max_covering_is_the_best_of_all_choices(case: tuple[int, int, int]) -> None:
    times, weights, rng = drawn(*case)
    reach, count = times <= 480, int(rng.integers(1, len(times) + 1))
    found = max_covering(reach, weights, count)
    best = max(weights[reach[list(c)].any(axis=0)].sum() for c in combinations(range(len(times)), count))
    assert found.value == pytest.approx(best) and found.bound == pytest.approx(best)
    assert found.counts.sum() == count and weights[reach[found.counts > 0].any(axis=0)].sum() == pytest.approx(best)


@settings(max_examples=40)
@given(CASES, st.floats(0.0, 0.9))
def test_max_expected_covering_is_the_best_of_all_choices(case: tuple[int, int, int], busy: float) -> None:
    times, weights, rng = drawn(*case)
    reach, units = times <= 480, int(rng.integers(1, 5))
    found = max_expected_covering(reach, weights, units, busy)
    choices = combinations_with_replacement(range(len(times)), units)
    best = max(expected_coverage(reach[list(c)].sum(axis=0), weights, busy) for c in choices)
    assert found.value == pytest.approx(best, abs=1e-7)
    assert expected_coverage(found.counts @ reach, weights, busy) == pytest.approx(best, abs=1e-7)


def test_places_that_nothing_reaches_are_named_and_counts_that_do_not_fit_refused() -> None:
    times = np.array([[60.0, np.inf, 120.0], [180.0, np.inf, 60.0]])
    found = p_median(times, np.ones(3), 1)
    assert found.unreached.tolist() == [False, True, False] and found.value == pytest.approx(90.0)
    assert max_covering(times <= 60, np.ones(3), 2).value == 2.0
    for wrong in (lambda: p_median(times, np.ones(3), 3), lambda: max_covering(times <= 60, np.ones(2), 1)):
        with pytest.raises(BadInput):
            wrong()
    with pytest.raises(BadInput, match="do not fit"):
        max_expected_covering(times <= 60, np.ones(3), 5, 0.3, most=2)
    with pytest.raises(BadInput, match="cannot serve every place"):
        p_median(np.array([[60.0, np.inf], [np.inf, 60.0]]), np.ones(2), 1)
