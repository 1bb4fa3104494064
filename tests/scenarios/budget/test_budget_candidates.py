"""Candidates are legal changes of the plans that are there, and the same whoever asks for them when."""

from __future__ import annotations

import numpy as np
import pytest

from networks import SignalPhase, SignalPlan
from networks.signals.plans.stretching import joined_phases, new_faults, stretches, with_shares
from scenarios.budget.candidates import GivenPlans, SearchedPlans
from scenarios.budget.trial import AS_IT_IS


def phase(seconds: float, state: str, least: float | None = None, most: float | None = None) -> SignalPhase:
    return SignalPhase(seconds, state, least or seconds, most or seconds)


PLAIN = SignalPlan(
    "a", "0", 10.0, (phase(30, "GGrr"), phase(3, "yyrr"), phase(2, "rrrr"), phase(20, "rrGG"), phase(5, "rryy")), "x"
)
LIMITED = SignalPlan(
    "b",
    "0",
    0.0,
    (phase(10, "Gr", 6, 15), phase(20, "Gr", 20, 20), phase(4, "yr"), phase(26, "rG", 26, 26), phase(4, "ry")),
    "x",
)


def test_phases_that_show_the_same_are_one_and_their_limits_add_up() -> None:
    joined = joined_phases(LIMITED)
    assert [p.duration_s for p in joined.phases] == [30, 4, 26, 4]
    (only,) = stretches(joined)
    assert (only.phase, only.now_s, only.least_s, only.most_s) == (0, 30, 26, 35)


def test_without_limits_every_green_may_change_down_to_ten_seconds_or_its_own() -> None:
    first, second = stretches(PLAIN)
    assert (first.phase, first.least_s, second.phase) == (0, 10, 3)
    short = SignalPlan("a", "0", 0.0, (phase(7, "Gr"), phase(3, "yr"), phase(4, "rG"), phase(3, "ry")), "x")
    (only,) = stretches(short)
    assert only.least_s == 7  # and the green of 4 s is left alone


def test_a_green_that_everybody_has_always_makes_no_stage() -> None:
    plan = SignalPlan("a", "0", 0.0, (phase(9, "rG"), phase(20, "GG"), phase(3, "yG")), "x")
    assert [one.phase for one in stretches(plan)] == [1]


def test_plans_that_follow_the_traffic_are_left_alone() -> None:
    actuated = SignalPlan("a", "0", 0.0, PLAIN.phases, "x", "actuated")
    assert stretches(actuated) == ()
    assert not SearchedPlans({"a": actuated}, lambda _: []).able


@pytest.mark.parametrize("weights", [(1, 1), (1, 9), (100, 1), (3, 2)])
@pytest.mark.parametrize("cycle", [20, 47, 60, 90, 500])
def test_shares_are_whole_seconds_within_the_limits_and_make_the_cycle_if_it_can_be(
    weights: tuple[float, float], cycle: float
) -> None:
    made = with_shares(PLAIN, weights, cycle)
    greens = [made.phases[0].duration_s, made.phases[3].duration_s]
    assert all(seconds == round(seconds) and 10 <= seconds <= 180 for seconds in greens)
    assert made.cycle_s == min(max(cycle, 30), 370)
    assert [p.duration_s for p in made.phases if p.changing or "G" not in p.state] == [3, 2, 5]
    assert not made.check(PLAIN)


def test_shares_follow_the_weights_where_the_limits_allow() -> None:
    made = with_shares(PLAIN, (3, 1), 110)
    assert [made.phases[0].duration_s, made.phases[3].duration_s] == [75, 25]


def test_a_fault_of_today_is_no_new_one_unless_it_is_worse() -> None:
    own = ["intergreen from V1 to V4: 5 s, at least 8 s needed", "groups V1 and V5 are in conflict and green together"]
    assert new_faults(own, own) == []
    assert new_faults(["intergreen from V1 to V4: 6 s, at least 8 s needed"], own) == []
    assert new_faults(["intergreen from V1 to V4: 4 s, at least 8 s needed"], own)
    assert new_faults(["link 3: never green"], own) == ["link 3: never green"]


def searched(**more: object) -> SearchedPlans:
    flows = {"a": np.array([0.1, 0.3])}
    return SearchedPlans({"a": PLAIN, "b": LIMITED}, lambda plan: plan.check({"a": PLAIN, "b": LIMITED}[plan.tls_id]),
                         flows, total=60, **more)  # type: ignore[arg-type]  # fmt: skip


def test_candidates_do_not_depend_on_how_many_are_asked_for_at_a_time() -> None:
    one, many = searched(), searched()
    ranked = [AS_IT_IS, "1: cycles x 0.9"]
    by_one = [name for _ in range(60) for name in one(1, ranked)]
    assert by_one == many(100, ranked) and len(by_one) == 60
    assert one.plans == many.plans
    assert one(5, ranked) == []


def test_candidates_differ_by_their_seed_and_all_are_legal() -> None:
    mine, other = searched(), searched(seed=2)
    ranked = [AS_IT_IS, "1: cycles x 0.9"]
    names = mine(60, ranked)
    other(60, ranked)
    assert names[-1] in other.plans and mine.plans[names[-1]] != other.plans[names[-1]]
    for plans in mine.plans.values():
        assert all(not plan.check({"a": PLAIN, "b": LIMITED}[tls]) for tls, plan in plans.items())
    assert len({str(plans) for plans in mine.plans.values()}) > 50
    assert set(mine.drawn) <= set(names)
    drawn = mine.at_random(30)
    assert len(set(drawn)) == 30 and set(drawn) <= set(mine.plans) and mine.at_random(30) == drawn


def test_an_unsafe_change_is_not_made() -> None:
    source = SearchedPlans({"a": PLAIN}, lambda plan: ["too short"] if plan.phases[0].duration_s < 30 else [], total=60)
    source(60, [AS_IT_IS])
    assert all(plans["a"].phases[0].duration_s >= 30 for plans in source.plans.values() if plans)


def test_plans_as_long_as_a_safe_one_are_not_checked_again_and_no_unsafe_one_slips_through() -> None:
    asked: list[SignalPlan] = []

    def faults(plan: SignalPlan) -> list[str]:
        asked.append(plan)
        return ["people cannot cross"] if plan.phases[0].duration_s < 25 or plan.phases[3].duration_s < 14 else []

    source = SearchedPlans({"a": PLAIN}, faults, {"a": np.array([0.3, 0.1])}, total=200)
    source(200, [AS_IT_IS, "1: cycles x 0.9"])
    greens = [(p["a"].phases[0].duration_s, p["a"].phases[3].duration_s) for p in source.plans.values() if p]
    assert min(first for first, _ in greens) == 25 and min(second for _, second in greens) == 14
    assert len(asked) < 150


def test_what_somebody_brings_is_tried_in_its_order() -> None:
    source = GivenPlans({"x": {"a": PLAIN}, "y": {}})
    assert source(1, []) == ["x"] and source(5, []) == ["y"] and source(5, []) == []
    assert set(source.plans) == {AS_IT_IS, "x", "y"}
