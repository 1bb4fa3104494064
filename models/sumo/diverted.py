"""Drivers who are told to keep away from a street; some do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.streams import stream
from models.sumo.change import AfterStep, Change
from models.sumo.futures import TIMETABLED
from networks.digest import digest_json

EVERY_S, _LEARNT_EVERY_S = 5.0, 300.0
_TOLD = "citytwin.diversions"
"""Parameter of a street: by which diversions it is to be kept away from, each with its penalty in s."""


@dataclass(frozen=True)
class Diverted(Change):
    """A share of those who would pass some streets look for another way, by the travel times of now.

    Diversions beside each other keep drivers from the streets of all of them. Each vehicle is asked once, and its
    answer is drawn from a stream of its own: the same driver follows, or does not, in every alternative. Timetabled
    vehicles stay on their line.

    Attributes:
        avoid: Streets to keep away from.
        share: Of drivers who follow, 0 to 1.
        seed: Of the draws.
        signs: Streets with a sign: whoever enters one is told. Empty: everybody on the way, and who departs later.
        penalty_s: How much longer than now the streets are said to take; who would lose more than that stays.
        for_s: For so long.
    """

    avoid: tuple[str, ...]
    share: float
    seed: int
    signs: tuple[str, ...] = ()
    penalty_s: float = 600.0
    for_s: float = 1e6

    def carry_out(self, sumo: Any) -> AfterStep:
        """Tell whoever is there, and every few seconds whoever comes."""
        began_s, asked = sumo.simulation.getTime(), set[str]()
        state = {"told_s": began_s, "learnt_s": began_s}
        sumo.edge.setParameter(self.avoid[0], self._name, str(began_s))
        self._mark(sumo, self.penalty_s)
        self._learn(sumo)
        self._tell(sumo, self._there(sumo), asked)

        def after_step(after: Any) -> None:
            now_s = after.simulation.getTime()
            if now_s < state["told_s"] + EVERY_S or after.edge.getParameter(self.avoid[0], self._name) != str(began_s):
                return
            if now_s > began_s + self.for_s:
                self.end(after)
                return
            if now_s >= state["learnt_s"] + _LEARNT_EVERY_S:
                state["learnt_s"] = now_s
                self._learn(after)
            state["told_s"] = now_s
            self._tell(after, self._there(after), asked)

        return after_step

    def end(self, sumo: Any) -> None:
        """Nobody more is told, and other diversions may lead over its streets."""
        sumo.edge.setParameter(self.avoid[0], self._name, "over")
        self._mark(sumo, None)
        self._learn(sumo)

    @property
    def _name(self) -> str:
        """The parameter of its first street that says since when it holds, or that it is over."""
        return f"citytwin.diversion.{digest_json([self.avoid, self.share, self.seed, self.signs])[:12]}"

    def _mark(self, sumo: Any, penalty_s: float | None) -> None:
        """Say on its streets what they are said to take longer; None: it says so no more."""
        for edge in self.avoid:
            told = _penalties(sumo, edge) | {self._name: penalty_s}
            words = " ".join(f"{name}={taken_s}" for name, taken_s in told.items() if taken_s is not None)
            sumo.edge.setParameter(edge, _TOLD, words)

    def _there(self, sumo: Any) -> Iterable[str]:
        if not self.signs:
            return sumo.vehicle.getIDList()
        return [name for edge in self.signs for name in sumo.edge.getLastStepVehicleIDs(edge)]

    def _learn(self, sumo: Any) -> None:
        """What every street takes now, as all drivers are told it."""
        for edge in sumo.edge.getIDList():
            if not edge.startswith(":"):
                taken_s = sumo.edge.getTraveltime(edge) + max(_penalties(sumo, edge).values(), default=0.0)
                sumo.edge.adaptTraveltime(edge, min(taken_s, 36000.0))

    def _tell(self, sumo: Any, names: Iterable[str], asked: set[str]) -> None:
        avoid = set(self.avoid)
        for name in sorted(set(names) - asked):
            asked.add(name)
            at = max(sumo.vehicle.getRouteIndex(name), 0)
            way = sumo.vehicle.getRoute(name)
            if avoid & set(way[at + 2 :]) and self._follows(sumo, name):
                with contextlib.suppress(sumo.TraCIException):  # no other way: it stays
                    self._reroute(sumo, name, way[at : at + 2], way[-1])

    def _reroute(self, sumo: Any, name: str, kept: Sequence[str], last: str) -> None:
        """The street and the next one stay: in mesoscopic SUMO (1.28) a vehicle already queues for its next street,
        and the process ends with a segmentation fault when that becomes another one.
        """
        found = sumo.simulation.findRoute(kept[1], last, sumo.vehicle.getTypeID(name)).edges
        if found:
            sumo.vehicle.setRoute(name, [kept[0], *found])

    def _follows(self, sumo: Any, name: str) -> bool:
        drawn = float(stream(self.seed, f"diversion {name}").uniform())
        return drawn < self.share and sumo.vehicle.getVehicleClass(name) not in TIMETABLED


def _penalties(sumo: Any, edge: str) -> dict[str, float]:
    """How much longer a street is said to take (s), by who says so."""
    told = (one.rpartition("=") for one in sumo.edge.getParameter(edge, _TOLD).split())
    return {name: float(taken_s) for name, _, taken_s in told}


@dataclass(frozen=True)
class DiversionEnded(Change):
    """Signs are dark again and a closed street is open: nobody more is told. Who turned off does not turn back.

    Attributes:
        diversion: What ends.
    """

    diversion: Diverted

    def carry_out(self, sumo: Any) -> None:
        """End it."""
        self.diversion.end(sumo)
