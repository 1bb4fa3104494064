"""Closed forms of the settled state: two roads, Braess's roads, roads that are shut; and the gap itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from models.routing import Router
from networks.graphs import RoadGraph
from scenarios.response.day_to_day import day_to_day
from scenarios.response.settling import STABLE_DAYS, Settled, Ways, settle
from scenarios.travel.way_times import Trip, WayTimes, edge_times, relative_gap

END_S = 3600.0
Cost = Callable[[int], float]


def graph_of(*turns: str) -> Router:
    """Edges named by letters; a turn such as `oa` leads from edge o to edge a."""
    names = tuple(sorted({letter for turn in turns for letter in turn}))
    pairs = np.array([(names.index(a), names.index(b)) for a, b in turns], dtype=np.int32)
    n, nowhere = len(names), np.zeros((len(names), 2))
    return Router(
        RoadGraph(
            names, np.full(n, 100.0), np.full(n, 10.0), nowhere, nowhere, pairs[:, 0], pairs[:, 1], np.ones(n) > 0
        )
    )


def way(kernel: Router, letters: str) -> tuple[int, ...]:
    return tuple(kernel.index[letter] for letter in letters)


def street(kernel: Router, cost: Mapping[str, Cost], *, shut: tuple[str, float] | None = None):  # type: ignore[no-untyped-def]
    """A town without a simulator: what an edge takes depends on how many use it over the hour."""

    def simulate(ways: Ways) -> WayTimes:
        used = np.bincount([edge for one in ways if one for edge in one], minlength=kernel.edges)
        seconds = [cost.get(name, lambda _: 1.0)(int(n)) for name, n in zip(kernel.graph.edge_ids, used, strict=True)]
        closed = np.zeros((60, kernel.edges), dtype=bool)
        if shut:
            closed[: int(shut[1] / 60), kernel.index[shut[0]]] = True
        middles = (np.arange(4) + 0.5) * 900.0
        return WayTimes(middles, np.tile(np.array(seconds), (4, 1)), closed)

    return simulate


def travellers(kernel: Router, letters: str, number: int) -> list[Trip]:
    return [Trip(f"v{i}", 10.0 * i % 3000, way(kernel, letters)) for i in range(number)]


def share(kernel: Router, settled: Settled, letter: str) -> float:
    return float(np.mean([kernel.index[letter] in (one or ()) for one in settled.ways]))


TWO_ROADS = ("oa", "ob", "ad", "bd")
TWO_COSTS: dict[str, Cost] = {"a": lambda n: 60.0 + n, "b": lambda n: 120.0 + 0.5 * n}


def test_two_roads_settle_at_the_split_that_makes_them_equal() -> None:
    kernel = graph_of(*TWO_ROADS)
    prior = np.full(kernel.edges, 10.0)
    settled = settle(kernel, travellers(kernel, "oad", 200), prior, street(kernel, TWO_COSTS), gap=0.01, most_days=40)
    assert settled.reached
    assert all(day.gap <= 0.01 for day in settled.days[-STABLE_DAYS:])
    assert settled.days[0].gap > 0.5  # everybody on a: 260 s, where b takes 120 s
    assert share(kernel, settled, "a") == pytest.approx(160 / 1.5 / 200, abs=0.015)  # 60 + n = 120 + (200 - n) / 2
    assert settled.days[-1].mean_s == pytest.approx(60 + 160 / 1.5 + 1, rel=0.02)


def test_braess_a_new_road_makes_everybody_slower() -> None:
    cost: dict[str, Cost] = {
        "a": lambda n: n / 10 + 1,
        "b": lambda _: 45.0,
        "c": lambda _: 45.0,
        "e": lambda n: n / 10 + 1,
    }
    found = {}
    for name, turns in {"without": (), "with": ("ax", "xe")}.items():
        kernel = graph_of("oa", "oc", "ab", "ce", "bd", "ed", *turns)
        simulate = street(kernel, {**cost, "x": lambda _: 0.1})
        trips = travellers(kernel, "oabd", 400)
        found[name] = settle(kernel, trips, np.full(kernel.edges, 1.0), simulate, gap=0.005, most_days=80)
        assert found[name].reached
        if turns:
            assert share(kernel, found[name], "x") > 0.95
        else:
            assert share(kernel, found[name], "a") == pytest.approx(0.5, abs=0.02)
    assert found["without"].days[-1].mean_s == pytest.approx(67, abs=1.5)  # 1 + (20 + 1) + 45
    assert found["with"].days[-1].mean_s == pytest.approx(83, abs=1.5)  # 1 + 41 + 0.1 + 41


def test_who_has_no_way_gives_up_and_sets_out_when_there_is_one_again() -> None:
    kernel = graph_of("oa", "ad")
    trips = [Trip("early", 600.0, way(kernel, "oad")), Trip("late", 2400.0, way(kernel, "oad"))]
    simulate = street(kernel, {}, shut=("a", 1200.0))
    settled = settle(kernel, trips, np.ones(kernel.edges), simulate, gap=0.01, most_days=10)
    assert settled.ways == (None, way(kernel, "oad"))
    assert settled.reached and settled.days[-1].given_up == 1 and settled.days[0].given_up == 0


def test_a_shut_way_is_left_and_where_the_gap_is_not_reached_it_is_said() -> None:
    kernel = graph_of(*TWO_ROADS)
    trips, prior = travellers(kernel, "oad", 50), np.ones(kernel.edges)
    shut = settle(kernel, trips, prior, street(kernel, TWO_COSTS, shut=("a", END_S)), gap=0.01, most_days=30)
    assert shut.reached and share(kernel, shut, "b") == 1.0
    assert len(shut.days) == STABLE_DAYS + 1 and shut.days[1].changed == 50  # all of them at once
    hurried = settle(kernel, travellers(kernel, "oad", 200), prior, street(kernel, TWO_COSTS), gap=1e-6, most_days=5)
    assert not hurried.reached and len(hurried.days) == 5 and hurried.days[-1].gap > 1e-6


def test_the_same_trips_settle_in_the_same_way() -> None:
    kernel = graph_of(*TWO_ROADS)
    trips, simulate = travellers(kernel, "oad", 90), street(kernel, TWO_COSTS)
    one, two = (settle(kernel, trips, np.ones(kernel.edges), simulate, gap=0.01, most_days=20) for _ in range(2))
    assert one == two


def test_day_to_day_comes_to_rest_near_the_equal_split_and_is_paired() -> None:
    kernel = graph_of(*TWO_ROADS)
    trips, simulate, prior = travellers(kernel, "oad", 200), street(kernel, TWO_COSTS), np.full(kernel.edges, 10.0)
    rest = day_to_day(kernel, trips, prior, simulate, days=25, seed=1)
    assert len(rest.days) == 25 and rest.days[0].changed == 0
    assert share(kernel, rest, "a") == pytest.approx(160 / 1.5 / 200, abs=0.08)
    assert np.mean([day.gap for day in rest.days[-5:]]) < 0.06 < rest.days[0].gap
    assert day_to_day(kernel, trips, prior, simulate, days=25, seed=1) == rest
    assert day_to_day(kernel, trips, prior, simulate, days=25, seed=2) != rest
    fewer = day_to_day(kernel, trips[:100], prior, street(kernel, {"a": lambda _: 500.0}), days=2, seed=1)
    all_of_them = day_to_day(kernel, trips, prior, street(kernel, {"a": lambda _: 500.0}), days=2, seed=1)
    assert fewer.ways == all_of_them.ways[:100]  # whoever else there is: the draws are the vehicle's own


def test_the_relative_gap_is_what_is_lost_over_what_the_best_ways_take() -> None:
    assert relative_gap(np.array([110.0, 100.0]), np.array([100.0, 100.0])) == pytest.approx(0.05)
    assert relative_gap(np.array([110.0, np.inf]), np.array([100.0, np.inf])) == pytest.approx(0.1)
    assert relative_gap(np.array([np.inf]), np.array([np.inf])) == 0.0


def test_costs_walk_through_the_slices_and_best_ways_are_no_dearer() -> None:
    import pandas as pd

    kernel = graph_of(*TWO_ROADS)
    rows = [(60.0 * m, "a", 5.0 if m < 30 else 0.5, 10.0, m >= 50) for m in range(60)]
    table = pd.DataFrame(rows, columns=["time_s", "edge_id", "speed_mps", "density_vpkm", "closed"])
    times = edge_times(table, kernel.index, np.full(kernel.edges, 100.0), END_S)
    a, b = kernel.index["a"], kernel.index["b"]
    assert np.isnan(times.edge_s[:, b]).all() and times.shut[50:, a].all() and not times.shut[:50].any()
    whole = WayTimes(times.middles_s, np.where(np.isfinite(times.edge_s), times.edge_s, 60.0), times.shut)
    oad = way(kernel, "oad")
    early, late, never = whole.costs([0.0, 2700.0, 3200.0], [oad, oad, oad])
    assert early == pytest.approx(60 + 23) and late == pytest.approx(60 + 203, rel=0.1) and np.isinf(never)
    trips = [Trip(f"v{i}", at, oad) for i, at in enumerate((0.0, 2700.0, 3200.0))]
    best = whole.best(kernel, trips)
    assert best == [oad, way(kernel, "obd"), way(kernel, "obd")]
