"""A folder of backups: contents by their hash, each once, and one manifest a backup that says which file has which."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from networks.errors import BadInput, NotThere, QualityFailed

CONTENTS, MANIFESTS = "contents", "backups"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup.

    Attributes:
        path: Below the store's folder.
        size: Bytes.
        sha256: Of its content, by which it is found.
        changed_ns: When it was changed; 0: asked for again each time.
    """

    path: str
    size: int
    sha256: str
    changed_ns: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup.

    Attributes:
        name: Its time, as a file's name.
        made: When it began, UTC in ISO 8601: what came before is in it.
        schema: Of the database.
        positions: Feed -> first message that is not in the store.
        log_ends: Feed -> first message that is not in the log.
        newest: Feed -> when its newest message was received, ISO 8601.
        files: All files.
        tables: SQL table -> its rows as a file of JSON lines.
    """

    name: str
    made: str
    schema: str
    positions: Mapping[str, int]
    log_ends: Mapping[str, int]
    newest: Mapping[str, str]
    files: list[Kept]
    tables: Mapping[str, Kept] = field(default_factory=dict)


class BackupFolder:
    """Where backups are kept.

    Args:
        place: The folder; made when a backup is.
    """

    def __init__(self, place: Path) -> None:
        self.place = place

    def content(self, sha256: str) -> Path:
        """Where a content lies."""
        return self.place / CONTENTS / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Is it there, in its whole size?"""
        path = self.content(sha256)
        return path.exists() and path.stat().st_size == size

    def put(self, file: Path, sha256: str, *, link: bool) -> None:
        """Keep a content that is not there yet: a second name of the file where that can be (`link`), else a copy."""
        path = self.content(sha256)
        if self.has(sha256, file.stat().st_size):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.unlink(missing_ok=True)
        if link:
            with contextlib.suppress(OSError):  # another disk, or one without second names
                beside.hardlink_to(file)
        if not beside.exists():
            shutil.copyfile(file, beside)
            _synced(beside)
        beside.replace(path)

    def write(self, manifest: Manifest) -> None:
        """The last thing of a backup: what has no manifest is none."""
        text = json.dumps({"version": _VERSION, **asdict(manifest)}, indent=1, sort_keys=True)
        path = self.place / MANIFESTS / f"{manifest.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".writing")
        beside.write_text(json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest()}) + "\n" + text)
        _synced(beside)
        beside.replace(path)

    def names(self) -> list[str]:
        """Of all backups, oldest first."""
        return sorted(path.stem for path in (self.place / MANIFESTS).glob("*.json"))

    def manifest(self, name: str | None = None) -> Manifest:
        """One backup; None: the newest.

        Raises:
            NotThere: There is none, or none of that name.
            QualityFailed: It was changed.
            BadInput: A newer citytwin made it.
        """
        names = self.names()
        if not names or (name is not None and name not in names):
            raise NotThere(
                f"there is no backup {name}" if names else "there is no backup here",
                file=self.place,
                expected=", ".join(names) or "a folder that twin backup made",
            )
        path = self.place / MANIFESTS / f"{name or names[-1]}.json"
        head, _, text = path.read_text().partition("\n")
        if json.loads(head)["sha256"] != hashlib.sha256(text.encode()).hexdigest():
            raise QualityFailed("this manifest was changed or is damaged", file=path, remedy="restore another backup")
        told: dict[str, Any] = json.loads(text)
        if told.pop("version") != _VERSION:
            raise BadInput("a newer citytwin made this backup", file=path, remedy="restore it with that one")
        files = [Kept(**one) for one in told.pop("files")]
        tables = {table: Kept(**one) for table, one in told.pop("tables").items()}
        return Manifest(**told, files=files, tables=tables)

    def forget(self, keep: int) -> int:
        """Remove all but the newest backups, and contents that none of these holds; how many contents went."""
        for name in self.names()[:-keep]:
            (self.place / MANIFESTS / f"{name}.json").unlink()
        held = {
            one.sha256
            for name in self.names()
            for one in (*self.manifest(name).files, *self.manifest(name).tables.values())
        }
        gone = [path for path in (self.place / CONTENTS).glob("*/*") if path.name not in held]
        for path in gone:
            path.unlink()
        return len(gone)


def sha256_of(file: Path) -> str:
    """Of a file's content."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _synced(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
