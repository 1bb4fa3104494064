"""Messages that people put into a feed's log: mended ones, taken by whoever writes the log."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from twin.feeds.log.entry import from_bytes, to_bytes
from twin.feeds.message import Message
from twin.feeds.source import Delivery
from twin.feeds.understanding import FIRST_RECEIVED, MENDS

_log = logging.getLogger(__name__)


def standing_for(old: Message, number: int, payload: bytes) -> Message:
    """A message that stands for an earlier one: its topic, and the time at which that one was received."""
    received = old.headers.get(FIRST_RECEIVED, old.received.isoformat())
    headers = {**old.headers, MENDS: str(number), FIRST_RECEIVED: received}
    return Message(payload, old.topic, datetime.now(UTC), headers)


def put(log: Path, message: Message) -> Path:
    """Leave a message for the one who writes a log."""
    folder = log / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}.message"
    beside = path.with_suffix(".part")
    beside.write_bytes(to_bytes(message))
    return beside.replace(path)


def waiting(log: Path) -> Iterator[tuple[Path, Message]]:
    """What waits there, oldest first; what cannot be read stays, with a word."""
    for path in sorted((log / "inbox").glob("*.message")):
        try:
            yield path, from_bytes(path.read_bytes())
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be read and is left alone: %s", path, error)


def deliveries_of(log: Path, known: set[str]) -> Iterator[Delivery]:
    """What waits there, but not what was given before (`known`, added to); removed when it is safe."""
    if any(path.name not in known for path in (log / "inbox").glob("*.message")):
        for path, message in waiting(log):
            if path.name not in known:
                known.add(path.name)
                yield Delivery(message, _removing(path))


def _removing(path: Path) -> Callable[[], Awaitable[None]]:
    async def remove() -> None:
        path.unlink(missing_ok=True)

    return remove
