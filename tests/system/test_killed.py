"""kill -9 of the driver, a worker, Ray's head in the middle of an ensemble: what is resumed is as if undisturbed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from command_line import TWIN, left_over, scenario, twin

from networks import City

SEEDS = 4
Tables = dict[str, dict[str, str]]


def start(file: Path, city: Path, runs: Path, *words: str) -> subprocess.Popen[str]:
    """`twin run` in a process of its own, with Ray settings of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RAY_")}
    command = [*TWIN, "run", file, "--city", city, "--runs", runs, "--seeds", str(SEEDS), *words]
    return subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def tables(runs: Path) -> Tables:
    """Digests of every whole run's tables, by run."""
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in runs.glob("run/[!.]*/manifest.json")]
    return {m["id"]: {name: table["digest"] for name, table in m["tables"].items()} for m in manifests}


def in_the_middle(runs: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a member has landed and others are being written."""

    def ready() -> bool:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        return len(tables(runs)) >= 1 and any(runs.glob("run/.*.part"))

    wait(ready, 240)


def wait(ready: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "took too long"
        time.sleep(0.05)


def age(runs: Path) -> None:
    """What was left behind is as old as if somebody came back the next day."""
    for part in runs.glob("run/.*.part"):
        for path in (*part.rglob("*"), part):
            os.utime(path, (path.stat().st_mtime - 7200,) * 2)


def resumed(file: Path, city: Path, runs: Path) -> Tables:
    """Run the same command again, to its end."""
    age(runs)
    kept = {path: path.stat().st_mtime_ns for path in runs.glob("run/[!.]*/manifest.json")}
    done = twin("run", file, "--city", city, "--runs", runs, "--seeds", str(SEEDS), "--serial", cwd=file.parent)
    assert done.returncode == 0, done.stderr
    assert f"{SEEDS} of {SEEDS} members valid" in done.stdout
    assert left_over(runs) == []
    assert all(path.stat().st_mtime_ns == moment for path, moment in kept.items())  # what was whole was looked up
    return tables(runs)


@pytest.fixture(scope="module")
def undisturbed(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("undisturbed")
    process = start(scenario(folder, "  []"), helsinki.folder, folder / "runs", "--serial")
    told, _ = process.communicate(timeout=280)
    assert process.returncode == 0, told
    return tables(folder / "runs")


def test_the_driver_is_killed(tmp_path: Path, helsinki: City, undisturbed: Tables) -> None:
    file, runs = scenario(tmp_path, "  []"), tmp_path / "runs"
    process = start(file, helsinki.folder, runs, "--serial")
    in_the_middle(runs, process)
    process.kill()
    process.communicate(timeout=30)
    assert list(runs.glob("run/.*.part"))
    assert len(tables(runs)) < SEEDS
    assert resumed(file, helsinki.folder, runs) == undisturbed


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def named(processes: list[psutil.Process], name: str) -> list[psutil.Process]:
    found = []
    for one in processes:
        try:
            if name in " ".join(one.cmdline()[:1]):
                found.append(one)
        except psutil.Error:
            continue
    return found


@pytest.mark.full
@pytest.mark.ray
def test_a_worker_is_killed(tmp_path: Path, helsinki: City, undisturbed: Tables) -> None:
    file, runs = scenario(tmp_path, "  []"), tmp_path / "runs"
    process = start(file, helsinki.folder, runs, "--workers", "2")
    in_the_middle(runs, process)
    workers = named(family(process), "ray::guarded")
    assert workers
    workers[0].kill()
    told, _ = process.communicate(timeout=280)
    assert process.returncode == 0, told
    assert f"{SEEDS} of {SEEDS} members valid" in told and "a worker died" in told
    assert tables(runs) == undisturbed


@pytest.mark.full
@pytest.mark.ray
@pytest.mark.parametrize("name", ["raylet", "gcs_server", "driver"])
def test_the_head_or_the_driver_on_ray_is_killed(
    tmp_path: Path, helsinki: City, undisturbed: Tables, name: str
) -> None:
    file, runs = scenario(tmp_path, "  []"), tmp_path / "runs"
    process = start(file, helsinki.folder, runs, "--workers", "2")
    in_the_middle(runs, process)
    everybody = family(process)
    victim = psutil.Process(process.pid) if name == "driver" else named(everybody, name)[0]
    victim.send_signal(signal.SIGKILL)
    told, _ = process.communicate(timeout=280)
    print(f"{name} killed: the driver ended with {process.returncode}:\n{told[-2000:]}")
    assert process.returncode != 0 or len(tables(runs)) == SEEDS
    agents = named(everybody, "Agent")  # Ray's own; they notice later that nobody is there
    _, alive = psutil.wait_procs([one for one in everybody if one not in agents], timeout=60)
    assert alive == []
    assert resumed(file, helsinki.folder, runs) == undisturbed
