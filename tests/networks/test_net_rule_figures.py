"""Figures of the rules against arithmetic done by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_crossings import STAR, crossing_net, four_arms

from networks import (
    Controller,
    Layout,
    SignalPhase,
    SignalPlan,
    Verdict,
    build_controller,
    check_rules,
    read_layouts,
    read_rules,
    rule_controller,
)
from networks.rules.clearances import clearance_of
from networks.rules.ground import slow_walk_s
from networks.rules.transition import check_transition
from networks.signals.controllers.assembling import assemble_plan
from networks.signals.groups.encounter import Encounter


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Four arms of one lane at 50 km/h."""
    return read_layouts(four_arms(tmp_path_factory.mktemp("figures")))["c"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The same with sidewalks and crossings that the network holds."""
    roads = [("c", arm, 1) for arm in "nesw"]
    options = ("--sidewalks.guess", "--crossings.guess")
    return read_layouts(crossing_net(tmp_path_factory.mktemp("walks"), STAR, roads, *options))["c"]


def met(layout: Layout, leaving: str, clearing_m: float, entering: str, entering_m: float) -> Encounter:
    one, other = layout.movements[0], layout.movements[-1]
    return Encounter(leaving, clearing_m, entering, entering_m, 50 / 3.6, replace(one, speed_mps=50 / 3.6), other)


@pytest.mark.parametrize(
    ("locale", "leaving", "clearing_m", "entering", "entering_m", "seconds"),
    [
        ("rilsa", "straight", 24.0, "straight", 10.0, 6.0),  # 3 + (24 + 6) / 10 - 10 / 11.1 = 5.1, whole seconds
        ("rilsa", "turning", 22.0, "straight", 20.0, 5.0),  # 2 + (22 + 6) / 7 - 20 / 11.1 = 4.2
        ("rilsa", "straight", 2.0, "straight", 30.0, 3.0),  # 1.1: never below the yellow
        ("rilsa", "pedestrian", 12.0, "straight", 5.0, 9.6),  # 12 / 1.2 - 5 / 11.1 = 9.55, tenths
        ("ite", "straight", 24.0, "straight", 10.0, 4.8),  # 3.8 + max(1, (24 + 6.1) / 17.0 - 1 = .77)
        ("ite", "turning", 24.0, "straight", 10.0, 6.2),  # 3.8 + (24 + 6.1) / 8.94 - 1 = 2.37
        ("ite", "pedestrian", 10.67, "straight", 5.0, 10.0),  # 35 ft at 3.5 ft/s
        ("uk", "straight", 22.0, "straight", 10.0, 6.0),  # 12 m of difference
        ("uk", "turning", 32.0, "straight", 10.0, 8.0),  # 22 m of difference
        ("uk", "straight", 10.0, "pedestrian", 10.0, 4.0),
        ("resco", "straight", 40.0, "straight", 0.0, 0.0),
    ],
)
def test_intergreens_by_hand(
    layout: Layout, locale: str, leaving: str, clearing_m: float, entering: str, entering_m: float, seconds: float
) -> None:
    yellows = dict.fromkeys(range(len(layout.red)), 3.8 if locale == "ite" else 3.0)
    needed = clearance_of(read_rules(locale), yellows)
    assert needed(met(layout, leaving, clearing_m, entering, entering_m)) == pytest.approx(seconds)


def test_who_walks_slowly_has_the_way_and_six_feet_more() -> None:
    assert slow_walk_s(read_rules("ite"), 10.0) == pytest.approx(11.83 / 0.914)
    assert slow_walk_s(read_rules("rilsa"), 10.0) == 0.0


def told(plan: SignalPlan, layout: Layout, locale: str, rule: str) -> list[Verdict]:
    return [one for one in check_rules(plan, build_controller(layout), locale, layout=layout) if one.rule == rule]


def planned(controller: Controller, more_s: float = 0.0) -> SignalPlan:
    return assemble_plan(controller, [stage.min_green_s + more_s for stage in controller.stages])


def test_walk_and_clearance_last_until_the_first_conflicting_green(walked: Layout) -> None:
    plan = planned(rule_controller(walked, read_rules("ite")))
    lamps = {one.subject: one for one in told(plan, walked, "ite", "walk_total")}
    assert lamps
    walkers = {m.index: m.length_m for m in walked.movements if m.kind == "pedestrian"}
    groups = build_controller(walked).named
    for name, one in lamps.items():
        width = max(walkers[link] for link in groups[name].links)
        assert one.required == pytest.approx((width + 1.83) / 0.914) and one.passed
    twice = replace(plan, phases=plan.phases * 2)
    again = {one.subject: one.found for one in told(twice, walked, "ite", "walk_total")}
    assert again == {name: one.found for name, one in lamps.items()}, "not the last of the conflicting greens"


def test_the_shortest_of_several_gaps_counts(layout: Layout) -> None:
    good = planned(rule_controller(layout, read_rules("rilsa")), 5.0)
    twice = list(good.phases) * 2
    red = max(n for n, p in enumerate(twice) if p.changing and set(p.state) <= set("rs"))
    twice[red] = replace(twice[red], duration_s=0.5, min_s=0.5, max_s=0.5)
    wrong = [one for one in told(replace(good, phases=tuple(twice)), layout, "rilsa", "intergreen") if not one.passed]
    assert wrong and all(one.found is not None and one.found < one.required for one in wrong)


def test_the_longest_red_is_that_of_greens_at_their_longest(layout: Layout) -> None:
    controller = rule_controller(layout, read_rules("rilsa"))
    least = [stage.min_green_s for stage in controller.stages]
    short = assemble_plan(controller, least, most_s=[seconds + 20 for seconds in least])
    long = assemble_plan(controller, least, most_s=[seconds + 130 for seconds in least])
    assert all(one.passed for one in told(short, layout, "rilsa", "most_red"))
    assert not all(one.passed for one in told(long, layout, "rilsa", "most_red"))


def test_red_amber_is_shown_where_it_is_the_practice(layout: Layout) -> None:
    plan = planned(rule_controller(layout, read_rules("uk")))
    found = told(plan, layout, "uk", "red_amber")
    assert found and all(one.passed and one.found == 2.0 for one in found)
    plain = planned(rule_controller(layout, read_rules("gb")))
    assert {one.passed for one in told(plain, layout, "uk", "red_amber")} == {None}
    short = [replace(p, state=p.state.replace("u", "r")) if n % 2 else p for n, p in enumerate(plan.phases)]
    if any("u" in p.state for p in short):
        assert False in {one.passed for one in told(replace(plan, phases=tuple(short)), layout, "uk", "red_amber")}


def test_the_red_over_a_change_by_hand(layout: Layout) -> None:
    """Two stages of 30 s, 3 s of yellow and 2 s of red: who waits, waits 37 s, and a fifth of 70 s more."""
    controller = build_controller(layout)
    one, other = (stage_links(controller, n) for n in range(2))
    letters = {"G": "G", "y": "y", "r": "r"}

    def state(first: str, second: str) -> str:
        shown = {link: first for link in one} | {link: second for link in other}
        return "".join(letters[shown.get(k, "r")] for k in range(len(controller.red)))

    seconds = [("G", "r", 30.0), ("y", "r", 3.0), ("r", "r", 2.0), ("r", "G", 30.0), ("r", "y", 3.0), ("r", "r", 2.0)]
    plan = SignalPlan("c", "0", 0.0, tuple(SignalPhase(s, state(a, b), s, s) for a, b, s in seconds), "by hand")
    found = check_transition(plan, plan, controller, read_rules("rilsa"), layout=layout)
    reds = sorted(v.found or 0.0 for v in found if v.rule == "transition_red")
    assert reds[0] == 0.0, "who has green where the plans change"
    assert reds[-1] == pytest.approx(2.0 + 30.0 + 14.0 + 30.0 + 5.0)


def stage_links(controller: Controller, number: int) -> list[int]:
    return [link for name in controller.stages[number].groups for link in controller.named[name].links]
