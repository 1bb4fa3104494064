"""What is wrong with counts, one file each as somebody would send it: found, named, and repaired with a trace or left
out with a reason; the vehicles that come out are those that passed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from counted_street import day, street

from calibration.counting import read_counts
from calibration.counting.bus_rates import route_file_rates, timetable_rates
from models.streams import stream
from networks.errors import BadInput

NET, PERIODS, ROME = street(5), 288, ZoneInfo("Europe/Rome")
NAMES = tuple(f"{side}{at}" for side in "ew" for at in range(5))
Rows = list[tuple[str, str, str]]


def truth(west: float = 80.0) -> dict[str, np.ndarray]:
    """A day of 5 minutes: eastward and westward each one stream of vehicles, with a few that end in between."""
    base = {
        side: day(stream(ord(side), "bad input"), PERIODS, level=level) for side, level in (("e", 80.0), ("w", west))
    }
    return {name: base[name[0]] + stream(3, name).integers(-1, 2, PERIODS).clip(-base[name[0]], None) for name in NAMES}


def west_of(fault: str) -> float:
    """Directions are told apart where they differ."""
    return 200.0 if fault == "reversed" else 80.0


def rows_of(values: dict[str, np.ndarray], first: datetime) -> Rows:
    return [
        (name, (first + timedelta(seconds=300 * at)).isoformat(), f"{number:g}")
        for name, series in values.items() for at, number in enumerate(series)
    ]  # fmt: skip


def written(file: Path, rows: Rows) -> Path:
    file.write_text("\n".join(["sensor_id,begin,result", *map(",".join, rows)]) + "\n", encoding="utf-8")
    return file


MIDNIGHT = datetime(2026, 5, 4, tzinfo=UTC)


def bent(fault: str) -> Rows:
    """The true day with one thing wrong."""
    values = truth(west_of(fault))
    rng = stream(7, fault)
    if fault == "wrong unit":
        values["e1"] = values["e1"] * 12
    if fault == "wrong time zone":
        values["w1"] = np.roll(values["w1"], 12 * 7)
    if fault == "reversed":
        values["e1"] = values["w1"].copy()
    if fault == "closed":
        values["bus"] = values["e1"].copy()
    if fault == "buses":
        values["e1"] = values["e1"] + rng.poisson(4.0, PERIODS)
    rows = rows_of(values, MIDNIGHT)
    if fault == "duplicates":
        rows += [rows[at] for at in rng.choice(len(rows), 200, replace=False)]
    if fault == "out of order":
        rows = [rows[at] for at in rng.permutation(len(rows))]
    if fault == "missing":
        rows = [row for row in rows if row[0] != "e1" or rng.random() > 0.4]
    return rows


@pytest.mark.parametrize(
    ("fault", "sensor", "what", "action"),
    [
        ("wrong unit", "e1", "per_hour", "repaired"),
        ("wrong time zone", "w1", "time_zone", "repaired"),
        ("reversed", "e1", "reversed_edge", "repaired"),
        ("closed", "bus", "closed_edge", "left_out"),
        ("duplicates", "e1", "duplicate", "repaired"),
        ("out of order", "e1", "out_of_order", "repaired"),
        ("missing", "e1", "missing", "noted"),
        ("buses", "e1", "buses_as_cars", "repaired"),
    ],
)
def test_each_fault_is_named_and_mended(tmp_path: Path, fault: str, sensor: str, what: str, action: str) -> None:
    read = read_counts([written(tmp_path / "counts.csv", bent(fault))], NET, buses={"e1": 48.0})
    told = [one for one in read.repairs if one.sensor == sensor and one.what == what]
    assert [one.action for one in told] == [action], sorted({(one.sensor, one.what) for one in read.repairs})
    assert told[0].reason["en"] and told[0].reason["zh"]
    assert sensor in read.counts.sensors or action == "left_out"
    right = truth(west_of(fault))
    for name, edge, own in zip(read.counts.sensors, read.counts.edges, read.counts.vehicles, strict=True):
        known = np.isfinite(own)
        assert own[known].sum() == pytest.approx(right[edge][known].sum(), rel=0.06), (fault, name)
    if fault == "missing":
        gone = np.isnan(read.counts.vehicles[read.counts.sensors.index("e1")])
        assert 0.3 < gone.mean() < 0.5, "a gap is a gap and no zero"


@pytest.mark.parametrize(("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_clocks_change_have_their_hours(tmp_path: Path, date: str, hours: int) -> None:
    """The export of a device that follows the wall clock; every vehicle lands in its own five minutes."""
    first = datetime.fromisoformat(date).replace(tzinfo=ROME).astimezone(UTC)
    values = {name: np.arange(1.0, 12 * hours + 1) for name in ("e0", "w0")}
    local = [
        (name, (first + timedelta(seconds=300 * at)).astimezone(ROME).replace(tzinfo=None).isoformat(), f"{number:g}")
        for name, series in values.items() for at, number in enumerate(series)
    ]  # fmt: skip
    read = read_counts([written(tmp_path / "counts.csv", local)], NET, timezone="Europe/Rome", doubt=False)
    assert read.counts.vehicles.shape == (2, 12 * hours)
    np.testing.assert_array_equal(read.counts.vehicles[0], values["e0"])


def test_what_is_said_a_day_late_counts_and_is_told(tmp_path: Path) -> None:
    rows = ["sensor_id,begin,period_s,result,result_time"]
    for at in range(12):
        begin = MIDNIGHT + timedelta(seconds=300 * at)
        said = begin + timedelta(days=1 if at == 4 else 0, seconds=300)
        rows.append(f"e0,{begin.isoformat()},300,{at},{said.isoformat()}")
    file = tmp_path / "late.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    read = read_counts([file], NET)
    assert [(one.what, one.line) for one in read.repairs] == [("late", 6)]
    assert read.counts.vehicles[0, 4] == 4


def test_buses_come_from_a_timetable_or_a_route_file(tmp_path: Path) -> None:
    routes = pd.DataFrame(
        {"route_id": ["7/0", "9/0"], "mode": "bus", "headway_s": [600.0, 1200.0], "edges": ["e0 e1", "e1"]}
    )
    calls = pd.DataFrame(
        {"route_id": "7/0", "sequence": [0, 1] * 11, "second": [at * 1800.0 for at in range(11) for _ in (0, 1)]}
    )
    assert timetable_rates(routes, calls) == {"e0": 2.0, "e1": 5.0}
    assert timetable_rates(routes)["e0"] == 6.0
    file = tmp_path / "buses.rou.xml"
    file.write_text(
        '<routes><route id="r" edges="e0 e1"/><vehicle id="a" depart="0" route="r"/>'
        '<vehicle id="b" depart="3600"><route edges="e1 e2"/></vehicle>'
        '<flow id="c" begin="0" end="7200" period="600" route="r"/></routes>',
        encoding="utf-8",
    )
    assert route_file_rates(file) == {"e0": 6.5, "e1": 7.0, "e2": 0.5}
    file.write_text("<routes/>", encoding="utf-8")
    with pytest.raises(BadInput, match="no vehicle with a route"):
        route_file_rates(file)
