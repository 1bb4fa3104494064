"""Measures of a visitor day: advice that nobody follows changes nothing, and nobody is lost while one waits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crowd_world import graph_of, square_grid
from hypothesis import given, settings
from hypothesis import strategies as st

from models.crowd.city import CityDay, SiteTable, Sources, draw_people
from models.crowd.city.controls import (
    Closure,
    Control,
    Controls,
    Gate,
    Hold,
    Line,
    OneWay,
    Parking,
    Runs,
    Shuttle,
    Signs,
    Slots,
    Stagger,
    Standing,
    wishes_under,
)
from models.crowd.city.walkers import HEADING, LINK
from models.crowd.city.ways import CityWays
from networks import BadInput

ADVICE: tuple[Control, ...] = (
    Signs((3, 8), 900.0), Slots(600.0, 60, 3600.0), Hold((8, 20), 0.2, 500.0), Shuttle(7, 28, 120.0, 40, 60.0, 80.0),
    Parking(1, 2, 50), Stagger(1200.0),
)  # fmt: skip
SOURCES = Sources(("station", "car_park", "car_park"), np.array([0, 5, 30]), np.array([300, 200, 100]))


def a_day(measures: tuple[Control, ...], compliance: float = 0.3, lines: tuple[Line, ...] = ()) -> CityDay:
    one = np.ones(3)
    sites = SiteTable(
        ("a", "b", "c"),
        np.array([14, 21, 35]),
        0 * one,
        5 * one,
        600 * one,
        0.3 * one,
        2000 * one,
        np.nan * one,
        0 * one,
    )
    people = draw_people(SOURCES, 3, last_s=3600.0)
    return CityDay(
        square_grid(6),
        SOURCES,
        sites,
        people,
        closes_s=3 * 3600.0,
        controls=Controls(measures, compliance),
        lines=lines,
    )


def test_advice_that_nobody_follows_changes_nothing() -> None:
    plain, unheard = a_day(()), a_day(ADVICE, compliance=0.0)
    for day in (plain, unheard):
        day.live(5 * 3600.0)
    assert np.array_equal(plain.walkers.arrive_s, unheard.walkers.arrive_s)
    assert plain.present_s == unheard.present_s and unheard.guide.ridden == 0


@pytest.mark.parametrize("compliance", [0.3, 1.0])
def test_nobody_is_lost_under_all_measures_at_once(compliance: float) -> None:
    binding = (Gate(0, 0.5), Closure((11,), 600.0, 3000.0), OneWay((20, 30), (0, 1)), Hold((25,), 0.1, 500.0, True))
    day = a_day((*ADVICE, *binding, Runs(0, 120.0)), compliance, (Line(0, 600.0, 30, 200.0),))
    for until in range(600, 9 * 3600, 600):
        day.live(float(until))
        assert 0 <= day.at_home <= len(day.people)
    assert day.at_home == 600 and not any(len(place) for place in day.guide.standing)
    assert (day.node == day.sources.node[day.people.source]).all()
    assert day.guide.ridden > 0 and day.guide.held[0].waited_s > 0 and day.guide.staggered_s > 0


def test_a_one_way_street_is_entered_from_one_side() -> None:
    day = a_day((OneWay((20, 30), (0, 1)),))
    against = 0
    for until in range(100, 3600, 100):
        day.live(float(until))
        people = day.walkers.people
        against += int(((people[:, LINK] == 20) & (people[:, HEADING] == 1)).sum())
        against += int(((people[:, LINK] == 30) & (people[:, HEADING] == 0)).sum())
    assert against == 0


def test_a_closure_holds_while_it_lasts() -> None:
    day = a_day((Closure((20,), 600.0, 1200.0),))
    day.live(600.0)
    assert not day.walkers.closed.any()
    day.live(1100.0)
    assert np.flatnonzero(day.walkers.closed).tolist() == [20]
    day.live(1300.0)
    assert not day.walkers.closed.any()


def test_paths_that_are_shut_anyway_stay_shut_when_measures_change() -> None:
    day, shut = a_day((Closure((20,), 600.0, 1200.0),)), np.arange(60) == 7
    day.close(shut)
    for until, closed in ((600, [7]), (1100, [7, 20]), (1300, [7])):
        day.live(float(until))
        assert np.flatnonzero(day.walkers.closed).tolist() == closed
    day.close(np.zeros(60, dtype=bool))
    assert not day.walkers.closed.any()


def corridor(measures: tuple[Control, ...], people: int = 400, lines: tuple[Line, ...] = ()) -> CityDay:
    """One street of 60 m from a station to a site."""
    graph = graph_of([(0, 0), (60, 0)], [(0, 1)], width_m=[4.0])
    sources = Sources(("station",), np.array([0]), np.array([people]))
    site = SiteTable(("a",), *(np.array([v]) for v in (1, 0.0, 50.0, 600.0, 0.3, 900.0, np.nan, 0.0)))
    drawn = draw_people(sources, 1, last_s=600.0)
    return CityDay(graph, sources, site, drawn, closes_s=1e6, controls=Controls(measures, 1.0), lines=lines)


def test_holding_back_lets_out_its_rate() -> None:
    day = corridor((Hold((0,), 0.5, 100.0),))
    for until in range(100, 700, 100):
        day.live(float(until))
        assert day.attractions.visits.sum() <= 0.5 * until + 1
    assert len(day.guide.held[0]) > 50


def test_a_run_home_takes_its_places_and_extra_runs_take_more() -> None:
    waits = []
    for measures in ((), (Runs(0, 60.0),)):
        day = corridor(measures, lines=(Line(0, 600.0, 10, 50.0),))
        day.live(5400.0)
        waits.append(day.guide.platforms[0].waited_s)
        gone = day.at_home - len(day.guide.platforms[0])
        assert gone <= 10 * (1 + 5400 / (60 if measures else 600))
    assert waits[1] < 0.5 * waits[0]


def test_waiting_too_close_is_counted_as_dense() -> None:
    place = Standing(10.0)
    place.join(np.arange(35))
    place.wait(10.0)
    assert (place.waited_s, place.dense_s) == (350.0, 0.0)
    place.join(np.arange(35, 37))
    place.wait(10.0)
    assert (place.waited_s, place.dense_s, place.most) == (720.0, 370.0, 37)
    assert place.take(36).tolist() == list(range(36)) and len(place) == 1


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 999), most=st.integers(5, 60), compliance=st.sampled_from([0.1, 0.5, 1.0]))
def test_bookings_fill_no_slot_beyond_its_people(seed: int, most: int, compliance: float) -> None:
    people = draw_people(SOURCES, seed, last_s=3600.0)
    controls = Controls((Slots(300.0, most, 1200.0),), compliance)
    after = wishes_under(controls, people)
    assert sorted(after.people.party) == sorted(people.party)
    assert (np.diff(after.people.arrive_s) >= 0).all()
    was, now = (np.zeros(len(people.taste_u)) for _ in range(2))
    was[people.party], now[after.people.party] = people.arrive_s, after.people.arrive_s
    follows = controls.follows(people.follow_u)
    assert (was[~follows] == now[~follows]).all() and (np.abs(now - was) <= 1200.0 + 1e-6).all()
    size = np.bincount(people.party)
    slot = (now // 300.0).astype(int)
    moved = np.abs(now - was) > 1e-6
    full = np.bincount(slot, weights=size)
    for group in np.flatnonzero(moved):
        assert (
            full[slot[group]] <= most
            or np.bincount(slot[~follows], weights=size[~follows], minlength=99)[slot[group]]
            + size[follows & (slot == slot[group]) & ~moved].sum()
            + size[group]
            <= full[slot[group]]
        )
    assert after.shifted == size[moved].sum()


def test_who_is_guided_to_another_car_park_goes_back_from_there() -> None:
    people = draw_people(SOURCES, 3, last_s=3600.0)
    after = wishes_under(Controls((Parking(1, 2, 50),), 1.0), people)
    before, now = (np.bincount(one.source, minlength=3) for one in (people, after.people))
    assert 40 < after.moved <= 50 and (now - before).tolist() == [0, -after.moved, after.moved]


def test_signs_take_those_who_follow_another_way() -> None:
    ways = CityWays(square_grid(4), np.array([15]), np.zeros(24), kinds=2)
    toll = np.zeros((2, 2, 24))
    link = int(ways.next_link[0, 0])
    toll[1, :, link] = 900.0
    assert ways.charge(toll) and not ways.charge(toll)
    assert ways.next_link[0, 0] == link != ways.next_link[1, 0]
    assert ways.goal_node.tolist() == [15, 15] and ways.destination(np.array([15, 15]), np.array([0, 1])).tolist() == [
        0,
        1,
    ]
    assert ways.cost_s[1, 0] == pytest.approx(ways.cost_s[0, 0])


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 9999))
def test_ways_over_links_are_those_that_lead_over_them(seed: int) -> None:
    draw = np.random.default_rng(seed)
    nodes = int(draw.integers(2, 30))
    links = [(int(a), int(b)) for a, b in draw.integers(0, nodes, (int(draw.integers(1, 50)), 2)) if a != b] or [(0, 1)]
    graph = graph_of(draw.uniform(0, 500, (nodes, 2)).tolist(), links, length_m=draw.uniform(1, 80, len(links)))
    ways = CityWays(graph, draw.integers(0, nodes, 3), np.zeros(len(links)))
    some = np.flatnonzero(draw.random(len(links)) < 0.3)
    over = ways.crosses(some)
    for row in range(len(ways.goal_node)):
        for node in range(nodes):
            at, met = node, False
            while ways.next_link[row, at] >= 0:
                link = ways.next_link[row, at]
                met |= bool(np.isin(link, some))
                at = graph.link_to[link] if graph.link_from[link] == at else graph.link_from[link]
            assert over[row, node] == met


def test_measures_come_back_from_json() -> None:
    controls = Controls((*ADVICE, OneWay((1, 2), (0, 1)), Gate(1, 0.5, True)), 0.6)
    assert Controls.from_json(controls.to_json()) == controls


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Controls((), 1.5), "1.5 of the people"),
        (lambda: Controls((Hold((1,), 0.0, 10.0),)), "Hold has rate_ps 0"),
        (lambda: Controls((Shuttle(1, 2, 60.0, 0, 60.0, 5.0),)), "Shuttle has places 0"),
        (lambda: Controls((Closure((1,), 50.0, 40.0),)), "ends before it begins"),
        (lambda: Controls((OneWay((1, 2), (0,)),)), "heading, 0 or 1, for each link"),
        (lambda: Controls.from_json([{"kind": "wall"}]), "measure 'wall'"),
        (lambda: Controls.from_json([{"kind": "gate", "door": 1}]), "door"),
        (lambda: a_day((Gate(9),)), "a gate of site 9"),
        (lambda: a_day((Closure((999,)),)), "link 999"),
        (lambda: a_day((Shuttle(1, 99, 60.0, 5, 60.0, 5.0),)), "node 99"),
        (lambda: a_day((Parking(0, 7, 5),)), "source 7"),
        (lambda: a_day((Runs(1, 60.0),)), "no line"),
        (
            lambda: wishes_under(Controls(ADVICE), replace(draw_people(SOURCES, 1), follow_u=np.zeros(0))),
            "nobody drew who follows",
        ),
    ],
)
def test_measures_that_make_no_sense_are_refused(make: object, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        make()  # type: ignore[operator]
