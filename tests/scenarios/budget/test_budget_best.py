"""The probability of being best against its closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from scenarios.budget.best import fit, probability_of_best


def test_of_two_it_is_the_t_distribution_of_the_paired_difference() -> None:
    a, b = {1: 10.0, 2: 12.0, 3: 9.0, 4: 14.0}, {1: 9.0, 2: 12.5, 3: 8.5, 4: 12.0}
    difference = np.array([b[seed] - a[seed] for seed in a])
    expected = t.cdf(-difference.mean() / (difference.std(ddof=1) / 2.0), 3)
    assert probability_of_best({"a": a, "b": b})["b"] == pytest.approx(expected, abs=0.01)


def test_seeds_that_differ_do_not_matter_while_they_are_shared() -> None:
    a, b = {1: 10.0, 2: 12.0, 3: 9.5}, {1: 9.0, 2: 11.5, 3: 8.5}
    far = {seed: value + 1000.0 * seed for seed, value in a.items()}, {s: v + 1000.0 * s for s, v in b.items()}
    assert probability_of_best({"a": a, "b": b}) == pytest.approx(
        probability_of_best({"a": far[0], "b": far[1]}), abs=1e-6
    )


def test_candidates_that_met_other_seeds_are_compared_through_those_they_share() -> None:
    fitted = fit({"a": {1: 10.0, 2: 20.0}, "b": {2: 19.0, 3: 29.0}, "c": {3: 28.0, 1: 8.0}})
    means = dict(zip(fitted.names, fitted.means, strict=True))
    assert means["b"] - means["a"] == pytest.approx(-1.0)
    assert means["c"] - means["a"] == pytest.approx(-2.0)


def test_equal_candidates_share_it_and_one_pair_of_runs_tells_nothing() -> None:
    same = {1: 10.0, 2: 11.0, 3: 12.0}
    assert probability_of_best({"a": same, "b": dict(same)}) == {"a": 0.5, "b": 0.5}
    assert probability_of_best({"a": {1: 10.0}, "b": {1: 9.0}}) == {}
    assert probability_of_best({}) == {}
