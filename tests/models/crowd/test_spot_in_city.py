"""A hot spot inside the city model: nobody is lost, full ground holds the streets back, full streets the doors."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from models.crowd.city.hand_over import hold_back
from models.crowd.city.walkers import LINK
from models.crowd.hotspot import Door, MapDoor, MapSpot
from models.crowd.hotspot.crossers import Crossers, draw_crossers, street_ends
from models.crowd.hotspot.crossing import SpotCrossing
from models.crowd.hotspot.leaving import leave
from models.crowd.hotspot.moment import ARRIVED, COMING, GOING
from models.crowd.hotspot.outlook import outlook
from networks import WalkGraph
from networks.errors import BadInput

sys.path.append(str(Path(__file__).parent))
from crowd_world import graph_of

SIDE = 12.0


def square(width_m: float = 3.0, side_m: float = SIDE) -> tuple[WalkGraph, MapSpot]:
    """A square with streets of 50 m to the west, east and north; node 3 is its middle."""
    half = side_m / 2
    xy = [(-half, 0), (half, 0), (0, half), (0, 0), (-half - 50, 0), (half + 50, 0), (0, half + 50)]
    graph = graph_of(xy, [(0, 3), (1, 3), (2, 3), (0, 4), (1, 5), (2, 6)], width_m=width_m)
    ground = box(-half, -half, half, half)
    w = width_m / 2
    ends = {"west": ((-half, -w), (-half, w)), "east": ((half, -w), (half, w)), "north": ((-w, half), (w, half))}
    doors = tuple(MapDoor(Door(name, at), i, (3 + i,), 2 * w) for i, (name, at) in enumerate(ends.items()))
    return graph, MapSpot("square", ground, ground, doors, np.arange(6) < 3, ())


def lost(city: SpotCrossing) -> int:
    """Who is missing, counted in both models and not by the coupling's own notes."""
    ground = city.ground.still_there() + sum(city.ground.waiting(door.name) for door in city.spot.gates)
    ground += len(city._nearing) + len(city._leaving)
    on_streets = int((city.streets.walkers.people[:, LINK] >= 0).sum())
    handed = np.isinf(city.streets.walkers.arrive_s).sum()
    assert city.streets.summary["walking"] == on_streets
    return abs(int(handed) - ground) + max(0, on_streets - np.isin(city.state, (COMING, GOING)).sum())


@given(people=st.integers(1, 60), over_s=st.floats(1, 60), seed=st.integers(0, 99), outflow=st.floats(0.2, 4))
@settings(max_examples=5, deadline=None)
def test_nobody_is_lost(people: int, over_s: float, seed: int, outflow: float) -> None:
    graph, spot = square()
    city = SpotCrossing(graph, spot, draw_crossers(graph, spot, people, over_s, away_m=50, seed=seed), seed=seed)
    city._most_out[:] = outflow
    while city.streets.now_s < 100:
        city.advance_to(city.streets.now_s + 20)
        assert lost(city) == 0
        assert sum(city.moments[-1].people) == people
    city.run(1500)
    assert (city.state == ARRIVED).all(), city.state
    assert sum(moment.inflow_ps.sum() for moment in city.moments) * 5 == pytest.approx(people)
    assert sum(moment.outflow_ps.sum() for moment in city.moments) * 5 == pytest.approx(people)


def one_way(people: int, flow_ps: float) -> Crossers:
    """Everybody from the west to the east."""
    same = np.zeros(people, dtype=np.int64)
    return Crossers(np.arange(people) / flow_ps, same + 4, same + 5, same, same + 1, same + 1.34)


def test_a_crossing_takes_as_long_as_the_way_is() -> None:
    graph, spot = square()
    city = SpotCrossing(graph, spot, one_way(12, 0.2))
    city.run(600)
    took = city.streets.walkers.arrive_s - city.streets.plans.depart_s
    assert took.mean() == pytest.approx((50 + SIDE + 50) / 1.34, rel=0.1)


def test_a_ground_that_lets_nobody_out_fills_up_and_holds_its_street_back() -> None:
    graph, spot = square(2.0, 3.0)
    city = SpotCrossing(graph, spot, one_way(300, 3.0))
    city._most_out[1] = 0.02
    city.advance_to(135)
    last = city.moments[-1]
    assert last.density_pm2 > 2.0
    assert last.waiting[0] <= 2 * 2.0 + 13, "the queue stands on the street, not in the doorway"
    assert last.shut[0]
    assert city.streets.link_density_pm2()[3] > 3.0
    assert lost(city) == 0


def test_streams_that_meet_head_on_get_past_each_other() -> None:
    graph = graph_of([(0, 0), (12, 0), (-60, 0), (72, 0)], [(0, 1), (0, 2), (1, 3)], width_m=3.0)
    ends = {"west": ((0, -0.75), (0, 0.75)), "east": ((12, -0.75), (12, 0.75))}
    doors = tuple(MapDoor(Door(name, at), i, (1 + i,), 3.0) for i, (name, at) in enumerate(ends.items()))
    ground = box(0, -0.75, 12, 0.75)
    spot = MapSpot("bridge", ground, ground, doors, np.arange(3) < 1, ())
    city = SpotCrossing(graph, spot, draw_crossers(graph, spot, 240, 20.0, away_m=60))
    while city.streets.now_s < 600:
        city.advance_to(city.streets.now_s + 20)
        assert lost(city) == 0
    assert (city.state == ARRIVED).all()
    assert any(moment.shut.any() for moment in city.moments), (
        "a place that people come to faster than it lets them through"
    )


def test_a_ground_without_ways_of_the_map_on_it_is_crossed_from_its_doors() -> None:
    graph, spot = square()
    graph = graph_of([(-56, 0), (-6, 0), (6, 0), (56, 0)], [(0, 1), (2, 3)], width_m=3.0)
    doors = tuple(MapDoor(one.door, 1 + i, (i,), 3.0) for i, one in enumerate(spot.doors[:2]))
    bare = MapSpot("bare", spot.polygon, spot.area, doors, np.zeros(2, dtype=bool), ())
    same = np.zeros(20, dtype=np.int64)
    crossers = Crossers(np.arange(20.0), same, same + 3, same, same + 1, same + 1.34)
    city = SpotCrossing(graph, bare, crossers)
    assert city.run(600) is None
    assert (city.state == ARRIVED).all() and city.streets.now_s < 200


def test_a_full_street_behind_holds_its_door_back() -> None:
    graph, spot = square()
    flows = {}
    for jam in (False, True):
        city = SpotCrossing(graph, spot, one_way(400, 2.5))
        if jam:
            hold_back(city.streets, np.array([4]), np.array([0.15]))
        city.advance_to(95)
        flows[jam] = sum(moment.outflow_ps[1] for moment in city.moments[10:])
        assert lost(city) == 0
    assert flows[True] < 0.6 * flows[False]


def test_people_who_are_stuck_are_told_and_the_run_ends() -> None:
    graph, spot = square()
    city = SpotCrossing(graph, spot, one_way(4, 1.0))
    city._most_out[:] = 0.0
    seen: list[float] = []
    jam = city.run(3000, lambda moment: seen.append(moment.time_s))
    assert jam is not None
    assert (jam.inside, jam.in_doorways, jam.outside) == (4, 0, 0)
    assert 30 < jam.since_s < 90
    assert city.streets.now_s < 600
    assert seen[:2] == [120, 240]
    assert city.moments[-1].people == (0, 0, 4, 0, 0)
    assert not SpotCrossing(graph, spot, one_way(2, 1.0)).run(600)


def test_people_leave_by_the_doors_that_are_open_and_all_of_them() -> None:
    _, spot = square()
    left = leave(spot, 60, shut=["west"])
    assert left.still_there == 0
    assert left.by_door[0] == 0
    assert left.by_door.sum() == len(left.left_s) == 60
    found = outlook(left.ground.tracks(), spot.area)
    assert found.inside.max() <= 60
    assert found.peak_pm2.max() > 60 / SIDE**2, "denser before a door than on average at the beginning"
    for words, more in (("no door called x", {"shut": ["x"]}), ("every door", {"shut": ["west", "east", "north"]})):
        with pytest.raises(BadInput, match=words):
            leave(spot, 10, **more)
    with pytest.raises(BadInput, match="no room for 9000"):
        leave(spot, 9000)


def test_demand_is_drawn_from_the_streets_behind_the_doors() -> None:
    graph, spot = square()
    assert street_ends(graph, spot, 50.0).tolist() == [4, 5, 6]
    drawn = draw_crossers(graph, spot, 200, 60.0, away_m=50)
    assert (drawn.door_in != drawn.door_out).all()
    assert (drawn.origin == np.array([4, 5, 6])[drawn.door_in]).all()
    assert (drawn.destination == np.array([4, 5, 6])[drawn.door_out]).all()
    shut = MapSpot("one", spot.polygon, spot.area, spot.doors[:1], spot.links, ())
    with pytest.raises(BadInput, match="1 of its 1 doors lead to streets"):
        draw_crossers(graph, shut, 5, 60.0)
