"""A what-if gives what `twin run --responses` gives: the same runs, the same tables, the same comparison."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from planning_town import closure

from networks import City
from scenarios import compare
from twin.cli import twin
from twin.ensemble_file import open_ensemble
from twin.whatif import Question, WhatIfs
from twin.whatif.planned import BENEFITS, PLANNED
from twin.whatif.worker import Spent, answer


@pytest.fixture(scope="module")
def answered(town: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("answered")
    queue = WhatIfs(town, place / "runs", place / "asked")  # not started: answered here
    one = queue.ask(Question(scenario=closure(), responses="none", members=2), "Ann")
    answer(one.folder, town.folder, place / "runs")
    return one.folder


def test_the_command_line_finds_the_same(answered: Path, town: City, tmp_path: Path) -> None:
    """From the file that the page saves, in a store of its own: equal ids and equal digests of every table."""
    words = ["run", str(answered / "scenario.yaml"), "--city", str(town.folder), "--runs", str(tmp_path), "--serial"]
    done = CliRunner().invoke(twin, [*words, "--responses", "none"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    for name in ("street-closed.before", "street-closed.none"):
        here = open_ensemble(tmp_path, name).ensemble.runs
        there = open_ensemble(answered.parent.parent / "runs", name).ensemble.runs
        assert [(run.run_id, run.digests) for run in here] == [(run.run_id, run.digests) for run in there]
        assert all(len(run.table("trips")) > 5 for run in here), "a town in which nobody drives shows nothing"


def test_the_page_is_told_the_paired_comparison(answered: Path) -> None:
    told = json.loads((answered / "result.json").read_text())
    runs = answered.parent.parent / "runs"
    before, after = (open_ensemble(runs, f"street-closed.{name}").ensemble for name in ("before", "none"))
    row = compare(before, after).row("mean_delay_s")
    (found,) = [one for one in told["rows"] if one["measure"] == "mean_delay_s"]
    (cell,) = found["cells"]
    assert (cell["difference"], cell["low"], cell["high"], cell["n"], cell["verdict"]) == (
        row.difference, pytest.approx(row.low), pytest.approx(row.high), 2, row.verdict,
    )  # fmt: skip
    assert told["seeds"] == [1, 2] and found["before"] == before.mean("mean_delay_s")


def test_the_map_shows_each_street_and_the_closed_one(answered: Path, town: City) -> None:
    told = json.loads((answered / "streets.json").read_text())
    ids = town.layer("edges")["edge_id"].tolist()
    before, after = told["columns"]
    assert before["closed"] == [] and [ids[row] for row in after["closed"]] == ["-1003#2"]
    row = ids.index("-1003#2")
    assert len(before["veh_h"]) == len(ids) and before["veh_h"][row] > 0 == after["veh_h"][row]
    settled = told["settled"]
    assert settled["before_pcu_h"][row] > 0 == settled["after_pcu_h"][row]


def test_matrices_and_the_table_of_benefits_are_there(answered: Path) -> None:
    files = {str(file.relative_to(answered / PLANNED)) for file in (answered / PLANNED).rglob("*") if file.is_file()}
    assert {"do-minimum/trips.omx", "do-something/skims.omx", "difference.csv", BENEFITS} <= files
    benefits = json.loads((answered / "result.json").read_text())["settled"]["benefits"]
    (gain,) = json.loads((answered / PLANNED / "comparison.json").read_text())["benefits"]
    assert benefits[0]["total"] == benefits[-1]["total"] == gain["money"]


def test_a_member_that_would_not_fit_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Spent(tmp_path, 5)
    now = iter((0.0, 10.0, 10.0, 14.0, 14.0))
    monkeypatch.setattr(Spent, "seconds", property(lambda _: next(now)))
    clock.member(1)
    assert clock.fits(20.0), "10 s spent, 10 s the longest"
    assert not clock.fits(27.9), "14 s spent, 14 s the longest"


def test_the_worker_stays_behind_and_leaves_with_its_parent() -> None:
    script = "import os, twin.whatif.worker as w; w.stay_behind(); w.leave_with_parent(); " \
        "print(os.nice(0), len(os.sched_getaffinity(0)), flush=True); import time; time.sleep(60)"  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        env=os.environ,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline().split() == [b"19", b"1"]
        process.stdin.close()
        assert process.wait(20) < 0, "killed, with all that it had started"
