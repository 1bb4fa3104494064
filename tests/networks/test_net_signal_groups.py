"""Groups, conflicts, intergreens and stages of small junctions, and what the checker finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_crossings import STAR, crossing_net, dual_carriageway, four_arms, wide_arms

from networks import (
    BadInput,
    Conflict,
    Controller,
    Layout,
    SignalPlan,
    build_controller,
    check_plan,
    read_layouts,
    read_signal_plans,
    write_signal_plans,
)
from networks.signals.controllers.cliques import cheapest_cover, fitting_sets
from networks.signals.groups.intergreens import clearing_s, entering_s, intergreen_s, ite_yellow_s, yellow_s
from networks.signals.guesses.guess import guess_plan


def only(net: Path) -> Layout:
    (layout,) = read_layouts(net).values()
    return layout


def group_from(layout: Layout, controller: Controller, edge: str, turn: str = "s") -> str:
    links = {m.index for m in layout.movements if m.from_edge == edge and m.direction == turn}
    return controller.group_of[min(links)].name


@pytest.fixture(scope="module")
def simple(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, Controller]:
    layout = only(four_arms(tmp_path_factory.mktemp("four")))
    return layout, build_controller(layout)


@pytest.mark.parametrize(("kmh", "seconds"), [(30, 3), (50, 3), (60, 4), (70, 5), (100, 5)])
def test_yellow_follows_the_speed_limit(kmh: float, seconds: float) -> None:
    assert yellow_s(kmh / 3.6) == seconds


def test_the_kinematic_yellow_in_closed_form() -> None:
    assert ite_yellow_s(13.9) == pytest.approx(1 + 13.9 / 6.1)
    assert ite_yellow_s(13.9, grade=-0.05) == pytest.approx(1 + 13.9 / (6.1 - 0.981))


def test_the_intergreen_in_closed_form() -> None:
    # straight on, 20 m to clear: 3 s overrun + (20 + 6) / 10; a vehicle enters after 11.11 m at 40 km/h: 1 s
    assert clearing_s("straight", 20.0) == pytest.approx(5.6)
    assert entering_s("turning", 100 / 9) == pytest.approx(1.0)
    assert intergreen_s("straight", 20.0, "turning", 100 / 9, yellow=3.0) == 5.0
    # turning at 7 m/s after 2 s; never shorter than the yellow; pedestrians 12 m at 1.2 m/s
    assert intergreen_s("turning", 15.0, "straight", 0.0, yellow=3.0) == 5.0
    assert intergreen_s("straight", 0.0, "straight", 50.0, yellow=4.0) == 4.0
    assert intergreen_s("pedestrian", 12.0, "straight", 0.0, yellow=0.0) == 10.0
    # who may drive only 5 m/s clears at 5 m/s
    assert intergreen_s("straight", 20.0, "straight", 0.0, yellow=3.0, limit_mps=5.0) == 9.0


def test_opposite_approaches_share_a_stage_and_crossing_ones_never(simple: tuple[Layout, Controller]) -> None:
    layout, controller = simple
    names = {arm: group_from(layout, controller, f"{arm}c") for arm in "nesw"}
    assert len(set(names.values())) == len(controller.groups) == 4
    for one, other, said in (("n", "s", Conflict.PERMISSIVE), ("n", "e", Conflict.CONFLICT)):
        assert controller.conflicts.between(names[one], names[other]) is said
        assert controller.conflicts.between(names[other], names[one]) is said
    assert {frozenset(stage.groups) for stage in controller.stages} == {
        frozenset({names["n"], names["s"]}),
        frozenset({names["e"], names["w"]}),
    }


def test_intergreens_of_a_junction_are_those_of_its_paths(simple: tuple[Layout, Controller]) -> None:
    layout, controller = simple
    north, east = (group_from(layout, controller, f"{arm}c") for arm in "ne")
    # the longest: from the north straight on, to the far side of the east-west lanes, against who starts near it
    assert 4 <= controller.intergreens.between(north, east) <= 7
    assert controller.intergreens.between(north, east) >= controller.named[north].yellow_s
    assert controller.intergreens.between(north, north) == 0


def test_turns_over_two_oncoming_lanes_get_a_stage_where_they_have_lanes(tmp_path: Path) -> None:
    layout = only(wide_arms(tmp_path))
    lanes = {m.from_lane for m in layout.movements if m.from_edge == "nc" and m.direction == "l"}
    others = {m.from_lane for m in layout.movements if m.from_edge == "nc" and m.direction != "l"}
    assert not lanes & others  # else this tests nothing
    controller = build_controller(layout)
    left, through = group_from(layout, controller, "nc", "l"), group_from(layout, controller, "sc")
    assert controller.conflicts.forbids(left, through)
    assert not any({left, through} <= set(stage.groups) for stage in controller.stages)
    opposite = group_from(layout, controller, "sc", "l")
    assert any({left, opposite} <= set(stage.groups) for stage in controller.stages)
    loose = build_controller(layout, protect_lanes=9)
    assert len(loose.stages) == 2 < len(controller.stages) == 4


def test_a_t_junction_has_two_stages(tmp_path: Path) -> None:
    nodes = {name: STAR[name] for name in "cesw"}
    layout = only(crossing_net(tmp_path, nodes, [(arm, "c", 1) for arm in "esw"]))
    controller = build_controller(layout)
    stem = group_from(layout, controller, "sc", "l")
    assert len(controller.stages) == 2
    assert next(stage for stage in controller.stages if stem in stage.groups).groups == (stem,)


def test_keeping_left_is_the_mirror_image(tmp_path: Path) -> None:
    right = build_controller(only(wide_arms(tmp_path / "r")))
    layout = only(wide_arms(tmp_path / "l", left_hand=True))
    left = build_controller(layout)
    assert layout.left_hand
    assert len(left.stages) == len(right.stages) == 4
    assert left.conflicts.forbids(group_from(layout, left, "nc", "r"), group_from(layout, left, "sc"))


def test_crossings_of_the_network_are_groups_with_their_clearance(tmp_path: Path) -> None:
    layout = only(four_arms(tmp_path, "--sidewalks.guess", "--crossings.guess", lanes=2))
    controller = build_controller(layout)
    walkers = [group for group in controller.groups if group.kind == "pedestrian"]
    assert len(walkers) == 4
    assert not controller.crossings
    for group in walkers:
        path = next(m for m in layout.movements if m.index in group.links)
        assert group.clearance_s == pytest.approx(path.length_m / 1.2)
        beside = [m for m in layout.movements if m.kind == "vehicle" and m.direction == "s"]
        hit = {
            controller.group_of[m.index].name
            for m in beside
            if controller.conflicts.forbids(controller.group_of[m.index].name, group.name)
        }
        assert len(hit) == 2  # who leaves by the arm that it crosses, and who comes straight into it
        after = [controller.intergreens.between(group.name, name) for name in hit]
        assert max(after) > group.clearance_s - 1  # from both sides, less the way of who enters
        assert min(after) > group.clearance_s / 2
    assert check_plan(guess_plan(layout, controller), controller) == []


def test_where_crossings_are_not_built_people_still_have_their_time(simple: tuple[Layout, Controller]) -> None:
    layout, controller = simple
    assert len(controller.crossings) == 4
    for crossing in controller.crossings:
        assert crossing.width_m == pytest.approx(2 * 3.25)
        assert crossing.need_s == pytest.approx(5 + 6.5 / 1.2)
    wide = build_controller(
        replace(layout, edges={name: replace(edge, lanes=5) for name, edge in layout.edges.items()})
    )
    assert wide.stages[0].min_green_s > controller.stages[0].min_green_s
    plan = guess_plan(layout, wide, kind="static")
    assert check_plan(plan, wide) == []
    hasty = replace(plan, phases=tuple(replace(p, duration_s=min(p.duration_s, 5.0)) for p in plan.phases))
    assert all("pedestrians over" in said for said in check_plan(hasty, wide)) and check_plan(hasty, wide)


def test_no_stage_leaves_vehicles_between_two_carriageways(tmp_path: Path) -> None:
    layout = only(dual_carriageway(tmp_path))
    assert {"ab", "ba"} <= layout.inner
    controller = build_controller(layout)
    plan = guess_plan(layout, controller)
    assert check_plan(plan, controller) == []
    feeds = [
        (m.index, [n.index for n in layout.movements if n.from_edge == m.to_edge and n.direction == "s"])
        for m in layout.movements
        if m.to_edge in layout.inner
    ]
    assert feeds
    for phase in plan.phases:
        for feeding, fed in feeds:
            if phase.state[feeding] in "Gg" and not phase.changing:
                assert all(phase.state[link] in "Gg" for link in fed), phase
    through = group_from(layout, controller, "sa")
    carriageway = group_from(layout, controller, "beb")
    assert controller.conflicts.forbids(through, carriageway)  # though they never meet at one junction
    need = controller.intergreens.between(through, carriageway)
    direct = controller.intergreens.between(group_from(layout, controller, "ab"), carriageway)
    assert need > direct  # who enters has the inner edge to clear, too


def test_a_signal_between_junctions_stops_for_people_alone(tmp_path: Path) -> None:
    nodes = {"c": (0.0, 0.0), "w": (-200.0, 0.0), "e": (200.0, 0.0)}
    layout = only(crossing_net(tmp_path, nodes, [("w", "c", 1), ("e", "c", 1)]))
    controller = build_controller(layout)
    plan = guess_plan(layout, controller)
    red = [phase for phase in plan.phases if set(phase.state) == {"r"} and not phase.changing]
    assert [stage.groups for stage in controller.stages][1] == ()
    assert sum(phase.duration_s for phase in red) >= 5 + 6.5 / 1.2
    assert sum(phase.duration_s for phase in plan.phases if "G" in phase.state) > plan.cycle_s / 2
    assert check_plan(plan, controller) == []


def with_state(plan: SignalPlan, number: int, state: str) -> SignalPlan:
    phases = list(plan.phases)
    phases[number] = replace(phases[number], state=state)
    return replace(plan, phases=tuple(phases))


def lasting(plan: SignalPlan, number: int, seconds: float) -> SignalPlan:
    phases = list(plan.phases)
    phases[number] = replace(phases[number], duration_s=seconds, min_s=seconds, max_s=seconds)
    return replace(plan, phases=tuple(phases))


def test_what_is_unsafe_is_said(simple: tuple[Layout, Controller]) -> None:
    layout, controller = simple
    plan = guess_plan(layout, controller, kind="static")
    assert check_plan(plan, controller) == []
    stages = [n for n, phase in enumerate(plan.phases) if not phase.changing]
    first, yellow = stages[0], stages[0] + 1
    last_red = next(n for n, p in enumerate(plan.phases) if set(p.state) == {"r"})
    links = len(controller.red)
    unsafe = {
        "in conflict and green together": with_state(plan, first, "G" * links),
        "has the way (G) while": with_state(plan, first, plan.phases[first].state.replace("g", "G")),
        "green for 4 s, at least 5 s": lasting(plan, first, 4.0),
        "yellow for 2 s, at least 3 s": lasting(plan, yellow, 2.0),
        "yellow for 0 s": with_state(plan, yellow, plan.phases[yellow].state.replace("y", "r")),
        "intergreen from": lasting(plan, last_red, 0.5),
        "never green": with_state(plan, first, "r" * links),
        "do not have": with_state(plan, first, "G"),
        "not c": replace(plan, tls_id="other"),
        "do not show the same": with_state(plan, first, "r" + plan.phases[first].state[1:]),
    }
    for said, wrong in unsafe.items():
        found = check_plan(wrong, controller)
        assert any(said in sentence for sentence in found), (said, found)


def test_an_actuated_plan_is_judged_at_its_least_greens(simple: tuple[Layout, Controller]) -> None:
    layout, controller = simple
    plan = guess_plan(layout, controller)
    assert plan.kind == "actuated"
    assert any(phase.min_s < phase.max_s for phase in plan.phases)
    hasty = replace(plan, phases=tuple(replace(p, min_s=min(p.min_s, 2.0)) for p in plan.phases))
    assert any("green for 2 s" in said for said in check_plan(hasty, controller))


def test_control_and_limits_survive_writing(simple: tuple[Layout, Controller], tmp_path: Path) -> None:
    layout, controller = simple
    for kind in ("static", "actuated"):
        plan = guess_plan(layout, controller, kind=kind)
        write_signal_plans({plan.tls_id: plan}, tmp_path / "plan.add.xml")
        assert read_signal_plans(tmp_path / "plan.add.xml") == {plan.tls_id: plan}


def test_stages_are_chosen_for_the_least_critical_flow() -> None:
    # a ring of four: 0-2 and 1-3 do not fit; members that fit nobody else stand alone
    assert fitting_sets([0b1010, 0b0101, 0b1010, 0b0101]) == [0b0011, 0b0110, 0b1001, 0b1100]
    assert fitting_sets([0, 0]) == [0b01, 0b10]
    # {0, 1} and {2, 3} share their heavy members: 0.5 + 0.1 against 0.5 + 0.4 for {0, 3} and {1, 2}
    weight = [0.5, 0.4, 0.1, 0.1]
    assert set(cheapest_cover([0b0011, 0b0110, 0b1001, 0b1100], weight, 0.06)) == {0b0011, 0b1100}


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.net.xml").write_text("<net")
    with pytest.raises(BadInput, match="cannot be read"):
        read_layouts(tmp_path / "x.net.xml")
