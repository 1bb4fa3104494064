"""Signal plans in scenario files: nothing of a plan is lost, and plans with stages of their own are judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import (
    PhaseTerms,
    SignalPhase,
    SignalPlan,
    plan_faults,
    read_layouts,
    read_signal_plans,
    write_signal_plans,
)
from networks.errors import BadScenario
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.signals.equipment.loops import read_loops
from scenarios import Scenario, check_scenario, parse_scenario
from scenarios.plan_text import PlanText, plan_text
from scenarios.searches.signal_search import as_intervention
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.stage_set import legal_stages

if TYPE_CHECKING:
    from networks import City

SECONDS = st.floats(1, 90)
PHASES = st.builds(
    SignalPhase,
    duration_s=SECONDS,
    state=st.sampled_from(["Gr", "yr", "rG"]),
    min_s=SECONDS,
    max_s=SECONDS,
    name=st.sampled_from(["", "stage 1"]),
    following=st.sampled_from([(), (0,), (0, 1)]),
    terms=st.builds(
        PhaseTerms,
        earliest_end_s=st.none() | SECONDS,
        latest_end_s=st.none() | SECONDS,
        early_target=st.sampled_from(["", "DEFAULT", "z:D_a_0 > 0"]),
    ),
)
PLANS = st.builds(
    SignalPlan,
    tls_id=st.just("A"),
    program_id=st.just("new"),
    offset_s=st.floats(0, 90),
    phases=st.lists(PHASES, min_size=1, max_size=4).map(tuple),
    source=st.just("drawn"),
    kind=st.sampled_from(["static", "actuated", "delay_based"]),
    params=st.sampled_from([(), (("coordinated", "true"), ("max-gap", "2.50"))]),
)


@given(PLANS)
def test_a_plan_comes_back_from_its_text_as_it_was(plan: SignalPlan) -> None:
    assert PlanText.model_validate(plan_text(plan)).plan() == plan


@pytest.fixture(scope="module")
def on_call(helsinki: City) -> dict[str, SignalPlan]:
    """Plans on call with legal stages for some signals of the demo's city, as a search finds them."""
    table, found = read_rules("rilsa"), dict[str, SignalPlan]()
    loops = read_loops(helsinki.net_file)
    for tls, layout in sorted(read_layouts(helsinki.net_file).items()):
        stages = replace(legal_stages(rule_controller(layout, table), longest_red_s=120.0), loops=loops.get(tls, {}))
        if stages.own > 1:
            greens = stages.within_red(tuple(range(stages.own)), [35.0] * stages.own)
            found[tls] = plan_of(Design("on_call", tuple(range(stages.own)), greens), stages)
    assert any(plan.control == "on_call" for plan in found.values())
    return found


def test_found_plans_fit_the_city_and_unsafe_ones_do_not(
    helsinki: City, short: Scenario, on_call: dict[str, SignalPlan]
) -> None:
    check_scenario(short.with_interventions(as_intervention(on_call)), helsinki)
    today, layouts = read_signal_plans(helsinki.net_file), read_layouts(helsinki.net_file)
    fresh = [
        tls for tls, plan in on_call.items() if {p.state for p in plan.phases} - {p.state for p in today[tls].phases}
    ]
    assert len(fresh) > 5, "no plan has stages of its own"
    hasty = {
        tls: replace(on_call[tls], phases=tuple(p for p in on_call[tls].phases if not p.changing)) for tls in fresh
    }
    for tls in fresh:
        assert not plan_faults(on_call[tls], today[tls], layouts[tls])
        assert plan_faults(hasty[tls], today[tls], layouts[tls])
    for tls in (fresh[0], fresh[-1]):
        with pytest.raises(BadScenario, match=f"signal_plan {tls}"):
            check_scenario(short.with_interventions(as_intervention({tls: hasty[tls]})), helsinki)


def test_plans_of_a_file_keep_their_conditions(short: Scenario, on_call: dict[str, SignalPlan], tmp_path: Path) -> None:
    write_signal_plans(on_call, tmp_path / "plan.add.xml")
    text = short.model_dump_json(exclude={"interventions"}, exclude_none=True)[:-1]
    made = parse_scenario(
        text + ', "interventions": [{"kind": "signal_plan", "file": "plan.add.xml"}]}', file=tmp_path / "mine.yaml"
    )
    (change,) = made.interventions
    written = read_signal_plans(tmp_path / "plan.add.xml")
    assert {plan.tls_id: plan.plan() for plan in change.plans} == written  # type: ignore[union-attr]
    assert {tls: plan.control for tls, plan in written.items()} == {tls: p.control for tls, p in on_call.items()}
