"""Names of persons and vehicles replaced, before anything is written down, by ones that nobody can turn back.

The salt is `calibration.passings`' own: drawn by the system, and gone with its day. A name keeps one pseudonym for a
day, so that one can follow a bus on its way and not a person through the week.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from calibration.passings import RotatingSalt

NIGHT_S = 3 * 3600.0
"""When a day ends: at three in the night, so that few journeys are cut."""


class Pseudonyms:
    """One day's pseudonyms at a time.

    Args:
        file: Where the day's salt is kept (mode 600), so that a restart within the day changes no pseudonym; it is
            overwritten when the next day begins. None: in memory alone, and a restart changes all of them.
        utc_offset_s: Where it is night at three (s east of UTC).
        clock: Now (s since 1970).
    """

    def __init__(
        self, file: Path | None = None, *, utc_offset_s: float = 0.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._file, self._clock = file, clock
        self._salt = RotatingSalt(first_s=NIGHT_S - utc_offset_s, draw=self._drawn)
        self._latest_s, self._window = 0.0, 0

    def token(self, name: str) -> int:
        """64 bits for a name: the same all day, another one tomorrow. Any text but the same text is another name.

        A clock that is set back goes on with the salt that it had.
        """
        self._latest_s = max(self._latest_s, self._clock())
        self._window = self._salt.window(self._latest_s)
        return self._salt.token(name.encode("utf-8", "surrogatepass").hex(), self._latest_s)

    def of(self, name: str) -> str:
        """A pseudonym of 16 hexadecimal digits."""
        return f"{self.token(name):016x}"

    def sealed(self, payload: bytes) -> bytes:
        """What is written down of a message that cannot be read: its length, and a hash that only today can be told.

        The hash is salted as names are: a plain one of few bytes could be found out by trying.
        """
        return f"unreadable: {len(payload)} bytes, salted hash {self.of(hashlib.sha256(payload).hexdigest())}".encode()

    def _drawn(self, size: int) -> bytes:
        if self._file is None:
            return secrets.token_bytes(size)
        kept = _kept(self._file, self._window, size)
        if kept is not None:
            return kept
        salt = secrets.token_bytes(size)
        _keep(self._file, self._window, salt)
        return salt


def _kept(file: Path, window: int, size: int) -> bytes | None:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        salt = bytes.fromhex(told["salt"])
        return salt if told["window"] == window and len(salt) == size else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(file: Path, window: int, salt: bytes) -> None:
    """The old salt is overwritten where it lies before the new one takes its name (a copy of the disk may keep it)."""
    with contextlib.suppress(FileNotFoundError), file.open("r+b") as old:
        old.write(bytes(os.fstat(old.fileno()).st_size))
        os.fsync(old.fileno())
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as new:
        json.dump({"window": window, "salt": salt.hex()}, new)
    beside.replace(file)
