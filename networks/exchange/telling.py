"""What an export keeps and what it leaves out, for each signal, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from networks.errors import BadInput
from networks.signals.controllers.building import build_controller
from networks.signals.controllers.checking import check_plan
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.stretching import new_faults
from networks.timing.deriving import plan_of, timing_of
from networks.timing.likeness import likeness
from networks.timing.looping import shown_loop
from networks.timing.resplitting import resplit
from networks.timing.ring_plan import RingPlan
from networks.timing.ringing import rings_of
from networks.timing.timing import Control
from networks.timing.unringing import plan_of_rings

_TOLD_S = 1e-3


@dataclass(frozen=True)
class Told:
    """Plans as ring plans.

    Attributes:
        rings: By signal id.
        left_out: Signal id -> why it cannot be told in rings.
    """

    rings: dict[str, RingPlan]
    left_out: dict[str, str]


def tell_rings(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout]) -> Told:
    """The ring plan of every plan that has one.

    Raises:
        BadInput: A plan is for a signal that the network does not have, or has another number of links.
    """
    told = Told({}, {})
    for tls, plan in sorted(plans.items()):
        if tls not in layouts:
            raise BadInput(
                "the network has no such signal",
                place=f"signal {tls}",
                expected=f"plans of its signals, e.g. {', '.join(sorted(layouts)[:3])}",
                remedy="give the network that the plan is for: --net",
            )
        try:
            timing = timing_of(shown_loop(plan), build_controller(layouts[tls]))
            told.rings[tls] = rings_of(timing, layouts[tls])
        except BadInput as error:
            told.left_out[tls] = error.what
    return told


def changed_plan(today: SignalPlan, now: RingPlan, then: RingPlan, layout: Layout) -> SignalPlan:
    """The plan of today with what a ring plan changes of it.

    Where only greens and offset are new the changes between the stages stay as they are; otherwise the plan shows what
    the ring plan says.

    Args:
        today: What runs.
        now: Its ring plan.
        then: The ring plan that was read.
        layout: The ground of the signal.
    """
    if not differences(now, then):
        return today
    controller = build_controller(layout)
    new = resplit(timing_of(shown_loop(today), controller), now, then)
    return plan_of(new, controller) if new else plan_of_rings(then)


def read_back(plan: SignalPlan, read: RingPlan) -> str:
    """What the written file shows when it is read again, beside the plan that was given."""
    shown = likeness(shown_loop(plan), plan_of_rings(read))
    if shown.cycles_s[0] != shown.cycles_s[1] and not shown.same:
        return f"read back its cycle is {shown.cycles_s[1]:g} s instead of {shown.cycles_s[0]:g} s"
    limits = "; the limits of a green that lies between two phases are not held" if shown.limits else ""
    if shown.same:
        return "read back it shows the same in every second" + limits
    links = ", ".join(map(str, shown.links))
    return f"read back links {links} differ in {shown.seconds:g} of {shown.cycles_s[0]:g} s" + limits


def less_safe(plan: SignalPlan, read: RingPlan, layout: Layout) -> str:
    """What is less safe in what the written file shows than in the plan that was given; "" where nothing is."""
    controller = build_controller(layout)
    faults = new_faults(check_plan(plan_of_rings(read), controller), check_plan(plan, controller))
    return f"{faults[0]}{f' and {len(faults) - 1} more' if faults[1:] else ''}" if faults else ""


def not_held(rings: RingPlan) -> list[str]:
    """What no format of rings and phases holds of a plan."""
    found = []
    if rings.interrupted:
        links = ", ".join(map(str, sorted({link for link, _ in rings.interrupted})))
        found.append(f"that links {links} turn red between two phases that both serve them")
    if rings.red_ambers_s:
        found.append("red-amber")
    if rings.control is Control.FIXED and any(phase.most_s != phase.green_s for phase in rings.phases):
        found.append("the longest greens (it runs at fixed times)")
    if rings.control is Control.MAX_PRESSURE:
        found.append("max-pressure control")
    return found


def differences(now: RingPlan, then: RingPlan) -> list[str]:
    """What a ring plan changes of another, a phrase each; empty when nothing."""
    found = []
    if now.control is not then.control:
        found.append(f"control {now.control.value} -> {then.control.value}")
    for what, a, b in (("cycle", now.cycle_s, then.cycle_s), ("offset", now.offset_s, then.offset_s)):
        if abs(a - b) > _TOLD_S:
            found.append(f"{what} {a:g} -> {b:g} s")
    old = {phase.number: phase for phase in now.phases}
    new = {phase.number: phase for phase in then.phases}
    found += [f"phase {n} is new" for n in sorted(new.keys() - old.keys())]
    found += [f"phase {n} is gone" for n in sorted(old.keys() - new.keys())]
    for n in sorted(old.keys() & new.keys()):
        for name in ("green", "least", "most", "yellow", "red", "walk", "clearance"):
            a, b = (getattr(phase, f"{name}_s") for phase in (old[n], new[n]))
            if abs(a - b) > _TOLD_S:
                found.append(f"phase {n} {name} {a:g} -> {b:g} s")
        if old[n].place != new[n].place:
            found.append(f"phase {n} stands at {_code(old[n].place)} -> {_code(new[n].place)}")
        if (old[n].protected, old[n].permitted) != (new[n].protected, new[n].permitted):
            found.append(f"phase {n} serves other links")
    return found


def _code(place: tuple[int, int, int]) -> str:
    return "".join(map(str, place))


def rings_in_words(rings: RingPlan) -> str:
    """The phases of each ring between the barriers: "2 1 | 4, 6 5 | 8"."""
    words = []
    for ring in rings.rings:
        barriers = sorted({phase.barrier for phase in rings.phases})
        own = [
            " ".join(str(p.number) for p in rings.phases if (p.ring, p.barrier) == (ring, barrier)) or "-"
            for barrier in barriers
        ]
        words.append(" | ".join(own))
    return ", ".join(words)
