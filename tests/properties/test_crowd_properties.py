"""What holds for any crowd on any small graph whose links flood and fall dry."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.crowd.city.walkers import CELL, GOAL, HERE, LINK, NEVER, PAST, STANDS

sys.path.append(str(Path(__file__).parents[1] / "models" / "crowd"))
from crowd_world import small_city, walk


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_nobody_is_lost_or_forgotten_while_water_comes_and_goes(seed: int) -> None:
    graph, plans, _ = small_city(seed)
    depth = np.random.default_rng(seed).uniform(0, 0.45, (16, len(graph.length_m)))

    def look(crowd, exchange) -> None:  # type: ignore[no-untyped-def]
        walkers, ways = crowd.city.walkers, crowd.city.routes
        here = walkers.cells[:, HERE : HERE + 2]
        on = walkers.people[:, LINK] >= 0
        assert here.min() >= 0 and here.sum() == on.sum() == crowd.summary["walking"]
        assert (np.bincount(walkers.people[on, CELL], minlength=len(here)) == here.sum(axis=1)).all()
        assert np.isfinite(exchange.fields["link_density_pm2"]).all()
        stands = walkers.people[:, PAST] == STANDS
        assert (walkers.wake[stands] == NEVER).all() and crowd.summary["stranded"] >= stands.sum()
        link, goal = walkers.people[stands, LINK], walkers.people[stands, GOAL]
        assert np.isinf(ways.cost_s[goal, graph.link_from[link]]).all(), "who stands has no way"

    crowd = walk(graph, plans, 900.0, depth_m=lambda t: depth[int(t // 60)] * (t < 840), on_step=look, coupling_s=30.0)
    assert not crowd.closed.any() and (crowd.city.walkers.people[:, PAST] != STANDS).all()
    crowd.city.advance_to(4 * 3600.0)
    assert crowd.summary["arrived"] == len(plans), "when the water is gone everybody gets there"
