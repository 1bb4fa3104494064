"""SUMO's NEMA controller: ring plans as `tlLogic` of type NEMA."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.figures import figure
from networks.landing import landing_file
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

TYPE = "NEMA"
_GAP, _GAP_S = "max-gap", 3.0
"""The plan's longest gap between vehicles becomes the vehicle extension; without one 3 s, as SUMO's actuated."""
_SAME_S, _SLOTS = 1e-6, 2
_DURATION = "99"
"""SUMO's page on NEMA control (sumo.dlr.de/docs/Simulation/NEMA.html): the attribute does not affect the control."""


def nema_element(rings: RingPlan) -> ET.Element:
    """The plan as SUMO's `tlLogic` of type NEMA, after the parameters of sumo.dlr.de/docs/Simulation/NEMA.html.

    At fixed times every phase has maximum recall and the controller is coordinated: greens last as written and the
    offset counts. Phases that stand in one ring only stand in both.

    Raises:
        BadInput: It has more barriers or phases than SUMO's controller holds, or one phase only.
    """
    fixed = rings.control is Control.FIXED
    orders, barriers = _orders(rings)
    numbers = ",".join(str(phase.number) for phase in sorted(rings.phases, key=lambda p: p.number))
    coordinated = fixed or rings.control is Control.COORDINATED
    offset = (rings.offset_s + coordinated_s(rings)) % rings.cycle_s if coordinated else 0.0
    logic = ET.Element(
        "tlLogic",
        id=rings.tls_id,
        type=TYPE,
        programID=rings.program_id,
        offset=figure(offset),
    )
    told = {
        "total-cycle-length": figure(_cycle(rings)),
        "ring1": ",".join(orders[0]),
        "ring2": ",".join(orders[1]),
        "barrierPhases": ",".join(barriers[1]),
        "barrier2Phases": ",".join(barriers[0]),
        "coordinate-mode": "true" if coordinated else "false",
        "minRecall": numbers,
        "maxRecall": numbers if fixed else "",
        "fixForceOff": "false",
        "source": rings.source,
    }
    for key, value in told.items():
        ET.SubElement(logic, "param", key=key, value=value)
    for phase in sorted(rings.phases, key=lambda p: p.number):
        logic.append(_phase_element(rings, phase, fixed=fixed))
    return logic


def _cycle(rings: RingPlan) -> float:
    most = rings if rings.control is Control.FIXED else replace(rings, phases=tuple(_longest(p) for p in rings.phases))
    return most.cycle_s


def _longest(phase: RingPhase) -> RingPhase:
    return replace(phase, green_s=phase.most_s)


def _phase_element(rings: RingPlan, phase: RingPhase, *, fixed: bool) -> ET.Element:
    letters = []
    for link, red in enumerate(rings.red):
        own = "G" if link in phase.protected else "g" if link in phase.permitted else red
        letters.append(rings.constant.get(link, own))
    most = phase.green_s if fixed else phase.most_s
    return ET.Element(
        "phase",
        duration=_DURATION,
        minDur=figure(min(phase.least_s, most)),
        maxDur=figure(most),
        vehext=figure(float(dict(rings.params).get(_GAP, _GAP_S))),
        yellow=figure(phase.yellow_s),
        red=figure(phase.red_s),
        name=str(phase.number),
        state="".join(letters),
    )


def _orders(rings: RingPlan) -> tuple[list[list[str]], list[list[str]]]:
    """The slots of ring 1 and 2 (0: empty), and the phases with which each of two halves ends."""
    halves = _halves(rings)
    if halves and all(len(part) <= _SLOTS for ring in halves for part in ring):
        slots = [[n for part in ring for n in [*["0"] * (_SLOTS - len(part)), *part]] for ring in halves]
        return slots, [[ring[side][-1] for ring in halves] for side in (0, 1)]
    raise BadInput(
        f"its {len(rings.phases)} phases stand between {len(rings.barrier_lengths())} barriers",
        place=f"signal {rings.tls_id}, programme {rings.program_id}",
        expected=f"what SUMO's NEMA controller holds: two barriers, {_SLOTS} phases in each ring before each",
        remedy="export it as sumo",
    )


def _halves(rings: RingPlan) -> list[list[list[str]]]:
    """For each ring the phases of the first and of the second half; empty where the plan has no two halves.

    Two barriers part it, or, in a plan with one, a moment at which a phase ends in both rings; one ring alone is parted
    in the middle.
    """
    ordered = sorted(rings.phases, key=lambda p: p.place)
    barriers = sorted({phase.barrier for phase in ordered})
    runs: dict[tuple[int, int], list[RingPhase]] = {}
    for barrier in barriers:
        own = {ring: [p for p in ordered if (p.ring, p.barrier) == (ring, barrier)] for ring in (1, 2)}
        runs |= {(ring, barrier): own[ring] or own[3 - ring] for ring in (1, 2)}
    orders = [[p for barrier in barriers for p in runs[ring, barrier]] for ring in (1, 2)]
    begins = rings.begins_s()
    if len(barriers) == 2:
        cuts = tuple(len(runs[ring, barriers[0]]) for ring in (1, 2))
    elif orders[0] == orders[1] and len(orders[0]) > 1:
        cuts = ((len(orders[0]) + 1) // 2,) * 2
    else:
        places = [(a, b) for a in range(1, len(orders[0])) for b in range(1, len(orders[1]))]
        meets = [(a, b) for a, b in places if abs(begins[orders[0][a].number] - begins[orders[1][b].number]) < _SAME_S]
        if len(barriers) > 1 or not meets:
            return []
        cuts = meets[0]
    names = [[str(p.number) for p in order] for order in orders]
    return [[own[:cut], own[cut:]] for own, cut in zip(names, cuts, strict=True)]


def coordinated_s(rings: RingPlan) -> float:
    """Seconds from the first barrier's begin to that of the first coordinated phase, to which SUMO's offset refers."""
    begins = rings.begins_s()
    return min(begins[int(number)] for number in _orders(rings)[1][0])


def write_nema(rings: Mapping[str, RingPlan], path: Path) -> None:
    """Write ring plans as a SUMO additional file that holds nothing but `tlLogic`.

    Raises:
        BadInput: A plan cannot be told.
        StorageFailed: The disk is full or may not be written.
    """
    root = ET.Element("additional")
    root.extend(nema_element(rings[tls]) for tls in sorted(rings))
    ET.indent(root, "    ")
    with landing_file(path) as beside:
        ET.ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)
