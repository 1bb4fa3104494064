"""What holds for any city full of walkers, and that nobody who sleeps misses anything."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models import VisitorPlans
from models.crowd.city import CityCrowd, PlainCity, in_order
from models.crowd.city.hand_over import open_doors, shut_doors
from models.crowd.city.walkers import CELL, HEAD, HERE, LINK, TAKEN
from models.crowd.speed import FREE_SPEED_MPS

sys.path.append(str(Path(__file__).parents[1] / "models" / "crowd"))
from crowd_world import small_city


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_kernel_and_plain_steps_agree_to_the_last_digit(seed: int) -> None:
    graph, plans, wait_s = small_city(seed)
    crowd = CityCrowd(graph, plans, wait_s=wait_s)
    water = np.random.default_rng(seed + 1)
    crowd.close(water.random(len(graph.length_m)) < water.choice([0.0, 0.2]))
    goal = crowd.routes.destination(crowd.plans.destination_node)
    routes = crowd.routes
    plain = PlainCity(crowd.plans, goal, crowd.streets, routes.next_link, routes.goal_node, crowd.thresholds, 60)
    plain.closed[:] = crowd.walkers.closed
    doors = np.flatnonzero(water.random(2 * len(graph.length_m)) < water.choice([0.0, 0.1]))
    open_doors(crowd, doors // 2, doors % 2)
    for until in (30, 60, 90, 200, 400):
        crowd.slow(water.choice([0.5, 0.8, 1.0], len(graph.length_m)))
        plain.wade(crowd.walkers.ease)
        crowd.hold(water.random(len(graph.length_m)) < 0.2, wait_s > 20.0)
        plain.held[:] = crowd.walkers.held
        shut_doors(crowd, doors // 2, doors % 2, water.random(len(doors)) < 0.5)
        plain.doors[:] = crowd.walkers.doors
        plain.walk(crowd.steps_done, until)
        crowd.advance_to(float(until))
        assert np.array_equal(crowd.walkers.people[:, LINK], plain.link)
        assert np.array_equal(crowd.walkers.people[:, CELL], plain.cell)
        assert np.array_equal(crowd.walkers.cells[:, HERE : HERE + 2], plain.here)
        assert np.array_equal(crowd.walkers.arrive_s, plain.arrive_s, equal_nan=True)
        assert np.array_equal(crowd.walkers.hot == 1, plain.hot)
        assert crowd.summary["squeezed"] == plain.squeezed
        assert crowd.walkers.taken[: crowd.walkers.total[TAKEN]].tolist() == plain.taken
        crowd.person_seconds_above(2.0)
        assert np.array_equal(crowd.walkers.crowded, plain.crowded)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_nobody_is_lost_or_flies_and_no_cell_holds_more_than_a_crush(seed: int) -> None:
    graph, plans, wait_s = small_city(seed)
    crowd = CityCrowd(graph, plans, wait_s=wait_s)
    for until in range(5, 300, 5):
        crowd.advance_to(float(until))
        walkers = crowd.walkers
        on = walkers.people[:, LINK] >= 0
        here = walkers.cells[:, HERE : HERE + 2]
        assert here.min() >= 0 and here.sum() == on.sum() == crowd.summary["walking"] == crowd.link_people().sum()
        assert (np.bincount(walkers.people[on, CELL], minlength=len(here)) == here.sum(axis=1)).all()
        assert (crowd.link_density_pm2() <= crowd.streets.crush_pm2 + 1.0 / 4.0).all()
        if crowd.summary["squeezed"] == 0:
            assert (crowd.link_density_pm2() <= crowd.streets.jam_pm2 + 1.0 / 4.0).all()
    done = np.isfinite(walkers.arrive_s)
    goal = crowd.routes.destination(crowd.plans.destination_node)
    free_s = crowd.routes.cost_s[goal, crowd.plans.origin_node] * FREE_SPEED_MPS / crowd.plans.free_speed_mps
    waits = 14.0 * len(graph.length_m) * (FREE_SPEED_MPS / crowd.plans.free_speed_mps)
    soonest = crowd.plans.depart_s + np.maximum(0.0, free_s - (waits if wait_s.any() else 0.0))
    assert (walkers.arrive_s[done] >= soonest[done] - 0.05).all()


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_everybody_arrives_and_all_queues_end(seed: int) -> None:
    graph, plans, wait_s = small_city(seed)
    crowd = CityCrowd(graph, plans, wait_s=wait_s)
    crowd.advance_to(3 * 3600.0)
    assert crowd.summary["arrived"] == len(plans)
    assert len(crowd.take_arrived()) == len(plans) and len(crowd.take_arrived()) == 0
    assert (crowd.walkers.cells[:, HEAD : HEAD + 2] < 0).all() and not crowd.walkers.hot.any()
    assert not crowd.walkers.waiting.any() and not crowd.walkers.gated.any()


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_plans_does_not_matter(seed: int) -> None:
    graph, plans, wait_s = small_city(seed)
    mixed = np.random.default_rng(seed).permutation(len(plans))
    other = VisitorPlans(*(column[mixed] for column in vars(plans).values()))
    assert (in_order(plans).free_speed_mps == in_order(other).free_speed_mps).all()
    one, two = (CityCrowd(graph, p, wait_s=wait_s) for p in (plans, other))
    for crowd in (one, two):
        crowd.advance_to(200.0)
    assert np.array_equal(one.walkers.arrive_s, two.walkers.arrive_s, equal_nan=True)
    assert np.array_equal(one.link_people(), two.link_people())


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), pieces=st.integers(1, 40))
def test_how_many_steps_are_walked_at_once_does_not_matter(seed: int, pieces: int) -> None:
    graph, plans, wait_s = small_city(seed)
    whole, cut = (CityCrowd(graph, plans, wait_s=wait_s) for _ in range(2))
    whole.walk(120)
    while cut.steps_done < 120:
        cut.walk(min(pieces, 120 - cut.steps_done))
        cut.person_seconds_above(2.0)
    assert np.array_equal(whole.walkers.arrive_s, cut.walkers.arrive_s, equal_nan=True)
    assert (whole.person_seconds_above(2.0) == cut.person_seconds_above(2.0)).all()
