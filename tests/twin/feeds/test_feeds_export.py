"""What feeds told, written for other programs: each key once, and read again by what reads counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from calibration import Observation
from calibration.counting.readings import read_readings
from calibration.observation_file import read_observations
from twin.cli import run
from twin.feeds import Position
from twin.store import FeedStore

BEGIN = datetime(2026, 5, 4, 7, tzinfo=UTC)
FEEDS = """feeds:
  - id: loops
    source: {kind: folder, path: in}
    format: sensorthings
    owner: The town
    licence: CC BY 4.0
"""


def counted(sensor: str, period: int, result: float | None, later_s: float = 0.0) -> Observation:
    begin = BEGIN + timedelta(seconds=300 * period)
    said = begin + timedelta(seconds=300 + later_s)
    return Observation(sensor, "vehicle_count", begin, 300.0, result, "good", said, details={"lane": 1})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two sensors, two periods; one count corrected, one told twice, one missing; and a bus."""
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    rows = [counted("a", 0, 5.0), counted("b", 0, 7.0), counted("a", 1, 6.0), counted("a", 1, 6.0),
            counted("a", 0, 9.0, 60.0), counted("b", 1, None)]  # fmt: skip
    with FeedStore(tmp_path / "data") as store:
        store.take("loops", 0, 6, list(enumerate(rows)), ())
        store.take("loops", 6, 7, [(6, Position("bus-1", BEGIN, 24.9, 60.2, BEGIN))], ())
    return tmp_path / "feeds.yaml"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_counts_come_out_once_and_can_be_read_as_counts(
    file: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"counts.{ending}"
    assert run(["feeds", "export", str(file), "--measure", "vehicle_count", "--out", str(out)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"wrote 4 rows of observations to {out}", "  loops: The town, CC BY 4.0",
    ]  # fmt: skip
    wanted = {("a", 0): 9.0, ("a", 1): 6.0, ("b", 0): 7.0, ("b", 1): None}
    kept = {(o.sensor_id, round((o.begin - BEGIN).total_seconds() / 300)): o.result for o in read_observations(out)}
    assert kept == wanted
    read = read_readings([out], "vehicle_count")
    assert sorted(map(str, read["sensor"])) == ["a", "a", "b", "b"]
    times = {pd.Timestamp(str(one)) for one in read["time"]}
    assert times == {pd.Timestamp(BEGIN), pd.Timestamp(BEGIN + timedelta(seconds=300))}


def test_a_window_one_sensor_and_who_told_it(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.parquet"
    window = ["--from", BEGIN.isoformat(), "--to", (BEGIN + timedelta(seconds=300)).isoformat()]
    assert run(["feeds", "export", str(file), "--sensor", "a", "--lineage", *window, "--out", str(out)]) == 0
    (row,) = pd.read_parquet(out).to_dict("records")
    assert (row["result"], row["feed"], row["number"], row["details"]) == (9.0, "loops", 4, '{"lane":1}')


def test_nothing_there_leaves_nothing(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "none.csv"
    assert run(["feeds", "export", str(file), "--table", "places", "--out", str(out)]) == 2
    assert "the store has no such rows" in capsys.readouterr().err
    assert not out.exists() and not list(tmp_path.glob(".*.part"))
    assert run(["feeds", "export", str(file), "--out", str(tmp_path / "counts.xlsx")]) == 2
    assert "ends in .csv or .parquet" in capsys.readouterr().err


def test_positions_are_not_given_away(file: Path, tmp_path: Path) -> None:
    assert run(["feeds", "export", str(file), "--table", "positions", "--out", str(tmp_path / "p.csv")]) == 2
