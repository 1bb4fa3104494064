"""A folder: a file for each message, whole or not at all; the same message twice is one file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Hashable, MutableMapping
from pathlib import Path
from typing import Any, Literal

from networks.errors import BadInput
from twin.out.message import Acknowledged, OutMessage
from twin.out.ways.address import Address
from twin.out.words.written import Text


class FolderWay(Text):
    """Where files appear: `KIND-KEY.json` or `.xml`.

    Attributes:
        folder: Made where it is missing.
    """

    kind: Literal["folder"]
    folder: Path

    def channel(self, to: Address, _shared: MutableMapping[Hashable, Any]) -> FolderChannel:
        """The channel of a receiver."""
        return FolderChannel(to, self.folder)


class FolderChannel:
    """One receiver that reads a folder.

    Args:
        to: The receiver.
        folder: Its folder.
    """

    def __init__(self, to: Address, folder: Path) -> None:
        self.name, self.done_within_s, self._writing, self._folder = to.name, to.done_within_s, to.writing, folder

    def send(self, message: OutMessage) -> Acknowledged:
        """Write beside, see it onto the disk, rename."""
        try:
            written = self._writing.written(message)
        except BadInput as error:
            return Acknowledged("refused", f"it cannot be told: {error.what}")
        place = self._folder / f"{message.kind}-{message.key}{written.suffix}"
        beside = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as stream:
                stream.write(written.payload)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(place)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            return Acknowledged("unknown", f"it could not be written: {error.strerror}")
        return Acknowledged("taken", f"written as {place.name}")
