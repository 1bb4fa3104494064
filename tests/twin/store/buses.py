"""A feed of buses: messages of JSON, a format that reads them, and a log and a store that hold them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from city_rows import at

from networks.errors import BadInput
from twin.feeds import Dead, Fault, Message, Position, Told, Understood
from twin.feeds.log import LogReader, LogWriter
from twin.store import FeedStore

Bus = tuple[str, float]
"""Mover, and when (seconds)."""


class Buses:
    """The format."""

    def understand(self, message: Message) -> Understood:
        """One position a bus."""
        try:
            told = json.loads(message.payload)
        except ValueError as error:
            raise BadInput("no JSON", place="payload") from error
        return Understood(tuple(Position(mover, at(s), 24.9, 60.1, message.received, "bus") for mover, s in told))


def message(buses: Sequence[Bus] | str, received: float, topic: str = "buses") -> Message:
    """One; a text is kept as it stands, and nobody understands it."""
    payload = buses if isinstance(buses, str) else json.dumps(buses)
    return Message(payload.encode(), topic, at(received))


def record(log: Path, messages: Sequence[Message]) -> None:
    """Append them to a log, and close its file as a recorder that ends does."""
    with LogWriter(log) as writer:
        writer.append(list(messages))


def govern(store: FeedStore, log: Path, feed: str = "buses", end: int | None = None) -> None:
    """Bring the store up to the log."""
    first, end = store.position(feed), LogReader(log).end() if end is None else end
    rows: list[Told] = []
    dead: list[Dead] = []
    for number, found in LogReader(log).read(first, end):
        assert isinstance(found, Message)
        try:
            rows += [(number, row) for row in Buses().understand(found).records] if found.payload else []
        except BadInput as error:
            dead.append(Dead(feed, number, found.received, found.topic, (Fault.of(error),)))
    store.take(feed, first, end, rows, dead)
