"""`twin emergency coverage|site|dispatch`: what they write and say, and what they say to bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from networks.errors import BadInput, Refused
from twin.cli import run

if TYPE_CHECKING:
    from networks import City

TWO = """\
stations:
  - {id: south, name: Erottaja, at: [24.9455, 60.1655], source: trial}
  - {id: north, at: [24.9440, 60.1750], source: trial}
units:
  - {id: A1, station: south, class: ambulance, source: trial}
  - {id: A2, station: north, class: ambulance, source: trial, shifts: [{from: "07:00", to: "08:30"}]}
hospitals:
  - {id: H, name: Ward, at: [24.9395, 60.1745], source: trial}
"""


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("services") / "resources.yaml"
    file.write_text(TWO, encoding="utf-8")
    return file


def flood_folder(city: City, folder: Path, shut: dict[str, float]) -> Path:
    """A flood run that shuts some edges to every class at given seconds."""
    folder.mkdir()
    about = {"format": "citytwin-flood-run-1", "digest": city.digest, "city": city.name, "members": 1}
    about |= {"begin": "2026-07-17T08:00:00+03:00", "trusted": True}
    (folder / "flood_run.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "places.csv").write_text("place\n", encoding="utf-8")
    from scenarios.flooding.member_run import SHUT_CLASSES

    head = ["edge_id", *(f"{name}_{what}" for name in SHUT_CLASSES for what in ("chance", "shut_s"))]
    rows = [[edge, *([1.0, when] * len(SHUT_CLASSES))] for edge, when in shut.items()]
    with (folder / "edges.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return folder


def _csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def test_coverage_now_and_after_a_shift_has_ended(helsinki: City, resources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ["emergency", "coverage", str(helsinki.folder), "--resources", str(resources), "--out", str(out)]
    assert run([*asked, "--after", "60", "--begin", "2026-07-13T07:45"]) == 0
    rows = list(csv.DictReader((out / "coverage.csv").read_text().splitlines()))
    now, later = (np.array([float(row[key]) for row in rows]) for key in ("now_s", "later_s"))
    assert len(rows) == len(helsinki.layer("edges"))
    reached = np.isfinite(now)
    assert (later[reached] >= now[reached] - 1e-6).all() and (later[reached] > now[reached] + 30).any()
    page = (out / "coverage.html").read_text(encoding="utf-8")
    assert "救援可达时间" in page and "In 60 min" in page and 'id="emergency-see-2"' in page


def test_coverage_in_water_counts_what_is_cut_off(
    helsinki: City, resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from networks import NearestRoad

    stations = [NearestRoad(helsinki, "emergency").to(*NearestRoad(helsinki).plane(24.9455, 60.1655))[0]]
    flood = flood_folder(helsinki, tmp_path / "flood", dict.fromkeys(stations, 600.0))
    asked = ["emergency", "coverage", str(helsinki.folder), "--resources", str(resources), "--flood", str(flood)]
    assert run([*asked, "--after", "45", "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "Erottaja is itself in water from minute 10 on" in told and "1 road edges under water" in told
    rows = list(csv.DictReader((tmp_path / "out" / "coverage.csv").read_text().splitlines()))
    shut = {row["edge_id"] for row in rows if row["later_shut"] == "1"}
    assert shut == set(stations) and all(row["now_shut"] == "0" for row in rows)


def test_dispatch_compares_on_the_same_calls_and_twice_the_same(
    helsinki: City, resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["emergency", "dispatch", str(helsinki.folder), "--resources", str(resources), "--seeds", "3"]
    asked += ["--hours", "3", "--per-hour", "4", "--within", "5"]
    assert run([*asked, "--out", str(tmp_path / "a")]) == 0
    assert "in brackets: difference from nearest, paired" in capsys.readouterr().out
    assert run([*asked, "--out", str(tmp_path / "b")]) == 0
    for name in ("measures.csv", "calls.csv", "dispatch.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    calls = list(csv.DictReader((tmp_path / "a" / "calls.csv").read_text().splitlines()))
    ways = {row["way"] for row in calls}
    shares = [row for row in _csv(tmp_path / "a" / "measures.csv") if row["measure"] == "in_time"]
    assert len(shares) == 3 * len(ways) and all(0.0 <= float(row["value"]) <= 1.0 for row in shares)
    assert ways == {"nearest", "least_lost", "least_lost_near", "stand_by", "diversion", "all", "no_lights", "sited"}
    same = {way: [(row["call_id"], row["call_s"]) for row in calls if row["way"] == way] for way in ways}
    assert all(one == same["nearest"] for one in same.values())


def test_dispatch_in_hidden_floods_traffic_and_closures_with_measured_waves(
    helsinki: City, resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = np.asarray(helsinki.road_graph("emergency").allowed, dtype=bool)
    ids = helsinki.layer("edges")["edge_id"].to_numpy()
    wet = np.flatnonzero(allowed)[::25]
    folders = [flood_folder(helsinki, tmp_path / name, dict.fromkeys(ids[wet].tolist(), 900.0)) for name in "ft"]
    for folder, first in zip(folders, (900.0, 1500.0), strict=True):
        shut = np.full((3, len(ids)), np.inf, dtype=np.float32)
        for world in range(3):
            shut[world, wet[world:]] = first + 300.0 * world
        np.savez(folder / "shut.npz", two_wheeler=shut, car=shut, high_clearance=shut)
    rows = tmp_path / "rows.csv"
    rows.write_text("blue_s,wave_s\n100,80\n90,81\n", encoding="utf-8")
    asked = ["emergency", "dispatch", str(helsinki.folder), "--resources", str(resources), "--seeds", "3"]
    asked += ["--hours", "1", "--per-hour", "6", "--flood", str(folders[0]), "--begin", "2026-07-13T07:10"]
    asked += ["--truth", str(folders[1]), "--closures", "30", "--greenwave-gain", str(rows)]
    assert run([*asked, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "one of 3 hidden floods in turn" in told and "30 roads shut at random" in told
    assert "from 2 measured ones" in told and "green_wave" in told and "forecast" in told
    page = (tmp_path / "out" / "dispatch.html").read_text(encoding="utf-8")
    assert "未公开的洪水" in page and "按给定收益" in page
    assert run([*asked[:11], "--truth", str(folders[1]), "--out", str(tmp_path / "x")]) == BadInput.exit_status
    assert "a hidden flood without a forecast" in capsys.readouterr().err


def test_a_fleet_of_several_classes_answers_calls_that_ask_for_several(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "resources.yaml"
    file.write_text(AGENCIES, encoding="utf-8")
    asked = ["emergency", "dispatch", str(helsinki.folder), "--resources", str(file), "--seeds", "2", "--hours", "4"]
    out = tmp_path / "out"
    assert run([*asked, "--class", "all", "--mix", "medical=2,fire=1", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "1 ambulance, 2 fire_engine, 1 pump_crew" in told and "fire_median_s" in told and "all_there_s" in told
    calls = list(csv.DictReader((out / "calls.csv").read_text(encoding="utf-8").splitlines()))
    fires = [row for row in calls if row["way"] == "nearest" and row["kind"] == "fire"]
    assert {row["call_id"].split("/")[1] for row in fires} == {"1", "2", "3"}
    assert {row["unit_id"] for row in fires if row["call_id"].endswith("/3")} <= {"A1", ""}
    page = (out / "dispatch.html").read_text(encoding="utf-8")
    assert "全部单元到齐" in page and "火灾：" in page
    for more, said in (
        (["--class", "ambulance,ambulance"], "each once, or all"),
        (["--class", "all", "--mix", "fire=often"], "no rate: 'fire=often'"),
        (["--class", "all", "--mix", "meteor=1"], "no kind of call 'meteor'"),
    ):
        assert run([*asked, *more, "--out", str(tmp_path / "x")]) != 0
        assert said in capsys.readouterr().err


def test_real_calls_are_answered_also_those_in_the_sea(
    helsinki: City, resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "calls.csv"
    rows = ["call_id,time,lon,lat,kind", "a,60,24.9440,60.1750,medical", "b,90,24.95332,60.16555,medical"]
    file.write_text("\n".join([*rows, "c,99,24.9440,60.1750,fire"]) + "\n", encoding="utf-8")
    asked = ["emergency", "dispatch", str(helsinki.folder), "--resources", str(resources), "--calls", str(file)]
    assert run([*asked, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "1 calls are for others than ambulance" in told and "2 calls as given" in told
    assert "call b: " in told and "a boat is needed" in told and "call a: " not in told
    calls = list(csv.DictReader((tmp_path / "out" / "calls.csv").read_text(encoding="utf-8").splitlines()))
    first = [row for row in calls if row["way"] == "nearest"]
    assert [row["answered"] for row in first] == ["True", "True"] and "a boat is needed" in first[1]["said"]
    assert run([*asked[:-2], "--calls", str(tmp_path / "none.csv"), "--out", str(tmp_path / "x")]) != 0


def test_odd_calls_get_an_answer_and_the_next_best_thing(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, calls = tmp_path / "resources.yaml", tmp_path / "calls.csv"
    full = "hospitals:\n  - {id: H, at: [24.9395, 60.1745], beds: 1, specialities: [burns], source: trial}\n"
    file.write_text(TWO.split("hospitals:")[0] + full, encoding="utf-8")
    rows = ["call_id,time,lon,lat,priority,needs,speciality", "ocean,60,0,0,1,,", "first,70,24.944,60.170,1,,burns"]
    rows += ["second,80,24.942,60.169,2,,burns", "eyes,90,24.944,60.171,3,,eyes", "diver,99,24.944,60.171,1,diving,"]
    calls.write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = ["emergency", "dispatch", str(helsinki.folder), "--resources", str(file), "--begin", "2026-07-13T07:10"]
    assert run([*asked, "--calls", str(calls), "--out", str(tmp_path / "out")]) == 0
    told = list(csv.DictReader((tmp_path / "out" / "calls.csv").read_text(encoding="utf-8").splitlines()))
    said = {row["call_id"]: row["said"] for row in told if row["way"] == "nearest"}
    assert "hand the call to the neighbours" in said["ocean"] and "ask the neighbours" in said["diver"]
    assert "no ambulance is free: the call waits for the first; next best" in said["second"]
    assert "every hospital that fits is full" in said["second"] + said["first"]
    assert "no hospital within reach treats eyes" in said["eyes"]
    capsys.readouterr()
    assert run([*asked, "--mix", "fire=1", "--out", str(tmp_path / "x")]) == BadInput.exit_status
    assert "no ambulance answers calls of the kind fire" in capsys.readouterr().err
    quiet = [*asked, "--mix", "medical=.25", "--hours", "1", "--seeds", "12", "--out", str(tmp_path / "quiet")]
    assert run(quiet) == 0
    assert "nan" not in capsys.readouterr().out.split()  # most days have no call at all


def test_site_adds_a_station_and_is_never_worse(
    helsinki: City, resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["emergency", "site", str(helsinki.folder), "--resources", str(resources), "--stations", "3"]
    for by, better in (("cover", 1), ("median", -1)):
        assert run([*asked, "--by", by, "--within", "4", "--out", str(tmp_path / by)]) == 0
        line = capsys.readouterr().out.splitlines()[0]
        today, proposed = (float(part.split()[0]) for part in (line.split("today ")[1], line.split("proposed ")[1]))
        assert better * (proposed - today) > 0
        rows = list(csv.DictReader((tmp_path / by / "site.csv").read_text().splitlines()))
        assert [row["status"] for row in rows] == ["kept", "kept", "new"]
        page = (tmp_path / by / "site.html").read_text(encoding="utf-8")
        assert "站点选址" in page and "emergency-new" in page


def test_bad_input_is_told(helsinki: City, resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["emergency", "coverage", str(helsinki.folder), "--resources", str(resources), "--out", str(tmp_path / "o")]
    night = tmp_path / "night.yaml"
    shifts = ', shifts: [{from: "22:00", to: "06:00"}]}'
    night.write_text(
        TWO.split("  - {id: A2")[0].replace("ambulance, source: trial}", "ambulance, source: trial" + shifts)
    )
    for more, told in (
        (["--class", "spaceship"], "no class of vehicles 'spaceship'"),
        (["--class", "ladder"], "there is no ladder in Helsinki"),
        (
            ["--begin", "2026-07-13T09:00", "--resources", str(night)],
            "no ambulance of the roster is on duty in the run",
        ),
        (["--begin", "noon"], "no moment: 'noon'"),
    ):
        assert run([*asked, *more]) == BadInput.exit_status
        assert told in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


AGENCIES = """\
stations:
  - {id: south, name: Erottaja, at: [24.9455, 60.1655], source: trial}
  - {id: north, at: [24.9440, 60.1750], source: trial}
units:
  - {id: A1, station: south, class: ambulance, source: trial}
  - {id: E1, station: south, class: fire_engine, source: trial}
  - {id: E2, station: north, class: fire_engine, source: trial}
  - {id: P1, station: north, class: pump_crew, source: trial}
  - {id: C1, station: north, class: car, source: trial}
depots:
  - {id: store, name: Store, at: [24.9470, 60.1700], materials: {pump: 1, boat: 9}, source: trial}
"""


def test_an_incident_orders_every_agency_and_says_what_is_missing(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "resources.yaml"
    file.write_text(AGENCIES, encoding="utf-8")
    asked = ["emergency", "incident", str(helsinki.folder)]
    more = ["24.9415,60.1708", "--resources", str(file), "--out", str(tmp_path / "out")]
    assert run([*asked, "flooded_underpass", *more]) == 0
    orders = list(csv.DictReader((tmp_path / "out" / "orders.csv").read_text(encoding="utf-8").splitlines()))
    assert {one["task"]: one["class"] for one in orders} == {
        "close": "car", "rescue": "fire_engine", "pump": "pump_crew", "medical": "ambulance",
    }  # fmt: skip
    pump, close = (next(one for one in orders if one["task"] == name) for name in ("pump", "close"))
    assert pump["depot"] == "Store" and float(pump["begins_s"]) >= float(close["due_s"])
    page = (tmp_path / "out" / "incident.html").read_text(encoding="utf-8")
    assert "突发事件协同派遣" in page and "封闭道路" in page
    capsys.readouterr()
    second = ["--resources", str(file), "--committed", str(tmp_path / "out"), "--out", str(tmp_path / "second")]
    assert run([*asked, "flooded_underpass", "24.9415,60.1708", *second]) == 0
    assert "pump: no depot has 1 pump left" in capsys.readouterr().out
    assert "物资库pump不足1件" in (tmp_path / "second" / "incident.html").read_text(encoding="utf-8")
    assert run([*asked, "fire", *more]) == 0
    told = capsys.readouterr().out
    assert "height: 1 more needed (ladder)" in told and told.count("attack ") == 2
    assert run([*asked, "hazmat_release", *more]) == 0
    orders = list(csv.DictReader((tmp_path / "out" / "orders.csv").read_text(encoding="utf-8").splitlines()))
    away = {one["task"]: float(one["short_m"]) for one in orders}
    assert away["attack"] == 0 and 100 <= away["cordon"] < 250 and 100 <= away["medical"] < 250
    cordon, medical = (next(one for one in orders if one["task"] == name) for name in ("cordon", "medical"))
    assert float(medical["begins_s"]) >= float(cordon["due_s"])
    assert run([*asked, "meteor", *more]) != 0
    assert "no kind of incident 'meteor'" in capsys.readouterr().err


def test_an_incident_in_the_water_is_approached_to_its_edge(helsinki: City, tmp_path: Path) -> None:
    from shapely.geometry import Point

    from scenarios.emergency.ends import find_end

    file = tmp_path / "resources.yaml"
    file.write_text(AGENCIES, encoding="utf-8")
    place, edges = find_end(helsinki, "24.9415,60.1708"), helsinki.layer("edges")
    around = edges[edges.geometry.interpolate(0.5, normalized=True).distance(Point(place.x, place.y)) < 60.0]
    flood = flood_folder(helsinki, tmp_path / "flood", dict.fromkeys([*place.edges, *around["edge_id"]], 0.0))
    asked = ["emergency", "incident", str(helsinki.folder), "flooded_underpass", "24.9415,60.1708"]
    assert run([*asked, "--resources", str(file), "--flood", str(flood), "--out", str(tmp_path / "out")]) == 0
    orders = list(csv.DictReader((tmp_path / "out" / "orders.csv").read_text(encoding="utf-8").splitlines()))
    assert len(orders) == 4 and all(0 < float(one["short_m"]) <= 300 for one in orders)


def test_orders_are_followed_and_their_folder_is_kept(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "resources.yaml", tmp_path / "out"
    file.write_text(AGENCIES, encoding="utf-8")
    asked = ["emergency", "incident", str(helsinki.folder), "fire", "24.9415,60.1708", "--resources", str(file)]
    assert run([*asked, "--out", str(out), "--desk", f"{tmp_path}/desk.sqlite"]) == 0
    assert "proposed as " in capsys.readouterr().out
    follow = ["emergency", "orders", str(out)]
    assert run([*follow, "ack", "E1", "--who", "desk 2", "--after", "20"]) == 0
    assert "attack     E1 (fire_engine)" in capsys.readouterr().out
    assert run([*follow, "ack", "E2", "--after", "30"]) == BadInput.exit_status
    assert run([*follow, "done", "E1", "--who", "desk 2", "--after", "30"]) == Refused.exit_status
    assert run([*follow, "--after", "90"]) == 0
    assert "attack: E2 has not acknowledged and nobody else could go" in capsys.readouterr().out
    rows = list(csv.DictReader((out / "orders.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["unit"]: row["state"] for row in rows if row["task"] == "attack"} == {
        "E1": "acknowledged", "E2": "ordered",
    }  # fmt: skip
    page = (out / "incident.html").read_text(encoding="utf-8")
    assert "E2未确认且无人可替" in page and "desk 2" in page and "it cannot be done next" in page
    assert run([*asked, "--out", str(out)]) == Refused.exit_status


def test_evacuate_writes_who_walks_rides_and_is_left(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ["emergency", "evacuate", str(helsinki.folder), "--area", "24.9415,60.1708", "--people", "500"]
    more = ["--shelter", "School=24.9400,60.1770=300", "--buses", "Yard=24.9440,60.1750=2", "--out", str(out)]
    desk = f"{tmp_path}/desk.sqlite"
    assert run([*asked, *more, "--desk", desk]) == 0
    told = capsys.readouterr().out
    assert run(["desk", "--desk", desk, "list", "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert entry["kind"] == "evacuation" and entry["effect"]["measure"] == "people_left" and entry["alternatives"]
    assert entry["status"] == "proposed" and entry["evidence"] == [str(out)] and "no interval, 1 worlds" in told
    assert "500 people: " in told and "200 places too few" in told and "School is full" in told
    rows = list(csv.DictReader((out / "gatherings.csv").read_text(encoding="utf-8").splitlines()))
    assert [sum(int(row[name]) for row in rows) for name in ("people", "left")] == [500, 200]
    trips = list(csv.DictReader((out / "trips.csv").read_text(encoding="utf-8").splitlines()))
    assert sum(int(row["people"]) for row in trips) == sum(int(row["by_bus"]) for row in rows)
    page = (out / "evacuation.html").read_text(encoding="utf-8")
    assert "人员疏散" in page and "emergency-area" in page and "避难所缺少200个位置" in page
    for wrong, said in (
        ([*more[2:]], "nowhere to bring people"),
        (["--shelter", "School=24.9,x=1", *more[2:]], "is no place"),
        (["--shelter", "School=24.94,60.177=0", *more[2:]], "is no place"),
    ):
        assert run([*asked, *wrong]) == BadInput.exit_status and said in capsys.readouterr().err
