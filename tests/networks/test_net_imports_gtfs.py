"""Timetables of a city's owner."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from pyproj import Transformer
from shapely.geometry import Point
from small_feeds import Tables, feed_tables, zipped
from small_towns import LAT, LON, STEP

from networks import BadInput, City, import_gtfs
from networks.imports.gtfs_feed import GtfsFeed

FEEDS = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "feeds/gtfsrt"


def at(east: float, north: float) -> tuple[float, float]:
    return LON + east * STEP * 2, LAT + north * STEP


PLACES = [(f"{i}", *at(i + 0.2, 1.02)) for i in range(3)]
STREET = [at(0.1, 1.0), at(1.0, 1.0), at(2.0, 1.0), at(2.9, 1.0)]
FEED = feed_tables(PLACES, shape=STREET)


def test_stops_and_routes_come_with_their_roads_and_headways(town: City, tmp_path: Path) -> None:
    done = import_gtfs(town.folder, zipped(FEED, tmp_path / "feed.zip"))
    assert (done.stops, done.routes, done.matched, done.day) == (3, 2, 1, "2026-07-06")
    city = City.open(town.folder, verify=True)
    stops, routes = city.layer("transit_stops"), city.layer("transit_routes").set_index("route_id")
    edges = city.layer("edges").set_index("edge_id")
    assert stops.stop_id.tolist() == ["0", "1", "2"] and stops.name.tolist()[0] == "Stop 0"
    assert all(edges.geometry[e].distance(p) < 5 for e, p in zip(stops.edge_id, stops.geometry, strict=True))
    assert (stops.walk_node >= 0).all()
    bus, tram = routes.loc["B/0"], routes.loc["T/0"]
    assert (bus["name"], bus["mode"], bus["headway_s"], json.loads(bus["stops"])) == (
        "18",
        "bus",
        600.0,
        ["0", "1", "2"],
    )
    assert (tram["name"], tram["mode"], tram["headway_s"], json.loads(tram["stops"])) == (
        "Night tram",
        "tram",
        3600.0,
        ["0"],
    )
    followed = [edges.geometry[edge] for edge in bus["edges"].split()]
    assert len(followed) == 3 and tram["edges"] == ""
    assert all(line.coords[0][0] < line.coords[-1][0] for line in followed)  # eastwards, as the bus drives
    assert followed == sorted(followed, key=lambda line: line.coords[0][0])
    assert any("busiest hour of 2026-07-06" in one["en"] for one in city.guesses)
    assert [one["name"] for one in city.manifest["datasets"]][-1] == "transit"


def test_every_planned_call_on_the_map_is_kept(town: City, tmp_path: Path) -> None:
    table = import_gtfs(town.folder, zipped(FEED, tmp_path / "feed.zip")).city.table("timetable")
    bus = table[table["route_id"] == "B/0"]
    assert len(bus) == 12 * 3 and bus["trip"].nunique() == 12
    assert bus["stop_id"].tolist()[:6] == ["0", "1", "2"] * 2 and bus["sequence"].tolist()[:3] == [0, 1, 2]
    assert bus["second"].tolist()[:4] == [25200.0, 25260.0, 25320.0, 25800.0]
    assert table.loc[table["route_id"] == "T/0", "second"].tolist() == [88200.0]


def test_times_between_timepoints_and_repeated_trips_are_worked_out(town: City, tmp_path: Path) -> None:
    tables = FEED | {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nb0,9:00:00,9:30:00,900\n"}
    lines = tables["stop_times.txt"].splitlines()
    lines[2] = "b0,,,1,2"
    done = import_gtfs(town.folder, zipped(tables | {"stop_times.txt": "\n".join(lines) + "\n"}, tmp_path / "f.zip"))
    table = done.city.table("timetable").set_index(["trip", "stop_id"])["second"]
    assert table["b0#0"].tolist() == [32400.0, 32460.0, 32520.0] and table["b0#1"].tolist() == [
        33300.0,
        33360.0,
        33420.0,
    ]
    assert "b0" not in table.index.get_level_values(0)


def test_a_folder_and_a_zip_with_a_folder_give_the_same(town: City, tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    for name, text in FEED.items():
        (folder / name).write_text("\ufeff" + text, encoding="utf-8")
    nested = zipped(
        {f"feed/{name}": text for name, text in FEED.items()} | {"__MACOSX/stops.txt": ""}, tmp_path / "f.zip"
    )
    plain = import_gtfs(town.folder, zipped(FEED, tmp_path / "feed.zip")).city.digest
    assert import_gtfs(town.folder, folder).city.digest == plain == import_gtfs(town.folder, nested).city.digest


def test_frequencies_and_exceptions_count(town: City, tmp_path: Path) -> None:
    tables = FEED | {
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt0,22:00:00,25:00:00,900\n",
        "calendar_dates.txt": "service_id,date,exception_type\nweek,20260706,2\nweek,20260718,1\n",
    }
    done = import_gtfs(town.folder, zipped(tables, tmp_path / "feed.zip"))
    routes = done.city.layer("transit_routes").set_index("route_id")
    assert routes.headway_s["T/0"] == 900.0 and done.day == "2026-07-07"


def test_a_bus_off_the_roads_is_not_matched_and_that_is_said(town: City, tmp_path: Path) -> None:
    done = import_gtfs(town.folder, zipped(feed_tables(PLACES, shape=[at(0.2, 0.2), at(2.8, 2.8)]), tmp_path / "f.zip"))
    assert done.matched == 0
    assert any("1 of 1 bus routes were not matched" in one["en"] for one in done.told)
    done = import_gtfs(town.folder, zipped(feed_tables(PLACES), tmp_path / "g.zip"))
    assert done.matched == 0 and done.city.layer("transit_routes").geometry.length.max() > 50


def changed(name: str, old: str, new: str) -> Tables:
    assert old in FEED[name]
    return FEED | {name: FEED[name].replace(old, new, 1)}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({k: v for k, v in FEED.items() if k != "stop_times.txt"}, "it lacks stop_times.txt"),
        ({k: v for k, v in FEED.items() if k != "calendar.txt"}, "it lacks calendar.txt or calendar_dates.txt"),
        (changed("stops.txt", "stop_lat", "latitude"), "stops.txt: the table lacks the column stop_lat"),
        (changed("stops.txt", f",{PLACES[1][2]},", ",north,"), "stops.txt, line 2: stop_lat is 'north'"),
        (changed("stops.txt", f",{PLACES[1][2]},", ",91,"), "stops.txt, line 2: stop_lat is '91'"),
        (changed("stops.txt", f",{PLACES[1][2]},", ",,"), "stops.txt, line 2: stop_lat is ''"),
        (changed("stops.txt", "\n1,", "\n0,"), "stops.txt, line 3: the stop_id '0' is empty, or there twice"),
        (changed("stop_times.txt", "b0,7:00:00,7:00:00", "b0,7:00:00,7:60:00"), "line 2: '7:60:00' is no time"),
        (changed("stop_times.txt", "b0,7:00:00,7:00:00", "b0,7:00,7:00"), "line 2: '7:00' is no time"),
        (changed("stop_times.txt", "24:30:00,24:30:00", "24:30:00,124:30:00"), "'124:30:00' is no time"),
        (changed("stop_times.txt", "\nb0,", "\nzz,"), "stop_times.txt, line 2: the trip_id 'zz' is nowhere else"),
        (changed("stop_times.txt", ",0,1\n", ",0,first\n"), "stop_times.txt, line 2: stop_sequence is no number"),
        (changed("trips.txt", "\nB,", "\nX,"), "trips.txt, line 2: the route_id 'X' is nowhere else"),
        (changed("trips.txt", ",b1,", ",b0,"), "trips.txt, line 3: the trip_id 'b0' is there twice"),
        (changed("calendar.txt", "20260706", "2026-07-06"), "calendar.txt, line 2: '2026-07-06' is no date"),
        (changed("calendar.txt", "20260719", "20250719"), "calendar.txt, line 2: the period"),
        (changed("calendar.txt", "1,1,1,1,1,0,0", "0,0,0,0,0,0,0"), "no trip of it runs on any day"),
        (FEED | {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nb0,7:00:00,8:00:00,0\n"}, "frequency"),
        (FEED | {"stops.txt": ""}, "stops.txt: the table cannot be read"),
        (FEED | {"stops.txt": 'stop_id,stop_lat,stop_lon\n"a,1,2\n'}, "stops.txt: the table cannot be read"),
        (FEED | {"stops.txt": b"stop_id,stop_lat,stop_lon\n\xff\xfe,1,2\n"}, "stops.txt: the table cannot be read"),
        (FEED | {"../evil.txt": "x"}, "../evil.txt: a member leads out of the zip"),
        (FEED | {"/etc/evil.txt": "x"}, "a member leads out of the zip"),
        (FEED | {"C:\\evil.txt": "x"}, "a member leads out of the zip"),
        (FEED | {"notes.txt": b"\0" * 30_000_000}, "notes.txt: a member unpacks to far more than it is"),
        (FEED | {f"{i}.txt": "" for i in range(600)}, "unpacks to far more than a feed holds"),
        (FEED | {"feed/stops.txt": FEED["stops.txt"]}, "it holds stops.txt twice"),
    ],
)
def test_mistakes_name_the_table_and_the_line(town: City, tmp_path: Path, tables: Tables, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        import_gtfs(town.folder, zipped(tables, tmp_path / "feed.zip"))
    assert words in str(caught.value)
    assert City.open(town.folder, verify=True).digest == town.digest
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cities", "feed.zip"]
    assert [p.name for p in (tmp_path / "cities").iterdir()] == ["town"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_or_damaged_zip(town: City, tmp_path: Path, share: float) -> None:
    whole = zipped(FEED, tmp_path / "whole.zip").read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput):
        import_gtfs(town.folder, cut)
    with zipfile.ZipFile(tmp_path / "whole.zip") as book:
        begin = book.getinfo("stop_times.txt").header_offset + 60
    damaged = bytearray(whole)
    damaged[begin : begin + 20] = b"\xff" * 20
    cut.write_bytes(damaged)
    with pytest.raises(BadInput, match=r"stop_times\.txt"):
        import_gtfs(town.folder, cut)
    with pytest.raises(BadInput, match="no such feed"):
        import_gtfs(town.folder, tmp_path / "none.zip")


@pytest.mark.parametrize("name", ["bullrunner-gtfs", "caltrain_gtfs", "car-jaune_gtfs", "kcm_gtfs"])
def test_feeds_of_other_cities_say_where_their_stops_lie(town: City, name: str) -> None:
    file = FEEDS / f"{name}.zip"
    if not file.exists():
        pytest.skip("the folder of shared data is not here: CITYTWIN_DATA")
    assert "stops.txt" in GtfsFeed(file)
    with pytest.raises(BadInput, match="no stop of the feed lies on the map of town: they lie at") as caught:
        import_gtfs(town.folder, file)
    assert caught.value.expected == "stops around 24.9427 E, 60.1713 N"


def test_a_timetable_of_the_demo_city(helsinki: City, tmp_path: Path) -> None:
    folder = shutil.copytree(helsinki.folder, tmp_path / "helsinki")
    edges = helsinki.layer("edges")
    back = Transformer.from_crs(helsinki.crs, "EPSG:4326", always_xy=True)
    street = edges[(edges.name == "Mannerheimintie") & edges.bus].sort_values("length_m").iloc[-1]
    line = street.geometry
    shape = [back.transform(*point) for point in line.coords]
    ends = [line.interpolate(share, normalized=True) for share in (0.1, 0.9)]
    places = [(f"hel {i}", *back.transform(p.x, p.y)) for i, p in enumerate(ends)]
    done = import_gtfs(folder, zipped(feed_tables(places, shape=shape), tmp_path / "feed.zip"))
    routes = done.city.layer("transit_routes").set_index("route_id")
    assert street.edge_id in routes.edges["B/0"].split()
    assert json.loads(routes.stops["B/0"]) == ["hel 0", "hel 1"]
    assert Point(done.city.layer("transit_stops").geometry[0]).distance(ends[0]) < 0.01
