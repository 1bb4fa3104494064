"""Counts from files: every shape gives the same, and every fault is found, named, and repaired or left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from counted_street import day, street
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.counting import Place, ReadCounts, read_counts, read_places, repair_table
from models.streams import stream
from networks.errors import BadInput

NET = street()
MONDAY = datetime(2026, 5, 4, tzinfo=UTC)


def long_file(
    folder: Path, series: dict[str, Sequence[float | None]], *, begin: datetime = MONDAY, name: str = "c.csv"
) -> Path:
    lines = ["sensor_id,measure,begin,period_s,result"]
    for sensor, values in series.items():
        for n, value in enumerate(values):
            time = (begin + timedelta(seconds=300 * n)).isoformat()
            lines.append(f"{sensor},vehicle_count,{time},300,{'' if value is None or value != value else f'{value:g}'}")
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def what(read: ReadCounts) -> set[tuple[str, str, str]]:
    return {(one.sensor, one.what, one.action) for one in read.repairs}


def row(read: ReadCounts, sensor: str) -> np.ndarray:
    return read.counts.vehicles[read.counts.sensors.index(sensor)]


def days(seed: int, names: Sequence[str], periods: int = 288, *, level: float = 40.0) -> dict[str, np.ndarray]:
    """The same vehicles pass them all, but for a few that start or end in between."""
    base = day(stream(seed, "day"), periods, level=level)
    return {name: base + stream(seed, name).integers(-1, 2, periods).clip(-base, None) for name in names}


def test_every_shape_gives_the_same_counts(tmp_path: Path) -> None:
    values = {"e0": [3.0, 4.0, None], "e1": [1.0, 0.0, 2.0]}
    long = long_file(tmp_path, values)
    wide = tmp_path / "wide.csv"
    wide.write_text("time;e0;e1\n2026-05-04T00:00;3;1\n2026-05-04T00:05;4;0\n2026-05-04T00:10;;2\n", encoding="utf-8")
    import pandas as pd

    parquet = tmp_path / "c.parquet"
    pd.read_csv(long).to_parquet(parquet)
    seconds = tmp_path / "s.csv"
    seconds.write_text(
        "sensor_id,begin,result,period_s\ne0,0,3,300\ne0,300,4,300\ne1,0,1,300\ne1,300,0,300\ne1,600,2,300\n"
    )
    for file in (long, wide, parquet, seconds):
        read = read_counts([file], NET)
        assert read.counts.sensors == ("e0", "e1")
        assert (read.counts.begin_s, read.counts.period_s) == (0.0, 300.0)
        np.testing.assert_array_equal(read.counts.vehicles, [[3, 4, np.nan], [1, 0, 2]])


@pytest.mark.parametrize(("column", "one_mps"), [("speed_mps", 1.0), ("speed_kmh", 3.6), ("speed_mph", 2.236936)])
def test_a_speed_beside_the_count_is_read_in_its_unit(tmp_path: Path, column: str, one_mps: float) -> None:
    """A gap stays one, and counts are the same as without the column."""
    file = tmp_path / "both.csv"
    rows = [("e0", 0, 3, 8.0), ("e0", 300, 4, None), ("e1", 0, 1, 10.0), ("e1", 300, 2, 12.5)]
    lines = [f"{name},{at},{count},300,{'' if v is None else v * one_mps}" for name, at, count, v in rows]
    file.write_text(f"sensor_id,begin,result,period_s,{column}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    read = read_counts([file], NET)
    np.testing.assert_array_equal(read.counts.vehicles, [[3, 4], [1, 2]])
    np.testing.assert_allclose(read.speeds_mps, [[8.0, np.nan], [10.0, 12.5]], rtol=1e-6)


def test_what_sumo_writes_is_read(tmp_path: Path) -> None:
    edges = tmp_path / "edges.xml"
    edges.write_text(
        '<meandata><interval begin="0" end="300"><edge id="e0" entered="5" departed="2" speed="9.5"/></interval>'
        '<interval begin="300" end="600"><edge id="e1" entered="1" departed="0" speed="4"/></interval></meandata>'
    )
    read = read_counts([edges], NET)
    np.testing.assert_array_equal(read.counts.vehicles, [[7, 0], [0, 1]])  # an empty edge is left out, not unknown
    np.testing.assert_array_equal(read.speeds_mps, [[9.5, np.nan], [np.nan, 4]])
    loops = tmp_path / "e1.xml"
    loops.write_text(
        '<detector><interval begin="0" end="300" id="a" nVehContrib="5" harmonicMeanSpeed="8"/>'
        '<interval begin="0" end="300" id="b" nVehContrib="2" harmonicMeanSpeed="-1"/></detector>'
    )
    placed = tmp_path / "d.add.xml"
    placed.write_text('<additional><e1Detector id="a" lane="e0_0"/><e1Detector id="b" lane="e0_1"/></additional>')
    read = read_counts([loops], NET, sensors=placed)
    assert read.counts.edges == ("e0",)
    np.testing.assert_array_equal(read.counts.vehicles, [[7]])
    one_lane = read_counts([loops, edges], NET, sensors={"a": Place(lane="e0_0"), "b": Place(lane="e1_0")})
    assert ("a", "lanes", "left_out") in what(one_lane)


def test_duplicates_and_order_do_not_change_the_counts(tmp_path: Path) -> None:
    series = days(1, ["e0", "w1"], 12)
    whole = read_counts([long_file(tmp_path, series)], NET)

    @settings(max_examples=20)
    @given(st.permutations(range(24)), st.lists(st.integers(0, 23), max_size=5))
    def same(order: list[int], again: list[int]) -> None:
        head, *lines = (tmp_path / "c.csv").read_text().splitlines()
        mixed = tmp_path / "mixed.csv"
        mixed.write_text("\n".join([head, *(lines[n] for n in order), *(lines[n] for n in again)]))
        read = read_counts([mixed], NET)
        place = [read.counts.sensors.index(name) for name in whole.counts.sensors]
        np.testing.assert_array_equal(read.counts.vehicles[place], whole.counts.vehicles)
        assert ("duplicate" in {one.what for one in read.repairs}) == bool(again)

    same()


def test_a_correction_counts_and_says_where_it_stood(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "sensor_id,begin,period_s,result,result_time\n"
        "e0,2026-05-04T08:00+02:00,300,9,2026-05-04T11:00+02:00\ne0,2026-05-04T08:00+02:00,300,7,2026-05-04T08:05+02:00\n"
    )
    read = read_counts([file], NET)
    assert row(read, "e0").tolist() == [9.0]
    twice = next(one for one in read.repairs if one.what == "duplicate")
    assert (twice.line, twice.before, twice.after) == (3, "7", "9")
    assert ("e0", "late", "noted") in what(read)
    assert "e0,duplicate,repaired" in repair_table(read.repairs)


def test_the_day_with_25_hours_keeps_both_coming_hours(tmp_path: Path) -> None:
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Rome
    rome = ZoneInfo("Europe/Rome")
    lines = ["time,e0"]
    lines += [
        f"{(begin + timedelta(hours=n)).astimezone(rome).replace(tzinfo=None).isoformat()},{n + 10}" for n in range(25)
    ]
    file = tmp_path / "w.csv"
    file.write_text("\n".join(lines))
    read = read_counts([file], NET, timezone="Europe/Rome")
    np.testing.assert_array_equal(row(read, "e0"), np.arange(25) + 10.0)
    assert ("e0", "summer_time", "repaired") in what(read)


def test_a_clock_never_put_forward_is_read_in_standard_time(tmp_path: Path) -> None:
    lines = ["time,e0"] + [f"2026-03-29T{n:02d}:00,{n + 10}" for n in range(24)]  # 02:00 does not exist in Rome
    file = tmp_path / "w.csv"
    file.write_text("\n".join(lines))
    read = read_counts([file], NET, timezone="Europe/Rome", begin=datetime(2026, 3, 29))
    np.testing.assert_array_equal(row(read, "e0"), np.arange(24) + 10.0)  # 24 hours, none twice, none missing
    assert ("e0", "summer_time", "repaired") in what(read)
    right = ["time,e0"] + [f"2026-03-29T{n:02d}:00,{n + 10}" for n in range(24) if n != 2]
    file.write_text("\n".join(right))
    read = read_counts([file], NET, timezone="Europe/Rome", begin=datetime(2026, 3, 29))
    assert len(row(read, "e0")) == 23
    assert not {one for one in what(read) if one[1] == "summer_time"}


def test_vehicles_per_hour_in_minutes_become_vehicles(tmp_path: Path) -> None:
    series = days(2, ["e0", "e1"], 24)
    read = read_counts([long_file(tmp_path, {**series, "e1": series["e1"] * 12})], NET)
    assert ("e1", "per_hour", "repaired") in what(read)
    np.testing.assert_allclose(row(read, "e1"), series["e1"])
    assert "per_hour" not in {w for s, w, _ in what(read) if s == "e0"}


def test_told_per_lane_is_found_by_sensors_in_series(tmp_path: Path) -> None:
    series = days(3, ["e0", "e1", "e2"])
    read = read_counts([long_file(tmp_path, {**series, "e1": np.round(series["e1"] / 2)})], NET)
    assert {w for w in what(read) if w[1] == "per_lane"} == {("e1", "per_lane", "repaired")}
    assert row(read, "e1").sum() == pytest.approx(series["e1"].sum(), rel=0.03)


def test_speeds_in_the_wrong_unit_are_brought_right(tmp_path: Path) -> None:
    rng = stream(4, "speeds")
    lines = ["sensor_id,measure,begin,period_s,result"]
    for n in range(24):
        for sensor, factor in (("e0", 3.6), ("e1", 1.0)):
            lines.append(f"{sensor},vehicle_count,{300 * n},300,9")
            lines.append(f"{sensor},speed,{300 * n},300,{factor * rng.normal(12, 1):.1f}")
    file = tmp_path / "c.csv"
    file.write_text("\n".join(lines))
    read = read_counts([file], NET)
    assert {w for w in what(read) if w[1] == "speed_unit"} == {("e0", "speed_unit", "repaired")}
    np.testing.assert_allclose(np.nanmean(read.speeds_mps, axis=1), 12, atol=1)


@pytest.mark.parametrize("hours", [-2, 1, 8])
def test_a_day_in_another_time_zone_is_moved_back(tmp_path: Path, hours: int) -> None:
    names = ["e0", "w0", "e1", "w1", "e2", "w2"]
    series = days(5, names)
    shifted = np.roll(series["w1"], 12 * hours)
    read = read_counts([long_file(tmp_path, {**series, "w1": shifted})], NET)
    assert {w for w in what(read) if w[1] == "time_zone"} == {("w1", "time_zone", "repaired")}
    kept = ~np.isnan(row(read, "w1"))
    np.testing.assert_array_equal(row(read, "w1")[kept], series["w1"][kept])
    assert kept.sum() == 288 - 12 * abs(hours)


def test_a_sensor_of_the_other_direction_is_put_there(tmp_path: Path) -> None:
    east, west = days(6, ["e0", "e1", "e2"]), days(7, ["w0", "w1"], level=160.0)
    read = read_counts([long_file(tmp_path, {**east, **west, "w3": east["e2"]})], NET)
    assert ("w3", "reversed_edge", "repaired") in what(read)
    assert dict(zip(read.counts.sensors, read.counts.edges, strict=True))["w3"] == "e3"
    assert {s for s, w, _ in what(read) if w == "reversed_edge"} == {"w3"}
    placed = read_counts([long_file(tmp_path, east)], NET, sensors={"e0": Place(edge="e0", bearing_deg=270.0)})
    assert dict(zip(placed.counts.sensors, placed.counts.edges, strict=True))["e0"] == "w0"


def test_buses_among_cars_are_taken_off_where_a_timetable_agrees(tmp_path: Path) -> None:
    series = days(8, ["e0", "e1", "e2"])
    rng = stream(8, "buses")
    mixed = {**series, "e1": series["e1"] + rng.poisson(4.0, 288)}
    read = read_counts([long_file(tmp_path, mixed)], NET, buses={"e1": 48.0})
    assert {w for w in what(read) if w[1] == "buses_as_cars"} == {("e1", "buses_as_cars", "repaired")}
    assert row(read, "e1").sum() == pytest.approx(series["e1"].sum(), rel=0.05)
    unknown = read_counts([long_file(tmp_path, mixed)], NET)
    assert ("e1", "buses_as_cars", "noted") in what(unknown)
    np.testing.assert_array_equal(row(unknown, "e1"), mixed["e1"])


def test_sensors_that_stand_nowhere_are_left_out_by_name(tmp_path: Path) -> None:
    series = dict.fromkeys(("e0", "bus", "e9", "p"), np.array([5.0, 6.0]))
    places = {"p": Place(x=5000.0, y=5000.0)}
    read = read_counts([long_file(tmp_path, series)], NET, sensors=places)
    assert read.counts.sensors == ("e0",)
    assert {("bus", "closed_edge", "left_out"), ("e9", "place", "left_out"), ("p", "place", "left_out")} <= what(read)
    assert all(one.reason["zh"] for one in read.repairs)


@pytest.mark.parametrize(("bearing", "edge"), [(90.0, "e1"), (270.0, "w1")])
def test_a_point_with_a_bearing_takes_the_right_direction(tmp_path: Path, bearing: float, edge: str) -> None:
    table = tmp_path / "sensors.csv"
    table.write_text(f"sensor_id,x,y,bearing\nd7,310,-4,{bearing}\n")
    assert read_places(table)["d7"].bearing_deg == bearing
    read = read_counts([long_file(tmp_path, {"d7": [1.0, 2.0]})], NET, sensors=table)
    assert read.counts.edges == (edge,)


def test_gaps_stay_gaps_and_too_many_leave_a_sensor_out(tmp_path: Path) -> None:
    base = day(stream(9, "day"), 288)
    rng = stream(9, "gaps")
    some = np.where(rng.random(288) < 0.4, np.nan, base)
    few = np.where(rng.random(288) < 0.97, np.nan, base)
    read = read_counts([long_file(tmp_path, {"e0": base, "w0": some, "w1": few})], NET)
    assert read.counts.sensors == ("e0", "w0")
    np.testing.assert_array_equal(row(read, "w0"), some)
    assert {("w0", "missing", "noted"), ("w1", "missing", "left_out")} <= what(read)


def test_more_than_lanes_can_carry_is_a_gap(tmp_path: Path) -> None:
    series = days(10, ["e0"], 24)
    series["e0"][5] = 5000.0
    read = read_counts([long_file(tmp_path, series)], NET)
    assert np.isnan(row(read, "e0")[5])
    assert np.isnan(row(read, "e0")).sum() == 1


def test_clean_counts_raise_no_alarm(tmp_path: Path) -> None:
    for seed in range(8):
        east, west = days(seed, ["e0", "e1", "e2"]), days(seed + 100, ["w0", "w1", "w2"])
        assert not read_counts([long_file(tmp_path, {**east, **west})], NET).repairs


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a,b\n1,2\n", "columns are a, b"),
        ("sensor_id,begin,result\ne0,yesterday,2\n", "the time is 'yesterday'"),
        ("sensor_id,begin,result\ne0,0,two\n", "'two'"),
        ("sensor_id,begin,result,unit\ne0,0,2,furlongs\n", "'furlongs'"),
        ("sensor_id,begin,result\nx1,0,2\n", "no sensor can be matched"),
        ("sensor_id,begin,result,measure\ne0,0,2,presence\n", "no row is about"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(tmp_path: Path, text: str, match: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(BadInput, match=match) as told:
        read_counts([file], NET)
    assert str(file) in str(told.value)


def test_units_and_periods_that_rows_state_are_used(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "sensor_id,begin,period_s,result,unit\ne0,0,300,120,veh/h\ne1,0,150,4,\ne1,150,150,5,\nw0,0,420,7,\n"
    )
    read = read_counts([file], NET, period_s=300)
    assert dict(zip(read.counts.sensors, read.counts.vehicles[:, 0], strict=True))["e0"] == 10.0
    assert row(read, "e1").tolist()[0] == 9.0
    assert ("w0", "other_period", "left_out") in what(read)
