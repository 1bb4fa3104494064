"""A coast's map may be nearly all sea: the terrain is of the land and the shore."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity, box
from shapely.geometry import LineString, Point, Polygon

from networks.ground.grid import Grid
from networks.ground.land import SHORE_M, land_frame, sea_beyond

FRAME = box(0.0, 0.0, 20_000.0, 30_000.0)
SEA = box(0.0, 0.0, 20_000.0, 27_000.0)
STREET = LineString([(1_000.0, 28_000.0), (4_000.0, 29_000.0)])


def test_a_sea_of_27_km_before_a_town_of_3_is_left_out_but_for_the_shore() -> None:
    assert land_frame(FRAME, [SEA], [STREET]).bounds == (0.0, 27_000.0 - SHORE_M, 20_000.0, 30_000.0)


def test_an_islet_with_nothing_on_it_is_sea_and_one_with_a_house_is_land() -> None:
    islet, house = box(9_000.0, 900.0, 9_100.0, 1_000.0), box(9_020.0, 920.0, 9_030.0, 930.0)
    sea = [SEA.difference(islet)]
    assert land_frame(FRAME, sea, [STREET]).bounds[1] == 27_000.0 - SHORE_M
    assert land_frame(FRAME, sea, [STREET, house]).bounds[1] == 900.0 - SHORE_M


def test_a_map_without_a_sea_or_with_nothing_on_its_land_keeps_its_border() -> None:
    assert land_frame(FRAME, [], [STREET]) is FRAME
    assert land_frame(FRAME, [SEA], []) is FRAME
    assert land_frame(FRAME, [SEA], [LineString([(5.0, 5.0), (9.0, 9.0)])]) is FRAME


@given(st.floats(0.0, 20_000.0), st.floats(0.0, 30_000.0), st.floats(-3.0, 3.0))
def test_whatever_stands_there_is_on_the_terrain(x: float, y: float, turned: float) -> None:
    frame = affinity.rotate(FRAME, turned, origin="center")
    pier = Polygon([(x, y), (x + 9.0, y), (x, y + 9.0)])
    part = land_frame(frame, [SEA.intersection(frame)], [STREET, pier])
    assert part.buffer(1e-6).contains(box(*frame.bounds).intersection(pier))
    assert Grid.over(part).rows <= Grid.over(frame).rows


def test_the_sea_runs_on_across_a_border_that_is_turned_and_the_land_does_not() -> None:
    frame = affinity.rotate(FRAME, 2.0, origin=FRAME.centroid)
    (sea,) = sea_beyond([affinity.rotate(SEA, 2.0, origin=FRAME.centroid)], frame)
    west, south, east, north = frame.bounds
    for x, y, wet in [(west, 10_000.0, True), (east, 12_000.0, True), (10_000.0, south, True), (west, south, True)]:
        assert sea.covers(Point(x, y)) is wet
    high = affinity.rotate(Point(-100.0, 29_000.0), 2.0, origin=FRAME.centroid)
    low = affinity.rotate(Point(-100.0, 26_000.0), 2.0, origin=FRAME.centroid)
    assert not sea.covers(high) and sea.covers(low)
    assert not sea.covers(Point(10_000.0, north))
