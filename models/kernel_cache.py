"""Where compiled kernels are kept: in a folder named after their sources, so that none outlives a change of them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

ROOM = Path(__file__).resolve().parent
VARIABLE = "NUMBA_CACHE_DIR"
_NUMBA = re.compile(rb"^\s*(?:import|from) numba\b", re.MULTILINE)
_IMPORT = re.compile(r"^\s*from ([\w.]+) import", re.MULTILINE)


def keep_by_source(room: Path = ROOM) -> Path | None:
    """Have Numba keep what it compiles in `room/__pycache__/kernels-DIGEST`, before Numba is imported.

    By itself Numba looks at the age of the one file that a kernel stands in, and would run a stale kernel after a
    change of a function or a constant that it takes from another. Folders of other digests are removed.

    Returns:
        The folder; None where NUMBA_CACHE_DIR is set already or the folder cannot be made: Numba then does as it does.
    """
    if os.environ.get(VARIABLE):
        return None
    folder = room / "__pycache__" / f"kernels-{digest(room)}"
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _forget_others(folder)
    except OSError:
        return None
    os.environ[VARIABLE] = str(folder)
    return folder


def digest(room: Path = ROOM) -> str:
    """Twelve hex digits of every file that a kernel can take something from."""
    total = hashlib.sha256()
    for file in sources(room):
        total.update(file.relative_to(room).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()[:12]


def sources(room: Path = ROOM) -> list[Path]:
    """The files that import Numba, and what they import from this room, and so on; in order."""
    waiting = [file for file in room.rglob("*.py") if _NUMBA.search(file.read_bytes())]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file, room)
    return sorted(found)


def _imported(file: Path, room: Path) -> list[Path]:
    """Files of the room that a file imports from by name."""
    named = [name.split(".") for name in _IMPORT.findall(file.read_text(encoding="utf-8"))]
    paths = [room.parent.joinpath(*parts) for parts in named if parts[0] == room.name]
    return [found for path in paths for found in (path.with_suffix(".py"), path / "__init__.py") if found.is_file()]


def _forget_others(folder: Path) -> None:
    for other in folder.parent.glob("kernels-*"):
        if other != folder:
            with suppress(OSError):
                shutil.rmtree(other)
