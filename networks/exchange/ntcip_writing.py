"""NTCIP 1202: a ring plan as objects."""

from __future__ import annotations

import math
from collections.abc import Mapping

from networks.errors import BadInput
from networks.exchange.ntcip_objects import BOTH, MAXIMUM, MINIMUM, MOST, PEDESTRIAN, Index
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

_SAME = 1e-6


def ntcip_objects(rings: RingPlan) -> dict[tuple[str, Index], tuple[int, ...]]:
    """The objects of pattern 1 of a signal: phases, sequence, splits.

    At fixed times every phase has maximum recall; where traffic decides, minimum recall (SUMO serves every phase), and
    the cycle is 0 (free) unless it is coordinated. Coordinated are the longest greens of the first barrier.

    Raises:
        BadInput: A time cannot be told: whole seconds to 255, yellow and red tenths to 25.5.
    """
    timed = rings.control in (Control.FIXED, Control.COORDINATED)
    found: dict[tuple[str, Index], tuple[int, ...]] = {}
    for phase in sorted(rings.phases, key=lambda one: one.number):
        for name, value in _phase(rings, phase).items():
            found[name, (phase.number,)] = value
    for ring, numbers in sequences(rings).items():
        found["sequenceData", (1, ring)] = numbers
    found["patternCycleTime", (1,)] = (_whole(rings, rings.cycle_s, "its cycle") if timed else 0,)
    found["patternOffsetTime", (1,)] = (_offset(rings) if timed else 0,)
    found["patternSplitNumber", (1,)] = found["patternSequenceNumber", (1,)] = (1,)
    for phase in sorted(rings.phases, key=lambda one: one.number):
        key = (1, phase.number)
        what = f"phase {phase.number} with its yellow and red"
        found["splitTime", key] = (_whole(rings, phase.split_s, what) if timed else 0,)
        found["splitMode", key] = (_mode(rings, phase),)
        found["splitCoordPhase", key] = (int(timed and phase.number in coordinated(rings)),)
    return found


def sequences(rings: RingPlan) -> dict[int, tuple[int, ...]]:
    """Ring -> its phases in their order."""
    ordered = sorted(rings.phases, key=lambda phase: phase.place)
    return {ring: tuple(phase.number for phase in ordered if phase.ring == ring) for ring in rings.rings}


def concurrent(rings: RingPlan) -> dict[int, tuple[int, ...]]:
    """Phase -> those of the other ring that stand between the same barriers."""
    return {
        one.number: tuple(sorted(p.number for p in rings.phases if p.barrier == one.barrier and p.ring != one.ring))
        for one in rings.phases
    }


def coordinated(rings: RingPlan) -> tuple[int, ...]:
    """In each ring the phase with the longest green before the first barrier."""
    first = min(phase.barrier for phase in rings.phases)
    own = [phase for phase in rings.phases if phase.barrier == first]
    most = [max((p for p in own if p.ring == ring), key=lambda p: (p.green_s, -p.position)) for ring in _rings(own)]
    return tuple(sorted(phase.number for phase in most))


def held_figures(phase: RingPhase, *, fixed: bool) -> Mapping[str, int]:
    """Whole seconds of what is rounded: nothing that is shown hangs on it."""
    least = math.ceil(phase.least_s - _SAME)
    figures = {
        "phaseWalk": math.floor(phase.walk_s + _SAME),
        "phasePedestrianClear": math.ceil(phase.clearance_s - _SAME),
    }
    if fixed:
        shortest = least if least <= phase.green_s + _SAME else math.floor(phase.least_s + _SAME)
        figures |= {"phaseMinimumGreen": shortest, "phaseMaximum1": math.ceil(phase.green_s - _SAME)}
    return figures


def _rings(phases: list[RingPhase]) -> list[int]:
    return sorted({phase.ring for phase in phases})


def _phase(rings: RingPlan, phase: RingPhase) -> dict[str, tuple[int, ...]]:
    fixed, number = rings.control is Control.FIXED, phase.number
    figures = dict(held_figures(phase, fixed=fixed))
    for name, value in figures.items():
        figures[name] = _whole(rings, value, f"phase {number}: {name}")
    if not fixed:
        figures["phaseMinimumGreen"] = _whole(rings, phase.least_s, f"the least green of phase {number}")
        figures["phaseMaximum1"] = _whole(rings, phase.most_s, f"the longest green of phase {number}")
    figures["phaseYellowChange"] = _tenths(rings, phase.yellow_s, f"the yellow of phase {number}")
    figures["phaseRedClear"] = _tenths(rings, phase.red_s, f"the red clearance of phase {number}")
    figures["phaseRing"] = phase.ring
    return {name: (value,) for name, value in figures.items()} | {"phaseConcurrency": concurrent(rings)[number]}


def _mode(rings: RingPlan, phase: RingPhase) -> int:
    if rings.control is Control.FIXED:
        return BOTH if phase.walk_s else MAXIMUM
    return PEDESTRIAN if phase.walk_s else MINIMUM


def _offset(rings: RingPlan) -> int:
    begins = rings.begins_s()
    local = min(begins[number] for number in coordinated(rings))
    cycle = round(rings.cycle_s)
    return _whole(rings, (rings.offset_s + local) % rings.cycle_s, "its offset") % cycle


def _whole(rings: RingPlan, seconds: float, what: str) -> int:
    if abs(seconds - round(seconds)) > _SAME or round(seconds) > MOST:
        raise _cannot(rings, f"{what} is {seconds:g} s", f"whole seconds up to {MOST}")
    return round(seconds)


def _tenths(rings: RingPlan, seconds: float, what: str) -> int:
    if abs(seconds * 10 - round(seconds * 10)) > 10 * _SAME or round(seconds * 10) > MOST:
        raise _cannot(rings, f"{what} is {seconds:g} s", f"tenths of a second up to {MOST / 10:g} s")
    return round(seconds * 10)


def _cannot(rings: RingPlan, what: str, held: str) -> BadInput:
    return BadInput(f"{what}; NTCIP 1202 holds {held}", place=f"signal {rings.tls_id}", expected=held)
