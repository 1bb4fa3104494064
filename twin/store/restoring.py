"""A store brought back from a backup, every hash held against the manifest, with what was lost and how long it took."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from networks.errors import BadInput, QualityFailed, Refused
from twin.feeds import Message
from twin.feeds.log import LogReader, LogWriter, folder_of
from twin.store.backup_folder import BackupFolder, Kept, Manifest
from twin.store.database import VERSION, connect, telling
from twin.store.tables import metadata, positions

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    Attributes:
        manifest: Of the backup.
        bytes: Of its files.
        seconds: How long it took: the RTO, but for starting the feeds.
        lost_s: From the newest message in it to the crash: the RPO; None: no message in it.
    """

    manifest: Manifest
    bytes: int
    seconds: float
    lost_s: float | None


def restore(
    place: Path, folder: Path, url: str | None = None, *, name: str | None = None, crashed: datetime | None = None
) -> Restored:
    """Bring a backup back into a new place.

    Args:
        place: The folder of backups.
        folder: Of the new store; it must not be there yet, or be empty.
        url: Of a database without feeds; None: SQLite in the folder.
        name: Which backup; None: the newest.
        crashed: When the old store ended, UTC; None: now.

    Raises:
        NotThere: No such backup.
        Refused: Something is in the new place.
        QualityFailed: A content is missing or was changed; nothing is left in the new place.
        BadInput: Another version of the schema.
    """
    began = time.monotonic()
    backups = BackupFolder(place)
    manifest = backups.manifest(name)
    if manifest.schema != VERSION:
        raise BadInput(f"this backup has schema {manifest.schema}, this program knows {VERSION}", file=place)
    if folder.exists() and any(folder.iterdir()):
        raise Refused("something is here already", file=folder, remedy="name a new folder")
    beside = folder.with_name(f"{folder.name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        for one in manifest.files:
            _brought(backups, one, beside / one.path)
        beside.mkdir(parents=True, exist_ok=True)
        _database(backups, manifest, url or f"sqlite:///{(beside / 'store.sqlite').absolute()}")
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    seconds = time.monotonic() - began
    newest = max((datetime.fromisoformat(moment) for moment in manifest.newest.values()), default=None)
    lost_s = None if newest is None else ((crashed or datetime.now(UTC)) - newest).total_seconds()
    return Restored(manifest, sum(one.size for one in manifest.files), seconds, lost_s)


def follow(old: Path, new: Path, feed: str) -> range:
    """Add what a surviving log holds beyond a restored one; the numbers stay what they were.

    Args:
        old: Folder of the store that ended.
        new: Folder of the restored one.
        feed: Whose log.

    Returns:
        The numbers that were added.

    Raises:
        QualityFailed: The old log lacks messages in between.
    """
    first = end = LogReader(folder_of(new, feed)).end()
    messages = LogReader(folder_of(old, feed)).read(first)
    with LogWriter(folder_of(new, feed), at_least=first) as log:
        while some := list(islice(messages, 1000)):
            whole = [message for _, message in some if isinstance(message, Message)]
            if some[0][0] != end or len(whole) < len(some):
                raise QualityFailed(f"messages from {end} on are damaged or missing", file=folder_of(old, feed))
            end = log.append(whole).stop
    return range(first, end)


def _brought(backups: BackupFolder, one: Kept, to: Path) -> None:
    """A copy of a content, on the disk, its hash counted on the way."""
    to.parent.mkdir(parents=True, exist_ok=True)
    counted = hashlib.sha256()
    try:
        with backups.content(one.sha256).open("rb") as source, to.open("wb") as target:
            while chunk := source.read(1 << 20):
                counted.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except FileNotFoundError as error:
        raise _damaged(backups, one, "is missing") from error
    if counted.hexdigest() != one.sha256:
        raise _damaged(backups, one, "was changed or is damaged")


def _damaged(backups: BackupFolder, one: Kept, how: str) -> QualityFailed:
    return QualityFailed(
        f"the content of {one.path} {how}",
        file=backups.content(one.sha256),
        remedy="restore another backup (--name), or bring this file back",
    )


def _database(backups: BackupFolder, manifest: Manifest, url: str) -> None:
    engine = connect(url)
    try:
        with telling(engine), engine.begin() as connection:
            if connection.execute(select(func.count()).select_from(positions)).scalar():
                raise Refused("this database holds feeds already", remedy="name an empty one")
            for table in metadata.sorted_tables:
                for rows in _rows(backups, manifest.tables[table.name]):
                    connection.execute(insert(table), rows)
            _count_on(connection)
    finally:
        engine.dispose()


def _rows(backups: BackupFolder, table: Kept) -> Iterator[list[dict[str, object]]]:
    content = backups.content(table.sha256)
    if not content.exists() or hashlib.sha256(content.read_bytes()).hexdigest() != table.sha256:
        raise _damaged(backups, table, "is missing or was changed")
    with content.open(encoding="utf-8") as lines:
        while some := [json.loads(line) for line in islice(lines, _ROWS_AT_ONCE)]:
            yield some


def _count_on(connection: Connection) -> None:
    """PostgreSQL numbers new parts after the restored ones."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('parts', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM parts), false)"
        )
