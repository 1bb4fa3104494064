"""What may be done with plans found: offered, kept beside today's, or advised against."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.signals.periods.day import Day, Period
from scenarios.signals.periods.programmes import day_plan_of
from scenarios.signals.searching.answer import Answer
from scenarios.signals.trying.delays import Delays
from scenarios.signals.trying.gain import gains_of
from scenarios.signals.trying.offer import Offer, offer_of
from scenarios.signals.trying.trials import Outcome

NOISE = (0.0, 0.4, -0.3, 0.1, -0.2)


def runs(
    mean_s: float, inserted: tuple[int, ...] = (100,) * 5, spread: float = 1.0, *, ended: bool = False
) -> tuple[Outcome, ...]:
    costs = [mean_s + spread * noise for noise in NOISE]
    return tuple(
        Outcome(Delays(cost, cost, 100, entered, {}), {}, ended, cost * 100, 0, 0.1)
        for cost, entered in zip(costs, inserted, strict=True)
    )


def judged(before: tuple[Outcome, ...], after: tuple[Outcome, ...], *, faults: int = 0, failing: bool = False) -> Offer:
    return offer_of(gains_of(before, after), before, after, faults=faults, failing=failing)


@pytest.mark.parametrize(
    ("after", "faults", "failing", "standing", "offered"),
    [
        (runs(20.0, spread=-1.0), 0, False, "better", True),
        (runs(30.0, spread=-1.0), 0, False, "unproven", False),
        (runs(30.0, spread=-1.0), 4, False, "lawful", True),
        (runs(30.0, spread=-1.0), 4, True, "unproven", False),
        (runs(40.0), 0, False, "worse", False),
        (runs(40.0), 4, False, "worse", False),
        (runs(20.0, (100, 100, 80, 100, 100)), 0, False, "gridlock", False),
        (runs(20.0, ended=True), 0, False, "gridlock", False),
    ],
)
def test_the_interval_the_rules_and_gridlock_decide(
    after: tuple[Outcome, ...], faults: int, failing: bool, standing: str, offered: bool
) -> None:
    offer = judged(runs(30.0), after, faults=faults, failing=failing)
    assert (offer.standing, offer.offered) == (standing, offered)
    assert offer.advised_against == (standing in ("worse", "gridlock"))
    assert bool(offer.words["en"]) == bool(offer.words["zh"]) == (standing != "better")
    assert (f"fail the rules in {faults} " in offer.words["en"]) == (faults > 0 and standing in ("worse", "lawful"))


def test_gridlock_that_is_there_today_too_is_no_reason() -> None:
    stuck = (100, 100, 80, 100, 100)
    assert judged(runs(30.0, stuck), runs(20.0, stuck)).standing == "better"
    assert judged(runs(30.0, stuck), runs(20.0, (100, 100, 90, 100, 100))).standing == "better"


def test_one_seed_decides_nothing() -> None:
    offer = judged(runs(30.0)[:1], runs(10.0)[:1])
    assert offer.standing == "unproven" and "One judged seed" in offer.words["en"]


def test_few_seeds_are_said_to_be_few() -> None:
    few, many = (judged(runs(30.0)[:count], runs(29.0, spread=-9.0)[:count]) for count in (3, 5))
    assert few.standing == many.standing == "unproven"
    assert "--judge 10" in few.words["en"] and "--judge" in few.words["zh"] and "--judge" not in many.words["en"]


@given(st.floats(5.0, 90.0), st.floats(5.0, 90.0))
def test_what_is_offered_is_never_worse_on_the_mean_unless_it_mends_faults(before_s: float, after_s: float) -> None:
    offer = judged(runs(before_s), runs(after_s, spread=-1.0))
    assert not offer.offered or offer.gain.after < offer.gain.before
    assert not offer.advised_against or offer.gain.after > offer.gain.before


def test_a_day_says_which_of_its_periods_gain_nothing() -> None:
    sides = ((runs(30.0), runs(20.0, spread=-1.0)), (runs(30.0), runs(40.0)), (runs(30.0), runs(30.0, spread=-1.0)))
    periods = tuple(Period(0.0, 900.0, 100.0, _answer(*side)) for side in sides)
    clock = day_plan_of([0.0, 900.0, 1800.0])
    day = Day(periods, ({}, {}, {}), 0.9, (100.0,), 900.0, *sides[0], sides[0][1], (), clock)
    assert day.offer.offered
    told = [note["en"].split(":")[0] for note in day.notes]
    assert told == ["citytwin-2", "citytwin-3"] and "不予推荐" in day.notes[0]["zh"]
    assert day.as_json()["notes"] == list(day.notes)


def _answer(before: tuple[Outcome, ...], after: tuple[Outcome, ...]) -> Answer:
    return Answer({}, {}, before, after, 60, (), 30, ())
