"""A claim on a folder: a lock that the kernel takes back when its holder ends, however it ends (kill -9 too)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

YOUNG_S = 60.0
"""A folder younger than this may be about to be claimed."""
OLD_S = 86400.0
"""Where folders cannot be locked (Windows, some network disks), one that nobody touched for this long is abandoned."""


@contextmanager
def claimed(folder: Path, *, shared: bool = False) -> Iterator[bool]:
    """Claim a folder while the context lasts; gives False where another process has it.

    Where folders cannot be locked (Windows, some network disks) it gives True.

    Args:
        folder: Exists; may be renamed meanwhile.
        shared: Several may hold it together; a claim that is not shared is refused meanwhile.
    """
    handle = _opened(folder)
    try:
        yield handle is None or _lock(handle, shared=shared) is not False
    finally:
        if handle is not None:
            os.close(handle)


def abandoned(folder: Path, *, young_s: float = YOUNG_S) -> bool:
    """Whether no living process writes into a folder any more; when in doubt, False.

    Args:
        folder: A folder beside its place.
        young_s: One that was touched later than so many seconds ago may not have been claimed yet.
    """
    handle = _opened(folder)
    try:
        free = None if handle is None else _lock(handle, shared=False)
    finally:
        if handle is not None:
            os.close(handle)
    if free is False:
        return False
    return _quiet_s(folder) > (young_s if free else OLD_S)


def _opened(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:  # gone, or Windows
        return None


def _lock(handle: int, *, shared: bool) -> bool | None:
    """True: ours now. False: somebody else's. None: this disk knows no locks on folders."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _quiet_s(folder: Path) -> float:
    """Seconds since anything in a folder changed."""
    latest = 0.0
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):
            latest = max(latest, path.stat().st_mtime)
    return time.time() - latest
