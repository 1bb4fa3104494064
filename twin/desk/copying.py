"""A second desk that is as the first was at one moment: what a backup is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from networks.errors import BadInput, NotThere, StorageFailed


def copy_desk(place: str, file: Path) -> tuple[int, str]:
    """Copy a desk's SQLite file with SQLite's own backup, beside whoever works with it; then read the copy's audit.

    Args:
        place: The desk.
        file: The copy; one that is there already is replaced when the new one is whole.

    Returns:
        Entries of the copy's audit, and its last seal ("" without any).

    Raises:
        NotThere: There is no desk.
        BadInput: The desk is in another database; the copy is the desk itself; the chain of the audit does not hold.
        StorageFailed: The copy cannot be written.
    """
    from twin.desk.book import Book

    if "://" in place:
        raise BadInput(
            "not a SQLite file", file=place, expected="a desk in a file", remedy="pg_dump copies a PostgreSQL database"
        )
    if not Path(place).is_file():
        raise NotThere("no desk here", file=place, remedy="twin serve makes one; --desk names another place")
    if file.exists() and file.samefile(place):
        raise BadInput("this is the desk itself", file=file, expected="another file", remedy="name a file elsewhere")
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(place)) as desk, closing(sqlite3.connect(part)) as copy:
            desk.backup(copy)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StorageFailed(
            f"the copy cannot be written: {error}", file=file, remedy="free some space, or name another folder"
        ) from error
    book = Book.open(part)
    broken, (entries, seal) = book.broken(), book.last_seal()
    book.close()
    if broken:
        raise BadInput(
            f"the audit's chain does not hold at entry {broken[0].seq}", file=place, expected="a whole chain",
            remedy=f"the copy is kept as {part}; bring the last good copy back, and ask who wrote into the file",
        )  # fmt: skip
    with closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing left beside it
    with part.open("rb+") as whole:
        os.fsync(whole.fileno())
    part.replace(file)
    return entries, seal
