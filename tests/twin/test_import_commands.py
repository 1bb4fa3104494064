"""What a buyer already owns, from the command line: a newcomer who reads --help gets there."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from networks import City, sumo_home
from networks.manifest import write_manifest
from twin.cli import run

SCENARIO = """
name: own-trips
period: {begin: 2026-07-17T07:00:00+02:00, end: 2026-07-17T07:04:00+02:00, warm_up_s: 120}
demand: {source: od}
"""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of streets that somebody else made, without geo reference."""
    home, file = sumo_home(), tmp_path_factory.mktemp("own") / "grid.net.xml"
    make = [str(home / "bin" / "netgenerate"), "--grid", "--grid.number", "3", "--grid.attach-length", "150", "-L", "2"]
    make += ["--grid.length", "200", "--tls.guess", "true", "-o", str(file)]
    subprocess.run(make, check=True, capture_output=True, env={**os.environ, "SUMO_HOME": str(home)})
    return file


@pytest.fixture
def city(net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["build", str(net), "--out", str(tmp_path / "city")]) == 0
    told = capsys.readouterr().out
    assert told.startswith("grid: ") and "no geo reference" in told and "from a road network alone" in told
    return tmp_path / "city"


@pytest.mark.parametrize("words", [["import"], ["import", "zones"], ["import", "od"], ["import", "gtfs"], ["migrate"]])
def test_each_command_says_how_it_is_used(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: twin {' '.join(words)}") and len(told.splitlines()) > 8
    if len(words) == 1:
        assert f"twin {words[0]}" in told.split("\n", 1)[1]


def test_build_says_what_to_do_with_a_net(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["build", "--help"]) == 0
    assert "twin build roads.net.xml --osm my-town.osm.pbf" in capsys.readouterr().out
    (tmp_path / "a.net.xml").write_text("<routes/>", encoding="utf-8")
    assert run(["build", str(tmp_path / "a.net.xml"), "--out", str(tmp_path / "city")]) == 2
    told = capsys.readouterr().err
    assert "its first element is <routes>" in told and "expected: an XML file that begins with <net>" in told
    assert not (tmp_path / "city").exists()


def test_zones_trips_and_a_run_on_a_net_of_one_s_own(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = City.open(city)
    west, south, east, north = opened.bounds
    middle = (west + east) / 2
    shapes = [
        box(west, south, middle, north),
        box(middle, south, east, north),
        box(east + 2e3, south, east + 3e3, north),
    ]
    zones = gpd.GeoDataFrame({"TAZ": ["w", "e", "x"]}, geometry=shapes, crs=opened.crs)
    zones.to_file(tmp_path / "zones.gpkg")
    assert run(["import", "zones", str(city), str(tmp_path / "zones.gpkg"), "--id", "TAZ"]) == 0
    told = capsys.readouterr().out
    assert "2 zones on the map, 1 beyond it" in told and f"next: twin import od {city} TRIPS.csv" in told
    square = tmp_path / "trips.csv"
    square.write_text("zone,w,e,x\nw,0,120,40\ne,80,0,0\nx,60,0,0\n", encoding="utf-8")
    assert run(["import", "zones", str(city), str(square), "--layer", "a"]) == 2
    assert "a CSV has none" in capsys.readouterr().err
    scenario = tmp_path / "own.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    assert run(["scenario", "check", str(scenario), "--city", str(city)]) == 2
    assert f"twin import od {city} FILE" in capsys.readouterr().err
    assert run(["import", "od", str(city), str(square), "--class", "tram"]) == 0
    assert "not driven: tram; driven are car, " in capsys.readouterr().out
    assert run(["import", "od", str(city), str(square), "--begin", "06:30", "--end", "08:00"]) == 0
    told = capsys.readouterr().out
    assert "300 trips between 4 pairs of zones (300 car)" in told and "demand: {source: od}" in told
    assert run(["import", "od", str(city), str(square), "--begin", "6.30h"]) == 2
    assert "--begin: '6.30h' is no time of a day" in capsys.readouterr().err
    runs = ["--city", str(city), "--runs", str(tmp_path / "runs"), "--seeds", "1", "--serial"]
    assert run(["run", str(scenario), *runs]) == 0
    (manifest,) = (tmp_path / "runs" / "run").glob("*/manifest.json")
    demand = json.loads(manifest.read_text(encoding="utf-8"))["demand"]
    assert 10 <= demand["trips"] <= 35 and demand["no_way"] == 0 and demand["busiest_hour_veh_h"] == 200.0
    assert "own trip table" in demand["provenance"]["en"]


def test_a_timetable_needs_a_city_on_earth(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "gtfs", str(city), str(tmp_path / "none.zip")]) == 2
    assert "there is no such feed" in capsys.readouterr().err


def test_an_older_city_is_migrated_with_a_word_about_each_change(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = json.loads((city / "city.json").read_text(encoding="utf-8"))
    (city / "layers" / "transit_stops.parquet").unlink()
    write_manifest(city, about | {"format": 2})
    assert run(["scenario", "check", "scenarios/library/plain_evening.yaml", "--city", str(city)]) == 2
    assert f"twin migrate {city}" in capsys.readouterr().err
    assert run(["migrate", str(city)]) == 0
    told = capsys.readouterr().out
    assert "transit_stops: added without rows: nobody looked" in told
    assert "is now of format 3, it was of format 2" in told and f"the folder as it was: {city}.format2" in told
    assert Path(f"{city}.format2").is_dir()
    assert run(["migrate", str(city), "--no-backup"]) == 0
    assert "is up to date" in capsys.readouterr().out
