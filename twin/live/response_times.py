"""The stage of response times: how soon the next free unit is in each area, on the streets as they will be.

A unit waits at its place; one that a feed of positions calls busy (`details.state`) does not count.
It drives as fast as traffic does on each street: a blue light is quicker, so these times are late rather than early.
An area is reached when nine in ten of its streets are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.skill import Forecast
from networks.sentence import say
from twin.cycle import Picture, Turn
from twin.live.units_file import Area, WaitingUnit

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from networks.roads.net_file import Net
    from twin.store import FeedStore

Floats = NDArray[np.float64]
MEMBERS, REACHED, NOBODY_S = 8, 0.9, 3600.0
"""Members that are driven through, share of an area's streets, and what stands for "nobody comes"."""
FRESH = timedelta(minutes=15)
BUSY = frozenset({"busy", "dispatched", "on_call", "occupied", "out_of_service"})
SLOWEST_MPS = 0.5


@dataclass
class ResponseTimes:
    """Follows units.

    Attributes:
        net: Streets.
        units: Where units wait.
        areas: What they answer for.
        store: Of the feeds; None: nobody tells where units are.
    """

    net: Net
    units: Sequence[WaitingUnit]
    areas: Sequence[Area]
    store: FeedStore | None = None
    name: str = "coverage"

    def __post_init__(self) -> None:
        pairs = self.net.pairs("passenger", turnarounds=False)
        known = {edge for pair in pairs for edge in pair} | {one.edge for one in self.units}
        known |= {edge for area in self.areas for edge in area.edges}
        streets = [edge for edge in self.net.edges if edge.edge_id in known]
        self._row = {edge.edge_id: at for at, edge in enumerate(streets)}
        self._length_m = np.array([edge.length_m for edge in streets])
        self._free_mps = np.array([edge.speed_mps for edge in streets])
        self._pairs = np.array([(self._row[a], self._row[b]) for a, b in pairs], dtype=np.int64).reshape(-1, 2)

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """Response times of all areas (s), by member and period; free streets where nothing is forecast.

        Raises:
            StorageFailed: The store is away.
        """
        speed = picture.of("speed")
        free, busy = self._free(turn.now)
        now_s = (turn.now - picture.origin).total_seconds()
        if speed is None:
            period_s, driven = 300.0, self._free_mps[None, :, None]
        else:
            period_s, driven = speed.period_s, self._speeds(speed)
        times_s = np.array([[self._areas_s(one, free) for one in member.T] for member in driven]).transpose(0, 2, 1)
        names = tuple(area.name for area in self.areas)
        told = Forecast("twin", "response_time", names, now_s, now_s, period_s, times_s)
        left_out = picture.left_out
        if speed is None:
            left_out = (*left_out, say("coverage: on free streets, nothing is forecast", "响应时间：按自由流计算"))
        if busy:
            words = say(f"coverage: {len(busy)} units are busy", f"响应时间：{len(busy)}个单位占用")
            left_out = (*left_out, words)
        return replace(picture, forecasts=(*picture.forecasts, told), left_out=left_out)

    @property
    def targets_s(self) -> dict[str, float]:
        """Targets of areas that have their own."""
        return {area.name: area.target_s for area in self.areas if area.target_s is not None}

    def busy(self, now: datetime) -> list[str]:
        """Units that a feed calls busy.

        Raises:
            StorageFailed: The store is away.
        """
        return self._free(now)[1]

    def _speeds(self, speed: Forecast) -> Floats:
        """(members, streets, periods) m/s; the free speed where a member had nobody."""
        every = max(1, len(speed.members) // MEMBERS)
        chosen = speed.members[::every][:MEMBERS]
        rows = np.array([self._row.get(place, -1) for place in speed.places])
        out = np.broadcast_to(self._free_mps[None, :, None], (len(chosen), len(self._row), chosen.shape[2])).copy()
        out[:, rows[rows >= 0]] = np.where(np.isfinite(chosen), chosen, np.nan)[:, rows >= 0]
        return np.where(np.isfinite(out), np.maximum(out, SLOWEST_MPS), self._free_mps[None, :, None])

    def _areas_s(self, speed_mps: Floats, free: Sequence[WaitingUnit]) -> list[float]:
        """Seconds until nine in ten streets of each area are reached."""
        from scipy.sparse.csgraph import dijkstra

        if not free:
            return [NOBODY_S] * len(self.areas)
        source = len(self._row)
        reached = dijkstra(self._graph(speed_mps, free), indices=source)[:source]
        found = []
        for area in self.areas:
            times = np.sort(reached[[self._row[edge] for edge in area.edges]])
            last = times[max(int(np.ceil(REACHED * len(times))) - 1, 0)]
            found.append(float(min(last, NOBODY_S)))
        return found

    def _graph(self, speed_mps: Floats, free: Sequence[WaitingUnit]) -> csr_array:
        """Streets as nodes, the time to drive the next street as the arc's; one more node from which units set out."""
        from scipy.sparse import csr_array

        taken_s = self._length_m / speed_mps
        ready: dict[int, float] = {}
        for unit in free:
            row = self._row[unit.edge]
            ready[row] = min(unit.ready_s, ready.get(row, np.inf))
        begins, ends = self._pairs[:, 0], self._pairs[:, 1]
        source = np.full(len(ready), len(self._row))
        data = np.concatenate([taken_s[ends], np.maximum(list(ready.values()), 1e-3)])
        shape = (len(self._row) + 1, len(self._row) + 1)
        rows, columns = np.concatenate([begins, source]), np.concatenate([ends, list(ready)])
        return csr_array((data, (rows, columns)), shape=shape)

    def _free(self, now: datetime) -> tuple[list[WaitingUnit], list[str]]:
        """Units that can be sent, and those that a feed calls busy."""
        if self.store is None:
            return list(self.units), []
        names = [unit.unit_id for unit in self.units]
        since = now.astimezone(UTC) - FRESH
        table = self.store.read("positions", since, now + timedelta(microseconds=1), keys={"mover": names})
        state: dict[str, str] = {}
        columns = (table[name].to_pylist() for name in ("mover", "time", "details"))
        for mover, _, details in sorted(zip(*columns, strict=True), key=lambda row: row[1]):
            state[mover] = _state(details)
        busy = [name for name in names if state.get(name, "") in BUSY]
        return [unit for unit in self.units if unit.unit_id not in busy], busy


def _state(details: object) -> str:
    told = json.loads(details) if isinstance(details, str) and details else details
    return str(told.get("state", "")).lower() if isinstance(told, Mapping) else ""
