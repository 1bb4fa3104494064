"""Underpasses: which roads dive, how low, what drains into them; and which tunnels do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from ground_world import World, world
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin
from shapely.geometry import LineString, Polygon
from small_towns import ROAD, town_xml

from networks import City, build_city
from networks.ground.burning import burn_in
from networks.ground.dives import DECK_M, GRADE, LONGEST_M, Dive, find_dives, merged
from networks.ground.flow import catchments, flow_over
from networks.ground.underpasses import read_underpasses
from networks.ground.way_graph import WayGraph

Write = Callable[..., Path]
Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


def flat(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Level ground at 10 m that falls a little to the south, so that water knows where to go."""
    return 10 + 0.001 * y + 0 * x


def street(covered: float = 0.6, room: float = 1.5, tags: Mapping[str, str] | None = None) -> str:
    """A street along y = 0 under a crossing street; `covered` and the ramps' `room` before junctions in 100 m."""
    a = covered / 2
    nodes = {
        1: (-a - 3.2, 0.0), 2: (-a - room, 0.0), 3: (-a, 0.0), 4: (a, 0.0), 5: (a + room, 0.0), 6: (a + 3.2, 0.0),
        7: (-a - room, 1.0), 8: (a + room, 1.0), 9: (0.0, 3.0), 10: (0.0, -3.0),
    }  # fmt: skip
    low = {**ROAD, "tunnel": "yes", "layer": "-1", "name": "Low Street", **(tags or {})}
    ways = {
        20: ([1, 2], ROAD), 21: ([2, 3], ROAD), 22: ([3, 4], low), 23: ([4, 5], ROAD), 24: ([5, 6], ROAD),
        25: ([2, 7], ROAD), 26: ([5, 8], ROAD), 27: ([9, 10], ROAD),
        28: ([7, 9, 8], ROAD), 29: ([1, 10, 6], ROAD),
    }  # fmt: skip
    return town_xml(nodes, ways)


def dives(here: World) -> list[Dive]:
    return find_dives(WayGraph(here.extract, here.plane, here.frame), here.terrain)


def test_on_level_ground_a_covered_street_dives_by_its_headroom_and_deck(write: Write) -> None:
    here = world(write(street(tags={"maxheight": "3.5"})), flat)
    (dive,) = dives(here)
    assert dive.kind == "underpass" and dive.clearance_source == "osm"
    assert dive.lowest[2] == pytest.approx(10 - 3.5 - DECK_M, abs=0.15)
    assert dive.covered_m == pytest.approx(60, rel=0.02)
    for ramp in dive.ramps:
        assert ramp.grade == pytest.approx(GRADE, abs=0.005)
        assert ramp.length_m == pytest.approx((3.5 + DECK_M) / GRADE, rel=0.05)
    inside = dive.road_m[dive.covered]
    assert inside.max() - inside.min() < 0.2 and dive.road_m.argmin() not in (0, len(dive.road_m) - 1)


def test_the_low_street_is_burned_in_and_everything_north_of_it_drains_into_it(write: Write) -> None:
    here = world(write(street()), flat)
    groups = merged(dives(here))
    terrain, owner, repairs = burn_in(here.terrain, groups)
    drop = here.terrain.elevation_m - terrain.elevation_m
    assert drop.max() == pytest.approx(4.5 + DECK_M, abs=0.2)
    assert (drop[owner == 0] == 0).all() and (drop >= 0).all()
    np.testing.assert_array_equal(terrain.low_road, drop > 0)
    assert [one.rule for one in repairs] == ["low_road_burned"]
    flow = flow_over(terrain.elevation_m, 5.0)
    area = catchments(flow, owner)[1]
    rows, columns = np.nonzero(owner)
    # on a plane that falls to the south each column that the road crosses drains from the border row to the road
    wanted = sum(25.0 * (rows[columns == c].max()) for c in np.unique(columns))
    assert area == pytest.approx(wanted, rel=0.03)
    pond = flow.filled_m - terrain.elevation_m
    assert pond.max() > 4.0 and owner[np.unravel_index(pond.argmax(), pond.shape)] == 1


@settings(max_examples=15, deadline=None)
@given(covered=st.floats(0.2, 1.8), room=st.floats(0.7, 1.4), height=st.floats(2.5, 5.0))
def test_the_roadway_is_never_above_the_ground_nor_too_steep(
    tmp_path_factory: pytest.TempPathFactory, covered: float, room: float, height: float
) -> None:
    file = tmp_path_factory.mktemp("town") / "town.osm"
    file.write_text(street(covered, room, {"maxheight": f"{height:.2f}"}))
    for dive in dives(world(file, flat)):
        assert (dive.road_m <= dive.ground_m + 0.2).all()
        assert all(0 < ramp.grade <= 0.13 for ramp in dive.ramps)
        assert dive.lowest[2] >= 10 - height - DECK_M - 0.5
        terrain, _, _ = burn_in(world(file, flat).terrain, [[dive]])
        assert np.isfinite(terrain.elevation_m).all()


def test_a_tunnel_through_a_hill_does_not_dive(write: Write) -> None:
    here = world(write(street(covered=3.0)), lambda x, y: 10 + 40 * np.exp(-((x / 70) ** 2)) + 0 * y)
    assert dives(here) == []


def test_a_short_tunnel_on_a_slope_drains_through_its_lower_end(write: Write) -> None:
    here = world(write(street(covered=0.4)), lambda x, y: 60 - 0.1 * x + 0 * y)
    assert dives(here) == []


def test_a_sag_of_less_than_a_metre_is_none(write: Write) -> None:
    file = write(street(covered=0.6))
    gentle, steeper = (world(file, lambda x, y, fall=fall: 30 - fall * x + 0 * y) for fall in (0.03, 0.05))
    assert len(dives(gentle)) == 1
    assert dives(steeper) == []  # its lower ramp ends 0.9 m above the lowest point


def test_no_room_for_ramps_means_that_it_does_not_dive(write: Write) -> None:
    assert dives(world(write(street(covered=0.6, room=0.05)), flat)) == []


def test_a_dead_end_and_a_building_passage_are_no_underpasses(write: Write) -> None:
    assert dives(world(write(street(tags={"tunnel": "building_passage", "layer": "0"})), flat)) == []
    nodes = {1: (-2.0, 0.0), 2: (0.0, 0.0), 3: (0.6, 0.0)}
    garage = {1: ([1, 2], ROAD), 2: ([2, 3], {**ROAD, "tunnel": "yes", "layer": "-1"})}
    assert dives(world(write(town_xml(nodes, garage)), flat)) == []
    stub = {1: ([1, 2], ROAD), 2: ([2, 3], {**ROAD, "tunnel": "yes", "layer": "-1"}), 3: ([3, 4], ROAD)}
    assert dives(world(write(town_xml({**nodes, 4: (1.6, 0.0)}, stub)), flat)) == []
    assert len(dives(world(write(town_xml({**nodes, 4: (4.9, 0.0), 1: (-4.9, 0.0)}, stub)), flat))) == 1


def test_a_street_built_over_at_ground_level_does_not_dive(write: Write) -> None:
    here = world(write(street()), flat)
    corners = [here.place(x, y) for x, y in ((-30, -20), (30, -20), (30, 20), (-30, 20))]
    surface = np.where(here.terrain.grid.covered([Polygon(corners)]), 2, 0).astype(np.uint8)
    graph, roofed = WayGraph(here.extract, here.plane, here.frame), here.terrain.changed(surface=surface)
    assert find_dives(graph, roofed) == []
    crossing = LineString([here.place(0, -300), here.place(0, 300)])
    assert len(find_dives(graph, roofed, [crossing])) == 1


def test_a_long_low_tunnel_is_burned_at_its_mouths_alone(write: Write) -> None:
    here = world(write(street(covered=6.0, room=1.5)), flat, reach=700.0)
    (dive,) = dives(here)
    assert dive.covered_m > LONGEST_M and dive.kind == "sag_tunnel"
    terrain, _, _ = burn_in(here.terrain, [[dive]])
    drop = here.terrain.elevation_m - terrain.elevation_m
    middle = here.at(drop, (0, 0), (100, 0))
    mouths = here.at(drop, (-290, 0), (290, 0))
    assert (middle == 0).all() and (mouths > 4.5).all()
    pond = flow_over(terrain.elevation_m, 5.0).filled_m - terrain.elevation_m
    assert (here.at(pond, (-290, 0)) > 4).all()


def test_a_dip_that_the_terrain_shows_is_not_dug_twice(write: Write) -> None:
    def cut(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        road = 4.5 + np.maximum(0, np.abs(x) - 30) * GRADE
        return np.where(np.abs(y) <= 4, np.minimum(10, road), 10.0)

    here = world(write(street()), cut)
    (dive,) = dives(here)
    assert dive.lowest[2] == pytest.approx(4.5, abs=0.2)
    terrain, _, _ = burn_in(here.terrain, [[dive]])
    assert (here.terrain.elevation_m - terrain.elevation_m)[:, 95:105].max() < 6.1
    low = here.at(terrain.elevation_m, (0, 0))
    assert low[0] == pytest.approx(4.5, abs=0.2)


def test_a_surveyed_lowest_point_goes_before_a_guess(write: Write) -> None:
    (dive,) = dives(world(write(street(tags={"citytwin:lowest_m": "6.25"})), flat))
    assert dive.lowest[2] == pytest.approx(6.25, abs=0.01) and dive.profile_source == "measured"


def test_carriageways_side_by_side_are_one_underpass(write: Write) -> None:
    nodes = {
        1: (-3.0, 0.0), 2: (-0.3, 0.0), 3: (0.3, 0.0), 4: (3.0, 0.0),
        5: (-3.0, 0.15), 6: (-0.3, 0.15), 7: (0.3, 0.15), 8: (3.0, 0.15),
    }  # fmt: skip
    one, low = {**ROAD, "oneway": "yes"}, {**ROAD, "oneway": "yes", "tunnel": "yes", "layer": "-1"}
    ways = {
        10: ([1, 2], one), 11: ([2, 3], low), 12: ([3, 4], one),
        13: ([8, 7], one), 14: ([7, 6], low), 15: ([6, 5], one),
    }  # fmt: skip
    found = dives(world(write(town_xml(nodes, ways)), flat))
    assert len(found) == 2 and [len(group) for group in merged(found)] == [2]


def built(write: Write, tmp_path: Path, text: str, height: Height = flat) -> City:
    """A city of a map on 5 m cells whose error is said to be 0.1 m."""
    file = write(text)
    here = world(file, height, reach=900.0)
    grid = here.terrain.grid
    profile = {"driver": "GTiff", "height": grid.rows, "width": grid.columns, "count": 1, "dtype": "float32"}
    dem = tmp_path / "dem.tif"
    with rasterio.open(
        dem, "w", crs=here.plane.epsg, transform=from_origin(grid.left, grid.top, 5, 5), **profile
    ) as raster:
        raster.write(here.terrain.elevation_m, 1)
    from networks.ground.options import GroundOptions

    options = GroundOptions(dem=dem, dem_error_m=0.1, dem_model="terrain", drain_return_period_y=3.0)
    return build_city(file, tmp_path / "city", ground_options=options)


def test_a_city_knows_its_underpass_and_the_flood_model_can_read_it(write: Write, tmp_path: Path) -> None:
    city = built(write, tmp_path, street(tags={"citytwin:pump_m3s": "0.25"}))
    (one,) = read_underpasses(city)
    assert one.name == "Low Street" and one.kind == "underpass" and one.osm == (22,)
    assert one.depth_m == pytest.approx(4.5 + DECK_M, abs=0.3)
    assert (one.pump_m3s, one.pump_source) == (0.25, "measured")
    assert one.catchment_source == "terrain" and one.catchment_m2 > 20_000
    assert len(one.ramps) == 2 and len(one.edges) >= 2
    edges: Any = city.layer("edges").set_index("edge_id").geometry
    assert all(edges[edge].distance(city.layer("underpasses").geometry.iloc[0]) < 120 for edge in one.edges)
    terrain = city.terrain()
    assert not terrain.screening and terrain.low_road.sum() > 30
    kinds = city.layer("structures").kind.value_counts()
    assert kinds["underpass"] == kinds["tunnel"] == 1
    tunnel = city.layer("structures").set_index("kind").loc["tunnel"]
    assert len(tunnel.edges.split()) == 2 and tunnel.crossed_by != ""
    doubts = set(city.layer("doubts").kind)
    assert "underpass_profile_guessed" in doubts and "underpass_without_pump" not in doubts
    assert "low_road_burned" in set(city.layer("repairs").rule)
