"""A claim ends with its holder, kill -9 included; what a living process writes is never called abandoned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from networks.claim import OLD_S, YOUNG_S, abandoned, claimed
from networks.landing import landing_folder

HOLD = "import sys, time; from pathlib import Path; from networks.landing import landing_folder\n"
HOLD += "with landing_folder(Path(sys.argv[1])) as folder:\n    print(folder, flush=True); time.sleep(60)"


def aged(folder: Path, seconds: float) -> None:
    """As if nobody had touched it for so long."""
    for path in (*folder.rglob("*"), folder):
        moment = path.stat().st_mtime - seconds
        os.utime(path, (moment, moment))


def test_a_claim_is_one_or_shared_by_many(tmp_path: Path) -> None:
    with claimed(tmp_path) as ours, claimed(tmp_path) as second, claimed(tmp_path, shared=True) as third:
        assert (ours, second, third) == (True, False, False)
    with claimed(tmp_path, shared=True) as one, claimed(tmp_path, shared=True) as two, claimed(tmp_path) as alone:
        assert (one, two, alone) == (True, True, False)


def test_what_a_killed_process_left_is_abandoned_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    command = [sys.executable, "-c", HOLD, str(tmp_path / "result")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        part = Path(process.stdout.readline().strip())
        aged(part, 3 * OLD_S)
        assert not abandoned(part)
        process.send_signal(signal.SIGKILL)
    assert part.is_dir()
    assert abandoned(part)


def test_a_young_folder_is_not_abandoned(tmp_path: Path) -> None:
    folder = tmp_path / "young"
    folder.mkdir()
    (folder / "half").touch()
    assert not abandoned(folder)
    aged(folder, YOUNG_S + 10)
    assert abandoned(folder)
    (folder / "more").touch()
    assert not abandoned(folder)


def test_a_landing_is_claimed_until_it_stands_in_its_place(tmp_path: Path) -> None:
    with landing_folder(tmp_path / "result") as folder:
        aged(folder, 3 * OLD_S)
        assert not abandoned(folder)
    aged(tmp_path / "result", 3 * OLD_S)
    assert abandoned(tmp_path / "result")
