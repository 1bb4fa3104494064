"""Which roads a vehicle drove: map matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats
from scenarios.emergency.drivable import AGAINST_M, Drivable
from scenarios.emergency.track import Track

if TYPE_CHECKING:
    from networks import City

NEAR_M = 40.0
"""Points further than this from every road that the class may use lie on none (guess: poor satellite positions)."""
MOST_ROADS = 12
ERROR_M = 10.0
"""Standard deviation of a position (guess; Newson & Krumm measured 4 m with a good receiver)."""
DETOUR_M = 30.0
"""How much longer than straight the way between two points is on the mean (guess for points 5 to 30 s apart)."""


@dataclass(frozen=True)
class Driven:
    """What was driven.

    Attributes:
        edges: Road edges in their order.
        entered: Moment of entering each, between the points about it.
        off: Points that lie on no road, or cannot be reached from the one before, by number.
        length_m: Of all edges.
        backward: Whether each edge was driven against its direction.
        strange: Whether the network does not have the turn from each edge into the next.
        points: How many positions lie on each.
    """

    edges: tuple[int, ...]
    entered: tuple[datetime, ...]
    off: tuple[int, ...]
    length_m: float
    backward: tuple[bool, ...] = ()
    strange: tuple[bool, ...] = ()
    points: tuple[int, ...] = ()


def match_track(city: City, track: Track, vclass: str) -> Driven:
    """The roads of a class that were most likely driven, also against the rules where that is likelier by far.

    A hidden Markov model: a point lies near its road (Gaussian), and the way between two points is about as long as the
    straight line (exponential). Source: Newson & Krumm 2009, Hidden Markov map matching through noise and sparseness,
    ACM SIGSPATIAL GIS, doi:10.1145/1653771.1653818 (secondary source: known from citations); ways by the route kernel.
    A move against the rules counts as a longer way (`Drivable`).
    """
    ways = Drivable(city, vclass)
    states = _candidates(city, track.xy, ways)
    chosen, off = _most_likely(states, track.xy, ways)
    if not chosen:
        return Driven((), (), tuple(off), 0.0)
    driven, entered, points = [chosen[0][1]], [track.moments[chosen[0][0]]], [1]
    for (n, state, along_m), (m, following, further_m) in pairwise(chosen):
        way = ways.routes.route(state, following)
        passed = [following] if way is None else list(way.nodes[1:])  # without a way: go on from where it is again
        begun_m = np.cumsum(ways.length_m[[state, *passed[:-1]]]) - along_m
        share = np.clip(begun_m / max(float(begun_m[-1]) + further_m, 0.01), 0.0, 1.0) if passed else ()
        driven += passed
        entered += [track.moments[n] + (track.moments[m] - track.moments[n]) * float(part) for part in share]
        points += [0] * len(passed)
        points[-1] += 1
    strange = tuple(not ways.turns_as_allowed(a, b) for a, b in pairwise(driven))
    edges, length_m = ways.edge[driven].tolist(), float(ways.length_m[driven].sum())
    backward = tuple(bool(ways.backward[state]) for state in driven)
    return Driven(tuple(edges), tuple(entered), tuple(off), length_m, backward, strange, tuple(points))


@dataclass(frozen=True)
class _States:
    """Roads near one point: states of `Drivable`, how far along (m), how far away (m)."""

    state: np.ndarray
    along_m: Floats
    away_m: Floats


def _candidates(city: City, xy: Floats, ways: Drivable) -> list[_States]:
    from shapely import STRtree, points

    shapes = city.layer("edges").geometry.to_numpy()
    inside = (city.layer("edges")["highway"] != "outside").to_numpy(dtype=bool)
    usable = np.flatnonzero(ways.allowed & inside[ways.edge])
    tree, found = STRtree(shapes[ways.edge[usable]]), list[_States]()
    for point in points(xy):
        near = usable[tree.query(point, predicate="dwithin", distance=NEAR_M)]
        away = np.array([shapes[edge].distance(point) for edge in ways.edge[near]])
        order = np.argsort(away, kind="stable")[:MOST_ROADS]
        share = np.array([shapes[edge].project(point, normalized=True) for edge in ways.edge[near[order]]])
        share = np.where(ways.backward[near[order]], 1.0 - share, share)
        found.append(_States(near[order], share * ways.length_m[near[order]], away[order]))
    return found


def _most_likely(states: list[_States], xy: Floats, ways: Drivable) -> tuple[list[tuple[int, int, float]], list[int]]:
    """(point, state, m along) of the likeliest chain, and the points left out: Viterbi's algorithm."""
    kept = [n for n, one in enumerate(states) if len(one.state)]
    off = [n for n, one in enumerate(states) if not len(one.state)]
    if not kept:
        return [], off
    score = _nearness(states[kept[0]]) - np.where(ways.backward[states[kept[0]].state], AGAINST_M / DETOUR_M, 0.0)
    came: list[np.ndarray] = []
    for a, b in pairwise(kept):
        first, second = states[a], states[b]
        way = ways.routes.table(first.state, second.state) - first.along_m[:, None] + second.along_m[None, :]
        same = first.state[:, None] == second.state[None, :]
        ahead = second.along_m[None, :] - first.along_m[:, None]
        way = np.where(same, np.where(ahead >= -2 * ERROR_M, np.maximum(ahead, 0.0), np.inf), way)
        straight = float(np.hypot(*(xy[b] - xy[a])))
        step = score[:, None] - np.abs(way - straight) / DETOUR_M
        if not np.isfinite(step).any():  # nothing leads on: begin anew
            step = np.broadcast_to(score[:, None] - 1e6, way.shape)
        came.append(np.argmax(step, axis=0))
        score = step.max(axis=0) + _nearness(second)
    at = int(np.argmax(score))
    chain = [at]
    for before in reversed(came):
        chain.append(int(before[chain[-1]]))
    chain.reverse()
    return [(n, int(states[n].state[k]), float(states[n].along_m[k])) for n, k in zip(kept, chain, strict=True)], off


def _nearness(one: _States) -> Floats:
    return np.asarray(-0.5 * (one.away_m / ERROR_M) ** 2)
