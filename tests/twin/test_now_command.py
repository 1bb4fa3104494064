"""`twin now` follows a grid of four crossings through what was counted on it, and goes on where it ended."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from calibration.flows import simulated
from calibration.live.dressing import COPIES
from calibration.skill import Ledger, measure
from models.sumo import can_fork
from networks import sumo_home
from twin.cli import run


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network, its demand of a quarter of an hour, a .sumocfg, and what five streets counted."""
    folder = tmp_path_factory.mktemp("grid")
    net = folder / "grid.net.xml"
    made = ("--grid", "--grid.number", "2", "--grid.length", "150", "--grid.attach-length", "150", "-o", str(net))
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *made], check=True, capture_output=True)
    ways = [("left0A0", "B0right0"), ("right1B1", "A1left1"), ("bottom0A0", "A1top0"), ("top1B1", "B0bottom1")]
    trips = sorted((8.0 * at, f"{a}-{at}", a, b) for a, b in ways for at in range(112))
    rows = "".join(f'<trip id="{name}" depart="{time}" from="{a}" to="{b}"/>' for time, name, a, b in trips)
    demand = folder / "own.rou.xml"
    demand.write_text(f"<routes>{rows}</routes>", encoding="utf-8")
    (folder / "grid.sumocfg").write_text(
        '<configuration><net-file value="grid.net.xml"/><route-files value="own.rou.xml"/></configuration>',
        encoding="utf-8",
    )
    told = simulated(net, demand, end_s=900.0, period_s=300.0, seed=4).counts
    edges = ("left0A0", "A0B0", "right1B1", "B1A1", "top1B1")
    lines = [
        f"2026-05-04T00:{5 * period:02d}:00,{edge},{told.vehicles[told.edges.index(edge), period]:.0f}"
        for period in range(3) for edge in edges
    ]  # fmt: skip
    (folder / "counts.csv").write_text("\n".join(["time,sensor_id,vehicles", *lines]), encoding="utf-8")
    (folder / "sensors.csv").write_text(
        "\n".join(["sensor_id,edge", *(f"{edge},{edge}" for edge in edges)]), encoding="utf-8"
    )
    return folder


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_cycle_by_cycle_and_on_from_there(grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["now", "--sumocfg", str(grid / "grid.sumocfg"), "--counts", str(grid / "counts.csv"), "--sensors",
             str(grid / "sensors.csv"), "--members", "2", "--folder", str(tmp_path / "now")]  # fmt: skip
    assert run([*words, "--until", "0:10"]) == 0
    told = capsys.readouterr().out
    assert "00:05  demand" in told and "00:10  demand" in told and "00:15" not in told and "2 members" in told
    with np.load(tmp_path / "now" / "live" / "forecasts" / "000000600.npz") as file:
        assert file["flow_members"].shape == (2 * COPIES, len(file["flow_places"]), 12)
    assert run(words) == 0
    again = capsys.readouterr().out
    assert "00:10  demand" not in again and "00:15  demand" in again and "cycles: 1" in again
    rows = {row.quantity: row for row in measure(Ledger(tmp_path / "now" / "skill").settled()).rows["quantity"]}
    assert {"twin", "persistence", "served"} <= set(rows["flow"].error) and rows["flow"].cases == 15
    assert run(words) == 0
    assert "no new cycle" in capsys.readouterr().out


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_days_like_this_one_raise_no_suspicion(grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["now", "--sumocfg", str(grid / "grid.sumocfg"), "--counts", str(grid / "counts.csv"), "--sensors",
             str(grid / "sensors.csv"), "--members", "2", "--folder", str(tmp_path / "now")]  # fmt: skip
    day = ["--usual", str(grid / "counts.csv")]
    assert run([*words, *day, *day]) == 2
    assert "2 earlier days" in capsys.readouterr().err
    assert run([*words, *day, *day, *day]) == 0
    told = capsys.readouterr().out
    assert "cycles: 3" in told and "since" not in told
    (flow, *_) = measure(Ledger(tmp_path / "now" / "skill").settled()).rows["quantity"]
    assert flow.error["historical mean"] == 0.0, "days that are this one"
    kept = tmp_path / "now" / "live" / "watch.json"
    kept.write_text(kept.read_text()[:-9])
    assert run([*words, *day, *day, *day]) == 2
    assert "watch.json" in capsys.readouterr().err, "a second call goes on with what was found"
    assert run([*words[:-1], str(tmp_path / "zh"), "--until", "0:05", "--lang", "zh", "--meso"]) == 0
    assert "需求为平时的" in capsys.readouterr().out


def test_what_cannot_be_followed_is_named(grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["now", "--sumocfg", str(grid / "grid.sumocfg"), "--counts", str(grid / "counts.csv"), "--sensors",
             str(grid / "sensors.csv"), "--folder", str(tmp_path / "now")]  # fmt: skip
    assert run([*words, "--until", "half past"]) == 2
    assert "'half past' is no time of day" in capsys.readouterr().err
    assert run([*words, "--keep", str(grid / "counts.csv")]) == 2
    assert "it is no route file of the case" in capsys.readouterr().err
    words[2] = str(grid / "grid.net.xml")
    assert run(words) == 2
