"""Compiled kernels: kept between runs, never beyond a change of anything that they are made of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.kernel_cache import VARIABLE, digest, keep_by_source, sources

KERNEL = """
import numba as nb
from engines.depth import DRY
from engines.part import part

@nb.njit(cache=True)
def run(x):
    return part(x) + DRY
"""
PART = """
import numba as nb

@nb.njit(cache=True, inline="always")
def part(x):
    return {factor} * x
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room with a kernel that takes a constant and an inlined function from other files."""
    room = tmp_path / "engines"
    room.mkdir()
    (room / "__init__.py").write_text("", encoding="utf-8")
    (room / "_kernel.py").write_text(KERNEL, encoding="utf-8")
    (room / "part.py").write_text(PART.format(factor=2), encoding="utf-8")
    (room / "depth.py").write_text("from engines.units import DRY\n", encoding="utf-8")
    (room / "units.py").write_text("DRY = 1.0\n", encoding="utf-8")
    (room / "page.py").write_text("TITLE = 1\n", encoding="utf-8")
    return room


def test_all_that_a_kernel_takes_from_the_room_counts_and_nothing_else(room: Path) -> None:
    assert [file.name for file in sources(room)] == ["_kernel.py", "depth.py", "part.py", "units.py"]
    before = digest(room)
    (room / "page.py").write_text("TITLE = 2\n", encoding="utf-8")
    assert digest(room) == before
    (room / "units.py").write_text("DRY = 2.0\n", encoding="utf-8")
    assert digest(room) != before


def test_no_stale_kernel_runs_after_a_change_of_what_it_inlines(room: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    code = (
        "from pathlib import Path\nfrom models.kernel_cache import keep_by_source\n"
        f"import os\nos.environ.pop({VARIABLE!r}, None)\nkeep_by_source(Path({str(room)!r}))\n"
        f"import sys\nsys.path.insert(0, {str(room.parent)!r})\n"
        "from engines._kernel import run\nprint(run(10.0))"
    )
    told = []
    for factor in (2, 3):
        (room / "part.py").write_text(PART.format(factor=factor), encoding="utf-8")
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        told.append(done.stdout.strip())
    assert told == ["21.0", "31.0"]
    kept = list((room / "__pycache__").glob("kernels-*"))
    assert [folder.name for folder in kept] == [f"kernels-{digest(room)}"]
    assert list(kept[0].rglob("*.nbi"))


def test_a_folder_that_somebody_chose_is_left(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/chosen")
    assert keep_by_source(room) is None
    assert os.environ[VARIABLE] == "/chosen"


def test_a_room_that_cannot_be_written_leaves_numba_to_itself(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    (room / "__pycache__").write_text("no folder", encoding="utf-8")
    assert keep_by_source(room) is None
    assert VARIABLE not in os.environ
