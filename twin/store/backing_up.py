"""A backup of a store and its logs while feeds run: the database first, then what it names, then the logs beyond it."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, select

from networks.errors import StorageFailed
from twin.feeds.log import LogReader, folder_of, segments
from twin.store.backup_folder import BackupFolder, Kept, Manifest, sha256_of
from twin.store.database import VERSION, telling
from twin.store.feed_store import FeedStore
from twin.store.parts import Part, holding
from twin.store.tables import metadata

LOG = "log"


def back_up(store: FeedStore, feeds: Iterable[str], place: Path, *, keep: int | None = None) -> Manifest:
    """Keep all that a store and its feeds' logs hold now; what an earlier backup there holds is not copied again.

    It is consistent while feeds are recorded and governed: positions and parts are of one moment, and the logs, copied
    after it, hold all messages from there on. Parts and closed files of the logs get a second name where backup and
    store lie on one disk (which then is no help against that disk's end), else they are copied.

    Args:
        store: Its folder holds the logs.
        feeds: Whose logs.
        place: The folder of backups.
        keep: So many backups stay, this one with them; None: all.

    Raises:
        StorageFailed: The disk of the backup is full; earlier backups are as they were.
    """
    folder = BackupFolder(place)
    made = datetime.now(UTC)
    name = made.strftime("%Y%m%dT%H%M%S.%fZ")
    try:
        place.mkdir(parents=True, exist_ok=True)
        before = _known(folder)
        with holding(store.folder), TemporaryDirectory(dir=place) as beside:
            tables, positions, parts = _tables(store, folder, Path(beside))
            files = [_part(store.folder, part, folder) for part in parts]
            ends, newest = {}, {}
            for feed in feeds:
                log = folder_of(store.folder, feed)
                files += _log(store.folder, log, folder, before, Path(beside))
                last = LogReader(log).last()
                ends[feed] = last[0] + 1 if last else 0
                if last:
                    newest[feed] = last[1].received.isoformat()
        manifest = Manifest(name, made.isoformat(), VERSION, positions, ends, newest, files, tables)
        folder.write(manifest)
        if keep is not None:
            folder.forget(keep)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StorageFailed(
            "the disk of the backup is full" if full else f"the backup cannot be written: {error.strerror or error}",
            file=place,
            remedy="free some space and run it again; earlier backups are as they were",
        ) from error
    return manifest


def _known(folder: BackupFolder) -> dict[tuple[str, int, int], str]:
    """(path, size, time of change) -> hash, as the newest backup knows it."""
    if not folder.names():
        return {}
    return {(one.path, one.size, one.changed_ns): one.sha256 for one in folder.manifest().files if one.changed_ns}


def _tables(store: FeedStore, folder: BackupFolder, beside: Path) -> tuple[dict[str, Kept], dict[str, int], list[Part]]:
    """All SQL tables as they were in one moment."""
    kept: dict[str, Kept] = {}
    positions: dict[str, int] = {}
    parts: list[Part] = []
    level = {} if store.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with telling(store.engine), store.engine.connect().execution_options(**level) as connection:
        for table in metadata.sorted_tables:
            file = beside / f"{table.name}.jsonl"
            with file.open("w", encoding="utf-8") as lines:
                for row in connection.execution_options(stream_results=True).execute(select(table)).mappings():
                    lines.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
                    _noted(table, row, positions, parts)
            digest = sha256_of(file)
            folder.put(file, digest, link=False)
            kept[table.name] = Kept(file.name, file.stat().st_size, digest)
    return kept, positions, parts


def _noted(table: Table, row: Any, positions: dict[str, int], parts: list[Part]) -> None:
    if table.name == "positions":
        positions[row["feed"]] = row["next"]
    elif table.name == "parts":
        parts.append(Part(**{name: value for name, value in row.items() if name != "id"}))


def _part(base: Path, part: Part, folder: BackupFolder) -> Kept:
    folder.put(base / part.path, part.sha256, link=True)
    return Kept(part.path, part.bytes, part.sha256)


def _log(base: Path, log: Path, folder: BackupFolder, before: dict[tuple[str, int, int], str], to: Path) -> list[Kept]:
    """Files of a log; one that was closed and renamed while we looked makes us look again."""
    while True:
        try:
            return [_segment(base, one.path, one.closed, folder, before, to) for one in segments(log)]
        except FileNotFoundError:
            continue


def _segment(
    base: Path, file: Path, closed: bool, folder: BackupFolder, before: dict[tuple[str, int, int], str], to: Path
) -> Kept:
    path, told = file.relative_to(base).as_posix(), file.stat()
    if not closed:  # it grows: what is kept is a copy of now, its hash that of the copy
        copy = to / "growing"
        copy.write_bytes(file.read_bytes())
        digest, size = sha256_of(copy), copy.stat().st_size
        folder.put(copy, digest, link=False)
        return Kept(path, size, digest)
    digest = before.get((path, told.st_size, told.st_mtime_ns)) or sha256_of(file)
    folder.put(file, digest, link=True)
    return Kept(path, told.st_size, digest, told.st_mtime_ns)
