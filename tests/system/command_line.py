"""The command `twin` in a process of its own, and what a refusal must be like."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TWIN = [sys.executable, "-m", "twin.cli"]
NOT_A_RESULT = ("*.part", "*.old")

TINY = """\
name: tiny
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:02:00+03:00, warm_up_s: 60}
demand: {profile: weekday_evening, scale: 0.1}
interventions:
"""


def twin(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [*TWIN, *map(str, words)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


def refused(*words: str | Path, cwd: Path, says: Sequence[str], status: int = 2) -> str:
    """The command ends with `status`, tells all of `says` on stderr, and leaves no half-written thing behind."""
    done = twin(*words, cwd=cwd)
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
