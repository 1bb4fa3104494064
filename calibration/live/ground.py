"""The streets of a live town as arrays, and how long each has been taking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from calibration.flows import PathSet, read_roads
from calibration.live.members import Members, Way
from calibration.live.usual import Floats
from networks.errors import BadInput

LONGEST_S = 1800.0
"""No edge is believed to take longer."""


@dataclass
class Ground:
    """Streets.

    Attributes:
        edges: All that cars may use (E).
        row: Their rows.
        length_m: (E).
        free_s: Seconds in free flow (E).
        turn_s: Seconds of the turn from one edge (row) to the next.
        period_s: Length of a period.
        taken_s: Seconds that each edge took, by begin of the period, as simulated last.
    """

    edges: tuple[str, ...]
    row: dict[str, int]
    length_m: Floats
    free_s: Floats
    turn_s: Mapping[tuple[int, int], float]
    period_s: float
    taken_s: dict[int, Floats] = field(default_factory=dict)

    def learn(self, members: Members) -> dict[int, Floats]:
        """Remember the median of what the edges took in the members, and tell what was learned."""
        if not members.seen:
            return {}
        speed = members.speed_mps(members.begin_s)
        with np.errstate(divide="ignore", invalid="ignore"):
            taken = np.where(speed > 0, self.length_m[None, :, None] / speed, np.nan)
        quiet = np.isnan(taken)
        taken = np.where(quiet, self._usual_s[None, :, None], np.minimum(taken, LONGEST_S))
        middle = np.median(taken, axis=0)
        learned = {round(members.begin_s + k * self.period_s): middle[:, k] for k in range(middle.shape[1])}
        self.taken_s.update(learned)
        return learned

    def between(self, begin_s: float, periods: int) -> Floats:
        """Seconds that each edge took (E, periods); a little above free flow where nothing was simulated."""
        told = [self.taken_s.get(round(begin_s + k * self.period_s), self._usual_s) for k in range(periods)]
        return np.array(told).T

    def forget(self, before_s: float) -> None:
        """Let go of what nobody needs any more."""
        self.taken_s = {begin_s: taken for begin_s, taken in self.taken_s.items() if begin_s >= before_s}

    def way(self, edges: Sequence[str], name: str) -> Way:
        """A way by its edges.

        Raises:
            BadInput: The network has no such edge for cars.
        """
        for edge in edges:
            if edge not in self.row:
                raise BadInput(f"edge {edge!r} is none that cars may use", place=f"path {name}", expected="edge ids")
        rows = np.array([self.row[edge] for edge in edges], dtype=np.int64)
        turns = [self.turn_s.get((a, b), 0.0) for a, b in pairwise(rows.tolist())]
        return self.length_m[rows], rows, self.free_s[rows] + np.array([*turns, 0.0])

    @property
    def _usual_s(self) -> Floats:
        return 1.2 * self.free_s + 2.0


def read_ground(net_file: Path, paths: PathSet, period_s: float) -> Ground:
    """The streets of a network.

    Raises:
        BadInput: The paths are of another network.
    """
    roads = read_roads(net_file)
    if roads.edges != paths.edges:
        raise BadInput("the usual demand is of another network", file=net_file, expected="paths found on it")
    turns = zip(roads.tail.tolist(), roads.head.tolist(), roads.turn_s.tolist(), strict=True)
    row = {edge: at for at, edge in enumerate(roads.edges)}
    return Ground(
        roads.edges, row, roads.length_m, roads.free_s, {(a, b): seconds for a, b, seconds in turns}, period_s
    )
