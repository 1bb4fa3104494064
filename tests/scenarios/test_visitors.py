"""Visitors: guidance changes those who follow it, in the way it says, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from networks.errors import BadScenario
from scenarios import Scenario, Visitors, draw_visitors

if TYPE_CHECKING:
    from networks import City


def by_walker(visitors: Visitors) -> np.ndarray:
    """Rows that do not depend on the order of departure: speeds are drawn once, and differ but where clipped."""
    plans = visitors.plans
    rows = np.column_stack([plans.free_speed_mps, plans.depart_s, plans.origin_node, plans.destination_node])
    unclipped = (plans.free_speed_mps > 0.6) & (plans.free_speed_mps < 2.0)
    rows = rows[unclipped]
    return rows[np.argsort(rows[:, 0])]


def guided(short: Scenario, **guidance: Any) -> Scenario:
    return short.with_interventions({"kind": "visitor_guidance", **guidance})


def test_everybody_leaves_after_the_end_and_within_the_window(helsinki: City, short: Scenario) -> None:
    visitors = draw_visitors(helsinki, short, 1)
    assert len(visitors.plans) == 600 == sum(visitors.summary["by_kind"].values())
    assert visitors.event_end_s == (120.0,)
    assert visitors.plans.depart_s.min() >= 120
    assert visitors.plans.depart_s.max() <= 120 + 240
    assert np.all(np.diff(visitors.plans.depart_s) >= 0)
    targets = np.array([target["walk_node"] for target in visitors.targets])
    np.testing.assert_array_equal(targets[visitors.target], visitors.plans.destination_node)


def test_guidance_that_nobody_follows_changes_nothing(helsinki: City, short: Scenario) -> None:
    nobody = guided(short, compliance=0.0, stagger_s=600, exit_shares={"north": 1})
    np.testing.assert_array_equal(
        by_walker(draw_visitors(helsinki, nobody, 1)), by_walker(draw_visitors(helsinki, short, 1))
    )


def test_a_share_follows_and_the_others_stay_as_they_were(helsinki: City, short: Scenario) -> None:
    before = by_walker(draw_visitors(helsinki, short, 1))
    after = by_walker(draw_visitors(helsinki, guided(short, compliance=0.4, stagger_s=240), 1))
    np.testing.assert_array_equal(before[:, [0, 2, 3]], after[:, [0, 2, 3]])
    later = after[:, 1] - 120 > (before[:, 1] - 120) * 1.5
    same = after[:, 1] == before[:, 1]
    assert np.all(later | same)
    assert later.mean() == pytest.approx(0.4, abs=0.06)


def test_followers_take_the_exits_and_stops_that_they_are_told(helsinki: City, short: Scenario) -> None:
    told = guided(short, compliance=1.0, exit_shares={"west": 1}, stop_shares={"Senaatintori": 1.0})
    visitors = draw_visitors(helsinki, told, 1)
    assert len(set(visitors.plans.origin_node.tolist())) == 1
    kinds = {"car_park", "on_foot"}
    walkers = [visitors.targets[target] for target in visitors.target]
    assert {target["name"] for target in walkers if target["kind"] not in kinds} == {"Senaatintori"}
    free = draw_visitors(helsinki, short, 1).summary["by_kind"]
    assert {kind: visitors.summary["by_kind"].get(kind) for kind in kinds} == {kind: free.get(kind) for kind in kinds}


def test_nearer_stops_draw_more(helsinki: City, short: Scenario) -> None:
    visitors = draw_visitors(helsinki, short, 1)
    graph = helsinki.walk_graph()
    venue = visitors.plans.origin_node[0]
    away = np.hypot(
        graph.node_x[visitors.plans.destination_node] - graph.node_x[venue],
        graph.node_y[visitors.plans.destination_node] - graph.node_y[venue],
    )
    everywhere = np.array([target["walk_node"] for target in visitors.targets])
    far = np.hypot(graph.node_x[everywhere] - graph.node_x[venue], graph.node_y[everywhere] - graph.node_y[venue])
    assert away.mean() < 0.8 * far.mean()


def test_an_unknown_stop_is_told(helsinki: City, short: Scenario) -> None:
    with pytest.raises(BadScenario, match="no stop called 'Nowhere'"):
        draw_visitors(helsinki, guided(short, stop_shares={"Nowhere": 1}), 1)
