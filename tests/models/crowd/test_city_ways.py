"""Next-link tables of a city by the route kernel, against Dijkstra's."""

from __future__ import annotations

import numpy as np
from crowd_world import corridor, graph_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from models.crowd.city.ways import CityWays
from networks import WalkGraph


def quickest_s(graph: WalkGraph, cost_s: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """Times from every node to the goals over the links whose cost is finite; dense, so that parallels are told."""
    nodes = len(graph.node_x)
    least = np.full((nodes, nodes), np.inf)
    np.minimum.at(least, (graph.link_from, graph.link_to), cost_s)
    least = np.minimum(least, least.T)
    known = np.isfinite(least)
    arcs = csr_array((least[known], np.nonzero(known)), shape=(nodes, nodes))
    return np.asarray(dijkstra(arcs, indices=goals))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_ways_are_as_short_as_dijkstras_and_lead_there_past_what_is_closed(seed: int) -> None:
    draw = np.random.default_rng(seed)
    nodes = int(draw.integers(2, 25))
    links = [(int(a), int(b)) for a, b in draw.integers(0, nodes, (int(draw.integers(1, 60)), 2)) if a != b]
    links = links or [(0, 1)]
    graph = graph_of(draw.uniform(0, 500, (nodes, 2)).tolist(), links, length_m=draw.uniform(0.3, 80, len(links)))
    goals, wait = draw.integers(0, nodes, 3), np.where(draw.random(len(links)) < 0.2, 14.0, 0.0)
    ways = CityWays(graph, goals, wait)
    cost = graph.length_m / 1.34 + wait
    for closed in (np.zeros(len(links), dtype=bool), draw.random(len(links)) < 0.3):
        ways.close(closed)
        known = quickest_s(graph, np.where(closed, np.inf, cost), ways.goal_node)
        assert np.allclose(ways.cost_s, known, atol=0.01)
        for row, goal in enumerate(ways.goal_node.tolist()):
            for node in range(nodes):
                at, spent = node, 0.0
                while at != goal and ways.next_link[row, at] >= 0 and not closed[ways.next_link[row, at]]:
                    link = ways.next_link[row, at]
                    spent += cost[link]
                    at = graph.link_to[link] if graph.link_from[link] == at else graph.link_from[link]
                assert (at == goal) == bool(np.isfinite(known[row, node]))
                if at == goal:
                    assert np.isclose(spent, known[row, node], atol=0.01)


def test_who_is_caught_between_closed_links_goes_the_quickest_way_out_of_them() -> None:
    ways = CityWays(corridor([10.0, 20.0, 30.0, 40.0, 10.0]), np.array([0, 5]), np.zeros(5))
    ways.close(np.array([False, True, True, True, False]))
    # nodes 2 and 3 stand in the water: 20 m back from the one, 40 m on from the other, or 50 m back
    assert np.allclose(ways.out_s[1:5] * 1.34, [0, 20, 40, 0])
    for row in range(2):
        assert ways.next_link[row, 2:4].tolist() == [1, 3]
    assert ways.next_link[1].tolist() == [-1, -1, 1, 3, 4, -1], "from a dry node without a way nobody goes on"
    ways.close(np.ones(5, dtype=bool))
    assert np.isinf(ways.out_s).all() and (ways.next_link == -1).all()


def test_nothing_is_searched_when_nothing_changes() -> None:
    graph = graph_of([(0, 0), (10, 0)], [(0, 1)])
    ways = CityWays(graph, np.array([1]), np.zeros(1))
    assert not ways.close(np.array([False])) and ways.close(np.array([True]))
    assert ways.next_link[0].tolist() == [-1, -1] and np.isinf(ways.cost_s[0, 0])
