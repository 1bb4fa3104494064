"""Counts of turns at junctions, and which steps of which paths a sensor or a turn count sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from calibration.counting import Counts
from calibration.flows.paths import PathSet
from calibration.flows.roads import Floats
from networks.errors import BadInput


@dataclass(frozen=True, slots=True)
class TurnCounts:
    """Vehicles that went from one edge straight on to another, e.g. from a count by hand or by a camera at a junction.

    Attributes:
        turns: The two edges of each turn by their SUMO ids (K).
        begin_s: Begin of the first period, seconds on the simulation's clock.
        period_s: Length of every period.
        vehicles: Vehicles that entered the second edge in each period (K, T), 0 or more; NaN for gaps.
    """

    turns: tuple[tuple[str, str], ...]
    begin_s: float
    period_s: float
    vehicles: Floats

    def __post_init__(self) -> None:
        """Refuse shapes and values that no count can have.

        Raises:
            BadInput: A row for each turn is missing, or a count is below zero or infinite.
        """
        if self.vehicles.ndim != 2 or len(self.vehicles) != len(self.turns):
            raise BadInput(f"turn counts of shape {self.vehicles.shape}", expected=f"({len(self.turns)}, periods)")
        if (self.vehicles < 0).any() or np.isinf(self.vehicles).any():
            raise BadInput("a turn count is below zero or infinite", expected="vehicles, 0 or more, NaN for a gap")


def all_counted(counts: Counts, turns: TurnCounts | None) -> Floats:
    """What sensors counted, and below it what turned (S + K, T).

    Raises:
        BadInput: They are of other periods.
    """
    if turns is None:
        return counts.vehicles
    own = turns.begin_s, turns.period_s, turns.vehicles.shape[1]
    if own != (wanted := (counts.begin_s, counts.period_s, counts.vehicles.shape[1])):
        said, asked = ("begin {} s, period {} s, {} periods".format(*window) for window in (own, wanted))
        raise BadInput(f"turn counts of {said}", expected=f"those of the sensors: {asked}")
    return np.vstack([counts.vehicles, turns.vehicles])


def seeing(paths: PathSet, counts: Counts, turns: TurnCounts | None = None) -> csr_matrix:
    """Whether each sensor, and each turn count below them (S + K), sees each entry of `paths.indices`.

    A sensor sees who enters its edge or sets out there; a turn count sees who enters the second edge from the first.
    """
    number = {edge: place for place, edge in enumerate(paths.edges)}
    size = len(paths.edges)
    before = np.roll(paths.indices, 1)
    before[paths.indptr[:-1]] = size  # nobody comes from anywhere at a path's begin
    edge_keys = np.array([number.get(edge, -1) for edge in counts.edges], dtype=np.int64)
    pairs = () if turns is None else turns.turns
    turn_keys = np.array(
        [number[a] * size + number[b] if a in number and b in number else -1 for a, b in pairs], dtype=np.int64
    )
    turned = np.where(before < size, before * size + paths.indices, -2)
    rows = [_equal(edge_keys, paths.indices), _equal(turn_keys, turned)]
    row = np.concatenate([rows[0][0], rows[1][0] + len(edge_keys)])
    entry = np.concatenate([rows[0][1], rows[1][1]])
    shape = (len(edge_keys) + len(turn_keys), len(paths.indices))
    return csr_matrix((np.ones(len(row)), (row, entry)), shape=shape)


def passes(paths: PathSet, seen: csr_matrix) -> csr_matrix:
    """How often each path (P) is seen by each row of `seeing`."""
    path = np.repeat(np.arange(len(paths)), np.diff(paths.indptr))
    size = len(path)
    return (seen @ csr_matrix((np.ones(size), (np.arange(size), path)), shape=(size, len(paths)))).tocsr()


def _equal(wanted: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row of `wanted` and place in `there` of each match; what is wanted twice is found twice."""
    order = np.argsort(there, kind="stable")
    low, high = (np.searchsorted(there[order], wanted, side=side) for side in ("left", "right"))
    row = np.repeat(np.arange(len(wanted)), high - low)
    first = np.repeat(low - np.concatenate([[0], np.cumsum(high - low)[:-1]]), high - low) if len(wanted) else low
    return row, order[first + np.arange(len(row))] if len(row) else np.zeros(0, dtype=np.int64)
