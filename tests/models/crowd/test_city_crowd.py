"""What a city of walkers promises to who uses it."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from crowd_world import corridor, graph_of, plans_of, square_grid

from models.crowd.city import CityCrowd
from networks import BadInput


def test_individuals_become_mesa_agents_only_when_asked_for() -> None:
    crowd = CityCrowd(corridor([100.0, 50.0]), plans_of([0.0, 0.0], 0, 2, [1.0, 2.0]))
    assert len(crowd.agents) == 1
    crowd.advance_to(40.0)
    slow, fast = crowd.individual(0), crowd.individual(1)
    assert isinstance(slow, mesa.Agent) and len(crowd.agents) == 3
    assert (slow.link, slow.along_m) == (0, pytest.approx(40.0, abs=0.1))
    assert (fast.link, fast.along_m) == (0, pytest.approx(80.0, abs=0.1))
    crowd.advance_to(80.0)
    assert fast.arrive_s == pytest.approx(75.0, abs=0.05) and fast.link == -1 and fast.along_m == 0.0
    assert np.isnan(slow.arrive_s)


def test_who_has_arrived_is_told_once_and_can_be_sent_on() -> None:
    crowd = CityCrowd(corridor([10.0, 10.0]), plans_of([0.0, 5.0], 0, 1, 1.0), goals=np.array([2]))
    crowd.advance_to(20.0)
    who = crowd.take_arrived()
    assert who.tolist() == [0, 1] and len(crowd.take_arrived()) == 0
    assert crowd.node[who].tolist() == [1, 1]
    crowd.send(who[:1], np.array([2]), np.array([40.0]))
    crowd.advance_to(49.0)
    assert crowd.summary["walking"] == 1
    crowd.advance_to(60.0)
    assert crowd.walkers.arrive_s.tolist() == pytest.approx([50.0, 15.0], abs=0.1)


def test_a_closed_path_is_walked_round_and_a_place_cut_off_waits_until_it_opens() -> None:
    # a square: 0-1-3 is 200 m, 0-2-3 is 240 m
    graph = graph_of([(0, 0), (100, 0), (0, 100), (100, 100)], [(0, 1), (1, 3), (0, 2), (2, 3)],
                     length_m=[100, 100, 120, 120])  # fmt: skip
    crowd = CityCrowd(graph, plans_of([0.0, 300.0], 0, 3, 1.0))
    crowd.advance_to(10.0)
    crowd.close(np.array([False, True, False, False]))
    crowd.advance_to(700.0)
    # the first turns round after 10 m
    assert crowd.walkers.arrive_s.tolist() == pytest.approx([260.0, 540.0], abs=0.1)
    cut = CityCrowd(graph, plans_of([0.0, 300.0], 0, 3, 1.0))
    cut.close(np.array([False, True, False, True]))
    cut.advance_to(600.0)
    assert cut.summary["stranded"] == 2 and cut.summary["walking"] == 0
    cut.close(np.zeros(4, dtype=bool))
    cut.advance_to(900.0)
    assert cut.summary["stranded"] == 0 and cut.summary["arrived"] == 2


def test_a_queue_that_is_closed_off_dissolves() -> None:
    graph = graph_of([(0, 0), (50, 0), (60, 0), (50, 50)], [(0, 1), (1, 2), (1, 3), (3, 2)],
                     length_m=[50, 10, 200, 200], width_m=[4.0, 0.6, 4.0, 4.0])  # fmt: skip
    crowd = CityCrowd(graph, plans_of(np.linspace(0, 60, 300), 0, 2))
    crowd.advance_to(120.0)
    inside = crowd.summary["walking"]
    assert inside > 150 and crowd.walkers.waiting.any()
    crowd.close(np.array([False, True, False, False]))
    assert crowd.summary["walking"] == inside and not crowd.walkers.waiting.any()
    crowd.advance_to(1200.0)
    assert crowd.summary["arrived"] == 300


def test_two_crowds_that_meet_in_a_narrow_path_get_past_each_other() -> None:
    plans = plans_of(np.zeros(300), np.tile([0, 3], 150), np.tile([3, 0], 150))
    crowd = CityCrowd(corridor([30.0, 30.0, 30.0], [4.0, 1.0, 4.0]), plans)
    crowd.advance_to(1800.0)
    assert crowd.summary["arrived"] == 300


def test_people_who_set_out_between_two_crowds_that_meet_do_not_lock_them() -> None:
    # at the node in the middle, those who set out stand first in both lines; who comes against whom waits behind them
    depart = np.r_[np.linspace(0.0, 200.0, 600), np.full(400, 20.0)]
    origin, goal = np.r_[np.tile([0, 2], 300), np.full(400, 1)], np.r_[np.tile([2, 0], 300), np.tile([0, 2], 200)]
    order = np.argsort(depart, kind="stable")
    crowd = CityCrowd(corridor([40.0, 40.0], [2.0, 2.0]), plans_of(depart[order], origin[order], goal[order]))
    crowd.advance_to(1200.0)
    assert crowd.summary["arrived"] == 1000


def test_a_walker_takes_less_than_200_bytes_with_its_plan() -> None:
    crowd = CityCrowd(square_grid(5), plans_of(np.linspace(0, 100, 2000), 0, 24))
    assert crowd.walkers.bytes_each + sum(column.nbytes for column in vars(crowd.plans).values()) / 2000 < 100


def test_nobody_at_all_is_no_error() -> None:
    crowd = CityCrowd(corridor([10.0]), plans_of([], 0, 1))
    crowd.advance_to(60.0)
    assert crowd.summary["arrived"] == 0


@pytest.mark.parametrize(
    ("plans", "more", "match"),
    [
        (plans_of(0.0, 0, 9), {}, "destination_node is 9"),
        (plans_of(-1.0, 0, 1), {}, "sets out at -1.0"),
        (plans_of(0.0, 0, 1), {"step_s": 0.0}, "step_s"),
        (plans_of(0.0, 0, 1), {"capacity_pms": 0.0}, "capacity_pms"),
    ],
)
def test_what_makes_no_sense_is_refused(plans, more: dict[str, float], match: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadInput, match=match):
        CityCrowd(corridor([10.0]), plans, **more)


def test_a_run_beyond_the_clocks_is_refused() -> None:
    with pytest.raises(BadInput, match="make the steps longer"):
        CityCrowd(corridor([10.0]), plans_of(0.0, 0, 1)).walk(300_000)
