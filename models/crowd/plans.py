"""Who walks when, from where to where: drawn beforehand, so that an intervention does not shift the draws."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from networks import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph


@dataclass(frozen=True)
class VisitorPlans:
    """One row for each walker.

    Attributes:
        depart_s: Seconds since the run's start at which the walker sets out, shape (walkers,).
        origin_node: Node of the walk graph where it starts, int32.
        destination_node: Node where it wants to go, int32.
        free_speed_mps: Its speed when nobody is in the way (m/s).
        group: A number by which results are told apart (e.g. 0 everyday, 1 event), int32.

    Raises:
        BadInput: Columns of different length, a time that is not finite, a speed that is not positive.
    """

    depart_s: np.ndarray
    origin_node: np.ndarray
    destination_node: np.ndarray
    free_speed_mps: np.ndarray
    group: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            wanted = np.float64 if field.name in {"depart_s", "free_speed_mps"} else np.int32
            object.__setattr__(self, field.name, np.ascontiguousarray(getattr(self, field.name), dtype=wanted))
        lengths = {field.name: getattr(self, field.name).shape for field in fields(self)}
        if len(set(lengths.values())) != 1 or self.depart_s.ndim != 1:
            raise BadInput("the columns of visitor plans differ in shape", place=str(lengths), expected="one row each")
        if not np.isfinite(self.depart_s).all():
            raise BadInput(
                "a walker has no departure time",
                place=f"depart_s, row {int(np.flatnonzero(~np.isfinite(self.depart_s))[0])}",
                expected="seconds since the run's start",
            )
        slow = np.flatnonzero(~(np.isfinite(self.free_speed_mps) & (self.free_speed_mps > 0)))
        if len(slow):
            raise BadInput(
                f"a walker has a free speed of {self.free_speed_mps[slow[0]]} m/s",
                place=f"free_speed_mps, row {int(slow[0])}",
                expected="more than 0; about 1.34 m/s (Weidmann 1993)",
            )

    def __len__(self) -> int:
        return len(self.depart_s)


def arrangement(plans: VisitorPlans) -> np.ndarray:
    """Rows of the walkers by departure, and of those who leave together by all else that is known of them."""
    return np.lexsort([getattr(plans, field.name) for field in reversed(fields(plans))])


def rows_of(plans: VisitorPlans, rows: np.ndarray) -> VisitorPlans:
    """Some of the walkers, in the order of `rows`."""
    return VisitorPlans(*(getattr(plans, field.name)[rows] for field in fields(plans)))


def in_order(plans: VisitorPlans) -> VisitorPlans:
    """The same walkers, arranged: the order in which they were given changes nothing."""
    return rows_of(plans, arrangement(plans))


def check_nodes(graph: WalkGraph, plans: VisitorPlans) -> None:
    """Refuse plans that start or end at a node that the graph does not have.

    Raises:
        BadInput: The first of them.
    """
    nodes = len(graph.node_x)
    for name in ("origin_node", "destination_node"):
        column = getattr(plans, name)
        bad = np.flatnonzero((column < 0) | (column >= nodes))
        if len(bad):
            raise BadInput(
                f"a walker's {name} is {column[bad[0]]}, which the walk graph does not have",
                place=f"visitor plans, row {int(bad[0])}",
                expected=f"0 to {nodes - 1}",
            )


def check_departures(plans: VisitorPlans) -> None:
    """Refuse plans of people who set out before the run begins.

    Raises:
        BadInput: The first of them.
    """
    early = np.flatnonzero(plans.depart_s < 0)
    if len(early):
        raise BadInput(
            f"a walker sets out at {plans.depart_s[early[0]]} s", place=f"row {int(early[0])}", expected="0 or later"
        )
