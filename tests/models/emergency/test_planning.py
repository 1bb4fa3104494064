"""The pure functions of dispatch, against exhaustive answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.emergency import choose_unit, nearest_reachable, plan_route
from models.routing import EdgeForecast, Router
from networks.errors import NotThere


def test_the_choice_is_the_best_over_all_units(town: Any) -> None:
    kernel, draw = Router(town.graph), np.random.default_rng(4)
    times = np.arange(0.0, 1201.0, 300.0)
    forecast = EdgeForecast(
        times, draw.uniform(5, 60, (len(times), kernel.edges)), draw.uniform(0, 0.33, (len(times), kernel.edges))
    )
    for _ in range(20):
        places = draw.choice(kernel.edges, 4, replace=False)
        units = [(f"u{i}", town.edge_ids[p]) for i, p in enumerate(places[:3])]
        target = town.edge_ids[places[3]]
        travel = [plan_route(kernel, edge, target, depart_s=90.0, forecast=forecast)[1] for _, edge in units]
        choice = choose_unit(kernel, units, target, depart_s=90.0, forecast=forecast)
        if not np.isfinite(travel).any():
            assert choice is None
            continue
        assert choice is not None
        assert (choice.unit_id, choice.travel_s) == (f"u{int(np.argmin(travel))}", min(travel))
        assert kernel.drivable(choice.route) and choice.route[-1] == target


def test_equal_units_are_taken_in_the_order_given(town: Any) -> None:
    kernel = Router(town.graph)
    for order in (["b", "a"], ["a", "b"]):
        choice = choose_unit(kernel, [(name, "A0A1") for name in order], "C1C2", depart_s=0.0)
        assert choice is not None and choice.unit_id == order[0]


def test_a_closed_road_is_planned_around_and_a_closed_target_is_not_reached(town: Any) -> None:
    kernel = Router(town.graph)
    straight, free_s = plan_route(kernel, "A0A1", "A3A4", depart_s=0.0)
    around, longer_s = plan_route(kernel, "A0A1", "A3A4", depart_s=0.0, closed=["A1A2"])
    assert straight == ("A0A1", "A1A2", "A2A3", "A3A4")
    assert around is not None and "A1A2" not in around and longer_s > free_s
    assert plan_route(kernel, "A0A1", "A3A4", depart_s=0.0, closed=["A3A4"]) == (None, np.inf)
    assert plan_route(kernel, "A0A1", "A1A2", depart_s=0.0, closed=["A0A1"])[0] == ("A0A1", "A1A2")


def test_the_nearest_reachable_edge_is_the_nearest_of_those_with_a_way(town: Any) -> None:
    kernel = Router(town.graph)
    cut = [edge for edge in town.edge_ids if "E4" in edge]
    found = nearest_reachable(kernel, ["A0A1"], "E4D4", depart_s=0.0, closed=cut)
    middle = (town.graph.from_xy + town.graph.to_xy) / 2
    away = np.hypot(*(middle - middle[kernel.index["E4D4"]]).T)
    open_edges = [edge for edge in town.edge_ids if edge not in cut]
    assert found in open_edges
    assert away[kernel.index[found]] == min(away[kernel.index[edge]] for edge in open_edges)
    assert nearest_reachable(kernel, [], "E4D4", depart_s=0.0) is None


def test_an_edge_that_is_not_there_is_named(town: Any) -> None:
    with pytest.raises(NotThere, match="'sea'"):
        plan_route(Router(town.graph), "A0A1", "sea", depart_s=0.0)
