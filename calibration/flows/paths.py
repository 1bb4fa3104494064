"""Paths that vehicles may take through a net, with the time at which they pass each edge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from calibration.flows.roads import Bools, Floats, Ints, Roads
from models import stream
from networks.errors import BadInput

PAIRS_AT_MOST = 30_000
"""Trips that both begin and end inside the net are only looked at where there are no more pairs than this."""


@dataclass(frozen=True, slots=True)
class PathSet:
    """Paths through a net, one after the other.

    Attributes:
        edges: Edges of the net (E).
        indptr: Where each path begins in `indices` (P + 1).
        indices: Edges of each path in order of travel, by their number.
        free_s: Seconds from departure until each of them is entered, in free flow (same shape as `indices`).
        origin: First edge of each path (P).
        destination: Last edge of each path (P).
        probes: Observed vehicles that took each path (P); zeros without probes.
    """

    edges: tuple[str, ...]
    indptr: Ints
    indices: Ints
    free_s: Floats
    origin: Ints
    destination: Ints
    probes: Floats

    def __len__(self) -> int:
        """Number of paths P."""
        return len(self.origin)

    @property
    def length_s(self) -> Floats:
        """Seconds until the last edge of each path is entered (P)."""
        return self.free_s[self.indptr[1:] - 1]

    def path(self, number: int) -> tuple[str, ...]:
        """Edge ids of one path in order of travel."""
        return tuple(self.edges[i] for i in self.indices[self.indptr[number] : self.indptr[number + 1]])

    def incidence(self) -> csr_matrix:
        """How often each path (P) uses each edge (E)."""
        data = np.ones(len(self.indices))
        return csr_matrix((data, self.indices, self.indptr), shape=(len(self), len(self.edges)))

    def timed(self, edge_s: Floats) -> PathSet:
        """The same paths when each edge takes `edge_s` (E), e.g. what a simulation measured."""
        return replace(self, free_s=_entered_s(self.indptr, self.indices, edge_s))

    def chosen(self, keep: Bools) -> PathSet:
        """Only the paths where `keep` (P) holds."""
        rows = np.flatnonzero(keep)
        lengths = np.diff(self.indptr)
        entries = np.repeat(keep, lengths)
        return PathSet(
            self.edges,
            np.concatenate([[0], np.cumsum(lengths[rows])]).astype(np.int64),
            self.indices[entries],
            self.free_s[entries],
            self.origin[rows],
            self.destination[rows],
            self.probes[rows],
        )


def find_paths(
    roads: Roads,
    *,
    origins: Sequence[int] | None = None,
    destinations: Sequence[int] | None = None,
    draws: int = 2,
    spread: float = 0.2,
    detour: float = 1.3,
    seed: int = 0,
    within: bool | None = None,
) -> PathSet:
    """Quickest paths between edges, and those that are quickest when every edge's time is drawn anew.

    Each draw multiplies the free time of every edge by a lognormal factor. A path that takes more than `detour` times
    the quickest in free flow is left out. Source: the simulation method of path generation, Sheffi & Powell 1982, An
    algorithm for the equilibrium assignment problem with random link times, Networks 12, doi:10.1002/net.3230120209.

    Args:
        roads: Where vehicles drive.
        origins: Edges where trips may begin; all by default.
        destinations: Edges where trips may end; all by default.
        draws: Searches per origin, the first with free times.
        spread: Standard deviation of the factor's logarithm.
        detour: Times the quickest.
        seed: Of the draws.
        within: Whether trips that neither begin nor end at the net's rim are kept; by default only in small nets.

    Raises:
        BadInput: No origin reaches any destination.
    """
    every = range(len(roads.edges))
    starts = np.asarray(every if origins is None else origins, dtype=np.int64)
    ends = np.asarray(every if destinations is None else destinations, dtype=np.int64)
    if within is None:
        within = len(starts) * len(ends) <= PAIRS_AT_MOST
    rng = stream(seed, "path draws")
    found: list[tuple[Ints, Ints]] = []
    for draw in range(draws):
        edge_s = roads.free_s if draw == 0 else roads.free_s * rng.lognormal(0.0, spread, len(roads.edges))
        graph = csr_matrix(
            (edge_s[roads.tail] + roads.turn_s + 1e-9, (roads.tail, roads.head)), shape=(len(every), len(every))
        )
        reached, before = dijkstra(graph, indices=starts, return_predecessors=True)
        for row, start in enumerate(starts):
            wanted = ends[np.isfinite(reached[row, ends]) & (ends != start)]
            if not within and not roads.entries[start]:
                wanted = wanted[roads.exits[wanted]]
            found.append(_walked(before[row], int(start), wanted))
    paths = gathered(roads, found)
    if not len(paths):
        raise BadInput("no origin reaches any destination", expected="edges that turns connect")
    return paths.chosen(_direct(paths, detour))


def joined(first: PathSet, second: PathSet) -> PathSet:
    """Paths of both, each once; their probes are added."""
    rows: dict[bytes, int] = {}
    probes: list[float] = []
    kept: tuple[list[int], list[int]] = [], []
    for which, paths in enumerate((first, second)):
        for number in range(len(paths)):
            key = paths.indices[paths.indptr[number] : paths.indptr[number + 1]].tobytes()
            if key not in rows:
                rows[key] = len(probes)
                probes.append(0.0)
                kept[which].append(number)
            probes[rows[key]] += float(paths.probes[number])
    masks = [np.isin(np.arange(len(paths)), kept[which]) for which, paths in enumerate((first, second))]
    one, two = first.chosen(masks[0]), second.chosen(masks[1])
    return PathSet(
        first.edges,
        np.concatenate([one.indptr, two.indptr[1:] + one.indptr[-1]]),
        np.concatenate([one.indices, two.indices]),
        np.concatenate([one.free_s, two.free_s]),
        np.concatenate([one.origin, two.origin]),
        np.concatenate([one.destination, two.destination]),
        np.array(probes),
    )


def _walked(before: NDArray[np.int32], start: int, ends: Ints) -> tuple[Ints, Ints]:
    """Lengths of the paths from `start` to each of `ends`, and their edges one after the other."""
    steps = [ends]
    while True:
        last = steps[-1]
        earlier = np.where((last >= 0) & (last != start), before[np.maximum(last, 0)], -1)
        if not (earlier >= 0).any():
            break
        steps.append(earlier.astype(np.int64))
    back = np.array(steps[::-1], dtype=np.int64).reshape(len(steps), len(ends)).T
    return (back >= 0).sum(axis=1), back[back >= 0]


def gathered(roads: Roads, parts: Iterable[tuple[Ints, Ints]], *, keep: bool = False) -> PathSet:
    """One path set of all parts; the same path twice is kept once, unless `keep`."""
    lengths = np.concatenate([np.zeros(0, dtype=np.int64), *(part[0] for part in parts)])
    indices = np.concatenate([np.zeros(0, dtype=np.int64), *(part[1] for part in parts)])
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    first, last = indices[indptr[:-1]], indices[indptr[1:] - 1]
    free_s = _entered_s(indptr, indices, roads.free_s) + _turned_s(roads, indptr, indices)
    paths = PathSet(roads.edges, indptr, indices, free_s, first, last, np.zeros(len(lengths)))
    if keep or not len(paths):
        return paths
    rows: dict[bytes, int] = {}
    for row, (start, end) in enumerate(pairwise(indptr.tolist())):
        rows.setdefault(indices[start:end].tobytes(), row)
    return paths.chosen(np.isin(np.arange(len(paths)), list(rows.values())))


def _entered_s(indptr: Ints, indices: Ints, edge_s: Floats) -> Floats:
    """Seconds from departure until each edge of each path is entered."""
    passed = edge_s[indices]
    running = np.cumsum(passed) - passed
    return running - np.repeat(running[indptr[:-1]], np.diff(indptr))


def _turned_s(roads: Roads, indptr: Ints, indices: Ints) -> Floats:
    """Seconds that the turns before each edge of each path take; a turn that the net does not have takes none."""
    key = roads.tail * len(roads.edges) + roads.head  # ascending: turns are sorted
    asked = np.concatenate([[0], indices[:-1]]) * len(roads.edges) + indices
    place = np.minimum(np.searchsorted(key, asked), len(key) - 1)
    passed = np.where(key[place] == asked, roads.turn_s[place], 0.0) if len(key) else np.zeros(len(indices))
    passed[indptr[:-1]] = 0.0
    running = np.cumsum(passed)
    return running - np.repeat(running[indptr[:-1]], np.diff(indptr))


def _direct(paths: PathSet, detour: float) -> Bools:
    """Paths that take at most `detour` times the quickest between the same edges."""
    pair = paths.origin * len(paths.edges) + paths.destination
    _, group = np.unique(pair, return_inverse=True)
    best = np.full(group.max() + 1, np.inf)
    np.minimum.at(best, group, paths.length_s)
    return paths.length_s <= detour * best[group] + 1e-6
