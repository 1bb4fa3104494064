"""GMNS: ring plans as signal tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from networks.exchange.compass import turn_of
from networks.exchange.figures import figure
from networks.exchange.gmns_tables import Row, write_gmns_tables
from networks.signals.layouts.layout import Layout
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

ALWAYS = "11111111_0000_2400"
"""Every day of the week and holidays, all day: GMNS asks for the times of a plan."""
_GAP, _GAP_S = "max-gap", 3.0
_TURNS = {"U": "uturn", "L": "left", "L2": "left", "T": "thru", "R": "right", "R2": "right"}


def write_gmns(rings: Mapping[str, RingPlan], layouts: Mapping[str, Layout], folder: Path) -> None:
    """Write ring plans of one network as GMNS signal tables, with the movements that they speak of.

    Links are the network's edges. At fixed times `min_green` is the green and `max_green` is empty, as GMNS says.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    own = dict(sorted(rings.items()))
    write_gmns_tables(
        folder,
        {
            "movement": [row for tls in own for row in _movements(layouts[tls])],
            "signal_controller": [{"controller_id": tls} for tls in own],
            "signal_timing_plan": [_plan(one) for one in own.values()],
            "signal_timing_phase": [_phase(one, phase) for one in own.values() for phase in one.phases],
            "signal_phase_mvmt": [row for tls, one in own.items() for row in _served(one, layouts[tls])],
            "signal_coordination": [_coordination(one) for one in own.values() if one.control is not Control.ACTUATED],
        },
    )


def movement_ids(layout: Layout) -> dict[str, int]:
    """GMNS id of each movement -> its link; of people on foot the crossing's id."""
    found: dict[str, int] = {}
    for n, movement in enumerate(layout.movements):
        walks = movement.kind == "pedestrian"
        found[movement.to_edge if walks else f"{layout.tls_id}#{n}"] = movement.index
    return found


def plan_id(rings: RingPlan) -> str:
    """The id of a timing plan."""
    return f"{rings.tls_id}#{rings.program_id}"


def _movements(layout: Layout) -> Iterator[Row]:
    for n, movement in enumerate(layout.movements):
        if movement.kind != "pedestrian":
            yield {
                "mvmt_id": f"{layout.tls_id}#{n}",
                "node_id": movement.junction,
                "ib_link_id": movement.from_edge,
                "start_ib_lane": str(movement.from_lane),
                "ob_link_id": movement.to_edge,
                "start_ob_lane": str(movement.to_lane),
                "type": _TURNS[turn_of(movement, layout)],
                "ctrl_type": "signal",
            }


def _plan(rings: RingPlan) -> Row:
    return {
        "timing_plan_id": plan_id(rings),
        "controller_id": rings.tls_id,
        "time_day": ALWAYS,
        "cycle_length": figure(rings.cycle_s),
    }


def _phase(rings: RingPlan, phase: RingPhase) -> Row:
    fixed = rings.control is Control.FIXED
    row = {
        "timing_phase_id": f"{plan_id(rings)}#{phase.number}",
        "timing_plan_id": plan_id(rings),
        "signal_phase_num": str(phase.number),
        "min_green": figure(phase.green_s if fixed else phase.least_s),
        "max_green": "" if fixed else figure(phase.most_s),
        "extension": "" if fixed else figure(float(dict(rings.params).get(_GAP, _GAP_S))),
        "clearance": figure(phase.yellow_s + phase.red_s),
        "ring": str(phase.ring),
        "barrier": str(phase.barrier),
        "position": str(phase.position),
    }
    if phase.walk_s:
        row |= {"walk_time": figure(phase.walk_s), "ped_clearance": figure(phase.clearance_s)}
    return row


def _served(rings: RingPlan, layout: Layout) -> Iterator[Row]:
    walking = {m.to_edge for m in layout.movements if m.kind == "pedestrian"}
    for phase in rings.phases:
        key = f"{plan_id(rings)}#{phase.number}"
        for name, link in movement_ids(layout).items():
            if link in phase.protected | phase.permitted:
                yield {
                    "signal_phase_mvmt_id": f"{key}#{name}",
                    "timing_phase_id": key,
                    "link_id" if name in walking else "mvmt_id": name,
                    "protection": "protected" if link in phase.protected else "permitted",
                }


def _coordination(rings: RingPlan) -> Row:
    first = min(rings.phases, key=lambda phase: phase.place)
    return {
        "coordination_id": plan_id(rings),
        "timing_plan_id": plan_id(rings),
        "controller_id": rings.tls_id,
        "coord_phase": str(first.number),
        "coord_ref_to": "begin_of_green",
        "offset": figure(rings.offset_s),
    }
