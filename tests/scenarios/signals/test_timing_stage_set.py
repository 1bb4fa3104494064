"""What a signal may show: whatever stages a design chooses, the plan is safe between them and keeps its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from networks import SignalLink, SignalPhase, SignalPlan
from scenarios.signals.designing.design import Control, Design, plan_of
from scenarios.signals.designing.seeding import flow_ratios, split, start_grid
from scenarios.signals.designing.stage_set import StageSet, free_stages, pairs
from scenarios.signals.searching.variation import Variation

EDGES = ("north", "north", "east", "east", "south")
LINKS = [SignalLink("x", k, edge, k % 2, f"to{k}", "s") for k, edge in enumerate(EDGES)]
STATES = ("GGrrr", "Ggrrg", "rrGGr", "rrrGG")
CONTROLS: tuple[Control, ...] = ("static", "actuated", "delay_based")


def today() -> SignalPlan:
    phases = []
    for state in STATES:
        phases.append(SignalPhase(20, state, 20, 20))
        phases.append(SignalPhase(4, state.replace("G", "y").replace("g", "y"), 4, 4))
    return SignalPlan("x", "0", 0.0, tuple(phases), "imported")


def stage_set(longest_red_s: float = np.inf) -> StageSet:
    made = free_stages(today(), LINKS)
    return StageSet(made.tls_id, made.states, made.least_s, made.own, made.changes, longest_red_s)


def test_todays_greens_come_first_and_each_approach_may_go_alone() -> None:
    found = free_stages(today(), LINKS)
    assert found.states == (*STATES, "rrrrG")  # north alone and east alone are stages already
    assert found.own == 4
    assert all(found.serves(some) for some in found.covers()) and found.covers()[-1] == (0, 1, 2, 3)
    assert not found.serves((0, 2)) and not found.serves(())


def test_the_smallest_cover_is_the_smallest() -> None:
    sizes = [len(some) for some in free_stages(today(), LINKS).covers()]
    assert sizes == sorted(sizes)
    assert free_stages(today(), LINKS).covers()[0] == (1, 2)  # links 0, 1, 4 and 2, 3


def test_yellow_is_for_those_who_lose_the_green_alone() -> None:
    found = free_stages(today(), LINKS)
    assert [phase.state for phase in found.changes[0, 1]] == []  # nobody loses it
    assert [phase.state for phase in found.changes[1, 0]] == ["Ggrry"]
    assert [phase.state for phase in found.changes[2, 3]] == ["rryGr"]


@given(data=st.data())
def test_every_design_that_a_search_can_reach_is_safe(data: st.DataObject) -> None:
    red = data.draw(st.sampled_from([np.inf, 60.0, 40.0]))
    stages = stage_set(red)
    controls = data.draw(st.sampled_from([CONTROLS, CONTROLS[:1], CONTROLS[:2]]))
    variation = Variation(stages, np.array([0.3, 0.1, 0.2, 0.2, 0.02]), controls, True)
    draw = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    design = Design("static", (0, 1, 2, 3), (20.0, 20.0, 20.0, 20.0))
    for _ in range(data.draw(st.integers(1, 25))):
        design = variation.of(design, draw)
        plan = plan_of(design, stages)
        safe(plan, stages)
        assert design.control in controls or design.control == "static"
        assert stages.serves(design.stages) and len(design.stages) == len(design.greens_s)


def safe(plan: SignalPlan, stages: StageSet) -> None:
    """Least greens, 3 s of yellow before every red, no state but those of today's and between."""
    phases = plan.phases
    for before, after in zip(phases, (*phases[1:], phases[0]), strict=True):
        for a, b in zip(before.state, after.state, strict=True):
            assert not (a in "Gg" and b == "r") or len(phases) == 1
    for phase in phases:
        if phase.changing:
            assert phase.duration_s == phase.min_s == phase.max_s == 3.0
        else:
            assert phase.state in stages.states and phase.min_s >= 5.0 and phase.max_s >= phase.min_s
    assert plan.kind == "static" or plan.offset_s == 0.0
    assert 0.0 <= plan.offset_s < plan.cycle_s


@given(st.lists(st.floats(5, 120), min_size=2, max_size=4), st.sampled_from([30.0, 60.0, 120.0]))
def test_nobody_waits_longer_than_the_longest_red(greens: list[float], red: float) -> None:
    stages, chosen = stage_set(red), (0, 1, 2, 3)[: len(greens)]
    least = stages.lost_s(chosen) + 5.0 * len(greens)
    assume(least - 5.0 <= red)
    kept = stages.within_red(chosen, greens)
    assert stages.lost_s(chosen) + sum(kept) - min(kept) <= red
    assert all(green >= 5.0 for green in kept)
    room = [round(green) for green in greens]
    if stages.lost_s(chosen) + sum(room) - min(room) <= red:
        assert list(kept) == room  # what is short enough stays


def test_flow_ratios_are_those_of_the_busiest_lane() -> None:
    flows = {("north", "to0"): 900.0, ("north", "to1"): 180.0, ("east", "to2"): 360.0, ("south", "to4"): 90.0}
    found = flow_ratios(stage_set(), LINKS, flows)
    # lane 0 of north: 900 of 1800 vehicles an hour, in two of today's stages; that of south in two as well
    assert found.tolist() == pytest.approx([0.25, 0.25, 0.2, 0.025, 0.025])


@given(st.floats(20, 200), st.lists(st.floats(0.02, 0.6), min_size=5, max_size=5))
def test_splits_fill_the_cycle_and_keep_least_greens(cycle: float, ratios: list[float]) -> None:
    stages, chosen = stage_set(), (0, 2, 3)
    greens = split(stages, chosen, np.array(ratios), cycle)
    assert min(greens) >= 5.0
    wanted = max(cycle, stages.lost_s(chosen) + 15.0)
    assert sum(greens) + stages.lost_s(chosen) == pytest.approx(wanted, abs=2.0)


def test_the_grid_has_every_control_that_is_allowed() -> None:
    sets, ratios = {"x": stage_set()}, {"x": np.full(5, 0.1)}
    fixed = start_grid(sets, ratios, CONTROLS[:1], fewest=False)
    assert {made["x"].control for _, made in fixed} == {"static"}
    everything = start_grid(sets, ratios, CONTROLS, fewest=True)
    assert {made["x"].control for _, made in everything} == set(CONTROLS)
    assert len({name["en"] for name, _ in everything}) == len(everything) == 2 * (6 + 6 + 9)
    assert all(name["zh"] for name, _ in everything)
    for _, made in everything:
        safe(plan_of(made["x"], sets["x"]), sets["x"])


def test_the_cycle_closes() -> None:
    assert pairs((2,)) == [] and pairs((0, 2, 1)) == [(0, 2), (2, 1), (1, 0)]


def test_the_grid_keeps_the_longest_red() -> None:
    stages = stage_set(60.0)
    for _, made in start_grid({"x": stages}, {"x": np.full(5, 0.1)}, CONTROLS, fewest=True):
        greens, lost = made["x"].greens_s, stages.lost_s(made["x"].stages)
        assert lost + sum(greens) - min(greens) <= 60.0
