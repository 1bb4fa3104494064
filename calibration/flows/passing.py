"""Who passes where and when on streets that are as slow as a simulation found them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from calibration.flows.paths import PathSet
from calibration.flows.roads import Floats, Ints

MOMENTS = 3
"""Departures within a period that are followed: at 1/6, 3/6 and 5/6 of it."""


def passing(paths: PathSet, watched: Ints, rows: int, edge_s: Floats, wait_s: Floats, period_s: float) -> csr_matrix:
    """Share of the vehicles of each path and period of departure that pass each watched place in each period.

    A vehicle takes on each edge what the edge takes in the period in which it enters it (T periods). Who would come
    after the last period is not there: a window's end cuts ways short. Source: the assignment fractions of Cascetta,
    Inaudi & Marquis 1993, doi:10.1287/trsc.27.4.363, by travel times of a simulation.

    Args:
        paths: Where vehicles go (P).
        watched: Place that a vehicle passes as it enters each entry of `paths.indices`, 0 ... rows - 1; -1 none.
        rows: Number of places.
        edge_s: Seconds to pass each edge of `paths.edges` in each period (E, T).
        wait_s: Seconds that a vehicle waits to set out on each edge in each period (E, T).
        period_s: Length of a period.

    Returns:
        A matrix (rows * T, P * T), row = place and period, column = path and period of departure.
    """
    periods = edge_s.shape[1]
    lengths = np.diff(paths.indptr)
    path = np.repeat(np.arange(len(paths)), periods * MOMENTS)
    begun = np.tile(np.repeat(np.arange(periods), MOMENTS), len(paths))
    moment = np.tile((np.arange(MOMENTS) + 0.5) / MOMENTS, len(paths) * periods)
    at_s = (begun + moment) * period_s + wait_s[paths.origin[path], begun]
    row_parts, column_parts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for step in range(int(lengths.max(initial=0))):
        there = (lengths[path] > step) & (at_s < periods * period_s)
        path, begun, at_s = path[there], begun[there], at_s[there]
        entry = paths.indptr[path] + step
        period = (at_s / period_s).astype(np.int64)
        hit = watched[entry] >= 0
        row_parts.append(watched[entry[hit]] * periods + period[hit])
        column_parts.append(path[hit] * periods + begun[hit])
        at_s = at_s + edge_s[paths.indices[entry], period]
    row, column = np.concatenate(row_parts), np.concatenate(column_parts)
    shape = (rows * periods, len(paths) * periods)
    return csr_matrix((np.full(len(row), 1.0 / MOMENTS), (row, column)), shape=shape)


def at_edges(paths: PathSet, edges: tuple[str, ...]) -> Ints:
    """`watched` for edges: each entry's place in `edges`, which are all different."""
    place = {edge: row for row, edge in enumerate(edges)}
    return np.array([place.get(edge, -1) for edge in paths.edges], dtype=np.int64)[paths.indices]


def at_turns(paths: PathSet) -> tuple[Ints, list[tuple[str, str]]]:
    """`watched` for all turns that paths take, and these turns (from, to)."""
    before = np.roll(paths.indices, 1)
    code = before * len(paths.edges) + paths.indices
    first = np.zeros(len(code), dtype=bool)
    first[paths.indptr[:-1]] = True
    used, row = np.unique(code[~first], return_inverse=True)
    watched = np.full(len(code), -1, dtype=np.int64)
    watched[~first] = row
    pairs = [(paths.edges[int(one) // len(paths.edges)], paths.edges[int(one) % len(paths.edges)]) for one in used]
    return watched, pairs
