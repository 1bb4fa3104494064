"""Visits on the clock: who comes by car walks from where the car really stands, and drives off when all are back.

The traffic says which car is in which car park, the crowd says who has arrived; this model alone knows who belongs
together, and tells walkers and cars when to set out. Nobody waits for a planned time that has gone by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.clock import Exchange
from models.crowd.plans import VisitorPlans
from models.crowd.setting_out import SetOut, Walked
from models.traffic.car_park import Depart, Parked
from networks.errors import BadInput

PARK_S = 120.0
"""From the barrier of a car park until its people walk on the street (guess)."""
TO_THE_CAR_S = 120.0
"""From the moment when the last of its people is back at the car park until a car is at its way out (guess)."""


@dataclass(frozen=True)
class Party:
    """People of one car.

    Attributes:
        comes: The trip that brings them; "": the car stands there from the start.
        leaves: The trip, held back, that takes them home; "": none.
        there: Rows of the plans: their walks from the car; empty where nobody comes.
        back: Rows of the plans: their walks to the car.
        park_id: The car park that the car stands in from the start; "": at no entrance that is watched.
    """

    comes: str
    leaves: str
    there: tuple[int, ...]
    back: tuple[int, ...]
    park_id: str = ""


class Visits:
    """Clock model "visits": walks and drives that wait for each other.

    Args:
        plans: Who walks.
        parties: Who belongs to which car.
        after: Row of the walk that has to be over before each walk begins, -1: none; shape (walkers,).
        park_node: Node of the walk graph of each car park.

    Raises:
        BadInput: A walk that belongs to two cars, or comes after itself.
    """

    name = "visits"
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()

    def __init__(
        self, plans: VisitorPlans, parties: Sequence[Party], *, after: np.ndarray, park_node: Mapping[str, int]
    ) -> None:
        self._plans, self._parties, self._park_node = plans, tuple(parties), dict(park_node)
        self._next = np.full(len(plans), -1)
        rows = np.flatnonzero(after >= 0)
        self._next[after[rows]] = rows
        if (after[rows] == rows).any() or (self._next >= 0).sum() < len(rows):
            raise BadInput("a walk comes after itself, or two come after one", place="after")
        self._party_back = self._of_party([party.back for party in self._parties])
        self._party_there = self._of_party([party.there for party in self._parties])
        self._comes = {party.comes: k for k, party in enumerate(self._parties) if party.comes}
        n = len(self._parties)
        self._park = [party.park_id for party in self._parties]
        self._away = np.array([len(party.back) for party in self._parties], dtype=int)
        self._parked_s, self._there_s, self._back_s, self._due_s = (np.full(n, np.nan) for _ in range(4))

    @property
    def held(self) -> np.ndarray:
        """Who waits to be told: walks from cars that come, and walks after others; bool, shape (walkers,)."""
        mask = np.zeros(len(self._plans), dtype=bool)
        mask[self._next[self._next >= 0]] = True
        mask[[row for party in self._parties if party.comes for row in party.there]] = True
        return mask

    @property
    def goals(self) -> np.ndarray:
        """Nodes that walkers may be sent to, beside those of the plans."""
        return np.array(sorted(set(self._park_node.values())), dtype=np.int32)

    def start(self, exchange: Exchange) -> None:
        """Nothing to write."""

    def advance(self, until: float, exchange: Exchange) -> None:  # noqa: ARG002
        """Tell those for whom somebody, or a car, arrived to set out."""
        for message in exchange.take(self.name):
            if isinstance(message, Parked):
                self._arrive(message, exchange)
            elif isinstance(message, Walked):
                self._walked(message, exchange)
            else:
                raise BadInput(f"visits do not know the message {message!r}", expected="Parked, Walked")

    def close(self) -> None:
        """Nothing to give back."""

    def table(self) -> pd.DataFrame:
        """One row for each car of visitors.

        Returns:
            comes and leaves (vehicles; "": none), people, car_park (id, ""), parked_s, there_s (the last of them is at
            the site), back_s (the last is back at the car park), due_s (the car may leave); NaN: not yet.
        """
        people = [max(len(party.there), len(party.back)) for party in self._parties]
        return pd.DataFrame(
            {
                "comes": [party.comes for party in self._parties],
                "leaves": [party.leaves for party in self._parties],
                "people": np.array(people, dtype=int),
                "car_park": self._park,
                "parked_s": self._parked_s,
                "there_s": self._there_s,
                "back_s": self._back_s,
                "due_s": self._due_s,
            }
        )

    def _of_party(self, groups: Sequence[tuple[int, ...]]) -> np.ndarray:
        party = np.full(len(self._plans), -1)
        for k, rows in enumerate(groups):
            if (party[list(rows)] >= 0).any():
                raise BadInput("a walk belongs to two cars", place=f"party {k}")
            party[list(rows)] = k
        return party

    def _arrive(self, message: Parked, exchange: Exchange) -> None:
        k = self._comes.get(message.vehicle_id)
        if k is None:
            return
        party, node = self._parties[k], self._park_node[message.park_id]
        self._park[k], self._parked_s[k] = message.park_id, message.time_s
        rows = np.array(party.there, dtype=int)
        if len(rows):
            begin = np.full(len(rows), node, dtype=np.int32)
            exchange.post("crowd", SetOut(rows, np.full(len(rows), message.time_s + PARK_S), begin))

    def _walked(self, message: Walked, exchange: Exchange) -> None:
        for row, time_s in zip(message.rows.tolist(), message.time_s.tolist(), strict=True):
            there, back = self._party_there[row], self._party_back[row]
            if there >= 0:
                self._there_s[there] = np.fmax(self._there_s[there], time_s)
            if back >= 0:
                self._come_back(int(back), time_s, exchange)
        onward = self._next[message.rows]
        rows, times = onward[onward >= 0], message.time_s[onward >= 0]
        if len(rows):
            exchange.post("crowd", SetOut(rows, np.maximum(self._plans.depart_s[rows], times), None, self._goal(rows)))

    def _goal(self, rows: np.ndarray) -> np.ndarray:
        """Where walks end: who came by car goes to where it stands."""
        goal = self._plans.destination_node[rows].copy()
        for i, party in enumerate(self._party_back[rows].tolist()):
            if party >= 0 and self._park[party]:
                goal[i] = self._park_node[self._park[party]]
        return goal

    def _come_back(self, k: int, time_s: float, exchange: Exchange) -> None:
        self._away[k] -= 1
        self._back_s[k] = np.fmax(self._back_s[k], time_s)
        if self._away[k] == 0 and self._parties[k].leaves:
            self._due_s[k] = self._back_s[k] + TO_THE_CAR_S
            exchange.post("traffic", Depart(self._parties[k].leaves, float(self._due_s[k]), self._park[k]))
