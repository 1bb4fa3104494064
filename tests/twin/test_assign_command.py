"""A planner's way from the command line: trips in, flows, skims, select link, screenlines and a scheme out."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import h5py
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from networks import City, sumo_home
from twin.cli import run

TRIPS = "origin,destination,trips,begin,end,class\nw,e,600,07:00,08:00,car\ne,w,200,07:00,08:00,car\n" + (
    "w,e,50,07:00,08:00,truck\nw,w,7,07:00,08:00,car\ne,w,90,16:00,18:00,car\n"
)
Words = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of streets with two zones and a trip table."""
    home, folder = sumo_home(), tmp_path_factory.mktemp("planned")
    make = [str(home / "bin" / "netgenerate"), "--grid", "--grid.number", "3", "--grid.attach-length", "150"]
    make += ["--grid.length", "200", "-o", str(folder / "grid.net.xml")]
    subprocess.run(make, check=True, capture_output=True, env={**os.environ, "SUMO_HOME": str(home)})
    place = folder / "city"
    assert run(["build", str(folder / "grid.net.xml"), "--out", str(place)]) == 0
    opened = City.open(place)
    west, south, east, north = opened.bounds
    shapes = [box(west, south, west + 100, north), box(east - 100, south, east, north)]
    gpd.GeoDataFrame({"id": ["w", "e"]}, geometry=shapes, crs=opened.crs).to_file(folder / "zones.gpkg")
    (folder / "trips.csv").write_text(TRIPS, encoding="utf-8")
    assert run(["import", "zones", str(place), str(folder / "zones.gpkg")]) == 0
    assert run(["import", "od", str(place), str(folder / "trips.csv")]) == 0
    return place


@pytest.fixture
def twin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Words:
    """Runs `twin` and gives its status, what it said and what it complained of."""
    monkeypatch.setenv("COLUMNS", "100")

    def words(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run([str(word) for word in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return words


def test_each_command_says_how_it_is_used(twin: Words) -> None:
    for name in ("assign", "matrix"):
        status, told, _ = twin(name, "--help")
        assert status == 0 and f"twin {name}" in told.split("\n", 1)[1]


def test_the_trips_of_the_busiest_hour_are_assigned(city: Path, tmp_path: Path, twin: Words) -> None:
    out = tmp_path / "out"
    status, told, _ = twin("assign", city, "--out", out, "--gap", "1e-6")
    assert status == 0, told
    assert "grid at 07:00: 857 trips per hour (807 car, 50 truck)" in told
    assert "capacities of streets are guessed" in told and "7.0 trips per hour stay within their zone" in told
    edges, turns = pd.read_csv(out / "edges.csv"), pd.read_csv(out / "turns.csv")
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["converged"] and summary["gap"] <= 1e-6 and summary["totals"]["trips"] == pytest.approx(850)
    assert summary["totals"]["vehicle_km"] == pytest.approx(
        float(((edges["veh_h_car"] + edges["veh_h_truck"]) * edges["length_m"]).sum() / 1000), rel=1e-4
    )
    assert (edges["flow_pcu_h"] - edges["veh_h_car"] - 2 * edges["veh_h_truck"]).abs().max() < 0.01
    through = turns.groupby("from_edge")["veh_h_car"].sum()
    flow = edges.set_index("edge_id")["veh_h_car"]
    assert (through <= flow.reindex(through.index) + 0.01).all()
    with h5py.File(out / "skims.omx") as book:
        assert book.attrs["OMX_VERSION"] == b"0.2" and book.attrs["SHAPE"].tolist() == [2, 2]
        assert book["lookup/zone"][()].tolist() == [b"w", b"e"]
        assert book["data/time_min_car"].chunks and book["data/time_min_car"].compression == "gzip"
        time = book["data/time_min_car"][()]
    assert time[0, 0] == 0 and 0.5 < time[1, 0] <= time[0, 1] < 10
    table = pd.read_csv(out / "skims.csv").set_index(["origin", "destination"])
    assert table.loc[("w", "e"), "time_min_car"] == pytest.approx(time[0, 1])


def test_another_hour_growth_and_matrices_of_one_s_own(city: Path, tmp_path: Path, twin: Words) -> None:
    status, told, _ = twin("assign", city, "-o", tmp_path / "a", "--at", "17:00")
    assert status == 0 and "grid at 17:00: 45 trips per hour (45 car)" in told
    growth = tmp_path / "growth.csv"
    growth.write_text("year,class,factor,source\n2025,all,1,base\n2035,car,1.5,forecast X\n2025,car,1,base\n", "utf-8")
    own = tmp_path / "own.csv"
    own.write_text("zone,w,e\nw,0,100\ne,60,0\n", encoding="utf-8")
    assert twin("matrix", own, tmp_path / "own.omx")[0] == 0
    words = ("assign", city, "--od", tmp_path / "own.omx", "--growth", growth, "--year", 2030)
    status, told, _ = twin(*words, "-o", tmp_path / "b")
    assert status == 0 and "grid: 200 trips per hour (200 car)" in told
    assert "trips grown to 2030: car x 1.25 (base; forecast X, between stated years)" in told
    status, told, _ = twin("matrix", tmp_path / "b" / "trips.omx", tmp_path / "back.csv")
    assert status == 0 and "car: 200 between 2 zones" in told
    back = pd.read_csv(tmp_path / "back.csv").set_index(["origin", "destination"])["car"]
    assert back.to_dict() == {("w", "e"): 125.0, ("e", "w"): 75.0}


def test_matrices_of_other_names(city: Path, tmp_path: Path, twin: Words) -> None:
    from networks.imports.omx_writing import write_matrices

    both, none = np.array([[0.0, 40.0], [20.0, 0.0]]), np.array([[0.0, np.nan], [0.0, 0.0]])
    write_matrices(tmp_path / "am.omx", ["w", "e"], {"SOV": both, "HGV": both / 4, "broken": none})
    words = ("assign", city, "--od", tmp_path / "am.omx", "-o", tmp_path / "out")
    status, told, _ = twin(*words, "--matrix", "SOV", "--matrix", "truck=HGV")
    assert status == 0 and "75 trips per hour (60 car, 15 truck)" in told
    status, _, told = twin(*words, "--matrix", "broken")
    assert status == 2 and "/data/broken, row w, column e: nan trips from w to e" in told
    status, _, told = twin(*words, "--matrix", "LOV")
    assert status == 2 and "it has no /data/LOV" in told and "HGV, SOV, broken" in told
    assert twin(*words, "--matrix", "SOV", "--matrix", "car=HGV")[0] == 2
    assert "give --od" in twin("assign", city, "--matrix", "SOV")[2]
    (tmp_path / "cut.omx").write_bytes((tmp_path / "am.omx").read_bytes()[:900])
    status, _, told = twin("assign", city, "--od", tmp_path / "cut.omx", "-o", tmp_path / "out")
    assert status == 2 and "it cannot be read as OMX" in told


def test_trips_of_a_whole_day_are_spread(city: Path, tmp_path: Path, twin: Words) -> None:
    (tmp_path / "day.csv").write_text("origin,destination,trips,begin,end\nw,e,1000,00:00,24:00\n", encoding="utf-8")
    status, told, _ = twin("assign", city, "--od", tmp_path / "day.csv", "-o", tmp_path / "out")
    assert status == 0 and "grid at 16:30: 79 trips per hour" in told
    assert "trips of a whole day: 7.9% of them are in this hour, by a guessed profile" in told


def test_select_link_and_screenlines(city: Path, tmp_path: Path, twin: Words) -> None:
    opened = City.open(city)
    west, south, east, north = opened.bounds
    lines = [LineString([((west + east) / 2 + 30, south - 9), ((west + east) / 2 + 30, north + 9)])]
    frame = gpd.GeoDataFrame({"name": ["river"]}, geometry=lines, crs=opened.crs)
    frame.to_file(tmp_path / "lines.gpkg")
    plain = tmp_path / "plain"
    assert twin("assign", city, "-o", plain)[0] == 0
    busiest = pd.read_csv(plain / "edges.csv").set_index("edge_id")["veh_h_car"].idxmax()
    status, told, _ = twin(
        "assign", city, "-o", tmp_path / "out", "--select", busiest, "--screenlines", tmp_path / "lines.gpkg"
    )
    assert status == 0 and f"{busiest} is passed by " in told and "river" in told
    crossed = pd.read_csv(tmp_path / "out" / "screenlines.csv").set_index("towards")
    assert crossed.loc["E", "veh_h_car"] == pytest.approx(600, abs=0.01)
    assert crossed.loc["E", "veh_h_truck"] == pytest.approx(50, abs=0.01)
    assert crossed.loc["W", "veh_h_car"] == pytest.approx(200, abs=0.01)
    flow = pd.read_csv(plain / "edges.csv").set_index("edge_id")["veh_h_car"]
    select = pd.read_csv(tmp_path / "out" / "select.csv").set_index("edge_id")["veh_h_car"]
    assert (
        select[busiest] == pytest.approx(flow[busiest], abs=0.01)
        and (select <= flow.reindex(select.index) + 0.01).all()
    )
    with h5py.File(tmp_path / "out" / "select.omx") as book:
        assert np.sum(book[f"data/{busiest}_car"][()]) == pytest.approx(flow[busiest], abs=0.01)


SCHEME = """name: shut
changes:
  - edges: [EDGE]
    closed: true
value_of_time: {per_vehicle_h: {car: 12, truck: 30}, currency: EUR, source: assumed for the test}
"""


def test_a_scheme_is_set_beside_doing_the_minimum(city: Path, tmp_path: Path, twin: Words) -> None:
    plain, scheme = tmp_path / "plain", tmp_path / "scheme.yaml"
    assert twin("assign", city, "-o", plain)[0] == 0
    turns = pd.read_csv(plain / "turns.csv")
    busiest = turns.groupby("to_edge")["veh_h_car"].sum().idxmax()
    scheme.write_text(SCHEME.replace("EDGE", f'"{busiest}"'), encoding="utf-8")
    status, told, _ = twin("assign", city, "-o", tmp_path / "out", "--scheme", scheme, "--gap", "1e-7")
    assert status == 0 and "do-minimum" in told and "value of time, EUR per vehicle-hour: car 12, truck 30" in told
    found = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    hours = found["totals"]["vehicle_h"]["difference"]
    gains = {row["user_class"]: row for row in found["benefits"]}
    assert hours > 0 and 0 > gains["car"]["money"] == pytest.approx(12 * gains["car"]["vehicle_h"])
    assert sum(row["vehicle_h"] for row in gains.values()) == pytest.approx(-hours, rel=0.01)
    after = pd.read_csv(tmp_path / "out" / "do-something" / "edges.csv")
    assert busiest not in set(after["edge_id"])
    changed = pd.read_csv(tmp_path / "out" / "difference.csv").set_index("edge_id")
    assert changed.loc[busiest, "after_pcu_h"] == 0 > changed.loc[busiest, "difference_pcu_h"]


SCENARIO = """name: shut-for-a-day
period: {begin: 2026-07-17T07:15:00+02:00, end: 2026-07-17T07:45:00+02:00, warm_up_s: 120}
demand: {scale: 2}
interventions:
  - {kind: emergency_call, call_id: c1, time: 2026-07-17T07:20:00+02:00, at: {edge: EDGE}}
  - {kind: road_closure, edges: [EDGE]}
"""


def test_a_scenario_s_closures_are_settled(city: Path, tmp_path: Path, twin: Words) -> None:
    scenario, edge = tmp_path / "scenario.yaml", City.open(city).layer("edges")["edge_id"].iloc[0]
    scenario.write_text(SCENARIO.replace("EDGE", str(edge)), encoding="utf-8")
    status, told, _ = twin("assign", city, "--scheme", scenario, "-o", tmp_path / "out")
    assert status == 0 and "grid at 07:15: 1,714 trips per hour" in told
    assert "all trips times 2" in told and "only its closures, hour and scale count here, not: emergency_call" in told
    assert json.loads((tmp_path / "out" / "comparison.json").read_text("utf-8"))["scheme"]["name"] == "shut-for-a-day"
    scenario.write_text(SCENARIO.replace("[EDGE]", "[nowhere]").replace("EDGE", str(edge)), encoding="utf-8")
    status, _, told = twin("assign", city, "--scheme", scenario, "-o", tmp_path / "none")
    assert status == 2 and "scenario.yaml, line 6: the city has no edge nowhere" in told
    scenario.write_text(SCENARIO.rsplit("  - ", 1)[0].replace("EDGE", str(edge)), encoding="utf-8")
    status, _, told = twin("assign", city, "--scheme", scenario, "-o", tmp_path / "none")
    assert status == 2 and "the scenario closes no road" in told and "twin run" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zone,w,x\nw,0,1\nx,1,0\n", ["1 of its zones are not in the city: x", "twin import zones"]),
        ("origin,destination,trips\nw,e,-3\n", ["-3 trips from w to e", "line 2", "0 or more"]),
        ("origin,destination,trips\nw,e,nan\n", ["nan trips from w to e", "line 2"]),
        ("origin,destination,trips,class\nw,e,3,tram\n", ["none of its classes is driven: tram"]),
        ("origin,destination,trips,begin,end\nw,e,3,07:00,08:00\n", ["it has no trips at 12:00", "07:00 to 08:00"]),
    ],
)
def test_trips_that_cannot_be_used_are_told(
    city: Path, tmp_path: Path, twin: Words, text: str, words: list[str]
) -> None:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    status, _, told = twin("assign", city, "--od", tmp_path / "bad.csv", "--at", "12:00", "-o", tmp_path / "out")
    assert status == 2 and all(word in told for word in words), told
    assert not (tmp_path / "out").exists()


def test_zones_without_a_street_are_listed(
    city: Path, tmp_path: Path, twin: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    from networks.city import City as Opened

    whole = Opened.layer

    own = tmp_path / "own.csv"
    own.write_text("origin,destination,trips\nw,e,10\nw,w,5\n", encoding="utf-8")
    far = whole(City.open(city), "zones")
    lone = far.copy()
    lone.loc[lone["zone_id"] == "e", ["connectors", "edge_id"]] = ""
    monkeypatch.setattr(Opened, "layer", lambda self, name: lone if name == "zones" else whole(self, name))
    status, _, told = twin("assign", city, "--od", own, "-o", tmp_path / "out")
    assert status == 2 and "e: no way leads for any of the trips" in told
    three = pd.concat([far, far[far["zone_id"] == "e"].assign(zone_id="x", connectors="", edge_id="")])
    monkeypatch.setattr(Opened, "layer", lambda self, name: three if name == "zones" else whole(self, name))
    own.write_text("origin,destination,trips\nw,e,10\nw,x,5\n", encoding="utf-8")
    status, told, _ = twin("assign", city, "--od", own, "-o", tmp_path / "out")
    assert status == 0 and "1 zones with trips are not connected to a street both ways: x" in told
    assert "5.0 trips per hour have no way and are left out" in told


def test_a_demand_beyond_capacity_is_told(city: Path, tmp_path: Path, twin: Words) -> None:
    (tmp_path / "much.csv").write_text("zone,w,e\nw,0,9000\ne,9000,0\n", encoding="utf-8")
    status, told, _ = twin(
        "assign", city, "--od", tmp_path / "much.csv", "--rounds", 3, "--gap", "1e-8", "-o", tmp_path / "o"
    )
    assert status == 0 and "the gap asked for, 1e-08, was not reached" in told
    assert "demand exceeds capacity on" in told


def test_a_folder_of_something_else_is_left_alone(city: Path, tmp_path: Path, twin: Words) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "mine" / "summary.json").write_text('{"gap": 1}', encoding="utf-8")
    status, _, told = twin("assign", city, "-o", tmp_path / "mine")
    assert status == 2 and "something else here already" in told and (tmp_path / "mine" / "letter.txt").exists()
    assert [twin("assign", city, "-o", tmp_path / "ours")[0] for _ in range(2)] == [0, 0]


def test_options_that_do_not_go_together(city: Path, tmp_path: Path, twin: Words) -> None:
    assert "--growth and --year go together" in twin("assign", city, "--year", 2030)[2]
    status, _, told = twin("assign", city, "--select", "nowhere", "-o", tmp_path / "out")
    assert status == 2 and "the city has no edge nowhere" in told
    assert "there is no such file" in twin("assign", city, "--screenlines", tmp_path / "no.gpkg")[2]
