"""Stages that protect turns go only with leave, only where that helps, and fail only the rule that asks for them."""

from __future__ import annotations

import pytest
from small_crossroads import write_turn_lanes

from models.sumo import SumoCase, read_case
from networks import Controller, Layout, check_rules, read_layouts, read_rules, rule_controller
from networks.errors import BadInput
from networks.signals.groups.grouping import own_turn_lanes
from networks.signals.layouts.movement import Movement
from scenarios.ensembles.executor import SerialExecutor
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.stage_set import legal_stages
from scenarios.signals.searching.dropping import find_droppable, permitted_edges, with_fewer_stages
from scenarios.signals.trying.trials import Trials


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> SumoCase:
    return read_case(write_turn_lanes(tmp_path_factory.mktemp("turns")))


@pytest.fixture(scope="module")
def layout(case: SumoCase) -> Layout:
    return read_layouts(case.net)["A0"]


@pytest.mark.parametrize("law", ["rilsa", "gb", "ite", "uk"])
def test_without_the_stages_the_plan_fails_the_protected_turn_alone(layout: Layout, law: str) -> None:
    table, strict = read_rules(law), rule_controller(layout, read_rules(law))
    found = find_droppable(layout, table, len(strict.stages))
    assert found is not None and found.fewer < found.stages and len(found.edges) == 4
    for loose, rules in ((frozenset[str](), set[str]()), (own_turn_lanes(layout), {"protected_turn"})):
        stages = legal_stages(rule_controller(layout, table, loose=loose))
        every = tuple(range(stages.own))
        plan = plan_of(Design("static", every, tuple(max(20.0, one) for one in stages.least_s)), stages)
        verdicts = check_rules(plan, strict, table, layout=layout)
        assert {one.rule for one in verdicts if one.passed is False} == (rules if "protected_turn" in table else set())


def test_leave_for_one_approach_is_not_leave_for_another(layout: Layout) -> None:
    controller = rule_controller(layout, read_rules("rilsa"), loose=frozenset({"left0A0.140.00"}))
    apart = {
        turn.from_edge for turn in layout.movements if turn.direction == "l" and _protected(controller, layout, turn)
    }
    assert apart == {"right0A0.140.00", "bottom0A0.140.00", "top0A0.140.00"}


def _protected(controller: Controller, layout: Layout, turn: Movement) -> bool:
    """Whether a turn may not be green with those that come straight against it."""
    facing = {"left": "right", "right": "left", "bottom": "top", "top": "bottom"}[turn.from_edge.partition("0")[0]]
    against = (m for m in layout.movements if m.from_edge.startswith(facing) and m.direction == "s")
    name = controller.group_of[turn.index].name
    return any(controller.conflicts.forbids(name, controller.group_of[m.index].name) for m in against)


def test_stages_are_dropped_with_leave_where_less_is_lost(case: SumoCase, layout: Layout) -> None:
    table = read_rules("rilsa")
    strict = {"A0": legal_stages(rule_controller(layout, table), longest_red_s=120.0)}
    trials = Trials(case, SerialExecutor())
    flows, layouts = trials.flows(), {"A0": layout}
    kept, told = with_fewer_stages(trials, strict, layouts, table, flows, frozenset())
    assert kept == strict and not told[0].dropped and told[0].permitted == () and trials.count == 1
    fewer, told = with_fewer_stages(trials, strict, layouts, table, flows, permitted_edges(["all"], layouts))
    assert told[0].dropped and fewer["A0"].own == told[0].fewer < strict["A0"].own
    assert fewer["A0"].longest_red_s == 120.0 and trials.count == 5
    trials.close()


def test_leave_is_for_approaches_that_are_there(layout: Layout) -> None:
    assert permitted_edges(["left0A0.140.00"], {"A0": layout}) == {"left0A0.140.00"}
    with pytest.raises(BadInput, match="no signal that may change has an approach nowhere"):
        permitted_edges(["left0A0.140.00", "nowhere"], {"A0": layout})
