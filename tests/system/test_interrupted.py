"""A full disk and Ctrl-C in the middle of the work: told in words, nothing half-written, and a second try succeeds."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import TWIN, left_over, scenario, twin

from networks import City, demo_extract

# "$1" is a folder, "$2" the size of the disk that is mounted there (in a mount namespace of its own), the rest a
# command. When it has failed, the disk is listed and made large, and the command is given a second try.
ON_A_SMALL_DISK = """
disk="$1"; mount -t tmpfs -o "size=$2" none "$disk" || exit 77; shift 2
"$@"; echo "first: $?"; find "$disk" -printf '%P\\n'
mount -o remount,size=200m "$disk"; "$@" >/dev/null 2>&1; echo "second: $?"
"""
READ_ONLY = """
mount -t tmpfs -o ro none "$1" || exit 77; shift
"$@"; echo "first: $?"
"""


def on_a_disk(script: str, disk: Path, *words: str | Path) -> tuple[list[str], str]:
    """The lines on stdout and the text on stderr of `script` with a private mount; skips where that is not allowed."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare (util-linux) is not here")
    disk.mkdir()
    command = ["unshare", "-rm", "sh", "-c", script, "sh", disk, *words]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, cwd=disk.parent)
    if "first: " not in done.stdout:
        pytest.skip(f"no private mounts here: {done.stderr.strip()}")
    return done.stdout.splitlines(), done.stderr


def whole_results(names: list[str]) -> bool:
    """Every folder of a result that is listed holds its manifest."""
    folders = {name for name in names if name.count("/") == 2 and name.startswith("runs/")}
    return all(f"{folder}/manifest.json" in names for folder in folders)


@pytest.mark.parametrize("size", ["60k", pytest.param("1200k", marks=pytest.mark.full)])
def test_a_full_disk_while_a_city_is_built(tmp_path: Path, size: str) -> None:
    build = [*TWIN, "build", demo_extract(), "--out", tmp_path / "disk" / "helsinki"]
    told, words = on_a_disk(ON_A_SMALL_DISK, tmp_path / "disk", size, *build)
    assert "first: 5" in told
    assert "Traceback" not in words
    assert f"{tmp_path}/disk/helsinki: the disk is full; nothing half-written was left" in words
    assert "to do: free some space" in words
    assert not [name for name in told if "helsinki" in name]
    assert told[-1] == "second: 0"


@pytest.mark.parametrize(
    "size", [pytest.param("4k", marks=pytest.mark.full), "40k", pytest.param("100k", marks=pytest.mark.full)]
)
def test_a_full_disk_while_a_scenario_is_run(tmp_path: Path, helsinki: City, size: str) -> None:
    run = [*TWIN, "run", scenario(tmp_path), "--city", helsinki.folder, "--runs", tmp_path / "disk" / "runs"]
    told, words = on_a_disk(ON_A_SMALL_DISK, tmp_path / "disk", size, *run, "--seeds", "2", "--serial")
    assert "first: 5" in told
    assert "Traceback" not in words
    assert "the disk is full" in words
    assert "to do: free some space" in words
    assert not [name for name in told if ".part" in name]
    assert whole_results(told)
    assert told[-1] == "second: 0"


@pytest.mark.ray
@pytest.mark.full  # a minute and a half; the disk is full for one process in CI
def test_a_full_disk_while_workers_of_ray_write(tmp_path: Path, helsinki: City) -> None:
    run = [*TWIN, "run", scenario(tmp_path), "--city", helsinki.folder, "--runs", tmp_path / "disk" / "runs"]
    told, words = on_a_disk(ON_A_SMALL_DISK, tmp_path / "disk", "60k", *run, "--seeds", "2")
    assert "first: 5" in told
    assert "Traceback" not in words
    assert "the disk is full" in words
    assert not [name for name in told if ".part" in name]
    assert whole_results(told)
    assert told[-1] == "second: 0"


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    build = [*TWIN, "build", demo_extract(), "--out", tmp_path / "disk" / "helsinki"]
    told, words = on_a_disk(READ_ONLY, tmp_path / "disk", *build)
    assert told == ["first: 5"]
    assert "Traceback" not in words
    assert f"{tmp_path}/disk/helsinki: " in words
    assert "to do: choose another" in words


def in_session(session: int) -> list[str]:
    """Commands of all living processes of a session, Ray's gcs, raylet and workers among them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text(encoding="utf-8").rpartition(")")
        except OSError:
            continue  # it ended while we looked
        state, _, _, its_session = rest.split()[:4]
        if int(its_session) == session and state not in "ZX":
            found.append(name)
    return found


def interrupt(*words: str | Path, cwd: Path, when: Callable[[], bool]) -> str:
    """Start a command, press Ctrl-C as a terminal does (SIGINT to the foreground group) `when`, and see it end."""
    with subprocess.Popen(
        [*TWIN, *map(str, words)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        end = time.monotonic() + 90
        while not when():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end, "it never came to the middle"
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 130, told
    assert "Ctrl-C" in told
    assert "Traceback" not in told
    end = time.monotonic() + 10
    while in_session(process.pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert in_session(process.pid) == []
    assert left_over(cwd) == []
    return told


def landing(folder: Path, *, after: int = 0) -> Callable[[], bool]:
    """Whether something is half-written in `folder` and at least `after` results are whole."""
    return lambda: any(folder.glob(".*.part")) and len(list(folder.glob("[!.]*/manifest.json"))) >= after


MEMBERS = 24
"""So many that some have not begun when Ctrl-C is heard, however quick the machine."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@linux
@pytest.mark.ray
@pytest.mark.parametrize("after", [pytest.param(0, marks=pytest.mark.full), 1])
def test_ctrl_c_in_the_middle_of_a_run_on_ray(tmp_path: Path, helsinki: City, after: int) -> None:
    runs = tmp_path / "runs" / "run"
    words = ["run", scenario(tmp_path), "--city", helsinki.folder, "--seeds", str(MEMBERS), "--workers", "2"]
    interrupt(*words, cwd=tmp_path, when=landing(runs, after=after))
    kept = {path: path.stat().st_mtime_ns for path in runs.glob("*/manifest.json")}
    assert after <= len(kept) < MEMBERS
    assert whole_results([path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")])
    assert not (tmp_path / "runs" / "ensembles").exists()
    if after:
        again = twin(*words, cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert len(list(runs.glob("*/manifest.json"))) == MEMBERS
        assert {path: path.stat().st_mtime_ns for path in kept} == kept


@linux
def test_ctrl_c_in_the_middle_of_a_run_in_one_process(tmp_path: Path, helsinki: City) -> None:
    words = ["run", scenario(tmp_path), "--city", helsinki.folder, "--seeds", "2", "--serial"]
    interrupt(*words, cwd=tmp_path, when=landing(tmp_path / "runs" / "run", after=1))
    assert len(list((tmp_path / "runs" / "run").iterdir())) == 1


@linux
def test_ctrl_c_in_the_middle_of_a_build_leaves_the_older_city_alone(tmp_path: Path, helsinki: City) -> None:
    older = Path(shutil.copytree(helsinki.folder, tmp_path / "older"))
    words = ["build", demo_extract(), "--out", older]
    began = time.monotonic()

    def later() -> bool:
        nonlocal began
        if not any(tmp_path.glob(".*.part")):
            began = time.monotonic()
        return time.monotonic() > began + 0.3

    for when in (landing(tmp_path), later):
        interrupt(*words, cwd=tmp_path, when=when)
        assert City.open(older, verify=True).digest == helsinki.digest
        assert [path.name for path in tmp_path.iterdir()] == ["older"]
    again = twin(*words, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert City.open(older, verify=True).digest == helsinki.digest


@linux
@pytest.mark.parametrize("wait_s", [0.15, 0.3, 0.5])
def test_ctrl_c_while_the_program_is_being_loaded(tmp_path: Path, wait_s: float) -> None:
    (tmp_path / "mine.osm").write_text("no map", encoding="utf-8")
    pressed = time.monotonic() + wait_s
    command = [*TWIN, "build", "mine.osm"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        time.sleep(max(0.0, pressed - time.monotonic()))
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    if process.returncode in (1, -signal.SIGINT) and "cli.py" not in told:
        return  # Python itself was still starting, none of our lines had run
    assert process.returncode in (2, 130), told
    assert "cannot be read" in told or "Ctrl-C" in told
