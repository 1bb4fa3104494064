"""Stations, rosters and calls from files and from the map: what is read, and each mistake with its line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.emergency.resources import (
    Shift,
    call_kinds,
    duty_spans,
    read_calls,
    read_resources,
    resources_on_map,
    targets,
)
from models.emergency.resources.shift import week_of
from models.routing import vehicles
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import City

MONDAY = datetime(2026, 7, 13, 6, 30)
GOOD = """\
stations:
  - {id: north, at: [24.9440, 60.1750], source: survey}
  - {id: south, at: [24.9450, 60.1680], source: survey, mutual_aid: true, request_s: 120}
units:
  - {id: A1, station: north, class: ambulance, skills: [als], shifts: [{from: "07:00", to: "19:00"}], source: roster}
  - {id: A1, station: south, class: ambulance, shifts: [{from: "19:00", to: "07:00"}], source: roster}
  - {id: E1, station: south, class: fire_engine, turnout_s: 60, source: roster}
depots:
  - {id: store, at: [24.9440, 60.1750], materials: {pump: 3, boat: 2}, source: list}
shelters:
  - {id: school, at: [24.9440, 60.1750], places: 400, source: list}
hospitals:
  - {id: H, at: [24.9450, 60.1680], beds: 12, specialities: [trauma], source: list}
"""


def written(tmp_path: Path, text: str, name: str = "resources.yaml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def test_a_file_becomes_units_at_roads_on_their_shifts(helsinki: City, tmp_path: Path) -> None:
    read = read_resources(written(tmp_path, GOOD), helsinki)
    day, night, engine = read.units(MONDAY, 3600.0 * 14)
    assert (day.station_id, night.station_id) == ("north", "south")
    assert day.duty_s == ((1800.0, 1800.0 + 12 * 3600.0),)
    assert night.duty_s[0] == (0.0, 1800.0) and night.duty_s[1][0] == 1800.0 + 12 * 3600.0
    assert engine.turnout_s == 60 and engine.mutual_aid and engine.request_s == 120
    assert {day.edge_id, engine.edge_id} <= set(helsinki.road_graph("emergency").edge_ids)
    assert read.depots[0].materials == {"pump": 3, "boat": 2}
    assert read.shelters[0].places == 400 and read.hospitals[0].specialities == ("trauma",)
    assert [u.kind for u in read.units(MONDAY, 60.0, kinds=("fire_engine",))] == ["fire_engine"]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('from: "19:00", to: "07:00"', 'from: "18:00", to: "07:00"', 6, "unit A1 is in two places: from mon 18:00"),
        ("class: fire_engine", "class: spaceship", 7, "no class of vehicles spaceship"),
        ("id: E1, station: south", "id: E1, station: west", 7, "no station west"),
        ("[24.9450, 60.1680], source: survey", "[60.1680, 24.9450], source: survey", 3, "outside the map"),
        ("[24.9440, 60.1750], source: survey", "[24.95332, 60.16555], source: survey", 2, "lies in the water (sea)"),
        ("id: south, at", "id: north, at", 3, "north is there twice"),
        ("source: survey, mutual_aid", "mutual_aid", 3, "source: this field is missing"),
        ('from: "07:00"', 'from: "7 am"', 5, "shifts.0.from"),
        ("at: [24.9440, 60.1750], source: s", "edge: nowhere, source: s", 2, "'nowhere' is not in"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    helsinki: City, tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    with pytest.raises(BadInput) as wrong:
        read_resources(written(tmp_path, GOOD.replace(old, new, 1)), helsinki)
    assert wrong.value.place == f"line {line}" and told in wrong.value.what
    assert wrong.value.file and wrong.value.file.endswith("resources.yaml")


def test_the_map_is_the_default_and_says_what_is_guessed(helsinki: City) -> None:
    known = resources_on_map(helsinki)
    assert known.stations and known.crews and not known.hospitals
    assert any("no hospital" in note["en"] for note in known.notes)
    assert all(one.source.startswith("OpenStreetMap ") for one in known.stations)
    assert all("guess" in crew.source for crew in known.crews) and "guessed" in known.notes[0]["en"]
    assert {unit.edge_id for unit in known.units(MONDAY, 60.0)} <= set(helsinki.road_graph("emergency").edge_ids)


CALLS = """\
call_id,time,lon,lat,kind,priority,needs,speciality
a,60,24.9440,60.1750,medical,1,als,trauma
b,2026-07-13T06:30:30+00:00,24.95332,60.16555,flood_rescue,2,,
c,5,25.2,60.17,fire,1,,
"""


def test_calls_come_by_time_and_one_in_the_sea_gets_a_road_and_a_note(helsinki: City, tmp_path: Path) -> None:
    begin = datetime.fromisoformat("2026-07-13T06:30:00+00:00")
    beyond, sea, plain = read_calls(written(tmp_path, CALLS, "calls.csv"), helsinki, begin)
    assert (plain.call_id, plain.needs, plain.speciality, plain.note) == ("a", ("als",), "trauma", None)
    assert sea.time_s == 30 and sea.note and "boat" in sea.note["en"] and "船" in sea.note["zh"]
    assert beyond.note and "outside the map" in beyond.note["en"]
    edges = set(helsinki.road_graph("emergency").edge_ids)
    assert {beyond.edge_id, sea.edge_id, plain.edge_id} <= edges


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("medical", "magic", "line 2", "no kind of call magic"),
        ("b,2026", "a,2026", "line 3", "in line 2 already"),
        ("5,25.2", "soon,25.2", "line 4", "'soon' is no time"),
        ("a,60,24.9440", "a,60,east", "line 2", "lon is 'east'"),
        ("priority", "urgency", "line 1", "unknown columns"),
        (",lat", ",north", "line 1", "columns are missing: lat"),
        ("2,,\n", "2,\n", "line 3", "7 cells"),
        ("fire,1", "fire,9", "line 4", "priority is '9'"),
    ],
)
def test_a_mistake_in_the_calls_is_told_with_its_line(
    helsinki: City, tmp_path: Path, old: str, new: str, place: str, told: str
) -> None:
    begin = datetime.fromisoformat("2026-07-13T06:30:00+00:00")
    with pytest.raises(BadInput) as wrong:
        read_calls(written(tmp_path, CALLS.replace(old, new, 1), "calls.csv"), helsinki, begin)
    assert wrong.value.place == place and told in wrong.value.what


@given(
    begin=st.integers(0, 1439),
    end=st.integers(0, 1440),
    days=st.sets(st.sampled_from(("mon", "wed", "sun")), min_size=1),
    start=st.integers(0, 6 * 24 * 60),
    length_min=st.integers(1, 9 * 24 * 60),
)
def test_duty_in_a_run_is_the_week_cut_out(begin: int, end: int, days: set[str], start: int, length_min: int) -> None:
    shift = Shift(begin, end, tuple(sorted(days)))
    when = datetime.fromtimestamp(datetime(2026, 7, 13).timestamp() + 60 * start)
    week, spans = week_of([shift]), duty_spans([shift], when, 60.0 * length_min)
    for minute in range(0, length_min, 7):
        inside = any(a <= 60 * minute < b for a, b in spans)
        assert inside == bool(week[(start + minute) % len(week)])
    assert np.count_nonzero(week) == len(days) * ((end - begin - 1) % 1440 + 1)


def test_tables_are_whole() -> None:
    assert {name for kind in call_kinds().values() for name in kind.classes} <= set(vehicles())
    assert {one.call_kind for one in targets()} <= set(call_kinds()) and all(one.source for one in targets())
    assert {"ems_8", "ems_12", "ems_15", "ems_out_cn", "fire_edge_cn"} <= {one.name for one in targets()}
