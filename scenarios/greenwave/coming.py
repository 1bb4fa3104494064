"""Where the blue light is on its way, and when it will reach each stop line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.emergency.greenwave import Arrival
from networks import Corridor, StopLine
from networks.roads.net_file import read_net

AHEAD_S = 100.0
"""A signal is asked when the vehicle may be so near."""
FASTER = 1.3
"""SUMO's documentation of emergency vehicles gives them 1.3 to 1.5 times the limit; the lower one is taken."""
_SLOWER, _SPARE_S, _LATER_S = 1.5, 8.0, 20.0
"""The latest arrival: free time times this, and this more, but not later than this after the soonest: a signal is asked
anew as the vehicle comes. This project's own choice."""

AT_ONCE_S, EXIT_M, SPACE_M, FULL = 10.0, 100.0, 7.5, 0.8
"""While so much of the street behind a stop line, up to the next one or so far, is taken by vehicles of this space, its
signal is not asked to let more of them go, until the vehicle is so near. This project's own choice."""
ALONG = 0.5
"""So many of those before the stop line before come along to the next one; this project's own choice."""


def to_the_end(net_file: Path, corridor: Corridor) -> Corridor:
    """A corridor with the stop line at the end of its last edge too: a queue there keeps the vehicle from its end.

    Args:
        net_file: SUMO network.
        corridor: In it.
    """
    ends = [one for one in read_net(net_file).links if one.from_edge == corridor.edges[-1] and one.tls_id is not None]
    if not ends or ends[0].tls_id is None:
        return corridor
    links = tuple(sorted({one.tls_index for one in ends if one.tls_index is not None}))
    run_s = corridor.stops[-1].run_s if corridor.stops else 0.0
    last = StopLine(ends[0].tls_id, links, corridor.edges[-1], corridor.length_m, run_s)
    return replace(corridor, stops=(*corridor.stops, last))


class Coming:
    """One vehicle on its corridor.

    Args:
        sumo: libsumo.
        name: The vehicle.
        corridor: Its way from its first edge on.
    """

    def __init__(self, sumo: Any, name: str, corridor: Corridor) -> None:
        self._sumo, self._name, self.corridor = sumo, name, corridor
        self._place = [corridor.edges.index(corridor.stops[0].edge_id)] if corridor.stops else []
        for stop in corridor.stops[1:]:
            self._place.append(corridor.edges.index(stop.edge_id, self._place[-1]))
        self._lane = [self._same_lanes(stop) for stop in corridor.stops]
        self._edge, self.at_m, self.passed_s = 0, 0.0, dict[int, float]()
        self.speed_mps = corridor.length_m / max(sum(self._free(n) for n in range(len(corridor.edges))), 1.0)

    def _free(self, n: int) -> float:
        edge = self.corridor.edges[n]
        lane = f"{edge}_{self._sumo.edge.getLaneNumber(edge) - 1}"
        return float(self._sumo.lane.getLength(lane) / max(self._sumo.lane.getMaxSpeed(lane), 1.0))

    def look(self, now_s: float) -> str:
        """Where it is now: `waiting` to enter, `driving` (or moved by SUMO by force), or `gone`; after every step."""
        if self._name in self._sumo.vehicle.getIDList():
            road = self._sumo.vehicle.getRoadID(self._name)
            self._edge = max(self._sumo.vehicle.getRouteIndex(self._name), 0)
            inside = road.startswith(":")
            if not inside:
                self.at_m = self.corridor.starts_m[self._edge] + self._sumo.vehicle.getLanePosition(self._name)
            elif self._edge + 1 < len(self.corridor.edges):
                self.at_m = self.corridor.starts_m[self._edge + 1]
            for n, place in enumerate(self._place):
                if n not in self.passed_s and (place < self._edge or (place == self._edge and inside)):
                    self.passed_s[n] = now_s
            return "driving"
        if self._name in self._sumo.simulation.getPendingVehicles() or not self._left:
            return "waiting"
        return "gone" if self._name in self._sumo.simulation.getArrivedIDList() else "driving"

    @property
    def _left(self) -> bool:
        return self._edge > 0 or self.at_m > 0.0

    def arrivals(self, now_s: float) -> Iterator[Arrival]:
        """The next stop line of each signal ahead, with the queue before it; a further one of it comes after that."""
        seen, before, queue = set[str](), self._edge, 0.0
        for n, stop in enumerate(self.corridor.stops):
            if n in self.passed_s:
                continue
            place = self._place[n]
            queue = ALONG * queue + self._ahead(before, place)
            before = place + 1
            if stop.tls_id in seen:
                continue
            seen.add(stop.tls_id)
            free_s = max(stop.at_m - self.at_m, 0.0) / (self.speed_mps * FASTER)
            early = now_s + free_s
            late = early + min((_SLOWER - 1.0) * free_s + _SPARE_S, _LATER_S)
            arrival = Arrival(stop.tls_id, stop.links, early, late, queue, self._lane[n])
            if arrival.begin_s - now_s <= AHEAD_S and (free_s < AT_ONCE_S or not self._exit_full(n)):
                yield arrival

    def _ahead(self, first: int, last: int) -> float:
        """Vehicles between edges of the way that pass its stop line before the vehicle, each edge's fullest lane."""
        found = 0.0
        for n in range(first, last + 1):
            edge = self.corridor.edges[n]
            from_m = self.at_m - self.corridor.starts_m[n] if n == self._edge else -1.0
            lanes = [0.0] * self._sumo.edge.getLaneNumber(edge)
            for lane in range(len(lanes)):
                for name in self._sumo.lane.getLastStepVehicleIDs(f"{edge}_{lane}"):
                    lanes[lane] += name != self._name and self._sumo.vehicle.getLanePosition(name) > from_m
            found += max(lanes)
        return found

    def _exit_full(self, stop: int) -> bool:
        """Whether those before a stop line could not leave the junction behind it."""
        first = self._place[stop] + 1
        last = self._place[stop + 1] if stop + 1 < len(self._place) else len(self.corridor.edges) - 1
        length_m = taken_m = space_m = 0.0
        for edge in self.corridor.edges[first : last + 1]:
            lanes, one_m = self._sumo.edge.getLaneNumber(edge), self._sumo.lane.getLength(f"{edge}_0")
            length_m, space_m = length_m + one_m, space_m + lanes * one_m
            taken_m += SPACE_M * self._sumo.edge.getLastStepVehicleNumber(edge)
            if length_m >= EXIT_M:
                break
        return taken_m > FULL * space_m > 0.0

    def _same_lanes(self, stop: StopLine) -> tuple[int, ...]:
        links = self._sumo.trafficlight.getControlledLinks(stop.tls_id)
        mine = {one[0] for link in stop.links for one in links[link]}
        return tuple(n for n, ways in enumerate(links) if n not in stop.links and any(w[0] in mine for w in ways))

    def still_needs(self, tls: str) -> bool:
        """Whether a stop line of the signal is still ahead."""
        return any(stop.tls_id == tls and n not in self.passed_s for n, stop in enumerate(self.corridor.stops))
