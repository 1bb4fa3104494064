"""What closes and slows the hidden city's streets: any number of reasons at a time, each with its own end."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from models.streams import stream

_ALL = ["all"]
_AVOIDED_S = 1e5


class Roads:
    """Lanes with the reasons why they are closed, edges with the reasons why they are slow, and signs.

    Args:
        sumo: libsumo, with the town running.
        seed: Of who follows a sign.
        compliance: Share of the drivers who do.
    """

    def __init__(self, sumo: Any, seed: int, compliance: float) -> None:
        self._sumo, self._seed, self._compliance = sumo, seed, compliance
        lanes = [lane for lane in sumo.lane.getIDList() if not lane.startswith(":")]
        self.lanes: dict[str, list[str]] = defaultdict(list)
        for lane in lanes:
            self.lanes[lane.rpartition("_")[0]].append(lane)
        self._allowed: dict[str, Sequence[str]] = {}
        self._free_mps = {lane: sumo.lane.getMaxSpeed(lane) for lane in lanes}
        self._closed: dict[str, set[str]] = defaultdict(set)
        self._slow: dict[str, dict[str, float]] = defaultdict(dict)
        self._signs: dict[str, frozenset[str]] = {}
        self._complies: dict[str, bool] = {}

    def close(self, lanes: Iterable[str], reason: str) -> None:
        """Close lanes; whoever would pass a street that is closed altogether looks for another way."""
        for lane in lanes:
            if not self._closed[lane]:
                self._allowed[lane] = self._sumo.lane.getAllowed(lane)
                self._sumo.lane.setDisallowed(lane, _ALL)
            self._closed[lane].add(reason)
        self._send_round(self._sumo.vehicle.getIDList(), self._shut())

    def open(self, reason: str) -> None:
        """End a reason; lanes that nothing else closes are open again, for those whom they were open for before."""
        for lane, reasons in self._closed.items():
            if reason in reasons:
                reasons.discard(reason)
                if not reasons:
                    self._sumo.lane.setAllowed(lane, self._allowed[lane])

    def open_lanes(self, lanes: Iterable[str], order: str) -> None:
        """Open lanes that an order closed."""
        for lane in lanes:
            for reason in sorted(one for one in self._closed[lane] if one.startswith(f"{order}/")):
                self._closed[lane].discard(reason)
                if not self._closed[lane]:
                    self._sumo.lane.setAllowed(lane, self._allowed[lane])

    def limit(self, edge: str, reason: str, speed_mps: float) -> None:
        """Put up a speed limit."""
        fastest = max(self._free_mps[lane] for lane in self.lanes[edge])
        self.slow(edge, reason, speed_mps / fastest)

    def closed(self) -> set[str]:
        """Lanes that are closed now."""
        return {lane for lane, reasons in self._closed.items() if reasons}

    def slow(self, edge: str, reason: str, factor: float) -> None:
        """Let an edge be driven at a share of its limit; 1 ends the reason. Several reasons multiply."""
        reasons, before = self._slow[edge], dict(self._slow[edge])
        reasons.pop(reason, None)
        if factor < 1.0:
            reasons[reason] = factor
        if reasons != before:
            share = 1.0
            for one in reasons.values():
                share *= one
            for lane in self.lanes[edge]:
                self._sumo.lane.setMaxSpeed(lane, max(self._free_mps[lane] * share, 0.5))

    def sign(self, reason: str, avoid: Iterable[str]) -> None:
        """Put up signs that tell everybody to avoid edges; some follow them."""
        self._signs[reason] = frozenset(avoid)
        self._send_round(filter(self._follows, self._sumo.vehicle.getIDList()), self._signs[reason])

    def take_down(self, reason: str) -> None:
        """Take signs away."""
        self._signs.pop(reason, None)

    def after_step(self) -> None:
        """Those who set out now meet closures and signs."""
        shut = self._shut()
        if shut or self._signs:
            new = self._sumo.simulation.getDepartedIDList()
            self._send_round(new, shut)
            for avoid in self._signs.values():
                self._send_round(filter(self._follows, new), avoid)

    def _shut(self) -> frozenset[str]:
        edges = {lane.rpartition("_")[0] for lane in self.closed()}
        return frozenset(edge for edge in edges if all(self._closed[lane] for lane in self.lanes[edge]))

    def _follows(self, vehicle: str) -> bool:
        if vehicle not in self._complies:
            drawn = stream(self._seed, f"street signs {vehicle}").random()
            self._complies[vehicle] = bool(drawn < self._compliance)
        return self._complies[vehicle]

    def _send_round(self, names: Iterable[str], edges: frozenset[str]) -> None:
        for name in sorted(names) if edges else ():
            vehicle = self._sumo.vehicle
            ahead = vehicle.getRoute(name)[max(vehicle.getRouteIndex(name), 0) + 1 :]
            met = edges.intersection(ahead)
            if met:
                for edge in sorted(met | edges):
                    vehicle.setAdaptedTraveltime(name, edge, _AVOIDED_S)
                with contextlib.suppress(self._sumo.TraCIException):  # no way leads round: it waits there
                    vehicle.rerouteTraveltime(name, False)
