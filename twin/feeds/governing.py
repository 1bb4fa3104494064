"""From the log into the store: messages are understood in spans, and each span is kept at once or not at all."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from networks.errors import NotThere, StorageFailed
from twin.feeds.format import Format
from twin.feeds.keeping import MENDED, WAITING, Dead, Keeping, Told
from twin.feeds.log import BLANKED, LogReader, Lost
from twin.feeds.message import Fault, Message, Understood
from twin.feeds.records import TABLE_OF
from twin.feeds.understanding import MENDS, as_first_received, understood

MOST_MESSAGES, MOST_ROWS, MOST_BYTES = 2_000, 40_000, 32 * 2**20
Settle = Callable[[str, int, str], None]
"""(feed, number, why): a dead letter is mended."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What came of messages so far.

    Attributes:
        messages: How many.
        rows: By table.
        dead: Dead letters.
        left_out: What was fine and is not kept.
    """

    messages: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    dead: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Span:
    """Messages [first, end) of a feed, understood.

    Attributes:
        first: Number of the first.
        end: Number after the last.
        rows: All rows.
        dead: What needs a look.
        mended: Number of an earlier message -> number of the one that stands for it.
        left_out: What was fine and is not kept.
    """

    first: int
    end: int
    rows: list[Told]
    dead: list[Dead]
    mended: dict[int, int]
    left_out: Counter[str]


class Governing:
    """Brings one feed's messages into a store, from where the store stands.

    Args:
        feed: Its id.
        reader: Of its log.
        format: What understands it.
        store: What keeps the rows.
        settle: Called for each dead letter that a later message mends.
    """

    def __init__(self, feed: str, reader: LogReader, format: Format, store: Keeping, settle: Settle | None) -> None:
        self.feed, self._reader, self._format, self._store, self._settle = feed, reader, format, store, settle
        self.position: int | None = None
        """Number of the first message that is not in the store; None: not asked yet."""
        self.tally = Tally()
        self.skip: set[int] = set()
        """Messages that are put aside unread: reading them ended the process."""
        self.reading: Callable[[int | None], None] = lambda _: None
        """Told before a message is understood, and with None after it."""
        self._waiting: Span | None = None

    def step(self, end: int) -> int:
        """Take one span in, of messages before `end`.

        Returns:
            How many messages it had; 0: the store has everything.

        Raises:
            StorageFailed: The store is away; the same span is tried again in the next step.
            OSError: The log cannot be read.
        """
        if self.position is None:
            self.position = self._store.position(self.feed)
        if self.position >= end:
            return 0
        span = self._waiting or self._next(self.position, end)
        self._waiting = span
        self._keep(span)
        self._waiting, self.position = None, span.end
        self.tally.messages += span.end - span.first
        self.tally.left_out.update(span.left_out)
        return span.end - span.first

    def _next(self, first: int, end: int) -> Span:
        span = Span(first, first, [], [], {}, Counter())
        size = 0
        for number, message in self._reader.read(first, end):
            span = self._with(span, number, message)
            size += len(message.payload) if isinstance(message, Message) else 0
            if span.end - first >= MOST_MESSAGES or len(span.rows) >= MOST_ROWS or size >= MOST_BYTES:
                break
        return span

    def _with(self, span: Span, number: int, message: Message | Lost) -> Span:
        if isinstance(message, Lost):
            lost = Fault(f"messages {message.first} to {message.end - 1}", message.why, "a whole log")
            span.dead.append(Dead(self.feed, number, _now(), "", (lost,)))
            return replace(span, end=message.end)
        if BLANKED not in message.headers:
            mends = message.headers.get(MENDS)
            message = as_first_received(message)
            found = self._understood(number, message)
            span.rows.extend((number, row) for row in found.records)
            span.left_out.update(found.left_out)
            if found.faults:
                span.dead.append(Dead(self.feed, number, message.received, message.topic, tuple(found.faults)))
            elif mends is not None and mends.isdecimal():
                self._mended(span, int(mends), number)
        return replace(span, end=number + 1)

    def _mended(self, span: Span, number: int, by: int) -> None:
        """The dead letter `number` is mended; the store may know it, or the span may bring it along."""
        for k, dead in enumerate(span.dead):
            if dead.number == number and dead.state == WAITING:
                span.dead[k] = replace(dead, state=MENDED)
                return
        span.mended.setdefault(number, by)

    def _understood(self, number: int, message: Message) -> Understood:
        if number in self.skip:
            return Understood((), (Fault("", "reading it ended the process twice", "a message that can be read"),))
        self.reading(number)
        try:
            return understood(self._format, message)
        finally:
            self.reading(None)

    def _keep(self, span: Span) -> None:
        for number, by in span.mended.items():
            if self._settle is not None:
                try:
                    self._settle(self.feed, number, f"by message {by}")
                except NotThere:  # before a stop, or by somebody else
                    _log.debug("feed %s: message %d was settled already", self.feed, number)
        self._take(span)

    def _take(self, span: Span) -> None:
        """Keep a span; where one message's rows cannot be kept, that one alone is put aside."""
        try:
            self._store.take(self.feed, span.first, span.end, span.rows, span.dead)
        except (StorageFailed, OSError, MemoryError):
            raise
        except Exception as error:
            if span.end - span.first > 1 and any(number != span.first for number, _ in span.rows):
                middle = (span.first + span.end) // 2
                self._take(_part(span, span.first, middle))
                self._take(_part(span, middle, span.end))
                return
            if not span.rows:
                raise
            what = f"its rows cannot be kept: {type(error).__name__}: {str(error)[:300]}"
            dead = Dead(self.feed, span.first, _now(), "", (Fault("", what),))
            others = [one for one in span.dead if one.number != span.first]
            self._store.take(self.feed, span.first, span.end, [], [dead, *others])
            self.tally.dead += 1 + len(others)
            return
        self.tally.rows.update(TABLE_OF[type(row)] for _, row in span.rows)
        self.tally.dead += len(span.dead)


def mended_why(store: object, who: str) -> Settle | None:
    """How a store is told that a dead letter is mended; None: it keeps none."""
    settle = getattr(store, "settle", None)
    if settle is None:
        return None
    return lambda feed, number, why: settle(feed, number, MENDED, who=who, why=why)


def _part(span: Span, first: int, end: int) -> Span:
    rows = [(number, row) for number, row in span.rows if first <= number < end]
    dead = [one for one in span.dead if first <= one.number < end]
    return Span(first, end, rows, dead, {}, Counter())


def _now() -> datetime:
    return datetime.now(UTC)
