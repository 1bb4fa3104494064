"""`twin runs` and `twin replay` from the command line."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scenarios import Store
from scenarios.results.replay import REPEATERS
from twin.cli import run

if TYPE_CHECKING:
    from networks import City

TINY = """\
name: tiny
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:02:00+03:00, warm_up_s: 60}
demand: {profile: weekday_evening, scale: 0.1}
"""


@pytest.fixture(scope="module")
def made(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    where = ["--city", str(helsinki.folder), "--runs", str(folder / "runs")]
    assert run(["run", str(folder / "tiny.yaml"), "--seeds", "2", "--serial", *where]) == 0
    return folder / "runs"


@pytest.fixture
def runs(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "runs")
    return tmp_path / "runs"


def test_what_is_kept_is_listed(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs", "list", "--runs", str(runs)]) == 0
    told = capsys.readouterr().out
    assert "ensemble tiny: 2 members" in told and "tiny  seed 1  valid  " in told and "assignment " in told
    assert "3 results" in told and "kB" in told
    assert run(["runs", "list", "--runs", str(runs), "--kind", "run", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["seed"] for row in sorted(rows, key=lambda row: row["seed"])] == [1, 2]
    assert rows[0]["size"] > 1000 and rows[0]["valid"] is True


def test_two_tables_of_one_process_keep_their_own_names(
    runs: Path, helsinki: City, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: dict[str, list[str]] = {}
    for named in ("teleports, trips_finished", "driven_km"):
        scenario = runs.parent / "tiny.yaml"
        scenario.write_text(f"{TINY}measures: [{named}]\n", encoding="utf-8")
        where = ["--city", str(helsinki.folder), "--runs", str(runs)]
        assert run(["run", str(scenario), "--seeds", "1", "--serial", *where]) == 0
        rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
        shown[named] = [row[1] for row in rows]
    assert shown == {"teleports, trips_finished": ["teleports", "trips_finished"], "driven_km": ["driven_km"]}


def test_prune_says_what_is_lost_before_it_is(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prune = ["runs", "prune", "--runs", str(runs)]
    assert run([*prune, "--kind", "run", "--keep-latest", "1", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert told.count("goes: run ") == 1
    assert "ensemble tiny can no longer be compared: 1 of its 2 members" in told and "(--dry-run)" in told
    assert len(list((runs / "run").iterdir())) == 2
    assert run([*prune, "--kind", "run", "--keep-latest", "1"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert run([*prune, "--kind", "run", "--keep-latest", "1", "--yes"]) == 0
    assert "freed " in capsys.readouterr().out
    assert len(list((runs / "run").iterdir())) == 1
    assert run(["compare", "tiny", "tiny", "--runs", str(runs)]) == 2
    assert run([*prune, "--older-than", "30d", "--yes"]) == 0
    assert "nothing to take away" in capsys.readouterr().out
    assert run([*prune, "--older-than", "soon"]) == 2
    assert run([*prune, "--max-size", "much"]) == 2


def test_leftovers_are_swept_without_being_asked_for(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = runs / "run" / ".abc.0123abcd.part"
    part.mkdir()
    os.utime(part, (part.stat().st_mtime - 7200,) * 2)
    assert run(["runs", "prune", "--runs", str(runs)]) == 0
    assert "leftovers of killed processes taken away: 1" in capsys.readouterr().out
    assert not part.exists()


def another(folder: Path, _store: Store, scratch: Store, _city: Path | None) -> Path:
    """As if the trips had come out otherwise."""
    place = scratch.place("run", folder.name)
    shutil.copytree(folder, place)
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    manifest["tables"]["trips"]["digest"] = "0"
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return place


def test_a_run_is_replayed(
    runs: Path, helsinki: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = next(path.name for path in (runs / "run").iterdir())
    replay = ["replay", run_id[:8], "--runs", str(runs), "--city", str(helsinki.folder)]
    assert run(replay) == 0
    told = capsys.readouterr().out
    assert "trips: same digest" in told and "same bytes: all " in told and "other digest" not in told
    monkeypatch.setitem(REPEATERS, "run", f"{__name__}:another")
    assert run(replay) == 6
    assert "trips: other digest" in (told := capsys.readouterr().out)
    assert "with the same wheels, processor and code" in told
    assert run(["replay", "nosuch", "--runs", str(runs)]) == 2


def test_seeds_are_added_until_the_interval_is_narrow(
    made: Path, helsinki: City, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = ["run", str(made.parent / "tiny.yaml"), "--city", str(helsinki.folder), "--runs", str(made), "--serial"]
    assert run([*tiny, "--seeds", "2", "--half-width", "teleports=5%", "--memory-cap", "20GB"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "teleports: 0 ± 0 (90 % interval, 2 members): the half-width asked for, 5 %, is reached" in told
    assert "2 of 2 members valid" in told
    assert run([*tiny, "--half-width", "nosuch=5%"]) == 2
    assert "no measure is called 'nosuch'" in capsys.readouterr().err


def test_an_ensemble_is_handed_on_as_one_dataset(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pandas as pd

    out = tmp_path / "dataset"
    assert run(["runs", "export", "tiny", str(out), "--runs", str(runs)]) == 0
    assert "2 members, " in capsys.readouterr().out
    assert sorted(pd.read_parquet(out / "runs")["seed"]) == [1, 2]
    assert set(pd.read_parquet(out / "edges")["scenario"]) == {"tiny"}
    assert run(["runs", "export", "nosuch", str(out), "--runs", str(runs)]) == 2
    assert run(["runs", "export", "tiny", str(out), "--runs", str(runs), "--table", "nosuch"]) == 2


def test_members_beyond_the_memory_cap_are_named_kept_and_tried_again(
    made: Path, helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = ["run", str(made.parent / "tiny.yaml"), "--city", str(helsinki.folder), "--runs", str(tmp_path / "runs")]
    assert run([*tiny, "--serial", "--seeds", "2", "--memory-cap", "1MB"]) == 3
    told = capsys.readouterr()
    assert "0 of 2 members valid" in told.out and told.err.count("stopped: it held") == 2
    assert not list((tmp_path / "runs").glob("run/.*"))
    assert run(["runs", "list", "--runs", str(tmp_path / "runs")]) == 0
    assert capsys.readouterr().out.count("invalid: stopped: it held") == 2
    assert run([*tiny, "--serial", "--seeds", "1"]) == 0
    assert "1 of 1 members valid" in capsys.readouterr().out
