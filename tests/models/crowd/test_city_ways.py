"""Next-link tables of a city by the route kernel, against Dijkstra's."""

from __future__ import annotations

import numpy as np
from crowd_world import graph_of
from hypothesis import given, settings
from hypothesis import strategies as st

from models.crowd.city.ways import CityWays
from models.crowd.ground import lay_ground
from models.crowd.routes import CLOSED_COST_S, WalkRoutes
from models.crowd.speed import speed_table


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
    dijkstra = WalkRoutes(lay_ground(graph, capacity_pms=1.2, wait_s=wait, table=speed_table()), nodes, goals)
    for closed in (np.zeros(len(links), dtype=bool), draw.random(len(links)) < 0.3):
        ways.close(closed)
        dijkstra.close(closed)
        known = np.where(dijkstra.cost_s < CLOSED_COST_S, dijkstra.cost_s, np.inf)
        assert np.allclose(ways.cost_s, known, atol=0.01)
        for row, goal in enumerate(ways.goal_node.tolist()):
            for node in range(nodes):
                at, spent = node, 0.0
                while at != goal and ways.next_link[row, at] >= 0:
                    link = ways.next_link[row, at]
                    assert not closed[link]
                    spent += graph.length_m[link] / 1.34 + wait[link]
                    at = graph.link_to[link] if graph.link_from[link] == at else graph.link_from[link]
                assert (at == goal) == bool(np.isfinite(known[row, node]))
                if at == goal:
                    assert np.isclose(spent, known[row, node], atol=0.01)


def test_nothing_is_searched_when_nothing_changes() -> None:
    graph = graph_of([(0, 0), (10, 0)], [(0, 1)])
    ways = CityWays(graph, np.array([1]), np.zeros(1))
    assert not ways.close(np.array([False])) and ways.close(np.array([True]))
    assert ways.next_link[0].tolist() == [-1, -1] and np.isinf(ways.cost_s[0, 0])
