"""What the signals show at both ends of every road, for who crosses it on foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOVING = "GgyYu"
"""Letters of SUMO's signal states at which vehicles may come."""


class Lights:
    """The lights that control vehicles out of each edge, and straight into it.

    Who turns into an edge yields to people who cross it, and is not looked at; nor is a signal that is switched off.

    Args:
        sumo: libsumo, running.
        edge_ids: Road edges, in the order of what `read` returns.
    """

    def __init__(self, sumo: Any, edge_ids: Sequence[str]) -> None:
        self._sumo, self._edges = sumo, len(edge_ids)
        rows = {edge: row for row, edge in enumerate(edge_ids)}
        self._ends: dict[str, list[tuple[int, int, int]]] = {}
        for tls in sumo.trafficlight.getIDList():
            ends = set()
            for index, ways in enumerate(sumo.trafficlight.getControlledLinks(tls)):
                for begin, end, _ in ways:
                    edges = [sumo.lane.getEdgeID(lane) for lane in (begin, end)]
                    if edges[0] in rows:
                        ends.add((0, rows[edges[0]], index))
                    if edges[1] in rows and _goes_straight(sumo, begin, end):
                        ends.add((1, rows[edges[1]], index))
            self._ends[tls] = sorted(ends)

    def read(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Whether vehicles may come out of each edge now, and straight into it: 1, 0, NaN without lights, (edges,)."""
        shown = np.full((2, self._edges), np.nan)
        for tls, ends in self._ends.items():
            state = self._sumo.trafficlight.getRedYellowGreenState(tls)
            for end, row, index in ends:
                if state[index] not in "oO":
                    shown[end, row] = np.fmax(shown[end, row], state[index] in MOVING)
        return shown[0], shown[1]


def _goes_straight(sumo: Any, begin: str, end: str) -> bool:
    """Whether the connection of two lanes is a way straight on."""
    return any(link[0] == end and link[6] == "s" for link in sumo.lane.getLinks(begin))
