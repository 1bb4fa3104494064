"""Parquet parts on disk: written whole or not at all, listed in SQL, swept when no list names them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from networks.errors import StorageFailed
from twin.feeds import KINDS

DAY_US = 86_400_000_000
ROW_GROUP = 65_536
FOLDER = "parts"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of rows of one feed, table and day of event time, in order of event time.

    Attributes:
        path: Below the store's folder.
        series: Its table.
        day: `YYYY-MM-DD`, UTC.
        feed: Who told them.
        first: Lowest number of a message.
        end: After the highest one.
        rows: How many.
        begin_us: First event time, microseconds since 1970.
        last_us: Last event time.
        merged: 1: made by compaction; 0: as it was taken.
        bytes: Of the file.
        sha256: Of the file.
    """

    path: str
    series: str
    day: str
    feed: str
    first: int
    end: int
    rows: int
    begin_us: int
    last_us: int
    merged: int
    bytes: int
    sha256: str


def microseconds(column: Any) -> Any:
    """A column of times as int64."""
    return column.cast(pa.int64())


def write_parts(
    folder: Path, series: str, feed: str, span: tuple[int, int], table: pa.Table, merged: int
) -> list[Part]:
    """Rows as one part for each day of event time; the disk has them when this returns.

    Raises:
        StorageFailed: The disk is full or may not be written; nothing is left.
    """
    table = table.sort_by([(KINDS[series].time, "ascending"), ("number", "ascending"), ("line", "ascending")])
    times = microseconds(table[KINDS[series].time])
    if not table.num_rows:
        return []
    days = pc.divide(times, DAY_US)  # sorted, and nothing is told of before 1970
    written: list[Part] = []
    try:
        begin = 0
        while begin < table.num_rows:
            end = begin + pc.sum(pc.equal(days[begin:], days[begin])).as_py()
            written.append(_write_part(folder, series, feed, span, table[begin:end], merged))
            begin = end
        _sync_folders(folder, written)
    except OSError as error:
        remove(folder, written)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StorageFailed(
            "the disk is full" if full else f"rows cannot be written: {error.strerror or error}",
            file=folder,
            remedy="free some space; nothing was kept of these messages, they are taken again" if full else None,
        ) from error
    return written


def _write_part(folder: Path, series: str, feed: str, span: tuple[int, int], table: pa.Table, merged: int) -> Part:
    times = microseconds(table[KINDS[series].time])
    begin_us, last_us = times[0].as_py(), times[-1].as_py()
    day = time.strftime("%Y-%m-%d", time.gmtime(begin_us // 1_000_000))
    name = f"{quote(feed, safe='')[:100]}-{span[0]}-{span[1]}-{uuid4().hex[:8]}.parquet"
    path = folder / FOLDER / series / day / name
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".writing")
    try:
        pq.write_table(table, beside, compression="zstd", row_group_size=ROW_GROUP)
        with beside.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            os.fsync(file.fileno())
        beside.rename(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    where = path.relative_to(folder).as_posix()
    return Part(where, series, day, feed, *span, table.num_rows, begin_us, last_us, merged, size, digest)


def _sync_folders(folder: Path, written: list[Part]) -> None:
    """Names too are on the disk; of a new day the folder's own name as well."""
    days = {(folder / part.path).parent for part in written}
    for place in days | {day.parent for day in days} | {folder / FOLDER}:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(folder: Path, parts: list[Part]) -> None:
    """Files that are no longer wanted; one that is gone is no error."""
    for part in parts:
        with contextlib.suppress(OSError):
            (folder / part.path).unlink()


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """While files are used that no list names yet, or still; nobody sweeps meanwhile."""
    with _locked(folder, shared=True, patience_s=600.0):
        yield


@contextmanager
def alone(folder: Path, patience_s: float) -> Iterator[bool]:
    """True: nobody uses a file that is not listed, and nobody begins to. False: somebody did, all the time."""
    with _locked(folder, shared=False, patience_s=patience_s) as got:
        yield got


@contextmanager
def _locked(folder: Path, *, shared: bool, patience_s: float) -> Iterator[bool]:
    import fcntl

    until = time.monotonic() + patience_s
    with (folder / "parts.lock").open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    if shared:
                        raise StorageFailed("the store is being swept and does not end", file=folder) from None
                    yield False
                    return
                time.sleep(0.01)
        yield True


def unlisted(folder: Path, listed: set[str], young_s: float) -> list[Path]:
    """Files that no list names (a crash between writing and listing) and that are not young; ask when `alone`."""
    latest = time.time() - young_s
    files = [path for path in (folder / FOLDER).rglob("*") if path.is_file()]
    strange = [path for path in files if path.relative_to(folder).as_posix() not in listed]
    return [path for path in strange if young_s <= 0 or path.stat().st_mtime < latest]
