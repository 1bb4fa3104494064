"""Choice and stay from counts: the expected day is `CityDay` in the mean, and a hidden truth is found again."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.choices import Figures, Ground, Vector, expect_day, figures_of, fit, uninformed
from calibration.choices.judging import error_at, said_by_gravity, said_by_mean, said_by_model
from models.crowd.city import Taste
from networks import BadInput

sys.path.insert(0, str(Path(__file__).parent))
from known_day import PERIOD_S, TRUE_TASTE, Lived, believed, counted, live, true


@pytest.fixture(scope="module")
def lived() -> Lived:
    return live(true(believed(1), 2), TRUE_TASTE, 5)


def test_the_expected_day_is_the_mean_of_days(lived: Lived) -> None:
    sites = lived.ground.sites
    days = [lived, *(live(sites, TRUE_TASTE, seed) for seed in (6, 7))]
    ground = replace(lived.ground, arrivals=np.mean([one.ground.arrivals for one in days], axis=0))
    said = expect_day(ground, figures_of(sites, TRUE_TASTE, mean_visits=2.4))
    for what in ("came", "left", "inside"):
        mean = np.mean([one.people[what] for one in days], axis=0)
        hours = [side.reshape(len(sites), -1, 12).mean(axis=2) for side in (mean, getattr(said, what)[0])]
        assert np.abs(hours[0] - hours[1]).sum() < 0.12 * hours[0].sum(), what
        assert getattr(said, what)[0].sum() == pytest.approx(mean.sum(), rel=0.03)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), held=st.booleans())
def test_nobody_is_lost_and_sets_side_by_side_are_each_their_own(seed: int, held: bool) -> None:
    rng = np.random.default_rng(seed)
    sites = replace(believed(seed, 4), capacity=np.full(4, 60.0))
    opened = np.ones((4, 24))
    opened[1, 15:] = 0.0
    ground = Ground(
        sites, rng.uniform(0, 80, (2, 24)), rng.uniform(30, 1500, (6, 4)), (rng.random(24) < 0.3) * 1.0, opened,
        20 * 300.0, np.full(4, held), 300.0,
    )  # fmt: skip
    vector = Vector(sites, Taste())
    z = rng.standard_normal((3, len(vector)))
    many = expect_day(ground, vector.figures(z))
    for what in ("came", "left", "inside", "queue"):
        assert getattr(many, what).min() > -1e-6
        one = expect_day(ground, vector.figures(z[1:2]))
        assert getattr(one, what)[0] == pytest.approx(getattr(many, what)[1], abs=1e-9)
    assert many.inside[..., -1] == pytest.approx((many.came - many.left).sum(axis=-1), abs=1e-6)
    assert (many.came[:, 1, 15:] == 0).all() and many.inside[:, 1, 15:].max() < 1e-6
    assert (many.came.sum(axis=-1) <= 300.0 * 24 * sites.gate_ps + 1e-6).all()
    assert not held or many.inside.max() <= 60.0 + 1e-6


def test_a_hidden_truth_is_foretold_at_counters_held_out_though_some_lie(lived: Lived) -> None:
    sites = believed(1)
    ground, vector = replace(lived.ground, sites=sites), Vector(sites, Taste(), people_sd=0.05)
    told = counted(lived, 3)
    held = [told[at] for at in (0, 5, 10, 15)]
    known = [one for one in told if one not in held]
    shuffled = np.random.default_rng(4).permutation(96)
    lies = {"came2": shuffled, "came4": 3.0, "left1": 0.0}
    known = [replace(one, told=_lied(one.told, lies.get(one.counter, 1.0))) for one in known]
    found = fit(ground, vector, known)
    said = {"model": said_by_model(held, expect_day(ground, found.figures))}
    said["before"] = said_by_model(held, expect_day(ground, vector.figures(np.zeros((1, len(vector))))))
    said["mean"] = said_by_mean(held, known)
    said["gravity"] = said_by_gravity(held, known, ground, Taste().per_min)
    error = {name: error_at(held, one, PERIOD_S) for name, one in said.items()}
    assert error["model"] < 0.25 and error["model"] < 0.6 * min(error["before"], error["mean"], error["gravity"]), error
    assert set(found.faulty) == set(lies)
    stays = [np.log(one.stay_median_s[0] / lived.ground.sites.stay_median_s) for one in (found.figures, _zero(vector))]
    assert np.abs(stays[0]).mean() < 0.6 * np.abs(stays[1]).mean()
    low, high = np.quantile(found.drawn.stay_median_s, (0.05, 0.95), axis=0)
    assert (low < found.figures.stay_median_s[0]).all() and (high > found.figures.stay_median_s[0]).all()


def test_sites_that_nobody_counts_are_foretold_no_worse_and_named(lived: Lived) -> None:
    sites = believed(1)
    ground, vector = replace(lived.ground, sites=sites), Vector(sites, Taste(), people_sd=0.05)
    told = counted(lived, 3)
    held, known = [one for one in told if one.site in (1, 4)], [one for one in told if one.site not in (1, 4)]
    found = fit(ground, vector, known)
    error = [
        error_at(held, said_by_model(held, expect_day(ground, figures)), PERIOD_S)
        for figures in (found.figures, _zero(vector))
    ]
    assert error[0] < error[1], error
    assert [(one.site, one.stay) for one in uninformed(vector, found)] == [(1, True), (4, True)]
    for one in uninformed(vector, found):
        (low, high), (least, most) = one.spans["stay"]
        assert least < low < high < most and "before" in one.told("x")["en"] and "计数前" in one.told("x")["zh"]


def test_of_two_counters_that_contradict_each_other_the_honest_one_stays(lived: Lived) -> None:
    sites = believed(1)
    told = [one for one in counted(lived, 3) if one.site in (2, 3)]
    known = [replace(one, told=2.5 * one.told) if one.counter == "came3" else one for one in told]
    found = fit(replace(lived.ground, sites=sites), Vector(sites, Taste(), people_sd=0.05), known)
    assert found.faulty == ("came3",)


def test_without_any_number_nothing_is_fitted(lived: Lived) -> None:
    told = [replace(one, told=np.full_like(one.told, np.nan)) for one in counted(lived, 3)]
    with pytest.raises(BadInput, match="no counter tells anything"):
        fit(lived.ground, Vector(lived.ground.sites, Taste()), told)


def _zero(vector: Vector) -> Figures:
    return vector.figures(np.zeros((1, len(vector))))


def _lied(told: np.ndarray, how: np.ndarray | float) -> np.ndarray:
    return np.asarray(told[how] if isinstance(how, np.ndarray) else how * told)
