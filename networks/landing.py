"""Files and folders that appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import errno
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from networks.claim import claimed
from networks.errors import StorageFailed


@contextmanager
def landing_folder(place: Path) -> Iterator[Path]:
    """Give an empty folder beside `place`; on success it replaces `place`, on any failure it is removed.

    It is claimed meanwhile: what a killed process left behind can be told from what a living one writes.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    beside = place.parent / f".{place.name}.{uuid.uuid4().hex[:8]}.part"
    _make(beside, place)
    try:
        with _telling(place), claimed(beside):
            yield beside
            if place.exists():
                _replace(place, beside)
            else:
                beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _replace(place: Path, beside: Path) -> None:
    """Put `beside` in the place of an older folder, which comes back if anything (Ctrl-C, too) goes wrong."""
    old = beside.with_suffix(".old")
    try:
        place.rename(old)
        beside.rename(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.rename(place)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def landing_file(place: Path) -> Iterator[Path]:
    """Give a path beside `place` to write to; on success it replaces `place`, on any failure it is removed.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    beside = place.parent / f".{place.name}.{uuid.uuid4().hex[:8]}.part"
    try:
        _make(place.parent, place)
        with _telling(place):
            yield beside
            beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _make(folder: Path, place: Path) -> None:
    """Make a folder; whatever hinders that (a file in the way, a name too long) is a fault of the place."""
    with _telling(place):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise StorageFailed(
                f"no folder can be made here: {error.strerror}", file=place, remedy="choose another folder"
            ) from error


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
                f"cannot be written: {error.strerror}", file=place, remedy="choose another folder"
            ) from error
        raise
