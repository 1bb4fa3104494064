"""Ring plans: what engineers number 1 to 8, and the same lights when they run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from small_plans import (
    REAL,
    bare_crossing,
    crossing,
    eight_phase_plan,
    movement_links,
    real_file,
    real_plans,
    stage_plans,
)

from networks import BadInput, SignalPhase, SignalPlan, timing_of
from networks.timing.likeness import likeness
from networks.timing.looping import shown_loop
from networks.timing.ring_plan import RingPlan
from networks.timing.ringing import rings_of
from networks.timing.unringing import plan_of_rings


def rings_of_eight(offset_s: float = 0.0) -> tuple[SignalPlan, RingPlan]:
    layout, controller = bare_crossing()
    plan = eight_phase_plan(offset_s=offset_s)
    return plan, rings_of(timing_of(plan, controller), layout)


def test_a_dual_ring_plan_gets_the_numbers_of_nema() -> None:
    plan, rings = rings_of_eight(offset_s=7)
    layout, _ = bare_crossing()
    assert {phase.number for phase in rings.phases} == {1, 2, 3, 4, 5, 6, 7, 8}
    assert rings.cycle_s == pytest.approx(plan.cycle_s)
    served = {phase.number: phase.protected | phase.permitted for phase in rings.phases}
    places = {phase.number: phase.place for phase in rings.phases}
    straight = {n: served[n] & movement_links(layout, "nesw", "s") for n in served}
    left = {n: served[n] & movement_links(layout, "nesw", "l") for n in served}
    assert all(straight[n] and not left[n] for n in (2, 4, 6, 8))
    assert all(left[n] and not straight[n] for n in (1, 3, 5, 7))
    assert [places[n][:2] for n in (1, 2, 5, 6, 3, 4, 7, 8)] == [(b, r) for b in (1, 2) for r in (1, 1, 2, 2)]
    # North's straight traffic stays green through the overlap: 20 + 4 + 6; its own left turn gets 6 + 4 + 10.
    greens = {next(iter(rings_edges(n, served))): phase.green_s for phase in rings.phases for n in [phase.number]}
    assert greens["n", "s"] == 30
    assert greens["s", "s"] == 20
    assert greens["n", "l"] == 20
    assert greens["s", "l"] == 10
    assert greens["e", "l"] == greens["w", "l"] == 9
    assert rings.offset_s == 7


def rings_edges(number: int, served: dict[int, frozenset[int]]) -> set[tuple[str, str]]:
    """(arm, turn) of a phase, right turns left out."""
    layout, _ = bare_crossing()
    return {(m.from_edge[0], m.direction) for m in layout.movements if m.index in served[number] and m.direction != "r"}


def test_rings_show_the_lights_that_they_were_read_from() -> None:
    for offset in (0, 7, 77.5):
        plan, rings = rings_of_eight(offset)
        back = plan_of_rings(rings)
        assert likeness(plan, back).same
        assert (back.offset_s, [(p.duration_s, p.state) for p in back.phases]) == (
            offset,
            [(p.duration_s, p.state) for p in plan.phases],
        )


def test_the_busier_street_comes_first_and_the_offset_tells_its_green() -> None:
    layout, controller = bare_crossing()
    plan = eight_phase_plan((10, 5, 6, 60, 9), offset_s=7)
    rings = rings_of(timing_of(plan, controller), layout)
    first = next(phase for phase in rings.phases if phase.number == 2)
    assert rings_edges(2, {2: first.protected}) <= {("e", "s"), ("w", "s")}
    assert rings.offset_s == 7 + 10 + 4 + 5 + 4 + 6 + 4
    assert likeness(plan, plan_of_rings(rings)).same


@settings(max_examples=40)
@given(plan=stage_plans())
def test_splits_of_drawn_plans_meet_at_the_barriers(plan: SignalPlan) -> None:
    layout, controller = crossing()
    rings = rings_of(timing_of(plan, controller), layout)
    assert rings.cycle_s == pytest.approx(plan.cycle_s)
    back = plan_of_rings(rings)
    assert back.cycle_s == pytest.approx(plan.cycle_s)
    greens = {k for k in range(len(controller.red)) if any(p.state[k] in "Gg" for p in plan.phases)}
    shown = likeness(plan, back)
    # Only the changes may differ: rings hold one yellow and one red for each phase.
    change = sum(phase.duration_s for phase in plan.phases if phase.changing)
    assert shown.seconds <= change + 1e-6
    assert greens == {k for k in range(len(controller.red)) if any(p.state[k] in "Gg" for p in back.phases)}


@pytest.mark.parametrize("name", REAL)
def test_real_plans_show_the_same_lights_as_rings(name: str) -> None:
    if not real_file(name).is_file():
        pytest.skip(f"{name} is not on this machine (CITYTWIN_DATA)")
    same = count = 0
    for layout, controller, plan in real_plans(name):
        count += 1
        try:
            loop = shown_loop(plan)
            rings = rings_of(timing_of(loop, controller), layout)
        except BadInput as error:
            assert "phase" in error.what
            continue
        same += likeness(loop, plan_of_rings(rings)).same
    # Four of Hamburg's let links go (g) while those before them still have yellow.
    assert same >= count - (4 if "hamburg" in name else 0)


def test_what_needs_more_than_eight_phases_is_refused_with_its_id() -> None:
    layout, controller = bare_crossing()
    count = len(controller.red)
    ends = [m.index for m in layout.movements]
    phases = [SignalPhase(9, "".join("G" if k == one else "r" for k in range(count)), 9, 9) for one in ends[:12]]
    rest = SignalPhase(3, "".join("y" if k == ends[0] else "r" for k in range(count)), 3, 3)
    plan = SignalPlan("c", "0", 0, tuple(p for phase in phases for p in (phase, rest)), "by hand")
    with pytest.raises(BadInput, match="signal c"):
        rings_of(timing_of(plan, controller), layout)


def test_rings_that_do_not_meet_are_refused_in_words() -> None:
    _, rings = rings_of_eight()
    longer = tuple(replace(phase, green_s=phase.green_s + 5) if phase.number == 6 else phase for phase in rings.phases)
    with pytest.raises(BadInput, match="does not meet barrier 1"):
        plan_of_rings(replace(rings, phases=longer))
    twice = tuple(replace(phase, position=1) for phase in rings.phases)
    with pytest.raises(BadInput, match="two phases claim one place"):
        plan_of_rings(replace(rings, phases=twice))


def test_likeness_counts_seconds_and_links() -> None:
    plan = eight_phase_plan()
    assert likeness(plan, replace(plan, offset_s=plan.cycle_s)).same
    first = plan.phases[0]
    state = "r" + first.state[1:] if first.state[0] == "G" else "G" + first.state[1:]
    other = replace(plan, phases=(replace(first, state=state), *plan.phases[1:]))
    found = likeness(plan, other)
    assert (found.seconds, found.links, found.same) == (20, (0,), False)
    assert likeness(plan, eight_phase_plan((21, 6, 10, 25, 9))).seconds == plan.cycle_s


def test_phases_that_are_jumped_over_are_not_told() -> None:
    plan = eight_phase_plan()
    last = len(plan.phases) - 1
    spare = SignalPhase(4, plan.phases[0].state, 4, 4)
    jumping = replace(plan, phases=(*plan.phases[:-1], replace(plan.phases[-1], following=(0,)), spare))
    assert shown_loop(jumping) == plan
    assert shown_loop(plan) is plan
    with pytest.raises(BadInput, match=f"phase {last} is followed by any of 0, 3"):
        shown_loop(replace(plan, phases=(*plan.phases[:-1], replace(plan.phases[-1], following=(0, 3)))))
    with pytest.raises(BadInput, match="come back to phase 3"):
        shown_loop(replace(plan, phases=(*plan.phases[:-1], replace(plan.phases[-1], following=(3,)))))
