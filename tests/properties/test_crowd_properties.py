"""What holds for any crowd on any small graph."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models import VisitorPlans
from networks import WalkGraph

sys.path.append(str(Path(__file__).parents[1] / "models" / "crowd"))
from crowd_world import graph_of, walk


def small_world(seed: int) -> tuple[WalkGraph, VisitorPlans, np.ndarray]:
    """Up to 12 nodes with stubs, parallel links and dead ends, up to 400 people, a flood that moves every minute."""
    draw = np.random.default_rng(seed)
    nodes, people = int(draw.integers(2, 12)), int(draw.integers(1, 400))
    chain = [(i, int(draw.integers(0, i))) for i in range(1, nodes)]
    extra = draw.integers(0, nodes, (int(draw.integers(0, 10)), 2)).tolist()
    links = chain + [(a, b) for a, b in extra if a != b]
    graph = graph_of(
        draw.uniform(0, 100, (nodes, 2)).tolist(),
        links,
        length_m=draw.choice([0.2, 3.0, 17.0, 40.0, 95.0], len(links)).tolist(),
        width_m=draw.choice([0.6, 1.5, 4.0], len(links)).tolist(),
        crossing={0: ("road",)},
    )
    plans = VisitorPlans(
        draw.uniform(0, 60, people),
        draw.integers(0, nodes, people),
        draw.choice(draw.integers(0, nodes, 3), people),
        draw.uniform(0.5, 2.0, people),
        np.zeros(people),
    )
    return graph, plans, draw.uniform(0, 0.45, (11, len(links)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_compiled_kernel_and_reference_agree_to_the_last_digit(seed: int) -> None:
    graph, plans, depth = small_world(seed)
    fast, slow = (
        walk(graph, plans, 600.0, depth_m=lambda t: depth[int(t // 60)], edge_ids=("road",), kernel=kernel)
        for kernel in ("numba", "numpy")
    )
    for name in fast.population.walkers._fields:
        one, other = (getattr(crowd.population.walkers, name) for crowd in (fast, slow))
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
    for name in fast.population.flow._fields:
        assert np.array_equal(getattr(fast.population.flow, name), getattr(slow.population.flow, name)), name


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_people_are_kept_count_never_exceeds_a_crush_and_nobody_flies(seed: int) -> None:
    graph, plans, depth = small_world(seed)

    def look(crowd, exchange) -> None:  # type: ignore[no-untyped-def]
        flow, walkers = crowd.population.flow, crowd.population.walkers
        assert flow.people.min() >= 0
        assert flow.people.sum() == (walkers.link >= 0).sum() == crowd.summary["walking"]
        assert (
            walkers.walked_m <= plans.sorted.free_speed_mps * (crowd.now_s - plans.sorted.depart_s).clip(0) + 1e-6
        ).all()
        assert np.isfinite(exchange.fields["link_density_pm2"]).all()

    crowd = walk(graph, plans, 600.0, depth_m=lambda t: depth[int(t // 60)], on_step=look)
    done = np.isfinite(crowd.population.walkers.arrive_s)
    fastest = crowd.plans.depart_s + crowd.population.walkers.walked_m / crowd.plans.free_speed_mps
    assert (crowd.population.walkers.arrive_s[done] >= fastest[done] - 1e-6).all()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_when_it_is_dry_everybody_arrives(seed: int) -> None:
    graph, plans, _ = small_world(seed)
    assert walk(graph, plans, 3 * 3600.0, coupling_s=600.0).summary["arrived"] == len(plans)
