"""Synchro UTDF: ring plans as a combined CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from networks.exchange.figures import figure
from networks.exchange.utdf_ground import (
    BOUND_ORDER,
    Numbered,
    lane_columns,
    lane_records,
    link_rows,
    node_rows,
    number_nodes,
)
from networks.exchange.utdf_lanes import MOST_SERVING, Served, check_serving, served_columns
from networks.exchange.utdf_tables import VERSION, write_tables
from networks.signals.layouts.layout import Layout
from networks.timing.ring_plan import MOST_PHASES, RingPhase, RingPlan
from networks.timing.timing import Control

CONTROL_TYPES = {Control.FIXED: 0, Control.ACTUATED: 1, Control.MAX_PRESSURE: 1, Control.COORDINATED: 3}
"""0 pretimed, 1 actuated uncoordinated, 2 semi-actuated uncoordinated, 3 actuated coordinated."""
FIRST_GREEN = 3
"""Referenced To: the offset tells when the first of the reference phases turns green (TS 2)."""
_GAP, _GAP_S = "max-gap", 3.0
"""The plan's longest gap between vehicles is written as extension; without one SUMO's actuated control takes 3 s."""
_MAX_RECALL, _MIN_RECALL = 3, 1


def write_utdf(rings: Mapping[str, RingPlan], layouts: Mapping[str, Layout], path: Path) -> None:
    """Write ring plans of one network as a UTDF combined file, metres and km/h.

    Signals get the numbers 1, 2, 3, ... in the order of their ids, and the id as description. Positions and lengths are
    those of the network; volumes and saturation flows are left out.

    Args:
        rings: By signal id.
        layouts: The ground of each of them.
        path: The file.

    Raises:
        BadInput: A movement needs more than four phases of a kind.
        StorageFailed: The disk is full or may not be written.
    """
    own = {tls: layouts[tls] for tls in sorted(rings)}
    numbers, columns = number_nodes(own), lane_columns(own)
    phases = ["RECORDNAME", "INTID", *(f"D{n}" for n in range(1, MOST_PHASES + 1))]
    write_tables(
        path,
        {
            "Network": (["RECORDNAME", "DATA"], [["UTDFVERSION", VERSION], ["Metric", "1"]]),
            "Nodes": (["INTID", "TYPE", "X", "Y", "Z", "DESCRIPTION"], node_rows(own, numbers)),
            "Links": (["RECORDNAME", "INTID", *BOUND_ORDER], link_rows(own, numbers)),
            "Lanes": (["RECORDNAME", "INTID", *columns], _lane_rows(rings, own, numbers, columns)),
            "Timeplans": (["RECORDNAME", "INTID", "DATA"], _timeplan_rows(rings, numbers)),
            "Phases": (phases, _phase_rows(rings, numbers)),
        },
    )


def _lane_rows(
    rings: Mapping[str, RingPlan], layouts: Mapping[str, Layout], numbers: Numbered, columns: Sequence[str]
) -> Iterator[list[str]]:
    for tls, layout in layouts.items():
        served, _ = served_columns(rings[tls], layout)
        check_serving(served, tls)
        none = Served((), ())
        own = [served.get(column, none) for column in columns]
        records = lane_records(layout, numbers, columns)
        for n in range(MOST_SERVING):
            records[f"Phase{n + 1}"] = [str(one.protected[n]) if n < len(one.protected) else "" for one in own]
            records[f"PermPhase{n + 1}"] = [str(one.permitted[n]) if n < len(one.permitted) else "" for one in own]
        for name, cells in records.items():
            yield [name, str(numbers.signals[tls]), *cells]


def _timeplan_rows(rings: Mapping[str, RingPlan], numbers: Numbered) -> Iterator[list[str]]:
    for tls in sorted(rings):
        plan = rings[tls]
        first = [p.number for ring in plan.rings for p in plan.phases if p.place == (1, ring, 1)]
        told = {
            "Control Type": CONTROL_TYPES[plan.control],
            "Cycle Length": sum(split_s(plan, phase) for phase in plan.phases if phase.ring == _fullest(plan, phase)),
            "Lock Timings": 0,
            "Referenced To": FIRST_GREEN,
            "Reference Phase": first[0] * 100 + first[1] if len(first) > 1 else first[0],
            "Offset": plan.offset_s,
            "Master": 0,
            "Yield": 0,
            "Node 0": numbers.signals[tls],
            "Node 1": 0,
        }
        for name, value in told.items():
            yield [name, str(numbers.signals[tls]), figure(value)]


def _fullest(plan: RingPlan, phase: RingPhase) -> int:
    """The first ring that has phases before the barrier of a phase."""
    return min(one.ring for one in plan.phases if one.barrier == phase.barrier)


def green_s(plan: RingPlan, phase: RingPhase) -> float:
    """Green that is told as MaxGreen: today's at fixed times, else the longest."""
    return phase.green_s if plan.control is Control.FIXED else phase.most_s


def split_s(plan: RingPlan, phase: RingPhase) -> float:
    """The split that goes with `green_s`."""
    return green_s(plan, phase) + phase.yellow_s + phase.red_s


def _phase_rows(rings: Mapping[str, RingPlan], numbers: Numbered) -> Iterator[list[str]]:
    for tls in sorted(rings):
        plan = rings[tls]
        cells = {phase.number: _phase_cells(plan, phase, local) for phase, local in _locals(plan)}
        for name in next(iter(cells.values())):
            row = [cells[n][name] if n in cells else "" for n in range(1, MOST_PHASES + 1)]
            yield [name, str(numbers.signals[tls]), *row]


def _locals(plan: RingPlan) -> Iterator[tuple[RingPhase, float]]:
    """Each phase with the second, from the reference point on, at which it begins when all last their splits."""
    now = 0.0
    for barrier in sorted({phase.barrier for phase in plan.phases}):
        length = 0.0
        for ring in plan.rings:
            own = sorted((p for p in plan.phases if (p.barrier, p.ring) == (barrier, ring)), key=lambda p: p.position)
            begin = now
            for phase in own:
                yield phase, begin
                begin += split_s(plan, phase)
            length = max(length, begin - now)
        now += length


def _phase_cells(plan: RingPlan, phase: RingPhase, local: float) -> dict[str, str]:
    fixed, walks = plan.control is Control.FIXED, phase.walk_s > 0
    green = green_s(plan, phase)
    cycle = sum(split_s(plan, one) for one in plan.phases if one.ring == _fullest(plan, one))
    ends, split = local + green, split_s(plan, phase)
    numbers = {
        "MinGreen": phase.least_s,
        "MaxGreen": green,
        "VehExt": float(dict(plan.params).get(_GAP, _GAP_S)),
        "TimeBeforeReduce": 0.0,
        "TimeToReduce": 0.0,
        "MinGap": float(dict(plan.params).get(_GAP, _GAP_S)),
        "Yellow": phase.yellow_s,
        "AllRed": phase.red_s,
        "Recall": _MAX_RECALL if fixed else _MIN_RECALL,
        "Walk": phase.walk_s,
        "DontWalk": max(0.0, min(phase.clearance_s, phase.green_s - phase.walk_s)) if walks else 0.0,
        "MinSplit": phase.least_s + phase.yellow_s + phase.red_s,
        "DualEntry": 1 - phase.number % 2,
        "InhibitMax": int(plan.control is Control.COORDINATED),
        "Start": (plan.offset_s + local) % cycle,
        "End": (plan.offset_s + local + split) % cycle,
        "Yield": (plan.offset_s + ends) % cycle,
        "Yield170": (plan.offset_s + ends) % cycle,
        "LocalStart": local % cycle,
        "LocalYield": ends % cycle,
        "LocalYield170": ends % cycle,
        "ActGreen": phase.green_s,
    }
    place = {"BRP": f"{phase.barrier}{phase.ring}{phase.position}"}
    return place | {name: figure(value) for name, value in numbers.items()} | {"PedCalls": "0" if walks else ""}
