"""One program at a time works on a book: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.desk.book import Book

_HERE = threading.Lock()
_HELD: set[str] = set()


@contextmanager
def alone(book: Book) -> Iterator[bool]:
    """True when nobody else works on this book now.

    A SQLite file has a lock file beside it, PostgreSQL an advisory lock; whatever else there is, is kept apart within
    this program alone.
    """
    place = str(book.place).removeprefix("sqlite:///")
    with _HERE:
        mine = place not in _HELD
        _HELD.add(place)
    if not mine:
        yield False
        return
    try:
        with _locked(book, place) as got:
            yield got
    finally:
        with _HERE:
            _HELD.discard(place)


@contextmanager
def _locked(book: Book, place: str) -> Iterator[bool]:
    if "://" in place or place == ":memory:":
        with book.lock("citytwin mailroom") as got:
            yield got
        return
    handle = os.open(Path(f"{place}.mailroom"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
