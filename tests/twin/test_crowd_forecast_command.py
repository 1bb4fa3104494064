"""`twin crowd forecast`: what it prints and writes; on Jiuzhaigou it beats the naive forecasts at every horizon."""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from calibration.visits import forecast_visits, read_history, score
from twin.cli import run

if TYPE_CHECKING:
    from networks import City

DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[3] / "shared" / "data")) / "crowd/visitors"
WEEKS = "".join(f"{date(2021, 3, 1) + timedelta(days=day)},{1000 + 37 * (day % 7) + day % 11}\n" for day in range(140))


def test_a_forecast_is_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "v.csv", tmp_path / "out"
    file.write_text("date,visitors\n" + WEEKS, encoding="utf-8")
    assert run(["crowd", "forecast", str(file), "--days", "3", "--name", "West Lake <b>", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "2021-07-19 Mon  mon" in told and "in 80 %" in told
    rows = list(csv.DictReader((out / "forecast.csv").read_text().splitlines()))
    assert [row["date"] for row in rows] == ["2021-07-19", "2021-07-20", "2021-07-21"]
    page = (out / "forecast.html").read_text(encoding="utf-8")
    assert "West Lake &lt;b&gt;" in page and "未来各日" in page and "The days to come" in page


def test_a_wrong_column_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "v.csv"
    file.write_text("date,visitors\n" + WEEKS, encoding="utf-8")
    assert run(["crowd", "forecast", str(file), "--column", "tourist", "--out", str(tmp_path / "o")]) == 2
    assert "name the one with visitors by --column" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_jiuzhaigou_is_beaten_at_every_horizon() -> None:
    if not DATA.is_dir():
        pytest.skip("no daily visitors of Jiuzhaigou here: CITYTWIN_DATA names the folder of real data")
    history = read_history(DATA / "Jiuzhaigou_data.csv", column="tourist")
    skill = score(forecast_visits(history, 28), horizons=range(1, 29))
    assert len(skill) == 28 and any("weekday column" in note["en"] for note in history.notes)
    for one in skill:
        assert one.mae < one.mae_seasonal, f"{one.horizon} days ahead"
    assert sum(one.mae for one in skill) < 0.82 * sum(one.mae_seasonal for one in skill)
    assert all(abs(one.held[0] - 0.8) < 0.06 and abs(one.held[1] - 0.9) < 0.04 for one in skill)


SITES = """\
alarms: {levels: [60, 80, 100], source: plan}
sites:
  - {id: square, name: Great Square, at: [24.9475, 60.1675], approved: {daily: 1500, source: decision 7}, source: us,
     hours: [{from: "09:00", to: "18:00", days: [mon, tue, wed, thu, fri, sat]}]}
"""


def test_a_site_s_capacity_alarms_and_days_of_rest(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, sites, out = tmp_path / "v.csv", tmp_path / "sites.yaml", tmp_path / "out"
    file.write_text("date,visitors\n" + WEEKS, encoding="utf-8")
    sites.write_text(SITES, encoding="utf-8")
    asked = ["crowd", "forecast", str(file), "--country", "none", "--out", str(out), "--site", "square"]
    assert run(asked) == 2
    assert "--city and --site together" in capsys.readouterr().err
    asked += ["--city", str(helsinki.folder), "--sites", str(sites)]
    assert run(asked) == 0
    told = capsys.readouterr().out
    assert "visitors were counted on 8 of the last 56 days although the site's hours" in told
    assert "capacity 1500 a day, approved: decision 7" in told
    rows = {row["date"]: row for row in csv.DictReader((out / "forecast.csv").read_text().splitlines())}
    assert rows["2021-07-25"]["kind"] == "closed" and float(rows["2021-07-25"]["median"]) == 0.0
    monday = rows["2021-07-19"]
    assert float(monday["share"]) == pytest.approx(float(monday["median"]) / 1500, abs=1e-3)
    assert monday["alarm"] == "1" and int(monday["alarm_perhaps"]) >= 1
    page = (out / "forecast.html").read_text(encoding="utf-8")
    assert "Great Square" in page and "占日承载量" in page and "daily capacity: 1,500" in page
    assert run([*asked[:-1], str(sites), "--site", "nowhere"]) == 2
    assert "there is no site 'nowhere'" in capsys.readouterr().err
