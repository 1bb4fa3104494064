"""Doors of sites: nobody is in before they open or after they close, a concert lets out when it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crowd_world import square_grid
from test_city_day import a_day, sites_of, sources_of

from models.crowd.city import Arrivals, CityDay, draw_people, opening_of
from networks import BadInput

ALWAYS = ()


def test_nobody_is_in_before_a_site_opens_or_after_it_closes() -> None:
    opening = opening_of([[(1800.0, 3000.0)], ALWAYS], [0.0, 0.0], [False, False])
    day = a_day(replace(sites_of([14, 35]), opening=opening))
    inside = []
    for until in range(300, 6 * 3600, 300):
        day.live(float(until))
        inside.append((until, int(day.attractions.inside[0]), int(day.attractions.queue[0])))
    assert all(not people for at, people, _ in inside if at < 1800 or at > 3000)
    assert max(people for _, people, _ in inside) > 50
    assert max(queue for at, _, queue in inside if at < 1800) > 10, "people wait for the doors"
    assert inside[-1][2] == 0, "who stands at the gate when it closes goes on"
    day.live(8 * 3600.0)
    assert day.at_home == 600


def test_a_concert_keeps_people_to_its_end_and_lets_them_out_over_a_time() -> None:
    out: list[list[int]] = []
    for over_s in (0.0, 1200.0):
        opening = opening_of([[(0.0, 7200.0)]], [over_s], [True])
        sites = replace(sites_of([14], gate_ps=50.0, stay_median_s=60.0), opening=opening)
        sources = sources_of()
        day = CityDay(square_grid(6), sources, sites, draw_people(sources, 3, last_s=3600.0), closes_s=9e9)
        left = []
        for until in (7190.0, 7210.0, 7800.0, 8410.0):
            day.live(until)
            left.append(int(day.attractions.inside[0]))
        out.append(left)
    assert out[0] == [600, 0, 0, 0]
    assert out[1][0] == 600 and out[1][3] == 0 and out[1][1] > 580
    assert out[1][2] == pytest.approx(300, abs=60), "half of them after half of the time"


def test_waiting_for_doors_counts_like_walking() -> None:
    opening = opening_of([[(3600.0, 7200.0)], [(0.0, 100.0)], ALWAYS], [0.0] * 3, [False] * 3)
    waits = opening.wait_s(np.array([[600.0, 600.0, 600.0], [4000.0, np.inf, 50.0]]))
    assert waits.tolist() == [[3000.0, np.inf, 0.0], [0.0, np.inf, 0.0]]


def test_people_go_in_and_out_by_the_gate_that_is_near() -> None:
    sites = replace(sites_of([14], stay_median_s=600.0), gates=((0, 35),))
    day = a_day(sites)
    day.live(8 * 3600.0)
    assert day.at_home == 600
    far = a_day(replace(sites, gates=((14,),)))
    far.live(8 * 3600.0)
    assert day.agent_steps < far.agent_steps, "sources lie at nodes 0, 5 and 30"


def test_a_site_that_is_cut_off_is_chosen_no_more() -> None:
    day = a_day(sites_of([14, 35]))
    closed = (day.graph.link_from == 35) | (day.graph.link_to == 35)
    day.close(closed)
    day.live(8 * 3600.0)
    assert day.attractions.visits[1] == 0 and day.attractions.visits[0] == 600 and day.at_home == 600


def test_arrivals_follow_the_slices_of_each_source() -> None:
    sources = sources_of(6000)
    arrivals = Arrivals(900.0, 900.0, np.array([[1, 0, 3], [0, 1, 0], [1, 1, 1]]))
    people = draw_people(sources, 4, arrivals=arrivals)
    slices = ((people.arrive_s - 900.0) // 900.0).astype(int)
    told = [np.bincount(slices[people.source == row], minlength=3) / (people.source == row).sum() for row in range(3)]
    assert told[0] == pytest.approx([0.25, 0.0, 0.75], abs=0.05)
    assert told[1].tolist() == [0.0, 1.0, 0.0]
    assert told[2] == pytest.approx([1 / 3] * 3, abs=0.07)


def test_shares_of_groups_and_ages_are_kept() -> None:
    people = draw_people(sources_of(4000), 4, group_shares=(0.0, 1.0), age_shares=(0.0, 0.0, 1.0))
    sizes = np.bincount(people.party)
    assert (sizes == 2).mean() > 0.99 and (people.age == 2).all()
    with pytest.raises(BadInput, match="shares of groups"):
        draw_people(sources_of(), 4, group_shares=(0.5, 0.2))


@pytest.mark.parametrize("share", [[[-1.0, 2.0]], [[0.0, 0.0]]])
def test_arrivals_that_make_no_sense_are_refused(share: list[list[float]]) -> None:
    with pytest.raises(BadInput, match="arrivals"):
        Arrivals(0.0, 900.0, np.array(share))
