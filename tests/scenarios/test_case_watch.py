"""The watchdog's rules on SUMO's summary: what goes wrong ends a run, and is found in one that was not ended."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from models.sumo import read_case
from networks import sumo_home
from scenarios.cases.case_run import CaseOptions, case_jobs, run_case_member
from scenarios.cases.case_watch import seen_in_summary
from scenarios.results.run import Run
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


@pytest.fixture(scope="module")
def jammed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One car stops in a street for ever; nobody can pass it."""
    folder = tmp_path_factory.mktemp("jammed")
    words = ["--grid", "--grid.number", "3", "--grid.length", "300", "--no-warnings", "-o", str(folder / "n.net.xml")]
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *words], check=True, capture_output=True)
    stuck = '<stop lane="B1C1_0" endPos="200" duration="1e7"/>'
    cars = [
        f'<vehicle id="v{i}" depart="{3 * i}"><route edges="A1B1 B1C1"/>{stuck * (i == 0)}</vehicle>' for i in range(40)
    ]
    (folder / "c.rou.xml").write_text("<routes>" + "".join(cars) + "</routes>")
    return folder


def jammed_run(folder: Path, runs: Path, *, teleport_s: float, end_s: float, watched: bool = True) -> Run:
    (folder / "c.sumocfg").write_text(
        '<configuration><net-file value="n.net.xml"/><route-files value="c.rou.xml"/>'
        f'<end value="{end_s:g}"/><time-to-teleport value="{teleport_s:g}"/></configuration>'
    )
    job = case_jobs(read_case(folder / "c.sumocfg"), CaseOptions(), [1], Store(runs))[0]
    if watched:
        return run_case_member(job)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scenarios.cases.case_watch.watch_of", lambda *_: None)
        return run_case_member(job)


@pytest.mark.parametrize(("teleport_s", "word"), [(-1.0, "gridlock"), (120.0, "teleports")])
def test_a_jammed_case_is_ended_named_and_kept(jammed: Path, tmp_path: Path, teleport_s: float, word: str) -> None:
    run = jammed_run(jammed, tmp_path / "runs", teleport_s=teleport_s, end_s=90000.0)
    assert not run.valid and word in run.reasons[0]["en"]
    assert run.manifest["end_s"] < 1500 and run.reasons[-1]["en"].startswith("stopped after")
    assert run.manifest["validity"]["stopped_s"] == run.manifest["end_s"]
    assert len(run.table("trips")) == 40  # what it had seen is kept


def test_what_is_ended_early_would_have_been_invalid_at_its_end(jammed: Path, tmp_path: Path) -> None:
    early = jammed_run(jammed, tmp_path / "early", teleport_s=120.0, end_s=3000.0)
    late = jammed_run(jammed, tmp_path / "late", teleport_s=120.0, end_s=3000.0, watched=False)
    assert early.manifest["end_s"] < late.manifest["end_s"] and not early.valid and not late.valid
    assert "teleports" in early.reasons[0]["en"] and any("teleports" in reason["en"] for reason in late.reasons)
