"""Paths that vehicles were observed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from calibration.flows.paths import PathSet, gathered
from calibration.flows.roads import Roads


def probe_paths(roads: Roads, routes: Iterable[Sequence[str]]) -> PathSet:
    """The paths of observed vehicles, each once, with how many took it.

    Edges that cars do not have (inside a junction, a bus lane) are skipped; where no turn leads on from there, the
    longest piece is kept: no car could be sent along the whole.

    Args:
        roads: Where they drove.
        routes: Edge ids of each vehicle in order of travel.
    """
    number = {edge: place for place, edge in enumerate(roads.edges)}
    turns = set(zip(roads.tail.tolist(), roads.head.tolist(), strict=True))
    taken: dict[tuple[int, ...], int] = {}
    for route in routes:
        path = _longest_piece([number[edge] for edge in route if edge in number], turns)
        if path:
            taken[path] = taken.get(path, 0) + 1
    parts = [(np.array([len(path)]), np.array(path, dtype=np.int64)) for path in taken]
    return replace(gathered(roads, parts, keep=True), probes=np.array(list(taken.values()), dtype=np.float64))


def _longest_piece(route: Sequence[int], turns: set[tuple[int, int]]) -> tuple[int, ...]:
    pieces: list[list[int]] = [[]]
    for edge in route:
        if pieces[-1] and (pieces[-1][-1], edge) not in turns:
            pieces.append([])
        pieces[-1].append(edge)
    longest: list[int] = max(pieces, key=len)
    return tuple(longest)
