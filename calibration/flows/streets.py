"""What a loop has learned of the streets so far: how slow, how long the wait to set out, what they carry."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from calibration.flows.carrying import Capacity
from calibration.flows.departing import Departures
from calibration.flows.passing import at_turns, passing
from calibration.flows.paths import PathSet
from calibration.flows.roads import Bools, Floats, Roads
from calibration.flows.simulation import SimulatedCounts

SLOWEST, SLACK_S = 5.0, 60.0
"""A street counts as no slower than this many times its free time and so many seconds: what stands in a jam would
otherwise seem never to arrive, and more demand would be made up for it."""
LONGEST_WAIT_S = 300.0
JAM_SPEED, JAM_DENSITY = 0.35, 0.35
"""A street is jammed below this share of its limit and above this share of its room (7.5 m for a vehicle)."""
ROOM_M = 7.5
TIGHTER, LOOSER = 0.7, 1.05
"""A jam's head carries so much less of what was asked of it in the next round; a free street so much more."""


@dataclass(frozen=True, slots=True)
class Streets:
    """What is believed of the streets.

    Attributes:
        edge_s: Seconds to pass each edge in each period (E, T).
        wait_s: Seconds of waiting to set out on each edge in each period (E, T).
        limits: Vehicles that each edge lets through in each period (E, T).
        jammed: Jams' heads in the last simulation (E, T).
    """

    edge_s: Floats
    wait_s: Floats
    limits: Floats
    jammed: Bools


def first_streets(roads: Roads, carried: Capacity, periods: int, period_s: float) -> Streets:
    """Before any simulation: a fifth over free flow, two seconds for each junction, and capacities."""
    shape = (len(roads.edges), periods)
    limits = np.repeat(carried.edges[:, None] * period_s / 3600.0, periods, axis=1)
    edge_s = np.repeat(roads.free_s[:, None] * 1.2 + 2.0, periods, axis=1)
    return Streets(edge_s, np.zeros(shape), limits, np.zeros(shape, dtype=bool))


def learned(
    known: Streets,
    roads: Roads,
    paths: PathSet,
    flows: Floats,
    leaving: Departures,
    told: SimulatedCounts,
    waits_s: Floats,
    first_limits: Floats,
    *,
    damping: float = 0.5,
) -> Streets:
    """The streets after one more simulation.

    Args:
        known: Before.
        roads: The roads.
        paths: Paths (P).
        flows: What set out (P, T).
        leaving: The same as vehicles (N).
        told: What the simulation counted, a row for each edge of `roads`.
        waits_s: How long each of these vehicles waited to enter (N).
        first_limits: Capacities (E, T), never passed.
        damping: Weight of this simulation's times.
    """
    free_s, period_s = roads.free_s[:, None], told.counts.period_s
    speed = np.where(np.isnan(told.speed_mps), roads.speed_mps[:, None], np.maximum(told.speed_mps, 0.1))
    edge_s = np.minimum(roads.length_m[:, None] / speed, SLOWEST * free_s + SLACK_S)
    wait_s = _waits(known.wait_s.shape, paths, leaving, waits_s, told)
    room = (roads.length_m * roads.lanes / ROOM_M)[:, None]
    dense = (speed < JAM_SPEED * roads.speed_mps[:, None]) & (told.vehicle_s / period_s > JAM_DENSITY * room)
    dense |= wait_s > 60.0
    heads = (dense & (_dense_ahead(paths, flows, dense) < 0.5)) | (wait_s > 60.0)
    every = passing(paths, paths.indices, len(paths.edges), known.edge_s, known.wait_s, period_s)
    wanted = np.asarray(every @ flows.ravel()).reshape(heads.shape)
    asked = np.minimum(known.limits, np.maximum(wanted, 1.0))
    tight = np.maximum(told.counts.vehicles, TIGHTER * asked)
    limits = np.where(heads, np.minimum(tight, first_limits), known.limits)
    limits = np.where(dense, limits, np.minimum(limits * LOOSER, first_limits))
    return replace(
        known,
        edge_s=known.edge_s + damping * (edge_s - known.edge_s),
        wait_s=known.wait_s + damping * (np.minimum(wait_s, LONGEST_WAIT_S) - known.wait_s),
        limits=limits,
        jammed=heads,
    )


def bounds(paths: PathSet, streets: Streets, carried: Capacity, period_s: float) -> tuple[csr_matrix, Floats]:
    """Rows of what passes edges and turns, and what they carry, in the order (place, period)."""
    periods = streets.edge_s.shape[1]
    watched, pairs = at_turns(paths)
    edges = passing(paths, paths.indices, len(paths.edges), streets.edge_s, streets.wait_s, period_s)
    turns = passing(paths, watched, len(pairs), streets.edge_s, streets.wait_s, period_s)
    most = np.array([carried.turns.get(pair, np.inf) for pair in pairs]) * period_s / 3600.0
    return _stacked(edges, turns), np.concatenate([streets.limits.ravel(), np.repeat(most, periods)])


def _stacked(first: csr_matrix, second: csr_matrix) -> csr_matrix:
    from scipy.sparse import vstack

    return vstack([first, second]).tocsr()


def _waits(
    shape: tuple[int, ...], paths: PathSet, leaving: Departures, waits_s: Floats, told: SimulatedCounts
) -> Floats:
    """Mean wait by edge of departure and period."""
    origin = paths.origin[leaving.path]
    period = ((leaving.depart_s - told.counts.begin_s) / told.counts.period_s).astype(np.int64).clip(0, shape[1] - 1)
    vehicles, total = np.zeros(shape), np.zeros(shape)
    np.add.at(vehicles, (origin, period), 1.0)
    np.add.at(total, (origin, period), waits_s)
    return total / np.maximum(vehicles, 1.0)


def _dense_ahead(paths: PathSet, flows: Floats, dense: Bools) -> Floats:
    """Share of each edge's vehicles whose next edge is jammed (E, T)."""
    size = len(paths.edges)
    going = np.ones(len(paths.indices), dtype=bool)
    going[paths.indptr[1:] - 1] = False
    entry = np.flatnonzero(going)
    path = np.repeat(np.arange(len(paths)), np.diff(paths.indptr))[entry]
    links = paths.indices[entry], paths.indices[entry + 1]
    turning = csr_matrix((flows.sum(axis=1)[path], links), shape=(size, size))
    total = np.asarray(turning.sum(axis=1)).ravel()[:, None]
    return np.asarray(turning @ dense.astype(np.float64)) / np.maximum(total, 1e-9)
