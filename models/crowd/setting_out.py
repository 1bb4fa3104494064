"""Walkers who wait until they are told to set out: from where, to where, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city.walkers import NODE
from networks.errors import BadInput

if TYPE_CHECKING:
    from models.crowd.city.city_crowd import CityCrowd
    from models.crowd.plans import VisitorPlans

LATER_S = 1e8
"""When somebody sets out who waits to be told: beyond any run."""


@dataclass(frozen=True)
class SetOut:
    """Command: these walkers set out at `depart_s` (not before now).

    Attributes:
        rows: Rows of the plans as they were given.
        depart_s: When, s after the run's start, shape (rows,).
        origin_node: From where, shape (rows,); None: as planned.
        destination_node: To where, shape (rows,), a node of the plans or of `goals`; None: as planned.
    """

    rows: np.ndarray
    depart_s: np.ndarray
    origin_node: np.ndarray | None = None
    destination_node: np.ndarray | None = None


@dataclass(frozen=True)
class Walked:
    """Message: these walkers (rows of the plans as they were given) have arrived, at `time_s`, shape (rows,) each."""

    rows: np.ndarray
    time_s: np.ndarray


def waiting(plans: VisitorPlans, held: np.ndarray | None) -> VisitorPlans:
    """The plans, with those of `held` (bool, shape (walkers,)) waiting to be told.

    Raises:
        BadInput: `held` has another shape.
    """
    if held is None:
        return plans
    if held.shape != plans.depart_s.shape:
        raise BadInput(f"held has the shape {held.shape}", expected=f"{plans.depart_s.shape}, one for each walker")
    return replace(plans, depart_s=np.where(held, LATER_S, plans.depart_s))


class Starts:
    """When everybody set out, from where and to where, in the order of the city's walkers.

    Attributes:
        depart_s: NaN for those who wait to be told.
        origin_node, destination_node: Of each walker.
    """

    def __init__(self, city: CityCrowd) -> None:
        self._city = city
        self._row = np.argsort(city.order)
        plans = city.plans
        self.depart_s = np.where(plans.depart_s < LATER_S, plans.depart_s, np.nan)
        self.origin_node, self.destination_node = plans.origin_node.copy(), plans.destination_node.copy()

    def set_out(self, command: SetOut) -> None:
        """Send these walkers.

        Raises:
            BadInput: One of them has set out before.
        """
        who = self._row[command.rows]
        gone = np.flatnonzero(~np.isnan(self.depart_s[who]))
        if len(gone):
            raise BadInput("a walker is told to set out twice", place=f"visitor plans, row {command.rows[gone[0]]}")
        if command.origin_node is not None:
            self.origin_node[who] = command.origin_node
        if command.destination_node is not None:
            self.destination_node[who] = command.destination_node
        self.depart_s[who] = np.maximum(command.depart_s, self._city.now_s)
        self._city.walkers.people[who, NODE] = self.origin_node[who]
        self._city.send(who, self.destination_node[who], self.depart_s[who])

    def take_walked(self) -> Walked:
        """Who arrived since this was asked last."""
        who = self._city.take_arrived()
        return Walked(self._city.order[who], self._city.walkers.arrive_s[who])
