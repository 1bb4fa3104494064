"""Which roads a vehicle drove: map matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats, Routes
from scenarios.emergency.track import Track

if TYPE_CHECKING:
    from networks import City

NEAR_M = 40.0
"""Points further than this from every road that the class may use lie on none (guess: poor satellite positions)."""
MOST_ROADS = 8
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
    """

    edges: tuple[int, ...]
    entered: tuple[datetime, ...]
    off: tuple[int, ...]
    length_m: float


def match_track(city: City, track: Track, vclass: str) -> Driven:
    """The roads of a class that were most likely driven, turn by turn as that class may turn.

    A hidden Markov model: a point lies near its road (Gaussian), and the way between two points is about as long as the
    straight line (exponential). Source: Newson & Krumm 2009, Hidden Markov map matching through noise and sparseness,
    ACM SIGSPATIAL GIS, doi:10.1145/1653771.1653818 (secondary source: known from citations); ways by the route kernel.
    It cannot tell a forbidden turn or a road against its direction: it looks for the nearest way that is allowed.
    """
    graph = city.road_graph(vclass)
    length = np.maximum(np.asarray(graph.length_m, dtype=np.float64), 0.01)
    routes = Routes(graph, length)
    states = _candidates(city, track.xy, np.asarray(graph.allowed, dtype=bool), length)
    chosen, off = _most_likely(states, track.xy, routes)
    if not chosen:
        return Driven((), (), tuple(off), 0.0)
    edges, entered = [chosen[0][1]], [track.moments[chosen[0][0]]]
    for (n, edge, along_m), (m, following, further_m) in pairwise(chosen):
        way = routes.route(edge, following)
        passed = [following] if way is None else list(way.nodes[1:])  # without a way: go on from where it is again
        begun_m = np.cumsum(length[[edge, *passed[:-1]]]) - along_m
        share = np.clip(begun_m / max(float(begun_m[-1]) + further_m, 0.01), 0.0, 1.0) if passed else ()
        edges += passed
        entered += [track.moments[n] + (track.moments[m] - track.moments[n]) * float(part) for part in share]
    return Driven(tuple(edges), tuple(entered), tuple(off), float(length[edges].sum()))


@dataclass(frozen=True)
class _States:
    """Roads near one point: edges, how far along (m), how far away (m)."""

    edge: np.ndarray
    along_m: Floats
    away_m: Floats


def _candidates(city: City, xy: Floats, allowed: np.ndarray, length: Floats) -> list[_States]:
    from shapely import STRtree, points

    shapes = city.layer("edges").geometry.to_numpy()
    usable = np.flatnonzero(allowed & (city.layer("edges")["highway"] != "outside").to_numpy(dtype=bool))
    tree, found = STRtree(shapes[usable]), list[_States]()
    for point in points(xy):
        near = usable[tree.query(point, predicate="dwithin", distance=NEAR_M)]
        away = np.array([shapes[edge].distance(point) for edge in near])
        order = np.argsort(away, kind="stable")[:MOST_ROADS]
        share = np.array([shapes[edge].project(point, normalized=True) for edge in near[order]])
        found.append(_States(near[order], share * length[near[order]], away[order]))
    return found


def _most_likely(states: list[_States], xy: Floats, routes: Routes) -> tuple[list[tuple[int, int, float]], list[int]]:
    """(point, edge, m along) of the likeliest chain, and the points left out: Viterbi's algorithm."""
    kept = [n for n, one in enumerate(states) if len(one.edge)]
    off = [n for n, one in enumerate(states) if not len(one.edge)]
    if not kept:
        return [], off
    score = _nearness(states[kept[0]])
    came: list[np.ndarray] = []
    for a, b in pairwise(kept):
        first, second = states[a], states[b]
        way = routes.table(first.edge, second.edge) - first.along_m[:, None] + second.along_m[None, :]
        same = first.edge[:, None] == second.edge[None, :]
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
    return [(n, int(states[n].edge[k]), float(states[n].along_m[k])) for n, k in zip(kept, chain, strict=True)], off


def _nearness(one: _States) -> Floats:
    return np.asarray(-0.5 * (one.away_m / ERROR_M) ** 2)
