"""`twin sensors`: what a person types, and what comes of it, on the streets of Bologna."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from calibration.flows import read_roads
from calibration.proof import read_journeys
from models.streams import stream
from twin.cli import run

DATA = Path(os.environ.get("CITYTWIN_DATA", "../shared/data"))
NET = DATA / "sumo/bologna/joined_buslanes.net.xml"
pytestmark = pytest.mark.skipif(not NET.is_file(), reason="CITYTWIN_DATA has no sumo/bologna")
EDGES = ("a1", "a104", "a103", "a15", "b12", "a69", "a209", "b8", "b52", "b51", "a68", "b46")


def counts_file(file: Path, seed: int, *, stuck: str = "") -> Path:
    """A day of 15 minutes at EDGES, the same shape on both days; one may be stuck from 8:00 to 14:00."""
    rng = stream(seed, "sensors-commands")
    hours = np.arange(96) / 4
    shape = 0.2 + np.exp(-(((hours - 8) / 2.5) ** 2)) + np.exp(-(((hours - 17.5) / 3) ** 2))
    lines = ["sensor_id,begin,period_s,result"]
    for number, edge in enumerate(EDGES):
        values = rng.poisson((20 + 3 * number) * shape)
        if edge == stuck:
            values[32:56] = values[32]
        lines += [f"{edge},2026-05-04T{n // 4:02d}:{15 * (n % 4):02d},900,{value}" for n, value in enumerate(values)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_reading_writes_clean_counts_and_every_repair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = counts_file(tmp_path / "c.csv", 1)
    file.write_text(file.read_text() + "a1,2026-05-04T00:00,900,7\nnowhere,2026-05-04T00:00,900,7\n")
    out, repairs = tmp_path / "clean.csv", tmp_path / "repairs.csv"
    words = ["sensors", "read", str(file), "--sumocfg", str(NET), "--timezone", "Europe/Rome"]
    assert run([*words, "--out", str(out), "--repairs", str(repairs)]) == 0
    assert "12 sensors on 12 edges, 96 periods of 900 s" in capsys.readouterr().out
    rows = list(csv.DictReader(repairs.open(encoding="utf-8")))
    assert {(row["sensor"], row["what"], row["action"]) for row in rows} >= {
        ("a1", "duplicate", "repaired"),
        ("nowhere", "place", "left_out"),
    }
    first = next(csv.DictReader(out.open(encoding="utf-8")))
    assert (first["begin"], first["result"]) == ("2026-05-03T22:00:00+00:00", "7")
    assert run([*words, "--out", str(out), "--begin", "noon"]) == 2
    assert "--begin is 'noon'" in capsys.readouterr().err


def test_a_stuck_sensor_is_told_kept_as_an_issue_and_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today, before = counts_file(tmp_path / "t.csv", 1, stuck="b8"), counts_file(tmp_path / "b.csv", 2)
    issues, filled = tmp_path / "issues.json", tmp_path / "filled.csv"
    words = ["sensors", "health", str(today), "--before", str(before), "--sumocfg", str(NET)]
    assert run([*words, "--issues", str(issues), "--filled", str(filled)]) == 0
    told = capsys.readouterr().out
    assert "12 sensors: 11 sound, 1 out" in told
    assert "b8:stuck" in issues.read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(filled.open(encoding="utf-8")) if row["sensor_id"] == "b8"]
    sources = [row["source"] for row in rows]
    assert sources.count("history") in range(22, 28), "six hours are replaced, the rest is believed"
    assert sources.count("sensor") == 96 - sources.count("history")
    change = ["sensors", "issue", "b8:stuck", "--issues", str(issues), "--state", "acknowledged", "--owner", "workshop"]
    assert run(change) == 0
    assert "acknowledged  workshop" in capsys.readouterr().out
    assert run([*words, "--issues", str(issues), "--report", str(tmp_path / "report")]) == 0
    page = (tmp_path / "report" / "health.html").read_text(encoding="utf-8")
    assert "11 of 12 sensors are sound" in page and "12 个检测器中，11 个正常" in page
    assert "workshop" in page and "已确认" in page and "8:00–14:" in page
    assert page.count("<figcaption>") == 1 and page.count('class="health-sound" cx') == 11 + 1
    assert run(["sensors", "issue", "b9:stuck", "--issues", str(issues), "--state", "mended"]) == 2


def test_passings_become_times_and_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = stream(3, "sensors-commands")
    lines = ["camera,time,plate"]
    for number in range(200):
        time = rng.uniform(0, 1800)
        lines += [f"a104,{time:.1f},BO{number}", f"a1,{time + 60 + rng.exponential(10):.1f},BO{number}"]
    file = tmp_path / "p.csv"
    file.write_text("\n".join(lines))
    counted = tmp_path / "n.csv"
    counted.write_text("camera,vehicles\na1,400\n")
    out = tmp_path / "out"
    words = ["sensors", "passings", str(file), "--sumocfg", str(NET), "--counted", str(counted), "--out", str(out)]
    assert run(words) == 0
    assert "400 passings at 2 cameras" in capsys.readouterr().out
    tables = {"travel_times.csv", "routes.csv", "ways.csv", "turns.csv", "cameras.csv"}
    assert {path.name for path in out.iterdir()} == tables
    roads = read_roads(NET)
    times = read_journeys(out / "travel_times.csv", roads, routes=out / "routes.csv", window=(0.0, 1800.0))
    assert times.names == ("a104>a1",) and times.edges[0][0] == "a104" and times.edges[0][-1] == "a1"
    with (out / "travel_times.csv").open(encoding="utf-8") as written:
        told = [float(row["result"]) for row in csv.DictReader(written)]
    assert times.usual_s[0].tolist() == told, "what passings write is what a calibration reads"
    assert not any("BO1" in path.read_text(encoding="utf-8") for path in out.iterdir())
    assert "0.500" in (out / "cameras.csv").read_text(encoding="utf-8")


def test_sites_are_listed_and_drawn_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sensors", "site", "--sumocfg", str(NET), "--count", "3", "--out", str(tmp_path)]) == 0
    assert "no 3 sensors could leave less than" in capsys.readouterr().out
    page = (tmp_path / "sites.html").read_text(encoding="utf-8")
    assert "Where another sensor helps most" in page
    assert "新增检测器的最佳位置" in page
    assert page.count('class="site-number"') == 3
    assert run(["sensors", "site", "--sumocfg", str(NET), "--count", "9999"]) == 2
    assert run(["sensors", "site", "--count", "1"]) == 2
