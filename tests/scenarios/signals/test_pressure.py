"""Max-pressure: sums done by hand, a signal that keeps its times whoever comes, and a crossroads in SUMO itself."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_coordinated import cross
from test_timing_stage_set import stage_set

from models.sumo import read_case
from networks import read_layouts, read_rules, rule_controller
from networks.errors import EngineFailed
from scenarios.budget.threads import ThreadExecutor
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.stage_set import legal_stages
from scenarios.signals.pressure.kernel import FILLS, FULL, choose, link_pressures, stage_pressures
from scenarios.signals.pressure.plan import PressurePlan, group_stages
from scenarios.signals.pressure.pressed import Pressed
from scenarios.signals.pressure.running import run_pressed
from scenarios.signals.trying.trials import Trials

__all__ = ["cross"]


def test_a_link_weighs_who_comes_less_who_stands_behind_it() -> None:
    found = link_pressures(np.array([7.0, 3.0, 2.0]), np.array([2.0, 0.0, 5.0]), np.zeros(3))
    assert found.tolist() == [5.0, 3.0, 0.0]


def test_a_lane_that_fills_takes_weight_away_and_a_full_one_all() -> None:
    taken = np.array([0.0, FILLS, (FILLS + FULL) / 2, FULL, 1.0])
    assert link_pressures(np.full(5, 8.0), np.zeros(5), taken) == pytest.approx([8.0, 8.0, 4.0, 0.0, 0.0])


def test_a_stage_weighs_its_links_and_a_yielding_one_less() -> None:
    serves = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]])
    assert stage_pressures(serves, np.array([4.0, 3.0, 6.0])).tolist() == [7.0, 3.0]


@pytest.mark.parametrize(
    ("weights", "lost_s", "chosen"),
    [
        ([4.0, 5.0, 1.0], [0.0, 4.0, 4.0], 0),  # one more is not worth four seconds, in which two could go
        ([4.0, 7.0, 1.0], [0.0, 4.0, 4.0], 1),
        ([4.0, 7.0, 6.5], [0.0, 4.0, 1.0], 2),  # nearer by
        ([0.0, 0.5, 0.0], [0.0, 9.0, 9.0], 1),  # nobody comes here
        ([0.0, 0.0, 0.0], [0.0, 1.0, 1.0], 0),
    ],
)
def test_a_change_must_be_worth_what_it_costs(weights: list[float], lost_s: list[float], chosen: int) -> None:
    assert choose(np.array(weights), 0, np.array(lost_s)) == chosen


@given(st.integers(0, 2**32), st.sampled_from([np.inf, 90.0, 70.0]), st.sampled_from([0.0, 0.5, 1.0]))
def test_whoever_comes_every_time_is_kept(seed: int, red: float, crowd: float) -> None:
    """Least greens, three yellow seconds before every red, and nobody waits longer than the longest red."""
    stages, draw = stage_set(red), np.random.default_rng(seed)
    plan, favour = PressurePlan(stages), draw.random(5) ** 4
    assert plan.reserve_s < 70.0
    signal, seen = Pressed(plan), list[str]()
    for second in range(400):
        seen.append(signal.show(float(second), lambda: 9.0 * (crowd * favour + (1 - crowd) * draw.random(5))))
    for link in range(5):
        runs = [(letter, len(list(run))) for letter, run in groupby(s[link].upper() for s in seen)]
        for n, (letter, seconds) in enumerate(runs[1:-1], 1):
            if letter == "Y":
                assert (seconds, runs[n + 1][0]) == (3, "R")
            if letter == "G":
                assert seconds >= 5 and runs[n + 1][0] == "Y"
            if letter == "R":
                assert seconds + 3 <= red
        assert all(seconds <= red for _, seconds in runs) or red == np.inf or runs[0][1] == 400


def test_who_comes_is_served_and_who_does_not_waits() -> None:
    signal = Pressed(PressurePlan(stage_set()))
    seen = [signal.show(float(second), lambda: np.array([0.0, 0.0, 6.0, 2.0, 0.0])) for second in range(60)]
    assert seen[-1] == "rrGGr" and seen[0] == "GGrrr" and seen.count("rrGGr") > 45


def test_groups_without_conflict_are_stages_after_the_controllers_own(cross: Path) -> None:
    layout = read_layouts(cross / "net.xml")["A0"]
    controller = rule_controller(layout, read_rules("rilsa"))
    found = group_stages(controller, longest_red_s=120.0)
    own = legal_stages(controller, longest_red_s=120.0)
    assert found.states[: own.own] == own.states and found.own == own.own
    assert len(set(found.states)) == len(found.states) >= own.own
    for state in found.states:
        names = {group.name for group in controller.groups if any(state[k] in "Gg" for k in group.links)}
        assert not any(controller.conflicts.forbids(a, b) for a in names for b in names)
    assert all(least >= 5.0 for least in found.least_s)


def test_in_sumo_it_beats_fixed_times_and_keeps_its_yellow(cross: Path, tmp_path: Path) -> None:
    layout = read_layouts(cross / "net.xml")["A0"]
    controller = rule_controller(layout, read_rules("rilsa"))
    stages = group_stages(controller, longest_red_s=120.0)
    config = tmp_path / "run.sumocfg"
    states = tmp_path / "states.xml"
    (tmp_path / "ask.xml").write_text(
        f'<additional><timedEvent type="SaveTLSStates" source="A0" dest="{states}"/></additional>'
    )
    config.write_text(
        f'<configuration><input><net-file value="{cross / "net.xml"}"/><route-files value="{cross / "cars.rou.xml"}"/>'
        '</input><time><begin value="0"/><end value="600"/></time></configuration>'
    )
    trials = Trials(read_case(config), ThreadExecutor(1))
    asked = {"additional-files": str(tmp_path / "ask.xml")}
    try:
        trials._options[0].update(asked)
        (pressed,) = run_pressed(trials, [PressurePlan(stages)], [5])
        shown = re.findall(r' state="(\w+)"', states.read_text())
        fixed = plan_of(Design("static", (0, 1), (30.0, 30.0)), stages)
        (timed,) = trials.run([({"A0": fixed}, 5)])
        with pytest.raises(EngineFailed, match=r"nothing\.rou"):
            trials._options[0]["route-files"] = str(tmp_path / "nothing.rou.xml")
            run_pressed(trials, [PressurePlan(stages)], [5])
    finally:
        trials.close()
    assert pressed.delays.vehicles == timed.delays.vehicles > 50
    assert pressed.cost < 0.7 * timed.cost and pressed.vehicle_s < timed.vehicle_s
    changes = [tuple(phase.state for phase in one) for one in stages.changes.values()]
    runs = [state for state, _ in groupby(shown)]
    greens = [n for n, state in enumerate(runs) if state in stages.states]
    assert len(greens) > 8
    for a, b in pairwise(greens):
        assert tuple(runs[a + 1 : b]) in changes
