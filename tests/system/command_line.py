"""The command `twin`, here or in a process of its own, and what a refusal must be like."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from twin.cli import run

TWIN = [sys.executable, "-m", "twin.cli"]
Twin = Callable[..., subprocess.CompletedProcess[str]]
NOT_A_RESULT = ("*.part", "*.old")

TINY = """\
name: tiny
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:02:00+03:00, warm_up_s: 60}
demand: {profile: weekday_evening, scale: 0.1}
interventions:
"""


def twin(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command in this process, which has its libraries: a second where a process of its own takes three."""
    command = [*map(str, words)]
    said, told = io.StringIO(), io.StringIO()
    with chdir(cwd), redirect_stdout(said), redirect_stderr(told):
        status = run(command)
    return _without_traceback(subprocess.CompletedProcess(command, status, said.getvalue(), told.getvalue()))


def apart(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [*TWIN, *map(str, words)]
    return _without_traceback(
        subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    )


def _without_traceback(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


def refused(*words: str | Path, cwd: Path, says: Sequence[str], status: int = 2, by: Twin = twin) -> str:
    """The command ends with `status`, tells all of `says` on stderr, and leaves no half-written thing behind."""
    done = by(*words, cwd=cwd)
    assert done.returncode == status, done.stdout + done.stderr
    for part in says:
        assert part in done.stderr
    assert left_over(cwd) == []
    return done.stderr


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for pattern in NOT_A_RESULT for path in folder.rglob(pattern))


def scenario(folder: Path, interventions: str = "  []", text: str = TINY) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text + interventions + "\n", encoding="utf-8")
    return file
