"""Blocks: what is packed is what was measured, to the stated step."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box
from small_town import CRS, flood_of, small_city

from viz import blocks
from viz.pack import pack, pack_areas, pack_lines, unpack, unpack_coordinates


@given(st.lists(st.integers(0, 255), max_size=200), st.sampled_from(["uint8", "int32", "float32"]))
@settings(max_examples=40, deadline=None)
def test_an_array_comes_back_as_it_was(values: list[int], kind: str) -> None:
    array = np.array(values, dtype=kind)
    packed = pack(array)
    assert np.array_equal(unpack(packed), array)
    assert pack(array) == packed, "the same array gives the same text"


def test_another_dtype_is_refused() -> None:
    with pytest.raises(ValueError, match="float64"):
        pack(np.zeros(3))


def test_lines_keep_rows_and_places() -> None:
    lines = gpd.GeoSeries(
        [LineString([(385_000, 6_671_000), (385_100, 6_671_050)]), LineString(), LineString([(0, 0), (1, 1), (2, 0)])],
        crs=CRS,
    )
    xy, starts = unpack_coordinates(pack_lines(lines))
    assert starts.tolist() == [0, 2, 2, 5], "an empty line keeps its row"
    expected = lines.to_crs(4326).iloc[0].coords
    assert np.abs(xy[:2] - np.array(expected)).max() <= 0.51e-6


def _triangles(packed: dict[str, Any]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
    """Corners of all triangles (n, 3, 2) in degrees and the first corner of each polygon, as the page reads them."""
    points, _ = unpack_coordinates(packed["points"])
    return points[np.cumsum(unpack(packed["corners"]))].reshape(-1, 3, 2), unpack(packed["first_corner"])


def test_areas_are_filled_by_triangles_that_spare_the_holes() -> None:
    court = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    both = MultiPolygon([box(200, 0, 300, 100), box(400, 0, 500, 100)])
    areas = gpd.GeoSeries([court, both, Point(3, 3)], crs=CRS)
    triangles, first = _triangles(pack_areas(areas))
    assert len(first) == 4, "one row for each part, none for what is no area"
    assert first[-1] == 3 * len(triangles)
    assert set(np.diff(first)[1:]) == {6}
    parts = areas.to_crs(4326).iloc[:2].explode()
    for part, begin, end in zip(parts, first[:-1] // 3, first[1:] // 3, strict=True):
        drawn = shapely.polygons(triangles[begin:end])
        assert shapely.union_all(drawn).symmetric_difference(part).area < 2e-3 * part.area, (
            "its own place, and no other"
        )
        assert sum(shapely.area(drawn)) == pytest.approx(part.area, rel=2e-3), "no triangle lies over another"


def test_no_shapes_at_all() -> None:
    nothing = gpd.GeoSeries([], crs=CRS)
    triangles, first = _triangles(pack_areas(nothing))
    assert first.tolist() == [0]
    assert not len(triangles)
    assert unpack_coordinates(pack_lines(nothing))[1].tolist() == [0]


def _edges(rows: list[tuple[float, str, float, float, float, bool]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["time_s", "edge_id", "speed_mps", "entered", "density_vpkm", "closed"])


def test_road_codes_are_ratios_closures_and_silence() -> None:
    table = _edges(
        [
            (60, "a", 5.0, 3, 8.0, False),
            (60, "b", 0.0, 1, 90.0, False),
            (120, "a", 20.0, 2, 1.0, False),
            (120, "c", 0.0, 0, 0.0, True),
        ]
    )
    frames = blocks.road_frames(
        ["a", "b", "c"], np.array([10.0, 10.0, 10.0]), table, np.array([0.0, 60.0, 119.0, 120.0])
    )
    assert frames.tolist() == [[255, 255, 255], [100, 0, 255], [100, 0, 255], [200, 255, 254]]


def test_an_edge_that_nobody_used_is_no_standing_traffic() -> None:
    table = _edges([(60, "a", 0.0, 0, 0.0, False), (60, "b", np.nan, 0, 0.0, False)])
    assert blocks.road_frames(["a", "b"], np.array([10.0, 10.0]), table, np.array([60.0])).tolist() == [[255, 255]]


def test_crowd_codes_are_fortieths_of_a_person() -> None:
    table = pd.DataFrame(
        {"time_s": [0.0, 60.0, 60.0], "link_id": [1, 1, 2], "walkers": [1, 9, 9], "density_pm2": [0.5, 2.0, 90.0]}
    )
    frames = blocks.crowd_frames(table, 4, np.array([0.0, 60.0]))
    assert frames.tolist() == [[0, 21, 0, 0], [0, 81, 254, 0]]
    assert blocks.used_links([table]).tolist() == [1, 2]


def test_people_who_have_gone_are_not_drawn_for_ever() -> None:
    table = pd.DataFrame({"time_s": [0.0, 60.0], "link_id": [1, 1], "walkers": [1, 9], "density_pm2": [0.5, 2.0]})
    assert blocks.crowd_frames(table, 2, np.array([60.0, 110.0, 600.0]))[:, 1].tolist() == [81, 81, 0]


def test_flood_codes_are_centimetres_from_five_up_and_merging_keeps_the_deepest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = small_city()
    flood = flood_of(city, np.array([0.0, 300.0, 600.0]))
    block = blocks.flood_block(flood, city.crs, np.array([300.0]))
    codes = unpack(block["frames"])[0]
    depth = flood.depth_m[1]
    assert codes.shape == depth.shape
    assert np.array_equal(codes > 0, depth >= 0.05)
    assert np.abs(codes[codes > 0] / 100 - depth[codes > 0]).max() <= 0.0051
    monkeypatch.setattr(blocks, "MOST_FLOOD_BYTES", 4000)
    merged = blocks.flood_block(flood, city.crs, np.array([300.0]))
    assert merged["cell_m"] > 10 and unpack(merged["frames"]).max() == codes.max()


def test_flood_corners_are_those_of_the_city() -> None:
    city = small_city()
    corners = blocks.flood_block(flood_of(city, np.array([0.0])), city.crs, np.array([0.0]))["corners"]
    minx, miny, maxx, maxy = city.bounds
    assert corners == blocks.lonlat([(minx, miny), (minx, maxy), (maxx, maxy), (maxx, miny)], city.crs)


@given(st.integers(0, 5000), st.integers(60, 40_000))
@settings(max_examples=30, deadline=None)
def test_frames_are_whole_minutes_and_few(begin: int, length: int) -> None:
    times = blocks.frame_times((begin, begin + length))
    assert 1 <= len(times) <= 91 and times[0] == begin
    assert np.all(np.diff(times) % 60 == 0) and begin + length - times[-1] < max(np.diff(times), default=60.0) + 60


def test_both_directions_of_a_street_are_told_apart() -> None:
    line = LineString([(385_000, 6_671_000), (385_100, 6_671_000)])
    edges = gpd.GeoDataFrame({"edge_id": ["5", "-5", "7"]}, geometry=[line, line.reverse(), line], crs=CRS)
    there, back, alone = blocks.road_lines(edges)
    assert there.distance(back) == pytest.approx(5.0)
    assert there.coords[0][1] < 6_671_000 < back.coords[0][1], "each keeps to its right"
    assert alone.equals(line)


def test_street_names_keep_apart_and_read_upright() -> None:
    names = blocks.street_names(small_city().layer("edges"))
    assert {name["text"] for name in names} <= {f"{k} {i}" for k in ("Pohjoiskatu", "Itäkatu") for i in range(7)}
    assert names and all(-90 <= name["angle"] <= 90 for name in names)


def test_a_route_is_the_edges_one_after_the_other() -> None:
    city = small_city()
    calls = pd.DataFrame([{"call_id": "c", "time_s": 1.0, "unit_id": None, "arrival_s": np.nan, "route": "n0_0 n0_1"}])
    (found,) = blocks.routes(calls, city.layer("edges"))
    assert len(found["path"]) == 4 and found["path"][1] == found["path"][2]
    assert found["arrival_s"] is None and found["unit_id"] == ""
