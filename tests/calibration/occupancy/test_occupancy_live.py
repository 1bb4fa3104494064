"""Occupancy from a live table that forgets, and from every form of file."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from calibration.observation import ObservationTable
from calibration.observation_file import read_observations
from calibration.occupancy import LiveOccupancy, follow
from networks import BadInput
from twin.feeds import to_wire
from twin.observation_files import read_any

sys.path.insert(0, str(Path(__file__).parent))
from counted_day import BEGIN, a_day, time_of


def test_a_live_table_that_forgets_gives_what_the_whole_day_gives() -> None:
    day = a_day(2)
    live = ObservationTable(keep_s=3600.0)
    now = LiveOccupancy(day.layout, live, BEGIN, patience_s=0.0)
    late = []
    for seen in sorted(day.table, key=lambda one: one.end):
        if seen.sensor_id == "wifi" and seen.begin.hour == 3 and seen.begin.minute < 10:
            late.append(seen)
            continue
        live.add(seen)
        if seen.sensor_id == "camera" and seen.begin.minute % 30 == 29:
            found = now.now(seen.end + timedelta(seconds=1))
            for one in late:
                live.add(replace(one, result_time=seen.end))
            late = late if found.times[-1] < time_of(40) else []
    found, whole = now.now(day.end), follow(day.layout, day.table, BEGIN, day.end)
    assert len(live) < len(day.table) / 3, "the live table has forgotten the morning"
    assert found.times == whole.times
    assert found.people == whole.people and found.contradictions == whole.contradictions


def test_a_period_counts_when_it_is_complete() -> None:
    day = a_day(1)
    now = LiveOccupancy(day.layout, day.table, BEGIN, patience_s=60.0)
    assert now.now(time_of(10) + timedelta(seconds=59)).times[-1] == time_of(9)
    assert now.now(time_of(10) + timedelta(seconds=60)).times[-1] == time_of(10)
    with pytest.raises(BadInput, match="no period of 300 s ends"):
        now.now(time_of(1))


def test_every_form_of_file_says_the_same(tmp_path: Path) -> None:
    day = a_day(0, periods=12)
    told, table = [replace(one) for one in day.table], day.table.table()
    table.to_csv(tmp_path / "o.csv", index=False)
    table.to_parquet(tmp_path / "o.parquet")
    (tmp_path / "o.jsonl").write_bytes(b"\n".join(to_wire(one) for one in told) + b"\n")
    for name in ("o.csv", "o.parquet", "o.jsonl"):
        assert list(read_any(tmp_path / name)) == told, name


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("o.jsonl", '\n{"Datastream": {"@iot.id": "g"}}', "line 2: it is missing"),
        ("o.jsonl", "nonsense", "line 1: it is no observation"),
        ("o.jsonl", '{"sensor_id": "g"}', "line 1: it is no observation: 'begin'"),
        ("o.parquet", "nonsense", "it is no Parquet"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        read_any(tmp_path / name)


def test_a_time_without_a_zone_is_told(tmp_path: Path) -> None:
    head, row = "sensor_id,measure,begin,period_s,result,result_time", "g,presence,2026-05-01T09:00:00+08:00,0,4,noon"
    (tmp_path / "o.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2: result_time is 'noon'"):
        read_observations(tmp_path / "o.csv")
