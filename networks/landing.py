"""Files and folders that appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import errno
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from networks.errors import StorageFailed


@contextmanager
def landing_folder(place: Path) -> Iterator[Path]:
    """Give an empty folder beside `place`; on success it replaces `place`, on any failure it is removed.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    beside = place.parent / f".{place.name}.{uuid.uuid4().hex[:8]}.part"
    with _telling(place):
        beside.mkdir(parents=True)
    try:
        with _telling(place):
            yield beside
            if place.exists():
                old = beside.with_suffix(".old")
                place.rename(old)
                beside.rename(place)
                shutil.rmtree(old)
            else:
                beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def landing_file(place: Path) -> Iterator[Path]:
    """Give a path beside `place` to write to; on success it replaces `place`, on any failure it is removed.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    beside = place.parent / f".{place.name}.{uuid.uuid4().hex[:8]}.part"
    try:
        with _telling(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            yield beside
            beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _telling(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFailed(
                "the disk is full; nothing half-written was left", file=place, remedy="free some space and run again"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StorageFailed(
                f"cannot be written: {error.strerror}", file=place, remedy="choose another --out folder"
            ) from error
        raise
