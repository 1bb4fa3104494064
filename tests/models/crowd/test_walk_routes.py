"""Next-link tables against an all-pairs search from scratch."""

from __future__ import annotations

import numpy as np
from crowd_world import graph_of, square_grid

from models.crowd.ground import lay_ground
from models.crowd.routes import CLOSED_COST_S, WalkRoutes
from models.crowd.speed import FREE_SPEED_MPS, speed_table
from networks import WalkGraph


def routes_of(graph: WalkGraph, goals: list[int]) -> WalkRoutes:
    wait = np.zeros(len(graph.length_m))
    ground = lay_ground(graph, capacity_pms=1.2, wait_s=wait, table=speed_table())
    return WalkRoutes(ground, len(graph.node_x), np.array(goals))


def test_following_the_table_costs_what_it_says() -> None:
    graph = square_grid(6)
    routes = routes_of(graph, [35, 0, 7])
    for row, goal in enumerate(routes.goal_node):
        for node in range(36):
            at, cost = node, 0.0
            while at != goal:
                link = routes.next_link[row, at]
                cost += graph.length_m[link] / FREE_SPEED_MPS
                at = graph.link_to[link] if graph.link_from[link] == at else graph.link_from[link]
            assert np.isclose(cost, routes.cost_s[row, node])
            straight = abs(node // 6 - goal // 6) + abs(node % 6 - goal % 6)
            assert np.isclose(cost, straight * 40.0 / FREE_SPEED_MPS)


def test_the_shorter_of_two_parallel_links_is_taken_until_it_floods() -> None:
    graph = graph_of([(0, 0), (10, 0)], [(0, 1), (1, 0)], length_m=[30.0, 10.0])
    routes = routes_of(graph, [1])
    assert routes.next_link[0, 0] == 1
    assert routes.close(np.array([False, True]))
    assert routes.next_link[0, 0] == 0


def test_changed_tables_equal_tables_from_scratch() -> None:
    graph, draw = square_grid(7), np.random.default_rng(5)
    kept, changed = routes_of(graph, [0, 24, 48]), 0
    for _ in range(30):
        closed = draw.uniform(size=84) < draw.uniform(0, 0.5)
        changed += kept.close(closed)
        fresh = routes_of(graph, [0, 24, 48])
        fresh.close(closed)
        assert np.allclose(kept.cost_s, fresh.cost_s)
        assert np.array_equal(kept.cut_off, fresh.cut_off)
    assert changed > 10


def test_a_place_behind_water_is_cut_off_and_one_without_any_way_too() -> None:
    graph = graph_of([(0, 0), (10, 0), (20, 0), (99, 99)], [(0, 1), (1, 2)])
    routes = routes_of(graph, [2])
    routes.close(np.array([False, True]))
    assert routes.cut_off[0].tolist() == [True, True, False, True]
    assert routes.cost_s[0, 1] > CLOSED_COST_S and np.isinf(routes.cost_s[0, 3])
    assert routes.next_link[0].tolist() == [0, 1, -1, -1]


def test_a_change_elsewhere_computes_nothing() -> None:
    # two arms from the goal: closing a loop link that no shortest way uses leaves the table alone
    graph = graph_of([(0, 0), (10, 0), (20, 0)], [(0, 1), (1, 2), (0, 2)], length_m=[10, 10, 50])
    routes = routes_of(graph, [0])
    assert not routes.close(np.array([False, False, True]))
    assert not routes.close(np.array([False, False, False]))
    assert routes.close(np.array([False, True, False]))
