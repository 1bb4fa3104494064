"""A timing from a plan of SUMO's, and back: `plan_of(timing_of(plan, controller)) == plan`, to the last digit."""

from __future__ import annotations

from networks.errors import BadInput
from networks.signals.controllers.controller import Controller
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import LEAST_GREEN_S, STATIC, SignalPlan
from networks.timing.coordinating import coordinated
from networks.timing.grouping import form_lamps
from networks.timing.lamps import GREEN, LampGroup
from networks.timing.step import Step
from networks.timing.timed_stage import TimedStage
from networks.timing.timing import Control, Timing

_CONTROLS = {STATIC: Control.FIXED, "off": Control.FIXED, "NEMA": Control.COORDINATED}
_SHORTEST_WALK_S = 10.0
"""A step without any green that lasts as long is taken for a stage of people on foot whose lamps the network does not
hold (assumption: all-reds are shorter); one whose name begins with "stage" is one however long it lasts."""
FROM_NETWORK = "derived from the network"


def timing_of(plan: SignalPlan, controller: Controller) -> Timing:
    """What a plan tells its controller.

    A step is part of a stage if nobody's light is changing in it (no yellow, no red-amber, no name of a change) and
    somebody has green who does not always have it; neighbours with the same greens are one stage. What lies between is
    the change, with the short steps at its end in which some have green already and nobody will lose it.

    Args:
        plan: Any plan of this controller.
        controller: It names the groups and tells their least greens and clearances.

    Raises:
        BadInput: The plan is for another signal, or its states have another number of links.
    """
    _same_signal(plan, controller)
    groups = form_lamps(plan, controller)
    steps = [_step(phase, groups) for phase in plan.phases]
    stages, starts_at = _stages(plan, steps, groups)
    names = [stage.name for stage in stages]
    timing = Timing(
        tls_id=plan.tls_id,
        program_id=plan.program_id,
        control=_CONTROLS.get(plan.kind, Control.ACTUATED),
        engine=plan.kind,
        offset_s=plan.offset_s,
        groups=groups,
        stages=stages,
        starts_at=starts_at,
        source=plan.source,
        sources={f"groups.{g.name}.{what}": FROM_NETWORK for g in groups for what in ("min_green_s", "clearance_s")},
        transitions=frozenset(zip(names, names[1:] + names[:1], strict=True)),
        params=plan.params,
    )
    held = [stage.name for stage in stages if any(step.terms.held for step in stage.greens)]
    return coordinated(timing, held) if plan.coordinated and held else timing


def plan_of(timing: Timing, controller: Controller) -> SignalPlan:
    """The plan of SUMO's that shows a timing.

    Raises:
        BadInput: The timing is for another signal, or a link of the controller is in none of its groups.
    """
    links = len(controller.red)
    lamp = {link: n for n, group in enumerate(timing.groups) for link in group.links}
    if timing.tls_id != controller.tls_id or sorted(lamp) != list(range(links)):
        raise BadInput(
            f"the timing of {timing.tls_id} drives {len(lamp)} links, and {controller.tls_id} has {links}",
            place=f"signal {controller.tls_id}",
            expected="a timing of this signal, each link in one of its groups",
        )
    phases = tuple(
        SignalPhase(
            step.seconds,
            "".join(step.shows[lamp[k]] for k in range(links)),
            step.least_s,
            step.most_s,
            step.name,
            step.following,
            step.terms,
        )
        for step in timing.steps()
    )
    return SignalPlan(
        timing.tls_id, timing.program_id, timing.offset_s, phases, timing.source, timing.engine, timing.params
    )


def _same_signal(plan: SignalPlan, controller: Controller) -> None:
    links = len(controller.red)
    if plan.tls_id != controller.tls_id or any(len(phase.state) != links for phase in plan.phases):
        raise BadInput(
            f"the plan {plan.program_id} is not of this signal",
            place=f"signal {controller.tls_id}",
            expected=f"a plan of {controller.tls_id} whose states have {links} links",
        )


def _step(phase: SignalPhase, groups: tuple[LampGroup, ...]) -> Step:
    shows = "".join(phase.state[group.links[0]] for group in groups)
    return Step(
        phase.duration_s,
        phase.min_s,
        phase.max_s,
        shows,
        phase.name,
        phase.following,
        phase.terms,
    )


def _stages(plan: SignalPlan, steps: list[Step], groups: tuple[LampGroup, ...]) -> tuple[tuple[TimedStage, ...], int]:
    """The stages, and how many steps before the begin of the cycle the first of them begins."""
    greens = [frozenset(k for k, letter in enumerate(step.shows) if letter in GREEN) for step in steps]
    steady = _steady(plan, greens)
    count = len(steps)
    begins = [
        n for n in range(count) if steady[n] and not (steady[n - 1] and greens[n - 1] == greens[n] and count > 1)
    ] or [0]
    if steady[0] and begins[0] != 0:
        begins = begins[-1:] + begins[:-1]
    stages = list[TimedStage]()
    for n, begin in enumerate(begins):
        end = begins[(n + 1) % len(begins)]
        run = [(begin + k) % count for k in range((end - begin) % count or count)]
        rest = next((k for k, step in enumerate(run) if not steady[step]), len(run))
        shown = tuple(group.name for k, group in enumerate(groups) if k in greens[begin])
        name = _name(steps[begin].name, n, {stage.name for stage in stages})
        own = [steps[k] for k in run]
        stages.append(TimedStage(name, shown, tuple(own[:rest]), tuple(own[rest:])))
    return tuple(stages), -begins[0] % count


def _steady(plan: SignalPlan, greens: list[frozenset[int]]) -> list[bool]:
    """Which steps belong to a stage."""
    always, count = frozenset.intersection(*greens), len(greens)
    steady = [
        not phase.changing
        and (bool(green - always) or phase.duration_s >= _SHORTEST_WALK_S or phase.name.startswith("stage"))
        for phase, green in zip(plan.phases, greens, strict=True)
    ]
    for n in (*range(count), *range(count)):
        phase, waits = plan.phases[n], greens[n] < greens[(n + 1) % count]
        if waits and not steady[n - 1] and phase.duration_s < LEAST_GREEN_S and not phase.name.startswith("stage"):
            steady[n] = False
    if not any(steady):
        steady[0] = True
    return steady


def _name(given: str, number: int, taken: set[str]) -> str:
    """The plan's own name where it says "stage NAME", or else the number."""
    own = given.removeprefix("stage ") if given.startswith("stage ") else ""
    if own and own not in taken:
        return own
    name = str(number + 1)
    while name in taken:
        name += "'"
    return name
