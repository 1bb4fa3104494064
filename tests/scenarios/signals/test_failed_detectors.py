"""Failed detectors: the stages that they hold to the longest green, and how many fail on which seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_timing_search import outcome
from test_timing_stage_set import LINKS, stage_set

from networks import SignalPlan
from scenarios.signals.designing.design import Control, Design, plan_of
from scenarios.signals.judging.failed_detectors import detector_lanes, judge_failed, with_failed
from scenarios.signals.trying.trials import Outcome


def plan(control: Control) -> SignalPlan:
    return plan_of(Design(control, (0, 2, 3), (20.0, 15.0, 12.0)), stage_set())


@pytest.mark.parametrize(("control", "held"), [("actuated", 3), ("delay_based", 3), ("coordinated", 2), ("static", 0)])
def test_a_stage_with_a_failed_detector_lasts_as_long_as_it_may(control: Control, held: int) -> None:
    plans, links = {"x": plan(control)}, {"x": LINKS}
    lanes = detector_lanes(plans, links).get("x", set())
    every = with_failed(plans, links, lanes)["x"]
    stretched = [phase for phase in plans["x"].phases if phase.min_s < phase.max_s and not phase.terms.held]
    assert len(stretched) == held and bool(lanes) == bool(held)
    for before, after in zip(plans["x"].phases, every.phases, strict=True):
        if before in stretched:
            assert after.duration_s == after.min_s == after.max_s == before.max_s
        else:
            assert after == before  # what the clock holds, and every change
    assert with_failed(plans, links, set()) == plans


def test_only_stages_that_the_lane_goes_in_are_called() -> None:
    plans, links = {"x": plan("actuated")}, {"x": LINKS}
    one = with_failed(plans, links, {("south", 0)})["x"]  # link 4: the last stage alone
    longest = [phase.min_s == phase.max_s for phase in one.phases if not phase.changing]
    assert longest == [False, False, True]


def called(made: SignalPlan) -> int:
    return sum(phase.min_s == phase.max_s and not phase.changing for phase in made.phases)


class Street:
    """Counts the runs; a failed stage costs a second."""

    def __init__(self) -> None:
        self.links = {"x": LINKS}
        self.asked: list[tuple[Mapping[str, SignalPlan], int]] = []

    def run(self, wanted: Sequence[tuple[Mapping[str, SignalPlan], int]]) -> list[Outcome]:
        self.asked += wanted
        return [
            outcome(10.0 + sum(p.min_s == p.max_s and not p.changing for p in one["x"].phases)) for one, _ in wanted
        ]


@given(st.sampled_from([0.1, 0.34, 0.7, 1.0]), st.integers(1, 8))
def test_so_many_fail_on_each_seed_and_the_same_again(share: float, count: int) -> None:
    plans, seeds = {"x": plan("actuated")}, range(1, count + 1)
    streets = [Street(), Street()]
    before, after = [outcome(30.0)] * count, [outcome(10.0)] * count
    one, two = (judge_failed(s, plans, share, seeds, before, after) for s in streets)  # type: ignore[arg-type]
    assert one == two and one is not None and streets[0].asked == streets[1].asked
    assert one.detectors == 5 and one.failed == -(-share * 5 // 1) and len(one.broken) == min(count, 5)
    for made, _ in streets[0].asked:
        assert 1 <= called(made["x"]) <= min(2 * one.failed, 3)  # a lane goes in two stages at most
    told = one.as_json()
    assert told["sound_s"] == 10.0 and told["today_s"] == 30.0 and 11.0 <= float(told["broken_s"] or 0) <= 13.0


@pytest.mark.parametrize(("control", "share"), [("static", 0.1), ("actuated", 0.0)])
def test_nothing_is_told_where_nothing_can_fail(control: Control, share: float) -> None:
    street = SimpleNamespace(links={"x": LINKS})
    assert judge_failed(street, {"x": plan(control)}, share, [1], [], []) is None  # type: ignore[arg-type]
