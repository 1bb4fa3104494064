"""`twin crowd now`: people, alarms, contradictions; the page in both languages."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli import run

if TYPE_CHECKING:
    import pytest

    from networks import City

COUNTERS = """\
sensor_id,measure,from,to,zone,per_person,error,source
in,person_count,outside,square,,,,test
out,person_count,square,outside,,,,test
cam,presence,,,square,,,test
"""
SITES = """\
sites:
  - {id: square, name: Square, at: [24.9475, 60.1675], approved: {instant: 1200, source: decision}, source: us}
"""


def written(folder: Path) -> list[str]:
    """Three hours in which 60 come and 30 leave in five minutes; the door out is stuck at the end."""
    begin, people, rows = datetime.fromisoformat("2026-05-01T09:00:00+08:00"), 0, []
    for at in range(36):
        time = begin + timedelta(minutes=5 * at)
        came, left = 60 + at % 7, 30 + at % 5 if at < 26 else 33
        people += came - left
        rows += [f"in,person_count,{time.isoformat()},300,{came}", f"out,person_count,{time.isoformat()},300,{left}"]
        rows.append(f"cam,presence,{(time + timedelta(minutes=4)).isoformat()},0,{people}")
    for name, text in (
        ("counters.csv", COUNTERS),
        ("sites.yaml", SITES),
        ("obs.csv", "\n".join(["sensor_id,measure,begin,period_s,result", *rows])),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / "counters.csv"), str(folder / "obs.csv")]


def test_who_is_where_and_when_it_is_full(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    asked = [
        "crowd",
        "now",
        *written(tmp_path),
        "--city",
        str(helsinki.folder),
        "--sites",
        str(tmp_path / "sites.yaml"),
    ]
    assert run([*asked, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "2026-05-01 12:00" in told, "times are those of the file's own clock"
    assert "alarm 3: " in told and "out told 33 for 10 periods" in told
    rows = list(csv.DictReader((out / "people.csv").read_text(encoding="utf-8").splitlines()))
    last = [row for row in rows if row["foreseen"] == "0"][-1]
    assert float(last["low90"]) < 1090 < float(last["high90"])
    page = (out / "now.html").read_text(encoding="utf-8")
    assert "各景点与街道人数" in page and "People in every site and street" in page and "卡死" in page


def test_past_days_foretell_the_rest_of_this_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = []
    for day in range(1, 13):
        rows = [
            f"2026-04-{day:02d}T{9 + at // 12:02d}:{5 * (at % 12):02d}:00+08:00,square,0,{(10 + day % 3) * at:.1f},0,0"
            for at in range(60)
        ]
        days.append(tmp_path / f"{day}.csv")
        days[-1].write_text("\n".join(["time,zone,foreseen,people,low90,high90", *rows]), encoding="utf-8")
    asked = ["crowd", "now", *written(tmp_path), "--out", str(tmp_path / "o"), "--ahead", "60"]
    assert run([*asked, *(part for one in days for part in ("--history", str(one)))]) == 0
    told = capsys.readouterr().out
    assert "square                    30" in told and "as now" in told
    page = (tmp_path / "o" / "now.html").read_text(encoding="utf-8")
    assert "min ahead" in page and "按当前人数" in page
    assert run(["crowd", "now", *written(tmp_path), "--out", str(tmp_path / "p"), "--history", str(days[0])]) == 0
    assert "1 past days are too few" in (tmp_path / "p" / "now.html").read_text(encoding="utf-8")


def test_a_counter_left_out_and_sites_without_a_city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["crowd", "now", *written(tmp_path), "--out", str(tmp_path / "o")]
    assert run([*asked, "--leave-out", "cam"]) == 0
    assert "cam was left out" in capsys.readouterr().out
    assert run([*asked, "--sites", str(tmp_path / "sites.yaml")]) == 2
    assert "give --city too" in capsys.readouterr().err
    assert run([*asked, "--leave-out", "nobody"]) == 2
    assert "no counter nobody" in capsys.readouterr().err
