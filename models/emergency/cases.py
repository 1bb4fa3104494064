"""A call and a crew as they stand, the table of calls, and what does not fit together before anything begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.emergency.planning import Call, Unit
from models.routing import Router
from models.traffic import Closure
from networks.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Case:
    """A call and what became of it; `tried` are the units that were sent."""

    call: Call
    unit_id: str = ""
    dispatch_s: float = np.nan
    arrival_s: float = np.nan
    route: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    max_depth_m: float = 0.0
    detours: int = 0
    answered: bool = False
    reason: str = ""
    nearest_edge: str = ""
    tried: list[str] = field(default_factory=list)


@dataclass
class Crew:
    """A unit, the road where it is, and the case that it works on."""

    unit: Unit
    edge_id: str
    case: Case | None = None
    vehicle: str = ""
    homeward: bool = False
    missions: int = 0


def calls_table(cases: Sequence[Case], still_open: Callable[[Case], str]) -> pd.DataFrame:
    """One row for each case.

    Columns: call_id, time_s, kind, priority, edge_id, unit_id (last that was sent), dispatch_s, arrival_s,
    response_s (arrival less call; NaN when nobody came), route (edges driven to the scene, or planned),
    planned_route, max_depth_m (really driven through on the way), detours, answered, reason (why not), nearest_edge
    (that could be reached instead).

    Args:
        cases: In the order of the rows.
        still_open: Says why a case that nobody gave a reason for is not answered.
    """
    import pandas as pd

    rows = []
    for case in cases:
        call = case.call
        reason = "" if case.answered else case.reason or still_open(case)
        nearest = "" if case.answered else case.nearest_edge
        rows.append(
            (
                call.call_id, call.time_s, call.kind, call.priority, call.edge_id, case.unit_id, case.dispatch_s,
                case.arrival_s, case.arrival_s - call.time_s, " ".join(case.route), " ".join(case.planned),
                case.max_depth_m, case.detours, case.answered, reason, nearest,
            )
        )  # fmt: skip
    names = "call_id time_s kind priority edge_id unit_id dispatch_s arrival_s response_s route planned_route"
    names += " max_depth_m detours answered reason nearest_edge"
    return pd.DataFrame(rows, columns=names.split())


def check_names(
    kernel: Router,
    crews: Mapping[str, Crew],
    cases: Sequence[Case],
    closures: Sequence[Closure],
    assigned: Mapping[str, tuple[str, tuple[str, ...]]],
) -> None:
    """Every edge is on the graph, every name used once, every assignment leads to its call.

    Raises:
        BadInput: One does not.
    """
    calls = {case.call.call_id: case.call for case in cases}
    if len(calls) != len(cases):
        raise BadInput("two units or two calls have the same name")
    for what, edge in [
        *((f"unit {c.unit.unit_id}", c.edge_id) for c in crews.values()),
        *((f"call {c.call_id}", c.edge_id) for c in calls.values()),
        *((f"closure {c.edge_id}", c.edge_id) for c in closures),
    ]:
        if edge not in kernel.index:
            raise BadInput(f"edge {edge} is not in the road graph", place=what, expected="an edge of the city")
    for call_id, (unit_id, route) in assigned.items():
        if unit_id not in crews or call_id not in calls:
            raise BadInput(f"call {call_id} is assigned to {unit_id}; one of them does not exist", place=call_id)
        if route and (route[-1] != calls[call_id].edge_id or not kernel.drivable(route)):
            raise BadInput("the assigned route does not lead to the call", place=f"call {call_id}")
