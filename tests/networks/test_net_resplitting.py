"""New greens from another tool keep the changes of today: groups end and begin at seconds of their own."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from small_plans import crossing, stage_plans

from networks import SignalPlan, check_plan, timing_of
from networks.exchange.telling import changed_plan
from networks.signals.controllers.assembling import assemble_plan
from networks.timing.likeness import likeness
from networks.timing.ring_plan import RingPlan
from networks.timing.ringing import rings_of


def rings(plan: SignalPlan) -> RingPlan:
    layout, controller = crossing()
    return rings_of(timing_of(plan, controller), layout)


@settings(max_examples=25)
@given(plan=stage_plans(), longer=st.integers(1, 20), offset_s=st.integers(0, 50))
def test_new_greens_and_offset_keep_the_changes(plan: SignalPlan, longer: int, offset_s: int) -> None:
    """What comes back is what the stages would have been built with."""
    layout, controller = crossing()
    now = rings(plan)
    then = replace(
        now,
        offset_s=float(offset_s),
        phases=tuple(
            replace(p, green_s=p.green_s + longer, least_s=p.least_s, most_s=max(p.most_s, p.green_s + longer))
            for p in now.phases
        ),
    )
    new = changed_plan(plan, now, then, layout)
    greens = [stage.green_s + longer for stage in timing_of(plan, controller).stages]
    built = assemble_plan(controller, greens)
    first = next(p for p in now.phases if p.place == (1, 1, 1))
    stage = min(timing_of(plan, controller).stages, key=lambda one: (one.green_s != first.green_s, one.name))
    begin = timing_of(built, controller).begins_s()[stage.name]
    assert likeness(new, replace(built, offset_s=(offset_s - begin) % built.cycle_s)).same
    assert not [fault for fault in check_plan(new, controller) if "intergreen" in fault or "conflict" in fault]


def test_new_yellows_are_shown_as_the_rings_say() -> None:
    layout, controller = crossing()
    plan = assemble_plan(controller, [20.0] * len(controller.stages))
    now = rings(plan)
    then = replace(now, phases=tuple(replace(p, yellow_s=p.yellow_s + 1) for p in now.phases))
    new = changed_plan(plan, now, then, layout)
    assert new.cycle_s == plan.cycle_s + 2
    assert changed_plan(plan, now, now, layout) is plan
