"""Sensors and cameras of a city's owner, and layers written for other programs."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point

from networks import (
    BadInput,
    Camera,
    City,
    NotThere,
    cameras_by,
    export_layer,
    from_wgs84,
    import_cameras,
    import_sensors,
    read_cameras,
    read_sensors,
)
from networks.places.cameras import camera_rows, read_heading
from networks.places.destinations import Place


@pytest.fixture
def copied(helsinki: City, tmp_path: Path) -> City:
    shutil.copytree(helsinki.folder, tmp_path / "city")
    return City.open(tmp_path / "city")


def _write(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    return file


def _street(city: City) -> tuple[str, Point]:
    edges = city.layer("edges")
    row = edges[edges["length_m"] > 60].iloc[0]
    return str(row["edge_id"]), row.geometry.interpolate(0.5, normalized=True)


def test_a_detector_takes_the_street_it_stands_on(copied: City, tmp_path: Path) -> None:
    _, place = _street(copied)
    file = _write(
        tmp_path, f"id,kind,x,y,owner\nd1,detector,{place.x},{place.y},city\nr1,rain_gauge,{place.x},{place.y},\n"
    )
    done = import_sensors(copied.folder, file)
    detector, gauge = read_sensors(done.city)
    edges = done.city.layer("edges").set_index("edge_id")
    assert detector.edge_id is not None and edges.loc[detector.edge_id].geometry.distance(place) < 1.0
    assert (detector.measures, detector.unit, detector.owner, detector.source) == (
        "vehicles",
        "veh",
        "city",
        "registered",
    )
    assert (gauge.edge_id, gauge.unit) == (None, "mm/h")
    assert done.city.digest != copied.digest
    assert not any("sensors: guessed" in said["en"] for said in done.city.guesses)
    assert City.open(copied.folder, verify=True).manifest["datasets"][-1]["name"] == "sensors"


def test_degrees_of_another_datum_are_brought_to_the_same_place(copied: City, tmp_path: Path) -> None:
    """Helsinki lies outside China, so GCJ-02 moves nothing there and BD-09 moves it by more than 500 m."""
    lon, lat = copied.center_lonlat
    plain = import_cameras(copied.folder, _write(tmp_path, f"id,lon,lat\nc,{lon},{lat}\n")).city
    x, y = (float(v) for v in from_wgs84(lon, lat, "bd09"))
    moved = import_cameras(copied.folder, _write(tmp_path, f"id,lon,lat\nc,{x:.9f},{y:.9f}\n"), datum="BD-09").city
    (one,), (two,) = read_cameras(plain), read_cameras(moved)
    assert math.hypot(one.x - two.x, one.y - two.y) < 0.1
    wrong = import_cameras(copied.folder, _write(tmp_path, f"id,lon,lat\nc,{x:.9f},{y:.9f}\n")).city
    assert math.hypot(one.x - read_cameras(wrong)[0].x, one.y - read_cameras(wrong)[0].y) > 500.0


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("id,kind,x,y\na,detector,1,2\na,detector,1,2\n", "twice, first in line 2", "line 3"),
        ("id,kind,x,y\na,loop,1,2\n", "the kind 'loop' is unknown", "line 2"),
        ("id,kind,lon,lat\na,detector,24.9,91\n", "lat is '91'", "line 2"),
        ("id,kind,lon,lat\na,detector,24.9,\n", "lon or lat is empty", "line 2"),
        ("id,kind,x,y,edge\na,detector,{x},{y},nowhere\n", "no edge 'nowhere'", "line 2"),
        ("id,kind,x,y,period_s\na,detector,{x},{y},-5\n", "period_s is '-5'", "line 2"),
        ("id,kind,x,y,colour\na,detector,{x},{y},red\n", "column 'colour'", "line 1"),
        ("id,kind\na,detector\n", "lacks columns", "line 1"),
        ("id,kind,x,y\n", "lists no device", ""),
        ("id,kind,lon,lat\na,detector,2.35,48.85\n", "none of its devices stands in or near the city", "line 2"),
    ],
)
def test_a_bad_list_is_told_by_line_and_the_city_stays(
    copied: City, tmp_path: Path, text: str, said: str, place: str
) -> None:
    before = (copied.folder / "city.json").read_bytes()
    _, at = _street(copied)
    with pytest.raises(BadInput, match=said) as told:
        import_sensors(copied.folder, _write(tmp_path, text.format(x=at.x, y=at.y)))
    assert (told.value.place or "") == place
    assert (copied.folder / "city.json").read_bytes() == before


def test_a_device_far_off_is_named_with_its_line_and_gcj02_abroad_is_told(copied: City, tmp_path: Path) -> None:
    lon, lat = copied.center_lonlat
    text = f"id,kind,lon,lat\nhere,weather,{lon},{lat}\nswapped,weather,{lat},{lon}\n"
    told = [one["en"] for one in import_sensors(copied.folder, _write(tmp_path, text), datum="gcj02").told]
    assert any("1 of 2 stand far off: swapped (line 3)" in one for one in told)
    assert any("no place was shifted" in one for one in told)
    again = import_sensors(copied.folder, _write(tmp_path, text.rsplit("swapped", 1)[0]))
    assert again.told == ()


@pytest.mark.parametrize("cells", ["NNW?,http://a/b", "N,javascript:alert(1)"])
def test_a_camera_with_an_odd_heading_or_address_is_refused(copied: City, tmp_path: Path, cells: str) -> None:
    _, at = _street(copied)
    with pytest.raises(BadInput, match="line 2"):
        try:
            import_cameras(copied.folder, _write(tmp_path, f"id,x,y,heading_deg,stream\nc,{at.x},{at.y},{cells}\n"))
        except BadInput as error:
            raise BadInput(str(error)) from error


@pytest.mark.parametrize(
    ("text", "degrees"), [("135", 135.0), ("SE", 135.0), ("90-180", 135.0), ("350-10", 0.0), ("360", 0.0), ("南", None)]
)
def test_headings(text: str, degrees: float | None) -> None:
    read = read_heading(text)
    assert math.isnan(read) if degrees is None else read == degrees


def test_a_view_is_a_sector_of_its_width_and_range() -> None:
    camera = Camera("c", "", 0.0, 0.0, 90.0, 60.0, 50.0, "", "", "registered")
    view = camera.view()
    assert view.contains(Point(40, 0)) and view.contains(Point(20, 10))
    assert not view.contains(Point(-1, 0)) and not view.contains(Point(0, 40)) and not view.contains(Point(55, 0))
    assert view.area == pytest.approx(math.pi * 50**2 / 6, rel=0.01)
    round_about = Camera("c", "", 0.0, 0.0, math.nan, 60.0, 50.0, "", "", "osm").view()
    assert round_about.area == pytest.approx(math.pi * 50**2, rel=0.01)


def test_the_camera_that_sees_a_place_comes_before_a_nearer_one_that_looks_away(copied: City, tmp_path: Path) -> None:
    _, at = _street(copied)
    lines = [
        f"away,{at.x},{at.y - 10},S",
        f"sees,{at.x},{at.y - 40},N",
        f"far,{at.x},{at.y - 900},N",
    ]
    city = import_cameras(copied.folder, _write(tmp_path, "id,x,y,heading_deg\n" + "\n".join(lines) + "\n")).city
    assert [one.camera_id for one in cameras_by(city, at)] == ["sees", "away", "far"]


def test_cameras_of_the_map_watch_the_street_and_none_indoors() -> None:
    tags = {"man_made": "surveillance", "surveillance": "public", "camera:direction": "NE", "operator": "city"}
    places = [
        Place("n1", tags, Point(1, 2)),
        Place("n2", tags | {"surveillance": "indoor"}, Point(1, 2)),
        Place("n3", tags | {"surveillance:type": "guard"}, Point(1, 2)),
        Place("n4", tags | {"camera:type": "dome"}, Point(1, 2)),
    ]
    rows = camera_rows(places)
    assert [row["camera_id"] for row in rows] == ["n1", "n4"]
    assert rows[0]["heading_deg"] == 45.0 and rows[1]["field_of_view_deg"] == 360.0


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".csv"])
def test_a_layer_comes_back_from_every_kind_of_file(helsinki: City, tmp_path: Path, suffix: str) -> None:
    import geopandas as gpd
    import pandas as pd

    out = tmp_path / f"signals{suffix}"
    count = export_layer(helsinki, "signals", out)
    read = pd.read_csv(out, dtype=str) if suffix == ".csv" else gpd.read_file(out)
    assert count == len(read) == len(helsinki.layer("signals"))
    assert list(read["tls_id"]) == list(helsinki.layer("signals")["tls_id"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name]


def test_an_export_in_another_datum_is_shifted_and_claims_no_system(helsinki: City, tmp_path: Path) -> None:
    export_layer(helsinki, "signals", tmp_path / "a.geojson")
    export_layer(helsinki, "signals", tmp_path / "b.geojson", datum="bd09")
    plain, moved = (
        np.array([f["geometry"]["coordinates"] for f in json.loads((tmp_path / n).read_text())["features"]])
        for n in ("a.geojson", "b.geojson")
    )
    expected = np.column_stack(from_wgs84(plain[:, 0], plain[:, 1], "bd09"))
    assert np.abs(moved - expected).max() < 1e-6 and np.abs(moved - plain).max() > 1e-3


def test_an_unknown_layer_datum_or_kind_of_file_is_refused(helsinki: City, tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        export_layer(helsinki, "trees", tmp_path / "a.csv")
    with pytest.raises(BadInput, match="no datum"):
        export_layer(helsinki, "signals", tmp_path / "a.csv", datum="mars")
    with pytest.raises(BadInput, match="such a file"):
        export_layer(helsinki, "signals", tmp_path / "a.dwg")
    assert not list(tmp_path.iterdir())
