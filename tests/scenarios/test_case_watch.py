"""The watchdog's rules on SUMO's summary: what went wrong on the way is found when the case is over."""

from __future__ import annotations

import subprocess
from pathlib import Path

from models.sumo import read_case
from networks import sumo_home
from scenarios.cases.case_run import CaseOptions, case_jobs, run_case_member
from scenarios.cases.case_watch import seen_in_summary
from scenarios.results.store import Store

HEAD = "step_time;step_loaded;step_inserted;step_running;step_waiting;step_teleports;step_halting\n"


def told(folder: Path, *cells: tuple[float, int, int, int, int, int], begin_s: float = 0.0) -> list[str]:
    """Reasons for rows of (time, inserted, running, waiting, teleports, standing) as SUMO writes them."""
    file = folder / "summary.csv"
    lines = [f"{t:.2f};0;{i};{r};{w};{te};{h}\n" for t, i, r, w, te, h in cells]
    file.write_text(HEAD + ";;;;;;\n" + "".join(lines))
    return [reason["en"] for reason in seen_in_summary(file, 1000, begin_s)]


def test_each_fault_is_seen_in_the_summary(tmp_path: Path) -> None:
    assert seen_in_summary(tmp_path / "summary.csv", 1000, 0.0) == ()
    assert told(tmp_path, (60, 900, 90, 0, 30, 10)) == []
    assert told(tmp_path, (60, 900, 90, 0, 31, 10)) == ["31 teleports for 1000 vehicles: more than 3%"]
    outside = [(3600 + 60 * k, 100 + k, 50, 500, 0, 10) for k in range(20)]
    assert "could not enter within 15 minutes" in told(tmp_path, *outside, begin_s=3600.0)[0]
    still = [(60 * k, 100, 50, 0, 0, 50) for k in range(12)]
    assert "gridlock: 50 of 50" in told(tmp_path, *still, (720, 100, 50, 0, 0, 0))[0]  # it dissolved: seen all the same
    assert told(tmp_path, *[(900 * k, 100, 50, 0, 0, 50) for k in range(12)]) == []  # looks too far apart to tell


def test_a_jammed_case_is_invalid_and_says_gridlock(tmp_path: Path) -> None:
    words = ["--grid", "--grid.number", "3", "--grid.length", "300", "--no-warnings", "-o", str(tmp_path / "n.net.xml")]
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *words], check=True, capture_output=True)
    stuck = '<stop lane="B1C1_0" endPos="200" duration="1e7"/>'
    cars = [
        f'<vehicle id="v{i}" depart="{3 * i}"><route edges="A1B1 B1C1"/>{stuck * (i == 0)}</vehicle>' for i in range(40)
    ]
    (tmp_path / "c.rou.xml").write_text("<routes>" + "".join(cars) + "</routes>")
    (tmp_path / "c.sumocfg").write_text(
        '<configuration><net-file value="n.net.xml"/><route-files value="c.rou.xml"/><end value="1500"/>'
        '<time-to-teleport value="-1"/></configuration>'
    )
    case = read_case(tmp_path / "c.sumocfg")
    run = run_case_member(case_jobs(case, CaseOptions(), [1], Store(tmp_path / "runs"))[0])
    assert not run.valid and "gridlock" in run.reasons[0]["en"]
