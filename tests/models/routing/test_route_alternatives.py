"""Other routes, isochrones and times over an ensemble, on streets where the answer is plain and on random ones."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.routing import Routes, alternatives, reached, spread
from networks.graphs import RoadGraph


def graph_of(*turns: str, edges: str) -> RoadGraph:
    """Edges of 100 m at 10 m/s, named by a letter each."""
    index = {name: n for n, name in enumerate(edges)}
    ends = np.array([(index[a], index[b]) for a, b in turns]).reshape(-1, 2)
    n = len(edges)
    places = np.column_stack([np.arange(n, dtype=float), np.zeros(n)])
    hundred, ten, every = np.full(n, 100.0), np.full(n, 10.0), np.ones(n, dtype=bool)
    return RoadGraph(tuple(edges), hundred, ten, places, places, ends[:, 0], ends[:, 1], every)


def letters(routes: Routes, ways: Any) -> list[str]:
    return ["".join(routes.ids(way)) for way in ways]


def test_three_streets_side_by_side_are_named_in_order_and_a_detour_is_not() -> None:
    graph = graph_of("ob", "oc", "od", "ox", "xe", "bz", "cz", "dz", "ez", edges="obcdxez")
    times = np.array([10.0, 20.0, 22.0, 24.0, 20.0, 30.0, 10.0])
    routes = Routes(graph, times)
    assert letters(routes, alternatives(routes, 0, 6, most=5)) == ["obz", "ocz", "odz"]
    assert letters(routes, alternatives(routes, 0, 6, most=2)) == ["obz", "ocz"]
    routes.change([1], np.inf)
    assert letters(routes, alternatives(routes, 0, 6, most=5)) == ["ocz", "odz"]
    routes.change([1, 2, 3, 5], np.inf)
    assert alternatives(routes, 0, 6) == []


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_alternative_is_a_way_keeps_the_bounds_and_differs(seed: int) -> None:
    rng, side = np.random.default_rng(seed), 7
    graph = town(side)
    routes = Routes(graph, rng.uniform(5, 20, len(graph.edge_ids)))
    origin, destination = rng.integers(0, len(graph.edge_ids), 2).tolist()
    found = alternatives(routes, origin, destination, most=4)
    best = routes.time(origin, destination)
    assert found[0].time_s == best
    pairs = list(zip(routes.turns.tail.tolist(), routes.turns.head.tolist(), strict=True))
    for way in found:
        assert (way.nodes[0], way.nodes[-1]) == (origin, destination) and len(set(way.nodes)) == len(way.nodes)
        assert [pairs[a] for a in way.arcs] == list(zip(way.nodes, way.nodes[1:], strict=False))
        assert way.time_s == pytest.approx(routes.arc_s[list(way.arcs)].sum(), abs=1e-2)
        assert way.time_s <= 1.25 * best + 1e-3
    for one, other in combinations(found, 2):
        assert routes.arc_s[list(set(one.arcs) & set(other.arcs))].sum() <= 0.8 * best + 1e-2


def test_from_an_edge_to_itself_there_is_one_way() -> None:
    routes = Routes(town(4))
    assert [(one.time_s, one.nodes) for one in alternatives(routes, 3, 3)] == [(0.0, (3,))]


def test_most_pairs_of_a_town_have_an_alternative() -> None:
    graph, rng = town(12), np.random.default_rng(3)
    routes = Routes(graph, rng.uniform(5, 20, len(graph.edge_ids)))
    pairs = rng.integers(0, len(graph.edge_ids), (30, 2)).tolist()
    assert sum(len(alternatives(routes, a, b)) > 1 for a, b in pairs) >= 15


def town(side: int) -> RoadGraph:
    """Streets both ways on a grid; no U-turns."""
    nodes = [(x, y) for x in range(side) for y in range(side)]
    steps = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    edges = [((x, y), (x + a, y + b)) for x, y in nodes for a, b in steps if (x + a, y + b) in set(nodes)]
    turns = [(i, j) for i, e in enumerate(edges) for j, f in enumerate(edges) if e[1] == f[0] and e[0] != f[1]]
    ends, places, n = np.array(turns), np.array(edges, dtype=float) * 100, len(edges)
    names = tuple(f"e{i}" for i in range(n))
    every = np.ones(n, dtype=bool)
    return RoadGraph(
        names, np.full(n, 100.0), np.full(n, 10.0), places[:, 0], places[:, 1], ends[:, 0], ends[:, 1], every
    )


def test_an_isochrone_ends_within_an_edge_and_closed_roads_are_never_reached() -> None:
    routes = Routes(graph_of("ab", "bc", "cd", "ae", edges="abcde"))
    np.testing.assert_allclose(reached(routes, [0], 25.0), [1, 1, 0.5, 0, 1])
    np.testing.assert_allclose(reached(routes, [0, 3], 5.0), [0.5, 0, 0, 0.5, 0])
    routes.change([1], np.inf)
    np.testing.assert_allclose(reached(routes, [0], 25.0), [1, 0, 0, 0, 1])


def test_members_without_a_way_make_the_high_end_infinite_not_the_middle() -> None:
    routes = Routes(graph_of("ab", "bc", edges="abc"))
    members = np.array([[10, 10, 10], [10, 20, 10], [10, 30, 10], [10, np.inf, 10]], dtype=float)
    found = spread(routes, members, [0], [2])
    assert (found.low_s[0, 0], found.middle_s[0, 0], found.high_s[0, 0]) == pytest.approx((20.0, 30.0, np.inf))
    assert found.open_share[0, 0] == 0.75
