"""A forked process's own copies of the regular files that it holds open.

After a fork parent and child share every open file and its offset: what one reads, the other never sees, and what both
write mixes. So a child opens each once more and puts it over the inherited descriptor: the engine notices nothing.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_OPEN = Path("/proc/self/fd")
_STANDARD = 2
_PIECE = 1 << 24


def can_fork() -> bool:
    """This platform forks, and tells a process which files it holds (Linux)."""
    return hasattr(os, "fork") and _OPEN.is_dir()


@dataclass(frozen=True)
class OwnFile:
    """One output.

    Attributes:
        shared: The file as it was before the fork.
        own: The child's file, written from `past_bytes` on.
        past_bytes: How much was written before the fork.
    """

    shared: Path
    own: Path
    past_bytes: int

    def fill_in_the_past(self) -> None:
        """Copy what was written before the fork: the file is whole. Later bytes of `shared` are not looked at."""
        with self.shared.open("rb") as past, self.own.open("r+b") as own:
            left = self.past_bytes
            while left and (piece := past.read(min(left, _PIECE))):
                own.write(piece)
                left -= len(piece)

    def leave_out_the_past(self) -> None:
        """Keep only what was written after the fork, which may begin in the middle of a line."""
        with self.own.open("r+b") as own:
            own.seek(self.past_bytes)
            news = own.read()
            own.seek(0)
            own.write(news)
            own.truncate()


def take_own_files(folder: Path) -> list[OwnFile]:
    """Call this in the child, straight after the fork: inputs go on at the same offset, outputs into `folder`.

    The standard streams, pipes and sockets stay as they are.

    Args:
        folder: Made if it is not there; outputs keep their names (numbered where two are the same).

    Returns:
        The outputs.

    Raises:
        OSError: A file cannot be opened again, or `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    outputs = []
    for descriptor in _regular_files():
        flags, offset = _flags(descriptor), os.lseek(descriptor, 0, os.SEEK_CUR)
        if flags & os.O_ACCMODE == os.O_RDONLY:
            own = os.open(_OPEN / str(descriptor), os.O_RDONLY)
        else:
            shared = (_OPEN / str(descriptor)).readlink()
            place = _free_place(folder, shared.name)
            own = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL | (flags & os.O_APPEND), 0o666)
            outputs.append(OwnFile(shared, place, offset))
        os.lseek(own, offset, os.SEEK_SET)
        os.dup2(own, descriptor, inheritable=os.get_inheritable(descriptor))
        os.close(own)
    return outputs


def _regular_files() -> Iterator[int]:
    for descriptor in sorted(int(entry.name) for entry in _OPEN.iterdir()):
        with contextlib.suppress(OSError):  # the listing's own descriptor is gone by now
            if descriptor > _STANDARD and stat.S_ISREG(os.fstat(descriptor).st_mode):
                yield descriptor


def _flags(descriptor: int) -> int:
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_GETFL)


def _free_place(folder: Path, name: str) -> Path:
    place, number = folder / name, 2
    while place.exists():
        place, number = folder / f"{number}-{name}", number + 1
    return place
