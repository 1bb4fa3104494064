"""An area that people leave: where they gather, which ways they take, who is left."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.emergency.resources import Resources
from models.routing import vehicle
from networks import say
from networks.errors import BadInput
from scenarios.emergency.area import gatherings, read_area, shared
from scenarios.emergency.evacuation import Ground, Roadways, Wish, plan_evacuation
from scenarios.emergency.evacuation_plan import Planned
from scenarios.emergency.footways import Footways
from scenarios.emergency.journey import Roads
from scenarios.emergency.moment import Moment
from scenarios.emergency.service import Service
from scenarios.emergency.traffic import Traffic
from scenarios.emergency.water import WaterAhead

if TYPE_CHECKING:
    from networks import City

PLACE = "24.9415,60.1708"


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=9), st.integers(0, 10_000))
def test_shares_are_whole_and_add_up(weights: list[float], whole: int) -> None:
    parts = shared(np.array(weights), whole)
    exact = np.array(weights) / sum(weights) * whole
    assert sum(parts) == whole and (np.abs(np.array(parts) - exact) < 1).all()


def test_an_area_is_a_file_or_a_place(helsinki: City, tmp_path: Path) -> None:
    around = read_area(helsinki, PLACE, 200.0)
    people = gatherings(helsinki, around, 900)
    assert sum(one.people for one in people) == 900 and len(people) > 3
    ring = [[24.9410, 60.1705], [24.9430, 60.1705], [24.9430, 60.1715], [24.9410, 60.1705]]
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    assert read_area(helsinki, str(file), 0.0).shape.area == pytest.approx(6200, rel=0.05)
    file.write_text(json.dumps({"type": "Point", "coordinates": ring[0]}), encoding="utf-8")
    with pytest.raises(BadInput, match="no polygon"):
        read_area(helsinki, str(file), 0.0)
    with pytest.raises(BadInput, match="no readable area"):
        read_area(helsinki, str(tmp_path / "none.json"), 0.0)
    with pytest.raises(BadInput, match="nobody is known to live"):
        gatherings(helsinki, read_area(helsinki, "24.95332,60.16555", 15.0), None)
    assert [one.people for one in gatherings(helsinki, read_area(helsinki, "24.95332,60.16555", 15.0), 7)] == [7]


def planned(
    city: City, shut: dict[str, float], *, places: int, buses: int, hours: float = 3.0, traffic: Traffic | None = None
) -> Planned:
    """600 people around a place, two shelters, one depot, roads that water shuts at given seconds."""
    ids = city.layer("edges")["edge_id"].tolist()
    when = np.array([shut.get(edge, np.inf) for edge in ids])
    water = WaterAhead(np.isfinite(when).astype(float), when, datetime(2026, 1, 5, 8), 1, "car", True, when[None, :])
    roads = Roads(city, vehicle("bus"), water=water, traffic=traffic)
    service = Service(city, Resources((), ()), roads, datetime(2026, 1, 5, 8), hours)
    area = read_area(city, PLACE, 200.0)
    plane = [helper(city, *at) for at in ((24.9400, 60.1770), (24.9500, 60.1660), (24.9440, 60.1750))]
    ground = Ground(
        area, tuple(gatherings(city, area, 600)),
        (("school", *plane[0], places), ("hall", *plane[1], places)), (("yard", *plane[2], buses),),
    )  # fmt: skip
    wish, times = Wish(0.0, 3600.0 * hours, far_m=600.0), Roadways(service)
    feet = Footways(city, flood=None, alarm=0.5, until_s=0.0)
    found = plan_evacuation(service, feet, ground, wish, times)
    return Planned(service, feet, found, times, Moment(0.0, datetime(2026, 1, 5, 8)))


def helper(city: City, lon: float, lat: float) -> tuple[float, float]:
    from networks import NearestRoad

    return NearestRoad(city).plane(lon, lat)


def test_all_get_out_where_ways_and_places_last(helsinki: City) -> None:
    plan = planned(helsinki, {}, places=400, buses=3)
    assert sum(plan.found.shuttled.left) == plan.found.least_left == 0
    assert plan.steps()[0][1:] == (600, 0, 0) and plan.steps()[-1][1:] == (0, 0, 600)
    assert all(sum(row[1:]) == 600 for row in plan.steps())
    assert sum(plan.found.in_shelter(at) for at in range(2)) == 600
    assert sum(int(row["on_foot"]) + int(row["by_bus"]) for row in plan.place_rows()) == 600
    few = planned(helsinki, {}, places=100, buses=3)
    assert sum(few.found.shuttled.left) == few.found.least_left == 400
    assert "400 places too few" in few.told()[1]["en"]
    none = planned(helsinki, {}, places=400, buses=0)
    assert none.found.least_left == 0 < sum(none.found.shuttled.left) and "no bus is known" in none.told()[1]["en"]


def test_no_bus_enters_a_road_that_water_has_shut(helsinki: City) -> None:
    free = planned(helsinki, {}, places=400, buses=3)
    ways = [plan_way(free, at) for at in range(len(free.found.shuttled.trips))]
    middle = {edge: 2400.0 for way in ways for edge in way[len(way) // 3 : -2]}
    wet = planned(helsinki, middle, places=400, buses=3)
    assert wet.found.shuttled.trips and wet.found.worth > free.found.worth
    for at, trip in enumerate(wet.found.shuttled.trips):
        entered = wet.times(wet.found.stops[trip.stop].edge, trip.leaves_s)
        for edge in plan_way(wet, at)[1:]:
            assert entered[wet.service.index[edge]] < middle.get(edge, np.inf)


def plan_way(plan: Planned, at: int) -> tuple[str, ...]:
    trip = plan.found.shuttled.trips[at]
    return plan.times.way(plan.found.stops[trip.stop].edge, trip.leaves_s, plan.found.ends[trip.shelter])


def jam(city: City, factors: list[float], begin: datetime) -> Traffic:
    """Every road needs so many times its free flow in each slice of 600 s; lights cost what they cost."""
    free = vehicle("bus").edge_s(city.road_graph("bus"))
    times, edge_s = 600.0 * np.arange(len(factors)), np.array(factors)[:, None] * free
    return Traffic(times, edge_s, np.zeros(edge_s.shape, dtype=bool), False, say("drawn", "drawn"), begin)


def test_buses_meet_the_traffic_of_the_moment_on_the_clock_of_the_storm(helsinki: City) -> None:
    free = planned(helsinki, {}, places=400, buses=3)
    calm = planned(helsinki, {}, places=400, buses=3, traffic=jam(helsinki, [1.0], datetime(2026, 1, 5, 8)))
    assert calm.trip_rows() == free.trip_rows() and calm.found.worth == free.found.worth
    early, late = datetime(2026, 1, 5, 7, 30), datetime(2026, 1, 5, 11)
    over = planned(helsinki, {}, places=400, buses=3, traffic=jam(helsinki, [9.0, 9.0, 9.0, 1.0], early))
    assert over.trip_rows() == free.trip_rows(), "the jam had gone when the storm began"
    stuck = planned(helsinki, {}, places=400, buses=3, traffic=jam(helsinki, [9.0, 9.0, 9.0, 9.0], early))
    assert stuck.found.shuttled.trips[0].sets_out_s == free.found.shuttled.trips[0].sets_out_s
    assert sum(stuck.found.shuttled.left) > 0 or stuck.found.last_s > free.found.last_s + 300.0
    for one, other in zip(driven_s(stuck), driven_s(free), strict=False):
        assert one > 3.0 * other
    assert "in traffic needs" in " ".join(one["en"] for one in stuck.notes())
    apart = planned(helsinki, {}, places=400, buses=3, traffic=jam(helsinki, [2.0, 1.0], late))
    assert any("only its first slice is used" in one["en"] for one in apart.notes())
    assert not any("slice is used" in one["en"] for one in over.notes() + stuck.notes())


def driven_s(plan: Planned) -> list[float]:
    """Seconds of the first drive with people to its shelter, boarding at both ends left out."""
    one = min(plan.found.shuttled.trips, key=lambda one: one.leaves_s)
    stop, end = plan.found.stops[one.stop].edge, plan.found.ends[one.shelter]
    return [float(plan.times(stop, one.leaves_s)[end]) - one.leaves_s]
