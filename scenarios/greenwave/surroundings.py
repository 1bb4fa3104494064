"""Who is touched by a wave: the approaches of its signals, the edges that lead to them, and what is measured there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_EVERY_S, _STANDING_MPS = 5.0, 5.0 / 3.6


class Surroundings:
    """Measures others around a route, from its making on.

    Args:
        sumo: libsumo.
        signals: Signals of the route.
        mine: The blue light's own id.
    """

    def __init__(self, sumo: Any, signals: Iterable[str], mine: str) -> None:
        self._sumo, self._mine = sumo, mine
        lanes = {lane for tls in signals for lane in sumo.trafficlight.getControlledLanes(tls) if lane[0] != ":"}
        self.approaches = {sumo.lane.getEdgeID(lane) for lane in lanes}
        self.lanes_m = {
            f"{edge}_{n}": sumo.lane.getLength(f"{edge}_{n}")
            for edge in sorted(self.approaches)
            for n in range(sumo.edge.getLaneNumber(edge))
        }
        self.edges = sorted(self.approaches | _before(sumo, self.approaches))
        self.standing: list[tuple[float, str, float, float]] = []
        self.to_enter_s = self.all_s = 0.0
        self.teleports = 0
        self._first: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def look(self, now_s: float, step_s: float) -> None:
        """After every step."""
        vehicle, edge = self._sumo.vehicle, self._sumo.edge
        here = set(vehicle.getIDList())
        for one in self.edges:
            for name in edge.getLastStepVehicleIDs(one):
                if name not in self._first and name != self._mine:
                    self._first[name] = vehicle.getTimeLoss(name)
        for name in self._first:
            if name in here:
                self._last[name] = vehicle.getTimeLoss(name)
        waiting = len(self._sumo.simulation.getPendingVehicles())
        self.to_enter_s += waiting * step_s
        self.all_s += (len(here) + waiting - (self._mine in here)) * step_s
        self.teleports += self._sumo.simulation.getStartingTeleportNumber()
        if now_s % _EVERY_S == 0:
            self._note_standing(now_s)

    @property
    def lost_s(self) -> dict[str, float]:
        """Vehicle -> time that it lost since it was first seen here."""
        return {name: last - self._first[name] for name, last in self._last.items()}

    def _note_standing(self, now_s: float) -> None:
        vehicle = self._sumo.vehicle
        for lane in self.lanes_m:
            for name in self._sumo.lane.getLastStepVehicleIDs(lane):
                speed = vehicle.getSpeed(name)
                if speed < _STANDING_MPS:
                    self.standing.append((now_s, lane, vehicle.getLanePosition(name), speed))


def _before(sumo: Any, edges: set[str]) -> set[str]:
    """The edges that lead to these."""
    found = set()
    for lane in sumo.lane.getIDList():
        if lane[0] != ":" and any(link[0].rpartition("_")[0] in edges for link in sumo.lane.getLinks(lane)):
            found.add(sumo.lane.getEdgeID(lane))
    return found
