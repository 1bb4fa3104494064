"""A hot spot in a day of visitors, and in a crowd on the clock beside water: nobody is lost, ways take as long."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import box

from models import Clock, CoupledCrowd
from models.crowd.city import CityCrowd, CityDay, Sources, draw_people
from models.crowd.hotspot import Door, MapDoor, MapSpot
from models.crowd.hotspot.in_city import SpotInCity
from models.crowd.hotspot.moment import AT_DOOR, INSIDE
from networks import BadInput, WalkGraph

sys.path.append(str(Path(__file__).parent))
from crowd_world import Water, graph_of, plans_of
from test_city_day import sites_of

LONG_M, WIDE_M, AWAY_M = 20.0, 4.0, 60.0


def bridge() -> tuple[WalkGraph, MapSpot]:
    """A bridge of two links with a node (2) in its middle, and streets from its ends (0, 1) to 3 and 4."""
    xy = [(0, 0), (LONG_M, 0), (LONG_M / 2, 0), (-AWAY_M, 0), (LONG_M + AWAY_M, 0)]
    graph = graph_of(xy, [(0, 2), (2, 1), (0, 3), (1, 4)], width_m=WIDE_M)
    half = WIDE_M / 2
    ends = {"west": ((0, -half), (0, half)), "east": ((LONG_M, -half), (LONG_M, half))}
    doors = tuple(MapDoor(Door(name, at), i, (2 + i,), WIDE_M) for i, (name, at) in enumerate(ends.items()))
    ground = box(0, -half, LONG_M, half)
    return graph, MapSpot("bridge", ground, ground, doors, np.arange(4) < 2, ())


def on_the_spot(spot: SpotInCity) -> int:
    """People who are in no city: in doorways, inside, or between a node and a door."""
    handed = np.isinf(spot.city.walkers.arrive_s)
    assert (handed >= np.isin(spot.state, (AT_DOOR, INSIDE))).all()
    waiting = sum(spot.ground.waiting(one.name) for one in spot.spot.gates)
    assert handed.sum() == spot.ground.still_there() + waiting + len(spot._nearing) + len(spot._leaving)
    return int(handed.sum())


def a_day(*, with_spot: bool) -> tuple[CityDay, SpotInCity | None]:
    graph, spot = bridge()
    sources = Sources(("station", "hotel"), np.array([3, 4]), np.array([150, 60]))
    day = CityDay(graph, sources, sites_of([4, 3], stay_median_s=120.0), draw_people(sources, 2, last_s=600.0),
                  closes_s=1500.0)  # fmt: skip
    return day, SpotInCity(day, spot) if with_spot else None


def test_a_day_of_visitors_crosses_a_hot_spot_and_everybody_comes_home() -> None:
    plain, _ = a_day(with_spot=False)
    day, spot = a_day(with_spot=True)
    assert spot is not None
    crossed = 0
    for until in range(60, 3000, 60):
        plain.live(float(until))
        day.live(float(until))
        shown = day.attractions
        away = np.isnan(day.walkers.arrive_s) & (day.walkers.people[:, 0] < 0)
        there = on_the_spot(spot)
        crossed += there
        known = day.summary["walking"] + shown.inside.sum() + shown.queue.sum() + day.at_home + away.sum() + there
        assert known == 210
    assert day.at_home == plain.at_home == 210
    assert crossed > 50 and spot.apart == 0
    assert (day.attractions.visits == plain.attractions.visits).all()
    assert day.present_s == pytest.approx(plain.present_s, rel=0.1)


def test_ways_take_as_long_with_a_hot_spot_as_without_on_the_clock_and_by_water() -> None:
    graph, spot = bridge()
    depart = np.arange(0, 120, 2.0)
    plans = plans_of(depart, np.tile([3, 4], 30), np.tile([4, 3], 30))
    took = {}
    for name, depth_m in (("dry", 0.0), ("wet", 0.05)):
        for hot in (False, True):
            crowd = CoupledCrowd(graph, plans, edge_ids=())
            walked = SpotInCity(crowd.city, spot) if hot else None
            Clock([Water(lambda _, d=depth_m: np.full(4, d)), crowd], step_s=60.0).run(900)
            assert crowd.summary["arrived"] == 60 and crowd.tables()["walkers"].arrive_s.notna().all()
            assert walked is None or sum(one.inflow_ps.sum() for one in walked.moments) * 5 == pytest.approx(60)
            took[name, hot] = float((crowd.city.walkers.arrive_s - crowd.city.plans.depart_s).mean())
    assert took["dry", True] == pytest.approx(took["dry", False], rel=0.1)
    assert took["wet", True] > took["dry", True], "water slows people on the streets before and behind it"


def test_who_stays_on_the_ground_is_left_to_the_city_model() -> None:
    graph, spot = bridge()
    city = CityCrowd(graph, plans_of([0.0, 0.0, 5.0], [3, 2, 3], [2, 4, 4]))
    walked = SpotInCity(city, spot)
    city.advance_to(300.0)
    assert city.summary["arrived"] == 3
    assert walked.apart == 1
    assert len(walked.ground.people) == 1


def test_people_whose_way_is_closed_while_they_are_inside_are_not_called_up_twice() -> None:
    graph, spot = bridge()
    city = CityCrowd(graph, plans_of(np.zeros(20), 3, 4))
    walked = SpotInCity(city, spot)
    city.advance_to(55.0)
    inside = on_the_spot(walked)
    assert inside > 10
    city.close(np.array([False, False, True, False]))
    assert on_the_spot(walked) == inside
    city.advance_to(400.0)
    assert city.summary["arrived"] == 20


def test_a_ground_that_no_link_leads_to_is_refused() -> None:
    graph, spot = bridge()
    off = MapSpot("off", spot.polygon, spot.area, (), spot.links, ())
    with pytest.raises(BadInput, match="no link of the map leads onto the ground"):
        SpotInCity(CityCrowd(graph, plans_of(0.0, 3, 4)), off)
