"""`twin flood run`, `ponding` and `review` over the demo city, and what a screening terrain keeps back."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner, Result

from twin.cli import twin as command

if TYPE_CHECKING:
    from networks import City

STORM = ["--chicago-mm", "12", "--minutes", "6", "--source", "a test", "--after-min", "1", "--members", "1", "--serial"]

PUMP = """structures:
  - {kind: pump, id: P1, source: a test, at: [24.939094, 60.164918], curve: [[0, 0.4], [9, 0]], start_depth_m: 0.02,
     stop_depth_m: 0.01}
"""


def twin(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def assumed(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("flood") / "run"
    pump = out.parent / "structures.yaml"
    pump.write_text(PUMP, encoding="utf-8")
    done = twin("flood", "run", helsinki.folder, *STORM, "--assume-depths", "--structures", pump, "--out", out)
    assert done.exit_code == 0 and "ledger of member 0" in done.output and "assumption of the user" in done.output
    return out


def test_a_run_writes_depths_closures_and_a_page(helsinki: City, assumed: Path) -> None:
    about = json.loads((assumed / "flood_run.json").read_text(encoding="utf-8"))
    assert about["ledger_error"] < 1e-6 and about["underpass_ledger_error"] < 1e-9
    assert about["ledger_m3"]["pump P1 takes"] < -1.0
    assert about["rain_mm"] == pytest.approx(12, abs=0.1)
    places = rows_of(assumed / "places.csv")
    assert {row["kind"] for row in places} == {"pond", "underpass"} and all(row["trusted"] == "True" for row in places)
    assert len(json.loads((assumed / "places.geojson").read_text(encoding="utf-8"))["features"]) == len(places)
    edges = rows_of(assumed / "edges.csv")
    decks = set(helsinki.layer("edges").query("bridge")["edge_id"])
    assert edges and decks and not decks & {row["edge_id"] for row in edges}  # no water on a deck
    paths = rows_of(assumed / "paths.csv")
    with np.load(assumed / "shut.npz") as shut:
        members = np.isfinite(shut["car"]).mean(axis=0)
    told = {row["edge_id"]: float(row["car_chance"]) for row in edges}
    ids = helsinki.layer("edges")["edge_id"]
    assert dict(zip(ids, members, strict=True)) | told == pytest.approx(dict(zip(ids, members, strict=True)), abs=1e-3)
    assert paths and all(float(row["deepest_m"]) >= 0.01 for row in paths)
    assert not (assumed / "doors.csv").exists(), "a screening terrain names no building, whatever is assumed"
    page = (assumed / "flood.html").read_text(encoding="utf-8")
    assert "assumption of the user" in page and "--assume-depths" in page and "flood-shut" in page
    with np.load(assumed / "maps.npz") as maps:
        assert maps["deepest_m"].max() > 0.05 and set(np.unique(maps["chance"])) <= {0.0, 1.0}


def test_buildings_are_named_on_a_terrain_that_is_not_for_screening(
    helsinki: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = dataclasses.replace(helsinki.terrain(), screening=False)
    monkeypatch.setattr(type(helsinki), "terrain", lambda _: sure)
    done = twin("flood", "run", helsinki.folder, *STORM, "--out", tmp_path / "run")
    assert done.exit_code == 0 and "buildings with 0.15 m or more at a wall" in done.output
    doors = rows_of(tmp_path / "run" / "doors.csv")
    assert doors and all(float(row["deepest_m"]) >= 0.01 for row in doors)


def test_the_review_of_a_run_by_itself(assumed: Path, tmp_path: Path) -> None:
    passes = [row for row in rows_of(assumed / "places.csv") if row["middle_s"]][:1]
    (place,) = passes
    seen = tmp_path / "seen.csv"
    late = float(place["middle_s"]) + 120
    name = place["place"]
    seen.write_text(f"place,time_s,depth_m\n{name},{late - 1},0\n{name},{late},9\n", encoding="utf-8")
    done = twin("flood", "review", assumed, "--observed", seen)
    assert done.exit_code == 0 and "hit 1" in done.output and "2 min later than foretold" in done.output
    told = json.loads(twin("flood", "review", assumed, "--observed", seen, "--json").output)
    assert told["csi"] == 1.0 and told["brier"] == 0.0


def test_pumps_are_placed_and_the_duty_list_tells_it(helsinki: City, tmp_path: Path) -> None:
    out, asked = (
        tmp_path / "place",
        ["--pumps", "1", "--crews", "1", "--confirm", "1", "--setup-min", "0", "--ponds", "5"],
    )
    done = twin("flood", "place", helsinki.folder, *STORM, *asked, "--pump-m3s", "1", "--assume-depths", "--out", out)
    assert done.exit_code == 0 and "placements screened" in done.output and "wrote" in done.output
    told = json.loads((out / "placement.json").read_text(encoding="utf-8"))
    first, none = told["placements"][0], next(one for one in told["placements"] if not one["pumps"])
    assert sum(first["pumps"].values()) <= 1 and first["saves"][0] >= none["saves"][0] >= 0
    assert set(first["pumps"]) <= set(told["candidates"]) and told["screened"] > 1
    page = (out / "place.html").read_text(encoding="utf-8")
    assert "Where pumps and crews help most" in page and "水泵与人员布置建议" in page
    for place in first["pumps"]:
        sentences = json.loads((out / "flood_run.json").read_text(encoding="utf-8"))["sentences"]
        assert "1 of 1000 l/s" in sentences[place]["en"] and "1台" in sentences[place]["zh"]
    wrong = CliRunner().invoke(command, ["flood", "place", str(helsinki.folder), "--depot", "x", "--out", str(out)])
    assert wrong.exit_code != 0 and "NAME=LON,LAT" in str(wrong.exception or wrong.output)


def test_a_screening_terrain_gives_no_centimetres_and_no_closures(helsinki: City, tmp_path: Path) -> None:
    reports = tmp_path / "calls.csv"
    reports.write_text("lon,lat,name\n24.9440,60.1710,Station\n", encoding="utf-8")
    out = tmp_path / "ponding"
    done = twin("flood", "ponding", helsinki.folder, *STORM, "--ponds", "3", "--reports", reports, "--out", out)
    assert done.exit_code == 0 and "screening" in done.output and "1 reports" in done.output
    places = rows_of(out / "places.csv")
    assert any(row["name"] == "Station" for row in places)
    for row in places:
        assert row["trusted"] == "False" and not any(row[key] for key in row if key.endswith(("_m", "_s")))
    assert not (out / "edges.csv").exists() and not (out / "storage.csv").exists()
    page = (out / "ponding.html").read_text(encoding="utf-8")
    assert "Station" in page and "look on the spot" in page and "to pass its closing depth" not in page
    told = json.loads((out / "flood_run.json").read_text(encoding="utf-8"))["sentences"]
    assert told and all("closing depth" not in one["en"] for one in told.values())
    with np.load(out / "maps.npz") as maps:
        assert set(maps) == {"chance"}


def test_what_cannot_be_asked_is_told(helsinki: City, tmp_path: Path) -> None:
    for words, says in (
        (["--out", tmp_path / "o"], "exactly one of"),
        (["--chicago-mm", "10", "--out", tmp_path / "o"], "source"),
    ):
        done = CliRunner().invoke(command, ["flood", "run", str(helsinki.folder), *map(str, words)])
        assert done.exit_code != 0 and says in str(done.exception or done.output)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me", encoding="utf-8")
    done = CliRunner().invoke(command, ["flood", "run", str(helsinki.folder), *STORM, "--out", str(tmp_path / "mine")])
    assert done.exit_code != 0 and (tmp_path / "mine" / "letter.txt").exists()
