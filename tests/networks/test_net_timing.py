"""The plan model: exact to SUMO's phases and back, stages and offsets as an engineer reads them, day plans."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_crossings import crossing_net, four_arms
from small_plans import REAL, real_file

from networks import (
    BadInput,
    Calendar,
    Control,
    Controller,
    DayPlan,
    DayRule,
    ReferencePoint,
    SignalPhase,
    SignalPlan,
    Switch,
    build_controller,
    coordinated,
    guess_plans,
    offset_at,
    plan_of,
    read_controllers,
    read_layouts,
    read_signal_plans,
    timing_of,
)


@cache
def small() -> tuple[Controller, SignalPlan]:
    """Four arms with crossings on foot, and the plan guessed for them."""
    with TemporaryDirectory() as folder:
        net = four_arms(Path(folder), "--crossings.guess", "--sidewalks.guess", lanes=2)
        return read_controllers(net)["c"], guess_plans(net)["c"]


@pytest.mark.parametrize("name", REAL)
def test_every_signal_of_a_real_network_is_told_exactly(name: str) -> None:
    net = real_file(name)
    if not net.is_file():
        pytest.skip(f"{name} is not on this machine (CITYTWIN_DATA)")
    layouts, plans = read_layouts(net), read_signal_plans(net, source="imported")
    assert plans
    for tls, plan in plans.items():
        controller = build_controller(layouts[tls])
        timing = timing_of(plan, controller)
        assert plan_of(timing, controller) == plan
        assert timing.cycle_s == plan.cycle_s
        assert sorted(k for group in timing.groups for k in group.links) == list(range(len(plan.phases[0].state)))


seconds = st.floats(0.5, 99.0, allow_nan=False)


@st.composite
def any_plan(draw: st.DrawFn) -> SignalPlan:
    """Any phases at all: the model may not depend on a plan being sensible."""
    links = len(small()[0].red)
    letters = st.text(alphabet="GgyrsuoO", min_size=links, max_size=links)
    names = st.sampled_from(["", "stage 1", "stage 1", "change 1>2", "Y", "stage walk"])
    drawn = draw(st.lists(st.tuples(seconds, letters, seconds, seconds, names), min_size=1, max_size=9))
    twice = draw(st.booleans())
    all_drawn = drawn + (drawn[:1] if twice else [])
    jumps = st.lists(st.integers(0, len(all_drawn) - 1), max_size=2).map(tuple)
    phases = tuple(SignalPhase(*one, draw(jumps)) for one in all_drawn)
    kind = draw(st.sampled_from(["static", "actuated", "delay_based"]))
    params = (("max-gap", "2.5"),) if kind == "actuated" else ()
    return SignalPlan("c", draw(st.text(max_size=5)), draw(st.floats(-99, 99)), phases, "drawn", kind, params)


@settings(max_examples=200)
@given(plan=any_plan())
def test_plan_to_timing_to_plan_is_exact(plan: SignalPlan) -> None:
    controller, _ = small()
    timing = timing_of(plan, controller)
    assert plan_of(timing, controller) == plan
    assert len({stage.name for stage in timing.stages}) == len(timing.stages)
    for stage in timing.stages:
        assert stage.greens
        shown = {step.shows.replace("g", "G") for step in stage.greens}
        green = {tuple(k for k, letter in enumerate(step) if letter == "G") for step in shown}
        assert len(green) == 1, "the steps of a stage have the same greens"
    begins = timing.begins_s()
    assert all(0 <= begin < timing.cycle_s for begin in begins.values())


def test_an_engineer_reads_the_stages_of_a_guessed_plan() -> None:
    controller, plan = small()
    timing = timing_of(plan, controller)
    assert [stage.name for stage in timing.stages] == [stage.name for stage in controller.stages]
    assert timing.control is (Control.ACTUATED if plan.kind == "actuated" else Control.FIXED)
    for own, stage in zip(timing.stages, controller.stages, strict=True):
        lamps = {group.name: group.group for group in timing.groups}
        assert {lamps[name] for name in own.groups} == set(stage.groups)
        assert own.least_s <= own.green_s <= own.most_s
    yellows = {group.name: group.yellow_s for group in timing.groups}
    for group in timing.groups:
        assert yellows[group.name] == controller.named[group.group].yellow_s
    assert timing.source_of("groups.P1.min_green_s") == "derived from the network"
    assert timing.source_of("stages.1.green_s") == "guessed"


def hand_plan(*phases: tuple[float, str], offset_s: float = 0.0) -> SignalPlan:
    """A static plan; of the controller of `two_links`."""
    return SignalPlan("c", "0", offset_s, tuple(SignalPhase(s, state, s, s) for s, state in phases), "by hand")


@cache
def two_links() -> Controller:
    """Two one-way streets that cross: two links."""
    nodes = {"c": (0.0, 0.0), "n": (0.0, 200.0), "e": (200.0, 0.0), "s": (0.0, -200.0), "w": (-200.0, 0.0)}
    ways = [("n", "c", 1), ("c", "s", 1), ("w", "c", 1), ("c", "e", 1)]
    with TemporaryDirectory() as folder:
        straight = [("nc", "cs", 0, 0), ("wc", "ce", 0, 0)]
        net = crossing_net(Path(folder), nodes, [], one_way=ways, connections=straight)
        return read_controllers(net)["c"]


def test_stages_begins_and_offsets_by_hand() -> None:
    # The cycle begins in the middle of the second stage's yellow.
    plan = hand_plan((1, "ry"), (2, "rr"), (20, "Gr"), (3, "yr"), (1, "rr"), (31, "rG"), (2, "ry"), offset_s=10)
    timing = timing_of(plan, two_links())
    assert plan_of(timing, two_links()) == plan
    first, second = timing.stages
    assert (first.green_s, first.yellow_s, first.all_red_s, first.split_s) == (20, 3, 1, 24)
    assert (second.green_s, second.yellow_s, second.all_red_s, second.split_s) == (31, 3, 2, 36)
    assert timing.begins_s() == {"1": 3, "2": 27}
    assert offset_at(timing, ReferencePoint.BEGIN_OF_CYCLE, "") == 10
    assert offset_at(timing, ReferencePoint.BEGIN_OF_GREEN, "2") == 37
    assert offset_at(timing, ReferencePoint.BEGIN_OF_YELLOW, "2") == (10 + 27 + 31) % 60
    assert offset_at(timing, ReferencePoint.BEGIN_OF_RED, "2") == (10 + 27 + 31 + 3) % 60


def test_force_offs_and_permissives_by_hand() -> None:
    plan = hand_plan((20, "Gr"), (3, "yr"), (1, "rr"), (31, "rG"), (3, "ry"), (2, "rr"))
    told = coordinated(timing_of(plan, two_links()), ["1"])
    assert told.control is Control.COORDINATED
    assert told.coordination is not None
    assert told.coordination.force_offs_s == {"1": 20, "2": 55}
    # Stage 2 may begin from the yield point of stage 1 on, as long as 31 s of green fit before second 55.
    assert told.coordination.permissives_s == {"2": (20, 24)}
    with pytest.raises(BadInput, match="no stage 7"):
        coordinated(told, ["7"])


def test_another_green_moves_only_that_stage() -> None:
    plan = hand_plan((20, "Gr"), (3, "yr"), (31, "rG"), (3, "ry"))
    stage = timing_of(plan, two_links()).stages[0]
    longer = stage.lasting(26)
    assert (longer.green_s, longer.least_s, longer.most_s, longer.change) == (26, 26, 26, stage.change)


def test_a_plan_of_another_signal_is_refused_with_its_id() -> None:
    plan = hand_plan((20, "GGG"))
    with pytest.raises(BadInput, match="signal c"):
        timing_of(plan, two_links())


def test_walkers_who_begin_first_have_a_leading_interval() -> None:
    controller, _ = small()
    walkers = next(group for group in controller.groups if group.kind == "pedestrian")
    turning = {
        link
        for group in controller.groups
        if group.kind == "vehicle" and controller.conflicts.between(walkers.name, group.name).value == "permissive"
        for link in group.links
    }
    assert turning
    count = len(controller.red)
    alone = "".join("G" if k in walkers.links else "r" for k in range(count))
    both = "".join("G" if k in walkers.links else "g" if k in turning else "r" for k in range(count))
    rest = both.replace("g", "y").replace("G", "r")
    plan = hand_plan((4, alone), (20, both), (3, rest), (20, "r" * count))
    timing = timing_of(plan, controller)
    assert next(g for g in timing.groups if g.group == walkers.name).leading_s == 4
    plan = hand_plan((24, both), (3, rest), (20, "r" * count))
    assert next(g for g in timing_of(plan, controller).groups if g.group == walkers.name).leading_s == 0


def workdays() -> Calendar:
    week = DayPlan("week", (Switch(0, "night"), Switch(6.5 * 3600, "am"), Switch(20 * 3600, "free")))
    calm = DayPlan("calm", (Switch(0, "night"),))
    rules = (
        DayRule("calm"),
        DayRule("week", weekdays=frozenset(range(5))),
        DayRule("calm", first=date(2026, 12, 24), last=date(2026, 12, 26), priority=1),
    )
    return Calendar((week, calm), rules)


def test_a_calendar_tells_what_runs() -> None:
    calendar = workdays()
    monday = datetime(2026, 11, 23, 6, 29, 59, tzinfo=UTC)
    assert calendar.program_at(monday) == "night"
    assert calendar.program_at(monday.replace(minute=30)) == "am"
    assert calendar.program_at(monday.replace(day=22, hour=12)) == "night", "a Sunday"
    assert calendar.program_at(datetime(2026, 12, 24, 12, tzinfo=UTC)) == "night", "a holiday on a Thursday"
    friday = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    told = list(calendar.switches(friday, 4 * 86_400))
    hours = [(0, "am"), (1, "free"), (5, "night"), (59.5, "am"), (73, "free"), (77, "night"), (83.5, "am")]
    assert told == [(hour * 3600, program) for hour, program in hours]


def test_calendars_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadInput, match="day plan late"):
        DayPlan("late", (Switch(60, "am"),))
    with pytest.raises(BadInput, match="day plan back"):
        DayPlan("back", (Switch(0, "am"), Switch(7200, "pm"), Switch(3600, "am")))
    with pytest.raises(BadInput, match="no day plan is called week"):
        Calendar((), (DayRule("week"),))
    with pytest.raises(BadInput, match="no rule holds on 2026-11-22"):
        Calendar(workdays().day_plans, (DayRule("week", weekdays=frozenset({0})),)).day_plan_on(date(2026, 11, 22))
