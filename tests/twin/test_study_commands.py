"""`twin run`, `twin compare`, `twin runs` and the export of a plan, on the demo city."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from twin import Desk
from twin.cli import run

if TYPE_CHECKING:
    from networks import City

SHORT = """
name: NAME
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:04:00+03:00, warm_up_s: 120}
demand: {profile: weekday_evening, scale: SCALE}
"""


@pytest.fixture(scope="module")
def studied(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    for name, scale in (("calm", "0.3"), ("busy", "0.9")):
        (folder / f"{name}.yaml").write_text(SHORT.replace("NAME", name).replace("SCALE", scale), encoding="utf-8")
        where = ["--city", str(helsinki.folder), "--runs", str(folder / "runs")]
        assert run(["run", str(folder / f"{name}.yaml"), "--seeds", "2", "--serial", *where]) == 0
    return folder


def test_two_ensembles_are_compared_by_name(studied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = ["--runs", str(studied / "runs")]
    assert run(["compare", "calm", "busy", "--json", *runs]) == 0
    rows = {row["measure"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["trips_finished"]["difference"] > 0 and rows["trips_finished"]["n"] == 2
    assert run(["compare", "calm", "busy", *runs]) == 0
    told = capsys.readouterr().out
    assert "verdict" in told and "2 of 2 pairs of members valid" in told
    assert "user benefit of busy in one run: -" in told and "rule of a half" in told
    assert run(["compare", "calm", "nothing", *runs]) == 2
    assert "one of: busy, calm" in capsys.readouterr().err


def test_what_was_run_is_looked_up_and_listed(
    studied: Path, helsinki: City, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in sorted((studied / "runs" / "run").glob("*/manifest.json"))}
    assert len(before) == 4
    where = ["--city", str(helsinki.folder), "--runs", str(studied / "runs")]
    assert run(["run", str(studied / "calm.yaml"), "--seeds", "2", "--serial", *where]) == 0
    assert run(["runs", "list", "--runs", str(studied / "runs")]) == 0
    told = capsys.readouterr().out
    assert "calm: 2 of 2 members valid" in told
    assert told.count("\nrun ") == 4 and "ensemble calm: 2 members" in told
    after = {path: path.stat().st_mtime_ns for path in sorted((studied / "runs" / "run").glob("*/manifest.json"))}
    assert set(before) <= set(after)


def test_an_approved_plan_is_exported_and_only_then(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from networks import read_signal_plans

    tls_id, plan = sorted(read_signal_plans(helsinki.net_file).items())[0]
    phases = [{"duration_s": p.duration_s, "state": p.state, "min_s": None, "max_s": None} for p in plan.phases]
    now = datetime.now(UTC)
    desk = Desk.open(tmp_path / "desk.sqlite")
    desk.propose(
        {
            "rec_id": "plan-1",
            "kind": "signal_timing",
            "created": now.isoformat(),
            "valid_until": (now + timedelta(hours=1)).isoformat(),
            "action": [{"kind": "signal_plan", "plans": [{"tls_id": tls_id, "offset_s": 7.0, "phases": phases}]}],
        }
    )
    out, place = tmp_path / "plan.add.xml", ["desk", "--desk", str(tmp_path / "desk.sqlite")]
    assert run([*place, "export", "plan-1", "--out", str(out)]) == 4
    assert "only an approved plan" in capsys.readouterr().err and not out.exists()
    assert run([*place, "approve", "plan-1", "--who", "engineer 1", "--why", "checked"]) == 0
    assert run([*place, "export", "plan-1", "--out", str(out)]) == 0
    (exported,) = read_signal_plans(out).values()
    assert exported.tls_id == tls_id and exported.offset_s == 7.0 and exported.cycle_s == plan.cycle_s
    assert [phase.state for phase in exported.phases] == [phase.state for phase in plan.phases]
    assert desk.audit("plan-1")[-1].action == "export"
