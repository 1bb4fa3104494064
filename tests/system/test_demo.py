"""The main job, end to end: `twin demo` on an evening with few cars and visitors, as a newcomer runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from networks import City, digest_file
from scenarios import Run, Scenario, run_member

# A busy machine takes its time over a whole evening.
pytestmark = [pytest.mark.ray, pytest.mark.beside, pytest.mark.timeout(1260)]

TWIN = [sys.executable, "-m", "twin.cli"]


def twin(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TWIN, *words], cwd=cwd, capture_output=True, text=True, timeout=1200, check=False)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the demo ran, and what it said."""
    place = tmp_path_factory.mktemp("evening")
    done = twin("demo", "--quick", "--seeds", "2", cwd=place)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "out", done.stdout


def runs_of(out: Path) -> list[Run]:
    runs = [Run.open(folder.parent) for folder in sorted((out / "runs" / "run").glob("*/manifest.json"))]
    return [run for run in runs if run.manifest["inputs"]["models"] == "all"]


def test_it_says_what_it_found_and_how_long_each_step_took(evening: tuple[Path, str]) -> None:
    said = evening[1]
    for words in (
        "search: signal timings",
        "ambulance_response_mean_s",
        "90 % interval",
        "[8/8]",
        "judge all on fresh seeds",
        "report.html",
    ):
        assert words in said


def test_the_report_is_one_file_that_asks_nothing_of_the_network(evening: tuple[Path, str]) -> None:
    text = (evening[0] / "report.html").read_text(encoding="utf-8")
    assert "OpenStreetMap" in text
    assert "<script src=" not in text
    assert '<link rel="stylesheet"' not in text


def test_every_member_met_the_same_flood_and_every_litre_is_booked(evening: tuple[Path, str]) -> None:
    runs = runs_of(evening[0])
    floods = {run.manifest["inputs"]["flood"] for run in runs}
    assert len(floods) == 1
    flood = json.loads((evening[0] / "runs" / "flood" / str(floods.pop()) / "manifest.json").read_text())
    assert flood["ledger_error"] < 1e-9
    assert flood["max_road_depth_m"] > 0.1


def test_what_judges_is_never_what_was_learned_on(evening: tuple[Path, str]) -> None:
    lines = (evening[0] / "outbox" / "recommendations.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    seeds = {run.run_id: run.seed for run in runs_of(evening[0])}
    for line in lines:
        recommendation = json.loads(line)
        assert {seeds[run_id] for run_id in recommendation["evidence"]} == {1, 2}
        assert recommendation["rests_on"]
        assert recommendation["effect"]["n"] <= 2


def test_the_same_run_on_a_copy_of_the_city_has_the_same_id_and_the_same_bytes(
    evening: tuple[Path, str], tmp_path: Path
) -> None:
    run = next(run for run in runs_of(evening[0]) if not run.manifest["inputs"]["forecast"] and run.seed == 1)
    shutil.copytree(evening[0] / "helsinki", tmp_path / "elsewhere")
    scenario = Scenario.model_validate(run.manifest["scenario"])
    again = run_member(City.open(tmp_path / "elsewhere").folder, scenario, 1, tmp_path / "runs")
    assert again.run_id == run.run_id
    assert again.digests == run.digests
    assert again.measures == run.measures


def test_a_second_demo_looks_everything_up_and_repeats_no_card(evening: tuple[Path, str]) -> None:
    cards = twin("desk", "list", cwd=evening[0].parent).stdout
    before = {run.run_id: digest_file(run.folder / "manifest.json") for run in runs_of(evening[0])}
    done = twin("demo", "--quick", "--seeds", "2", cwd=evening[0].parent)
    assert done.returncode == 0, done.stderr
    assert {run.run_id: digest_file(run.folder / "manifest.json") for run in runs_of(evening[0])} == before
    assert twin("desk", "list", cwd=evening[0].parent).stdout == cards


def test_an_operator_approves_and_the_decision_is_kept(evening: tuple[Path, str]) -> None:
    place = evening[0].parent
    listed = twin("desk", "list", "--json", cwd=place)
    entries = [json.loads(line) for line in listed.stdout.splitlines()]
    assert entries
    rec = entries[0]["rec_id"]
    done = twin("desk", "approve", rec, "--who", "operator", "--why", "seen in the report", cwd=place)
    assert done.returncode == 0, done.stderr
    again = twin("desk", "reject", rec, "--who", "another", "--why", "too late", cwd=place)
    assert again.returncode == 4
    kept = json.loads(twin("desk", "show", rec, cwd=place).stdout.split("\n}\n")[0] + "\n}")
    assert kept["decision"] == {"who": "operator", "why": "seen in the report", "at": kept["decision"]["at"]}
