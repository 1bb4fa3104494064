"""What stands in the city, by file and by feed: cameras, and car parks with the cars that stand there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import LineString, box

from calibration import Observation
from networks import read_camera_list
from networks.errors import BadInput
from twin.cycle import MODES, Picture, Turn
from twin.live.parks_now import ParkFile, Parks, read_parks
from twin.live.rows_now import camera_rows, park_rows
from twin.store import FeedStore

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
PARKS = {"w1", "w2"}


class City:
    """A street, and two car parks beside it; metres of UTM zone 35 north."""

    crs, bounds, lonlat_range = "EPSG:32635", (385_000, 6_671_000, 386_000, 6_672_000), "lon 24.9, lat 60.2"

    def layer(self, name: str) -> gpd.GeoDataFrame:
        if name == "edges":
            line = LineString([(385_000, 6_671_500), (386_000, 6_671_500)])
            return gpd.GeoDataFrame({"edge_id": ["a"]}, geometry=[line], crs=self.crs)
        shapes = [box(385_100, 6_671_520, 385_140, 6_671_560), box(385_300, 6_671_520, 385_340, 6_671_560)]
        data = {"osm_id": ["w1", "w2"], "name": ["Market", ""], "capacity": [120, 80]}
        return gpd.GeoDataFrame(data | {"capacity_source": ["osm", "guessed"]}, geometry=shapes, crs=self.crs)


@pytest.fixture
def city() -> Any:
    return City()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeedStore]:
    with FeedStore(tmp_path / "data") as opened:
        yield opened


def tell(store: FeedStore, *said: tuple[str, float, float | None], feed: str = "parks") -> None:
    """Counter, minutes before noon, cars."""
    rows = [
        (n, Observation(who, "parked_vehicles", NOON - timedelta(minutes=ago), 0.0, cars, "good", NOON, False))
        for n, (who, ago, cars) in enumerate(said)
    ]
    store.take(feed, 0, len(rows), rows, ())


def csv(folder: Path, text: str, name: str = "list.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_newest_word_counts_and_an_old_one_says_nothing(store: FeedStore) -> None:
    tell(store, ("w1", 12, 70), ("w1", 2, 95), ("w1", 1, None), ("w2", 45, 10), ("else", 1, 5))
    stage = Parks(store, PARKS)
    stage.run(Turn("run-1", NOON, MODES["normal"], 4, 1800.0, 200.0, None), Picture("run-1", NOON, NOON))
    assert stage.ago(NOON) == {"w1": (95, 120.0)}


def test_levels_are_added_up_and_one_silent_level_silences_the_park(store: FeedStore) -> None:
    levels = ParkFile({"top": "w1", "deep": "w1"}, {"w1": 200})
    tell(store, ("top", 5, 30), ("w2", 3, 11))
    stage = Parks(store, PARKS, levels)
    assert stage.heard(NOON) == {"w2": (11, NOON - timedelta(minutes=3))}
    tell(store, ("deep", 1, 40), feed="more")
    assert stage.heard(NOON)["w1"] == (70, NOON - timedelta(minutes=5)), "as old as its oldest part"


def test_rows_tell_cars_age_and_whose_capacity_it_is(city: Any) -> None:
    market, other = park_rows(city, {"w1": (95, 120.0)}, {"w2": 60})
    assert (market["taken"], market["last_s_ago"], market["capacity"], market["guessed"]) == (95, 120.0, 120, False)
    assert (other["taken"], other["capacity"], other["guessed"]) == (None, 60, False)
    assert park_rows(city)[1]["guessed"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("s1,w9,", "no car park 'w9'"), ("s1,w1,\ns1,w2,", "twice"), ("s1,w1,many", "capacity is 'many'"),
        (",w1,", "no name"), ("", "names no counter"),
    ],
)  # fmt: skip
def test_car_parks_that_cannot_be_used_are_refused(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_parks(csv(tmp_path, f"sensor_id,car_park,capacity\n{row}\n"), PARKS)


def _geojson(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def _camera(lon: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 60.17]}, "properties": properties,
    }  # fmt: skip


def test_cameras_of_a_table_and_of_geojson_are_the_same(city: Any, tmp_path: Path) -> None:
    lines = "c1,Bridge,24.94,60.17,E,https://cams.example/1\nc2,,24.941,60.17,,\n"
    table = csv(tmp_path, f"id,name,lon,lat,heading_deg,stream\n{lines}")
    features = (
        _camera(24.94, id="c1", name="Bridge", heading_deg=90.0, stream="https://cams.example/1"),
        _camera(24.941, id="c2", name=None),
    )
    points = csv(tmp_path, _geojson(*features), "list.geojson")
    one, two = read_camera_list(city, table), read_camera_list(city, points)
    assert [repr(camera) for camera in one] == [repr(camera) for camera in two]
    rows = camera_rows(city, one)
    assert rows[0]["heading_known"] and not rows[1]["heading_known"] and rows[0]["stream"] == "https://cams.example/1"
    lon = [point[0] for point in rows[0]["sees"]]
    assert min(lon) >= rows[0]["lon"] - 1e-6 and max(lon) > rows[0]["lon"] + 8e-4, "it looks east"
    assert camera_rows(city, []) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "id,lon,lat\nc1,4.9,52.3\n", "stands in or near"),
        ("a.csv", "id,lon,lat,stream\nc1,24.94,60.17,javascript:alert(1)\n", "line 2"),
        ("a.geojson", _geojson(_camera(24.94, id="c1"), _camera(24.94, id="c1")), "feature 2"),
        ("a.geojson", _geojson(_camera(24.94, id="c1", heading_deg={"a": 1})), "no plain value"),
        ("a.geojson", _geojson({"geometry": {"type": "Polygon", "coordinates": []}}), "no point"),
        ("a.geojson", "{", "no JSON"),
        ("a.geojson", "[]", "no features"),
        ("a.geojson", _geojson(), "lists no device"),
    ],
)  # fmt: skip
def test_a_list_of_cameras_that_cannot_be_used_is_refused(
    city: Any, tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_camera_list(city, csv(tmp_path, text, name))
    assert said in str(caught.value) and name in str(caught.value)
