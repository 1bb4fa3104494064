"""Journey times in a simulation: how long its vehicles took for each movement, added up along a route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from calibration.proof.evidence import Floats
from models.sumo.streaming import read_elements

OUTPUT = {
    "vehroute-output": "vehroutes.xml", "vehroute-output.exit-times": "true",
    "vehroute-output.write-unfinished": "true",
}  # fmt: skip
BIN_S = 300.0
"""Vehicles that enter an edge within so long share its time."""
STEP_S = 60.0
"""A journey is begun this often within a period."""


@dataclass(frozen=True)
class Drives:
    """How long vehicles took over each edge, by where they went next.

    Attributes:
        begin_s: First second.
        took: (edge, next edge or "") -> seconds that they entered at, and took, the way over the junction before it
            included (two rows).
        free_s: Seconds of each edge in free flow, where nobody drove.
    """

    begin_s: float
    took: Mapping[tuple[str, str], Floats]
    free_s: Mapping[str, float]

    def seconds(self, route: Sequence[str], begin_s: float) -> float:
        """Time along a route for somebody who enters its first edge then (s)."""
        now = begin_s
        for edge, after in pairwise([*route, ""]):
            now += self._edge(edge, after, now)
        return now - begin_s

    def period(self, route: Sequence[str], begin_s: float, period_s: float) -> float:
        """Mean over those who set out in a period (s)."""
        starts = begin_s + np.arange(STEP_S / 2, max(period_s, STEP_S), STEP_S)
        return float(np.mean([self.seconds(route, float(start)) for start in starts]))

    def _edge(self, edge: str, after: str, now: float) -> float:
        """Of this movement near this time; of all movements then; of this movement ever; of all ever; free flow."""
        sides = [self.took[key] for key in ((edge, after), (edge, "")) if key in self.took]
        for near in (True, False):
            for entered, seconds in sides:
                at = np.abs(entered - now) <= BIN_S / 2 if near else np.ones(len(entered), dtype=bool)
                if at.any():
                    return float(seconds[at].mean())
        return self.free_s[edge]


def read_drives(file: Path, begin_s: float, free_s: Mapping[str, float]) -> Drives:
    """The drives in SUMO's vehroute output with exit times; vehicles set out at the begin of their first edge."""
    took: dict[tuple[str, str], list[tuple[float, float]]] = {}
    departed = [0.0]

    def start(name: str, items: Mapping[str, str], _line: int) -> None:
        if name == "vehicle":
            departed[0] = float(items["depart"])
        if name != "route" or "exitTimes" not in items:
            return
        edges, left = items["edges"].split(), [float(text) for text in items["exitTimes"].split()]
        entered = [departed[0], *left]
        for at in range(len(edges)):
            if left[at] < 0 or entered[at] < 0:
                break
            one = (entered[at], left[at] - entered[at])
            after = edges[at + 1] if at + 1 < len(edges) else ""
            took.setdefault((edges[at], after), []).append(one)
            if after:
                took.setdefault((edges[at], ""), []).append(one)

    read_elements(file, start)
    return Drives(begin_s, {key: np.array(rows).T for key, rows in took.items()}, free_s)
