"""Criteria by hand, at the edges of their bands, and what they say where something was not measured."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.proof import (
    FAIL,
    NOT_ASSESSABLE,
    PASS,
    DayMeasure,
    Evidence,
    LineFlow,
    Pairs,
    Verdict,
    ceiling,
    fit,
    judge,
    spread,
    within_band,
    within_time,
)
from calibration.proof.days import FLOW


def pairs(observed: list[float], simulated: list[float]) -> Pairs:
    return Pairs(np.array(observed, dtype=float), np.array(simulated, dtype=float))


NONE = pairs([], [])


def verdict(evidence: Evidence, guide: str, name: str) -> Verdict:
    return next(one for one in judge(evidence) if one.guide == guide and one.name["en"] == name)


@pytest.mark.parametrize(
    ("observed", "simulated", "inside"),
    [
        (0, 100, True),
        (0, 101, False),
        (699, 799, True),
        (699, 799.1, False),
        (700, 805, True),  # 15 % of 700, not 100
        (700, 594.9, False),
        (2700, 2295, True),  # 15 % of 2700 = 405: the upper end belongs to the middle band
        (2700, 3105.1, False),
        (2701, 3101, True),
        (2701, 3101.1, False),
    ],
)
def test_link_flows_at_the_edges_of_their_bands(observed: float, simulated: float, inside: bool) -> None:
    assert bool(within_band(pairs([observed], [simulated]))[0]) is inside


@pytest.mark.parametrize(
    ("observed", "simulated", "inside"),
    [(100, 160, True), (100, 160.1, False), (400, 460, True), (1000, 1150, True), (1000, 849.9, False)],
)
def test_journey_times_15_percent_or_a_minute(observed: float, simulated: float, inside: bool) -> None:
    assert bool(within_time(pairs([observed], [simulated]))[0]) is inside


def test_fit_by_hand() -> None:
    found = fit(pairs([100, 200, 0], [110, 180, 5]))
    assert found.n == 3
    assert found.mape == pytest.approx((0.1 + 0.1) / 2)
    assert found.rmse_vph == pytest.approx(math.sqrt((100 + 400 + 25) / 3))
    assert found.r2 == pytest.approx(1 - 525 / 20000)
    assert found.bias == pytest.approx(295 / 300 - 1)
    assert found.geh5 == 1.0
    twice = fit(pairs([100, 200, 300], [200, 400, 600]))
    assert twice.r2 < 0, "perfectly correlated and wrong by a factor"
    assert math.isnan(fit(NONE).geh5)


def test_more_than_85_percent_is_more() -> None:
    for right, state in ((17, FAIL), (18, PASS)):  # of 20
        flows = pairs([1000.0] * 20, [1000.0] * right + [3000.0] * (20 - right))
        assert verdict(Evidence(flows, NONE), "TAG M3.1", "Link flows by GEH").state == state
        assert verdict(Evidence(flows, NONE), "FHWA 2004", "Hourly flows, single links").state == state


def test_the_sum_of_flows_and_its_geh_are_two_things() -> None:
    flows = pairs([10000.0] * 4, [10400.0] * 4)  # 4 % over, GEH of the sum 7.9
    evidence = Evidence(flows, NONE)
    assert verdict(evidence, "FHWA 2004", "Sum of all link flows").state == PASS
    assert verdict(evidence, "FHWA 2004", "GEH of the sum").state == FAIL


def test_screenlines_of_five_links() -> None:
    good, bad = LineFlow("a", 5, 1000, 1050), LineFlow("b", 6, 1000, 949)
    thin = LineFlow("c", 4, 100, 900)
    assert verdict(Evidence(NONE, NONE, (good, thin)), "TAG M3.1", "Screenlines").state == PASS
    failed = verdict(Evidence(NONE, NONE, (good, bad)), "TAG M3.1", "Screenlines")
    assert failed.state == FAIL and failed.figure["en"].startswith("50 % of 2")
    told = verdict(Evidence(NONE, NONE, (thin,)), "TAG M3.1", "Screenlines")
    assert told.state == NOT_ASSESSABLE and told.reason is not None and "at most 4" in told.reason["en"]


def test_total_trips_and_lengths_need_a_reference() -> None:
    assert verdict(Evidence(NONE, NONE, trips=(1000, 1050)), "citytwin", "Total trips").state == PASS
    assert verdict(Evidence(NONE, NONE, trips=(1000, 949)), "citytwin", "Total trips").state == FAIL
    assert verdict(Evidence(NONE, NONE), "citytwin", "Total trips").state == NOT_ASSESSABLE
    short, long = np.full(10, 500.0), np.full(10, 5000.0)
    assert verdict(Evidence(NONE, NONE, lengths_m=(short, long)), "citytwin", "Trip lengths").state == FAIL
    assert verdict(Evidence(NONE, NONE, lengths_m=(short, short)), "citytwin", "Trip lengths").state == PASS


def test_the_2019_criteria_need_days_and_then_know_a_good_model() -> None:
    rng = np.random.default_rng(1)
    course = 1000 + 200 * np.sin(np.arange(24) / 4)
    days = course + rng.normal(0, 50, (30, 24))
    assert {
        one.state
        for one in judge(Evidence(NONE, NONE, days=(DayMeasure(FLOW, days, course),)))
        if one.guide == "FHWA 2019"
    } == {PASS}
    wrong = judge(Evidence(NONE, NONE, days=(DayMeasure(FLOW, days, course), DayMeasure(FLOW, days, course + 200))))
    assert {one.state for one in wrong if one.guide == "FHWA 2019"} == {FAIL}
    few = [
        one
        for one in judge(Evidence(NONE, NONE, days=(DayMeasure(FLOW, days[:9], course),)))
        if one.guide == "FHWA 2019"
    ]
    assert all("; " in one.figure["en"] for one in wrong if one.guide == "FHWA 2019"), "each measure has its figure"
    assert len(few) == 4 and all(one.state == NOT_ASSESSABLE and one.reason for one in few)


def test_speed_within_the_noise_of_seeds() -> None:
    rng = np.random.default_rng(2)
    runs = 10 + rng.normal(0, 1, (5, 400))
    assert spread(runs) == pytest.approx(math.sqrt(1.2), rel=0.1)
    name = "Speeds against the noise floor"
    seen = 10 + rng.normal(0, 1, 400)
    assert verdict(Evidence(NONE, NONE, speeds_mps=(seen, runs)), "citytwin", name).state == PASS
    assert verdict(Evidence(NONE, NONE, speeds_mps=(seen + 5, runs)), "citytwin", name).state == FAIL
    assert verdict(Evidence(NONE, NONE, speeds_mps=(seen, runs[:1])), "citytwin", name).state == NOT_ASSESSABLE


def test_the_ceiling_is_what_seeds_agree_on() -> None:
    assert ceiling(np.array([[100.0, 100.0], [100.0, 300.0]])) == 0.5
    assert math.isnan(ceiling(np.array([[100.0]])))


@given(st.lists(st.tuples(st.floats(0, 4000), st.floats(0, 4000)), max_size=30))
def test_every_verdict_is_told_in_both_languages(flows: list[tuple[float, float]]) -> None:
    evidence = Evidence(pairs([a for a, _ in flows], [b for _, b in flows]), NONE)
    for one in judge(evidence):
        assert one.source and one.asked["en"] and one.asked["zh"]
        told = one.reason or one.figure
        assert told["en"] and told["zh"]


def test_a_perfect_model_passes_all_that_can_be_judged() -> None:
    flows = np.linspace(50, 3000, 40)
    lines = (LineFlow("x", 9, 5000, 5000),)
    lengths = np.linspace(100, 5000, 50)
    speeds = np.full(9, 8.0), np.stack([np.full(9, 7.9), np.full(9, 8.1)])
    perfect = Evidence(
        Pairs(flows, flows), Pairs(flows, flows), lines, pairs([300], [300]), (50, 50), (lengths, lengths), speeds
    )
    states = [one.state for one in judge(perfect) if one.guide != "FHWA 2019"]
    assert states.count(FAIL) == 0 and states.count(NOT_ASSESSABLE) == 1  # the visual audit
