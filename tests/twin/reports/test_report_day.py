"""The report of a served town's day, of a case and of a comparison: what was kept is told, and nothing else."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from networks.errors import NotThere
from networks.sentence import say
from twin.alarms import AlarmBook, Finding
from twin.cli import run
from twin.cycle import Picture
from twin.desk import Desk
from twin.live.cycles import Cycles
from twin.reports.day import day_of

EVENING = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)  # half past eleven in Berlin: the next day begins at 23:00 UTC
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """Twelve cycles around midnight, an alarm on each side of it, the second judged, and a recommendation decided."""
    folder = tmp_path / "town"
    folder.mkdir()
    now = [EVENING]
    desk = Desk.open(folder / "desk.sqlite", now=lambda: now[0])
    alarms, cycles = AlarmBook(desk.book), Cycles(desk.book)
    for number in range(12):
        now[0] = EVENING + timedelta(minutes=5 * number)
        street = "e1" if number < 6 else "e2"
        told = Finding("spillback", street, "II", say(f"queue at {SCRIPT}", "排队"), now[0], now[0], edges=(street,))
        alarms.take([told], now[0], f"run-{number}")
        without = (say("traffic: late", "交通：超时"),) if number == 7 else ()
        picture = Picture(f"run-{number}", now[0], EVENING, left_out=without, seconds={"traffic": 2.0 + number})
        cycles.keep(picture, "normal", 0)
    late = next(one for one in alarms.alarms() if one.subject == "e2")
    alarms.judge(late.alarm_id, "false", "Ann", "camera shows nothing")
    made = {"rec_id": "r1", "kind": "signal_timing", "title": say("Longer green", "延长绿灯"), "action": []}
    times = {"created": now[0].isoformat(), "valid_until": (now[0] + timedelta(hours=1)).isoformat()}
    desk.propose(made | times)
    now[0] += timedelta(minutes=4)
    desk.decide("r1", "reject", who="Ben", why="roadworks")
    desk.close()
    return folder


def test_a_day_is_that_of_its_zone(served: Path) -> None:
    berlin, whole = day_of(served, None, ZoneInfo("Europe/Berlin")), day_of(served, None, UTC)
    assert berlin.day == date(2026, 11, 3) and len(berlin.cycles) == 6
    assert whole.day == date(2026, 11, 2) and len(whole.cycles) == 12
    assert [one.seconds["traffic"] for one in berlin.cycles] == [8.0, 9.0, 10.0, 11.0, 12.0, 13.0]
    before = day_of(served, date(2026, 11, 2), ZoneInfo("Europe/Berlin"))
    assert [one.subject for one in before.alarms] == ["e1"] and before.decisions == () and before.missing == ()
    with pytest.raises(NotThere, match="no cycle on 2026-11-09"):
        day_of(served, date(2026, 11, 9), UTC)


def test_the_report_tells_what_was_kept_and_its_tables_too(served: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    assert run(["report", "day", str(served), "-o", str(out), "--timezone", "Europe/Berlin"]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    for told in ("延长绿灯", "Ben: roadworks", "false alarm, Ann", "误报，Ann", "traffic: late", "运行日报", "完整"):
        assert told in page, told
    assert SCRIPT not in page and "&lt;script&gt;" in page
    rows = list(csv.DictReader((out / "decisions.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 1 and rows[0]["took, min"] == "4" and rows[0]["what (zh)"] == "延长绿灯"
    judged = list(csv.DictReader((out / "alarm_quality.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["kind"], row["false"]) for row in judged] == [("queue that fills its street", "1")]


def test_what_is_not_there_is_told(served: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "r")
    assert run(["report", "day", str(tmp_path), "-o", out]) == 2
    assert "no desk is kept here" in capsys.readouterr().err
    assert run(["report", "day", str(served), "-o", out, "--timezone", "Mars/Base"]) == 2
    assert "no such time zone" in capsys.readouterr().err
    assert run(["report", "review", str(served), "-o", out]) == 2
    assert "nobody said which case" in capsys.readouterr().err
    assert run(["report", "review", str(served), "-o", out, "--case", "none"]) == 2
    assert run(["report", "day", str(tmp_path / "away"), "-o", out]) == 2
    told = capsys.readouterr().err
    assert "there is no such folder" in told and "twin serve CITY" in told and str(tmp_path / "away") in told


def test_a_comparison_names_verdicts_and_members_left_out() -> None:
    from scenarios import Comparison
    from scenarios.comparison import Row
    from twin.reports.compared import comparison_table

    row = Row("mean_delay_s", "s", 60.0, 48.0, -12.0, -15.0, -9.0, 5, 0.9, 0.1, "better")
    left = say("seed 3 is left out: gridlock", "种子3剔除：锁死")
    table = comparison_table(Comparison("a", "b", (row,), (left,), pairs=5, seeds=6))
    assert table.marks == ["good"] and table.note == left
    assert table.rows[0][4] == "−15 … −9" and table.rows[0][5] == "5"
