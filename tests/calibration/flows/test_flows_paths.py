"""Paths: shortest ones are found, clocks add up, probes are counted."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from calibration.flows import Roads, find_paths, joined, probe_paths
from networks.errors import BadInput


def ladder() -> Roads:
    """In -> two parallel ways (short a, long b) -> out, and an inner street c between them.

    Edges: 0 in, 1 a, 2 b1, 3 b2, 4 out.
    """
    pairs = np.array([(0, 1), (0, 2), (1, 4), (2, 3), (3, 4)])
    return Roads(
        edges=("in", "a", "b1", "b2", "out"),
        length_m=np.array([100.0, 200.0, 120.0, 120.0, 100.0]),
        speed_mps=np.full(5, 10.0),
        lanes=np.ones(5),
        kinds=("",) * 5,
        tail=pairs[:, 0],
        head=pairs[:, 1],
        turn_s=np.zeros(5),
        turn_lanes=np.ones(5),
        start_xy=np.array([[0, 0], [100, 0], [100, 0], [200, 60], [300, 0]], dtype=float),
        end_xy=np.array([[100, 0], [300, 0], [200, 60], [300, 0], [400, 0]], dtype=float),
        heading=np.zeros((5, 2)),
        entries=np.array([True, False, False, False, False]),
        exits=np.array([False, False, False, False, True]),
    )


def test_both_ways_are_found_with_the_time_at_which_each_edge_is_entered() -> None:
    paths = find_paths(ladder(), origins=[0], destinations=[4], draws=20, spread=0.5)
    found = {paths.path(number): number for number in range(len(paths))}
    assert set(found) == {("in", "a", "out"), ("in", "b1", "b2", "out")}
    long = found["in", "b1", "b2", "out"]
    assert paths.free_s[paths.indptr[long] : paths.indptr[long + 1]].tolist() == [0.0, 10.0, 22.0, 34.0]
    slow = paths.timed(np.array([50.0, 1.0, 1.0, 1.0, 1.0]))
    assert slow.length_s[long] == 52.0


def test_a_long_way_round_is_left_out() -> None:
    paths = find_paths(ladder(), origins=[0], destinations=[4], draws=20, spread=0.5, detour=1.05)
    assert [paths.path(number) for number in range(len(paths))] == [("in", "a", "out")]


def test_each_path_once_simple_and_along_turns_that_exist() -> None:
    roads = ladder()
    paths = find_paths(roads, draws=5)
    every = [paths.path(number) for number in range(len(paths))]
    assert len(set(every)) == len(every)
    turns = {(roads.edges[a], roads.edges[b]) for a, b in zip(roads.tail, roads.head, strict=True)}
    assert all(set(pairwise(path)) <= turns and len(set(path)) == len(path) for path in every)
    assert np.diff(paths.indptr).tolist() == [len(path) for path in every]


def test_probes_are_counted_and_join_paths_that_are_there() -> None:
    roads = ladder()
    routes = [("in", "a", "out"), ("in", "a", "out"), ("in", ":internal", "b1", "b2")]
    probes = probe_paths(roads, routes)
    both = joined(find_paths(roads, origins=[0], destinations=[4], draws=1), probes)
    seen = Counter({both.path(n): both.probes[n] for n in range(len(both))})
    assert seen == {("in", "a", "out"): 2.0, ("in", "b1", "b2"): 1.0}


def test_edges_that_nothing_connects_are_refused() -> None:
    with pytest.raises(BadInput, match="no origin reaches"):
        find_paths(ladder(), origins=[4], destinations=[0])


def test_of_a_vehicle_that_went_where_cars_cannot_the_longest_piece_is_kept() -> None:
    roads = ladder()
    routes = [("in", "b1", "b2", "a", "out"), ("in", "bus lane", "a"), ("b2", "b1"), ("nowhere",)]
    probes = probe_paths(roads, routes)
    seen = {probes.path(n): probes.probes[n] for n in range(len(probes))}
    assert seen == {("in", "b1", "b2"): 1.0, ("in", "a"): 1.0, ("b2",): 1.0}
