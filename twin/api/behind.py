"""`Behind`: what the API answers from: the desk's book and the newest state; nothing else is kept here."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from twin.api.streams import Streams
from twin.desk.audit import AuditEntry, entries_after
from twin.desk.tables import audit

if TYPE_CHECKING:
    from twin.api.doorkeeper import SignIn
    from twin.api.features import Collection
    from twin.api.figure import Figure
    from twin.desk import Book, Desk
    from twin.desk.roster import OnDuty
    from twin.live import Hour
    from twin.plans import Plan
    from twin.reports import Shelf
    from twin.signals import SignalGround
    from twin.whatif import WhatIfs


class StateFeed:
    """The newest state as JSON text, made at most once per `pause_s` however many pages look at it.

    Args:
        make: Makes the state; called in a thread.
        pause_s: Wall seconds.
        version: Something that is another one when a cycle has ended: then the state is made anew at once.
    """

    def __init__(
        self, make: Callable[[], dict[str, Any]], *, pause_s: float = 1.0, version: Callable[[], object] = lambda: None
    ) -> None:
        self._make, self.pause_s, self._version = make, pause_s, version
        self._text, self._made, self._of = "", -1e9, version()
        self._outdated = False
        self._turn = asyncio.Lock()

    def outdate(self) -> None:
        """Something was done that is in the state: whoever asks from now on gets one that is made anew."""
        self._outdated = True

    async def text(self) -> str:
        """The state as JSON text."""
        async with self._turn:
            version = self._version()
            if self._outdated or version != self._of or time.monotonic() - self._made >= self.pause_s:
                self._of, self._outdated = version, False
                self._text = json.dumps(await asyncio.to_thread(self._make), ensure_ascii=False, allow_nan=False)
                self._made = time.monotonic()
            return self._text


class AuditFeed:
    """What happened since an entry, for any number of listeners; the book is asked at most once per `pause_s` for all.

    Args:
        book: Holds the audit.
        pause_s: Wall seconds.
    """

    def __init__(self, book: Book, *, pause_s: float = 0.5) -> None:
        self.book, self.pause_s = book, pause_s
        self._last, self._looked = 0, -1e9
        self._turn = asyncio.Lock()

    async def last(self) -> int:
        """The number of the newest entry; 0 where nothing has happened yet."""
        async with self._turn:
            if time.monotonic() - self._looked >= self.pause_s:
                self._last = await asyncio.to_thread(self.newest)
                self._looked = time.monotonic()
            return self._last

    async def after(self, seq: int, limit: int) -> list[AuditEntry]:
        """Entries after this number, oldest first, `limit` at most; the book is left alone where there are none."""
        if await self.last() <= seq:
            return []
        return await asyncio.to_thread(self.read, seq, limit)

    def read(self, seq: int, limit: int) -> list[AuditEntry]:
        """The same, from the book."""
        with self.book.read() as link:
            return entries_after(link, seq, limit)

    def newest(self) -> int:
        """The number of the newest entry, from the book."""
        with self.book.read() as link:
            return int(link.execute(select(func.max(audit.c.seq))).scalar() or 0)


@dataclass(frozen=True)
class Behind:
    """What the API answers from.

    Attributes:
        desk: Recommendations, decisions and the audit.
        state: Of the live loop, as the cockpit reads it.
        layers: The static map layers, JSON-ready; asked for once.
        before_decision: Called before each decision (sets the desk's clock in a replay).
        ready: Why the twin cannot be relied on now, in words; empty when it can.
        streams: How many event streams may be open.
        sign_in: Whose token it is; None: the desk's people alone.
        collections: What is told as features of OGC API, by id.
        plans: Response plans that may open cases.
        figures: More for Prometheus: of the loop.
        idle_s: A session in which nobody does anything for so long ends (wall seconds); who only looks stays.
        roster: Who is on duty now, row by row; empty where no roster was given.
        signals: The city's signals, for the engineers' workspace; None: it has none.
        hour: Now and the next hour in steps; None before the first cycle.
        what_ifs: The queue of the planning desk; None: there is none.
        reports: Those that were made; None: this server keeps none.
        front: Page that `/` leads to; empty: the cockpit.
    """

    desk: Desk
    state: StateFeed
    layers: Callable[[], dict[str, Any]] = dict
    before_decision: Callable[[], None] = lambda: None
    ready: Callable[[], str] = lambda: ""
    streams: Streams = field(default_factory=Streams)
    sign_in: SignIn | None = None
    collections: Mapping[str, Collection] = field(default_factory=dict)
    plans: Sequence[Plan] = ()
    figures: Callable[[], Sequence[Figure]] = tuple
    what_ifs: WhatIfs | None = None
    reports: Shelf | None = None
    front: str = ""
    idle_s: float = 1800.0
    roster: Callable[[], Sequence[OnDuty]] = tuple
    signals: Callable[[], SignalGround] | None = None
    hour: Callable[[], Hour | None] = lambda: None

    def idle_of(self, role: str) -> float | None:
        """How long somebody of this role may do nothing (s); None: a wall that only shows is never signed out."""
        return None if role == "viewer" else self.idle_s

    @property
    def book(self) -> Book:
        """The database of everything that must survive a crash."""
        return self.desk.book
