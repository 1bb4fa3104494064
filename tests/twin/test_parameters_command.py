"""`twin parameters` from counts to files that SUMO takes, on a street whose capacity has a closed form."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

from networks import sumo_home
from twin.cli import run

TAU_S = 1.6


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """Three streets in a row, more vehicles than they carry, and what drivers with a headway of 1.6 s let through."""
    spots = "".join(f'<node id="n{i}" x="{i * 300}" y="0"/>' for i in range(4))
    streets = "".join(f'<edge id="e{i}" from="n{i}" to="n{i + 1}" numLanes="1" speed="13.9"/>' for i in range(3))
    (tmp_path / "l.nod.xml").write_text(f"<nodes>{spots}</nodes>", encoding="utf-8")
    (tmp_path / "l.edg.xml").write_text(f"<edges>{streets}</edges>", encoding="utf-8")
    words = ("-n", "l.nod.xml", "-e", "l.edg.xml", "-o", "l.net.xml")
    subprocess.run([str(sumo_home() / "bin" / "netconvert"), *words], check=True, capture_output=True, cwd=tmp_path)
    (tmp_path / "line.rou.xml").write_text(
        '<routes><vType id="car" sigma="0" speedDev="0" length="5"/><route id="r" edges="e0 e1 e2"/>'
        '<flow id="a" type="car" route="r" begin="0" end="600" period="1.2" departSpeed="max"/></routes>',
        encoding="utf-8",
    )
    (tmp_path / "line.sumocfg").write_text(
        '<configuration><net-file value="l.net.xml"/><route-files value="line.rou.xml"/><begin value="0"/>'
        '<end value="600"/><step-length value="0.5"/></configuration>',
        encoding="utf-8",
    )
    flow = 300 / (TAU_S + 7.5 / 13.9)
    rows = [
        f"{edge},300,300,{measure},{result}"
        for edge, kmh in (("e0", 39.4), ("e1", 49.3), ("e2", 50.0))
        for measure, result in (("vehicle_count,", f"{flow:.0f}"), ("speed,km/h", kmh))
    ]
    head = "sensor_id,begin,period_s,measure,unit,result"
    (tmp_path / "counts.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return tmp_path


def test_counts_become_vehicle_types_that_sumo_takes(line: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = line / "out"
    given = ["parameters", "--sumocfg", str(line / "line.sumocfg"), "--counts", str(line / "counts.csv"), "--ahead",
             "300", "--simulations", "15", "--fresh", "2", "--by", "edges", "--hold-out", "0.6", "--serial",
             "--report", str(out)]  # fmt: skip
    assert run([*given, "--fit", "rho"]) == 2 and "rho" in capsys.readouterr().err
    assert not out.exists()
    assert run([*given, "--fit", "tau"]) == 0
    told = capsys.readouterr().out
    assert "1 periods of 300 s, speeds" in told and "  speeds" in told
    assert "cars tau" in told and "inform it" in told and "held out" in told
    with (out / "parameters.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert float(row["found"]) == pytest.approx(TAU_S, abs=0.12) and row["unit"] == "s"
    assert f'tau="{float(row["kept"]):.6g}"' in (out / "drivers.add.xml").read_text(encoding="utf-8")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "time headway" in page and "跟车时距" in page
    sumo = [str(sumo_home() / "bin" / "sumo"), "-c", str(out / "run.sumocfg"), "--no-step-log"]
    assert subprocess.run(sumo, capture_output=True, check=False).returncode == 0
