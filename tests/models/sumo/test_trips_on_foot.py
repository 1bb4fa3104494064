"""Trips of a case with people on foot: the same table as without them, which SUMO's Parquet cannot write."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from models.sumo import read_case
from models.sumo.native import run_native
from models.sumo.outputs import read_tables
from models.sumo.trip_rows import TRIPS_XML, people_travel
from networks import sumo_home

CONFIG = """<configuration><input><net-file value="g.net.xml"/><route-files value="r.rou.xml"/></input>
<time><begin value="0"/><end value="90"/></time></configuration>"""
CARS = "".join(
    f'<vehicle id="c{n}" depart="{n / 10}" departLane="best"><route edges="left0A0 A0right0"/></vehicle>\n'
    for n in range(100)
)
WALK = '<person id="p" depart="60"><walk from="left0A0" to="A0top0" departPos="60"/></person>\n'


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One crossroads with pavements; more cars want to enter at once than can."""
    folder = tmp_path_factory.mktemp("on-foot")
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "1", "--grid.attach-length", "120"]
    command += ["--sidewalks.guess", "--sidewalks.guess.min-speed", "0", "--crossings.guess", "--no-turnarounds"]
    subprocess.run([*command, "--output-file", folder / "g.net.xml"], check=True, capture_output=True)
    (folder / "run.sumocfg").write_text(CONFIG, encoding="utf-8")
    return folder


def trips(folder: Path, more: str, out: str) -> pd.DataFrame:
    (folder / "r.rou.xml").write_text(f"<routes>\n{CARS}{more}</routes>", encoding="utf-8")
    run_native(read_case(folder / "run.sumocfg"), 1, folder / out, tables=("trips",))
    return read_tables(folder / out)["trips"].sort_values("vehicle_id", ignore_index=True)


def test_somebody_on_foot_changes_neither_table_nor_types(town: Path) -> None:
    alone, beside = trips(town, "", "alone"), trips(town, WALK, "beside")
    assert (town / "beside" / TRIPS_XML).is_file() and not (town / "alone" / TRIPS_XML).is_file()
    assert 0 < alone["inserted"].sum() < len(alone)
    assert list(beside.columns) == list(alone.columns) and (beside.dtypes == alone.dtypes).all()
    assert list(beside["vehicle_id"]) == list(alone["vehicle_id"])  # nobody on foot is taken for a vehicle
    early = alone["arrival_s"] < 55.0
    assert early.sum() > 3
    same = ["depart_planned_s", "depart_s", "length_m"]
    pd.testing.assert_frame_equal(beside.loc[early, same], alone.loc[early, same])


def test_people_are_found_in_packed_files_and_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.sumo.trip_rows._CHUNK", 5)
    with gzip.open(tmp_path / "r.rou.xml.gz", "wt") as file:
        file.write("<routes><personFlow/></routes>")
    (tmp_path / "v.rou.xml").write_text("<routes><vehicle/></routes>")
    assert people_travel([tmp_path / "v.rou.xml", tmp_path / "r.rou.xml.gz"])
    assert not people_travel([tmp_path / "v.rou.xml"])
