"""Coordinated-actuated plans: on the clock in SUMO itself, the same after a file, never too long a red."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_timing_stage_set import safe, stage_set

from networks import (
    Control,
    PhaseTerms,
    build_controller,
    check_rules,
    read_layouts,
    read_rules,
    read_signal_links,
    read_signal_plans,
    rule_controller,
    sumo_home,
    timing_of,
    write_signal_plans,
)
from networks.errors import BadInput
from networks.timing.deriving import plan_of as shown_plan
from scenarios.signals.coordinating.held import held, longest_red_s, within_red
from scenarios.signals.coordinating.starts import further_starts
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.seeding import start_grid
from scenarios.signals.designing.stage_set import legal_stages
from scenarios.signals.searching.variation import Variation

RATIOS = np.array([0.3, 0.1, 0.2, 0.2, 0.02])
LOOP = Design("coordinated", (0, 2, 3), (20.0, 15.0, 12.0), 7.0)


@pytest.fixture(scope="module")
def cross(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One crossroads; 600 cars an hour from the west, some from the south."""
    folder = tmp_path_factory.mktemp("cross")
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "1", "--grid.attach-length", "300"]
    command += ["--default-junction-type", "traffic_light", "--no-turnarounds", "--output-file", folder / "net.xml"]
    subprocess.run(command, check=True, capture_output=True)
    flow = '<flow id="{0}" begin="0" end="900" probability="{2}"><route edges="{1}"/></flow>'
    flows = [flow.format("w", "left0A0 A0right0", 0.17), flow.format("s", "bottom0A0 A0top0", 0.05)]
    (folder / "cars.rou.xml").write_text(f"<routes>{''.join(flows)}</routes>")
    return folder


def shown(folder: Path, plan_file: Path, end_s: int = 900) -> list[str]:
    """What SUMO shows each second."""
    states = plan_file.with_suffix(".states")
    asked = plan_file.with_suffix(".ask.xml")
    asked.write_text(f'<additional><timedEvent type="SaveTLSStates" source="A0" dest="{states}"/></additional>')
    command = [sumo_home() / "bin" / "sumo", "-n", folder / "net.xml", "-r", folder / "cars.rou.xml"]
    command += ["-a", f"{plan_file},{asked}", "--end", str(end_s), "--no-step-log", "--no-warnings"]
    subprocess.run(command, check=True, capture_output=True)
    return re.findall(r' state="(\w+)"', states.read_text())


@pytest.mark.parametrize("first_s", [25.0, 8.0])
def test_in_sumo_the_held_stage_ends_by_the_clock_and_the_others_at_their_force_offs(
    cross: Path, tmp_path: Path, first_s: float
) -> None:
    layout = read_layouts(cross / "net.xml")["A0"]
    stages = legal_stages(rule_controller(layout, read_rules("rilsa")))
    assert len(stages.states) == 2 and stages.least_s[0] <= 8.0
    design = Design("coordinated", (0, 1), (first_s, 18.0), 13.0)
    plan = plan_of(design, stages)
    write_signal_plans({"A0": plan}, tmp_path / "p.add.xml")
    seen = shown(cross, tmp_path / "p.add.xml")
    cycle = plan.cycle_s
    runs, at = list[tuple[str, int, int]](), 0
    for state, run in groupby(seen):
        seconds = len(list(run))
        runs.append((state, at, at + seconds))
        at += seconds
    held_ends = [(end - 13) % cycle for state, _, end in runs[2:-1] if state == stages.states[0]]
    other = [(begin, end) for state, begin, end in runs[2:-1] if state == stages.states[1]]
    assert len(held_ends) >= 900 / cycle - 3 and set(held_ends) <= {first_s - 1, first_s}
    force_off = next(phase.terms.latest_end_s for phase in plan.phases if phase.state == stages.states[1])
    assert force_off is not None and all((end - 13) % cycle <= force_off for _, end in other)
    lengths = {end - begin for begin, end in other}
    assert min(lengths) >= stages.least_s[1] and max(lengths) <= 18 and len(lengths) > 2  # gaps end it early
    begins = {(begin - 13) % cycle for state, begin, _ in runs[2:-1] if state == stages.states[0]}
    assert len(begins) > 2  # what the others leave is the held one's


def test_a_file_keeps_it_and_its_timing_says_force_offs(cross: Path, tmp_path: Path) -> None:
    layout = read_layouts(cross / "net.xml")["A0"]
    controller = build_controller(layout)
    stages = legal_stages(controller)
    plan = plan_of(Design("coordinated", (1, 0), (20.0, 11.0), 5.0), stages)
    write_signal_plans({"A0": plan}, tmp_path / "p.add.xml")
    assert read_signal_plans(tmp_path / "p.add.xml", source="x") == {"A0": plan}
    assert (plan.control, plan.kind, plan.coordinated) == ("coordinated", "actuated", True)
    timing = timing_of(plan, controller)
    assert shown_plan(timing, controller) == plan
    assert timing.control is Control.COORDINATED and timing.coordination is not None
    assert timing.coordination.stages == ("2",) and timing.coordination.force_offs_s["2"] == 20.0
    assert timing.coordination.force_offs_s["1"] == plan.phases[-1 - len(stages.changes[0, 1])].terms.latest_end_s


@pytest.mark.parametrize("locale", ["gb", "ite", "rilsa", "uk"])
def test_it_passes_the_rules_and_an_end_beyond_the_cycle_cannot_be_run(cross: Path, locale: str) -> None:
    layout, table = read_layouts(cross / "net.xml")["A0"], read_rules(locale)
    controller = rule_controller(layout, table)
    stages = legal_stages(controller, longest_red_s=table.value("most_red") or 120.0)
    plan = plan_of(within_red(Design("coordinated", (0, 1), (40.0, 30.0), 5.0), stages), stages)
    assert all(one.passed is not False for one in check_rules(plan, controller, table, layout=layout))
    late = replace(plan.phases[0], terms=PhaseTerms(latest_end_s=plan.cycle_s + 1))
    with pytest.raises(BadInput, match="of a cycle of"):
        check_rules(replace(plan, phases=(late, *plan.phases[1:])), controller, table, layout=layout)


def test_too_long_a_red_of_a_coordinated_plan_is_seen(cross: Path) -> None:
    """An early green, then a late one: nearly two cycles of 70 s, though none of them is longer than 120 s."""
    layout, table = read_layouts(cross / "net.xml")["A0"], read_rules("gb")
    controller = rule_controller(layout, table)
    stages = legal_stages(controller)
    plan = plan_of(Design("coordinated", (0, 1), (80.0, 70.0), 0.0), stages)
    told = check_rules(plan, controller, table, layout=layout)
    assert any(one.rule == "most_red" and one.passed is False for one in told)


@given(st.lists(st.integers(5, 40), min_size=3, max_size=3), st.integers(0, 2**32))
def test_no_traffic_makes_a_red_longer_than_is_reckoned(greens: list[int], seed: int) -> None:
    """A street of its own: every free green as long as chance wants between its least and its force-off."""
    stages, draw = stage_set(), np.random.default_rng(seed)
    design = replace(LOOP, greens_s=tuple(map(float, greens)))
    plan, cycle = plan_of(design, stages), plan_of(design, stages).cycle_s
    now, ends, worst = 0.0, dict[str, float](), 0.0
    for phase in plan.phases * 30:
        if phase.changing:
            now += phase.duration_s
            continue
        if phase.terms.earliest_end_s is not None and phase.terms.latest_end_s is not None:
            end = now + (phase.terms.latest_end_s - now) % cycle
            end += cycle * (end < now + phase.min_s)
            end = max(now + phase.min_s, end - float(draw.integers(2)))
        else:
            assert phase.terms.latest_end_s is not None
            most = min(phase.max_s, (phase.terms.latest_end_s - now) % cycle or cycle)
            end = now + draw.uniform(phase.min_s, max(most, phase.min_s))
        if phase.state in ends:
            worst = max(worst, now - ends[phase.state] - 3.0)  # yellow left out
        now = ends[phase.state] = end
    assert worst <= longest_red_s(design, stages) + 1e-6


@given(st.integers(0, 2), st.floats(0, 60))
def test_holding_another_stage_moves_no_split(place: int, offset: float) -> None:
    stages = stage_set()
    fixed = Design("static", (0, 2, 3), (20.0, 15.0, 12.0), round(offset))
    assert begins(held(fixed, stages, place), stages) == begins(fixed, stages)


def begins(design: Design, stages: object) -> dict[str, float]:
    plan = plan_of(replace(design, control="static"), stages)  # type: ignore[arg-type]
    at = np.cumsum([0.0, *(phase.duration_s for phase in plan.phases)])
    return {p.state: float((at[n] + plan.offset_s) % plan.cycle_s) for n, p in enumerate(plan.phases) if not p.changing}


@given(st.integers(0, 2**32), st.sampled_from([np.inf, 90.0, 60.0]))
def test_whatever_a_search_makes_of_it_is_safe_and_on_a_clock(seed: int, red: float) -> None:
    stages, draw = stage_set(red), np.random.default_rng(seed)
    variation, design = Variation(stages, RATIOS, ("static", "coordinated"), True), LOOP
    for _ in range(15):
        design = variation.of(design, draw)
        plan = plan_of(design, stages)
        assert design.control in ("static", "coordinated") and stages.serves(design.stages)
        if plan.coordinated:
            assert 0 <= plan.offset_s < plan.cycle_s and longest_red_s(design, stages) <= max(red, 50.0)
            assert next(p.terms.latest_end_s for p in plan.phases if not p.changing) == plan.phases[0].duration_s
        else:
            safe(plan, stages)


def test_the_search_begins_with_the_best_fixed_times_held(cross: Path) -> None:
    sets, ratios = {"x": stage_set()}, {"x": RATIOS}
    named = start_grid(sets, ratios, ("static", "coordinated"), fewest=False)
    found = further_starts(named, [float(n) for n in range(len(named))], None, sets, ratios, ("static", "coordinated"))
    assert [name["en"] for name, _ in found] == ["coordinated: fixed, cycle 30 s", "coordinated: fixed, cycle 40 s"]
    assert all(one["x"].control == "coordinated" and one["x"].stages[0] == 0 for _, one in found)
    assert read_signal_links(cross / "net.xml")
