"""`CityNow`: a city kept in step with its feeds, cycle after cycle, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from networks.digest import digest_json
from networks.errors import TwinError
from networks.sentence import Sentence, say
from twin.cycle import MODES, Mode, Picture
from twin.live.cycles import Cycles
from twin.live.due import Due
from twin.live.round import Round

if TYPE_CHECKING:
    from twin.cycle import LiveClock
    from twin.desk import Book
    from twin.live.counts_now import CountsNow

log = logging.getLogger(__name__)

Tell = Callable[[Picture, Mode, int], None]
"""Told of each cycle when it is over: the picture, the mode, the rung of the ladder."""
WHO = "live loop"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of what happened, in both languages."""

    time: datetime
    en: str
    zh: str


@dataclass
class CityNow:
    """Runs the cycles of a city.

    Attributes:
        clock: The live clock.
        counts: What sensors say.
        round: The stages.
        book: Where all that must survive is kept.
        origin: Wall-clock time of the town's second 0; with a zone.
        due: Which cycle is due.
        mode: What mode it is now.
        tell: Told of each cycle.
        patience_s: Wall seconds that a cycle waits for sensors which have not spoken yet.
        pause_s: Wall seconds between two looks at the clock.
        drives: The clock is no wall clock: the book judges expiry by it.
        grace_s: A clock that can be held waits so long after the moment of a cycle (s): sensors speak late.
        until: No cycle from this moment on: the end of what is replayed; None: it has none.
        listen: Waits until a cycle's moment was heard of; None: as long as `patience_s` at most.
    """

    clock: LiveClock
    counts: CountsNow
    round: Round
    book: Book
    origin: datetime
    due: Due
    mode: Callable[[], Mode] = lambda: MODES["normal"]
    tell: Tell = lambda *_: None
    patience_s: float = 20.0
    pause_s: float = 0.5
    drives: bool = False
    grace_s: float = 0.0
    until: datetime | None = None
    listen: Callable[[datetime], Awaitable[None]] | None = None
    over: bool = False
    picture: Picture | None = None
    busy: str = ""
    stopping: bool = False
    log: tuple[LogLine, ...] = ()
    version: int = 0
    heard: datetime | None = None
    cycles: Cycles = field(init=False)

    def __post_init__(self) -> None:
        self.cycles = Cycles(self.book)
        last = self.cycles.last()
        if last and self.due.last is None:
            self.due.last = last[0].moment

    async def run(self, *, cycles: int | None = None) -> None:
        """Cycle after cycle until it is stopped, or for some."""
        done = 0
        while not self.stopping and (cycles is None or done < cycles):
            moment = await asyncio.to_thread(self._look)
            if moment is None:
                await asyncio.sleep(self.pause_s)
                continue
            if self.until is not None and moment >= self.until:
                self._end(self.until)
                return
            await (self.listen or self._wait_for)(moment)
            self.clock.hold_at(moment + timedelta(seconds=self.due.step_s + self.grace_s))
            await asyncio.to_thread(self.cycle, moment)
            done += 1

    def _end(self, moment: datetime) -> None:
        self.over = True
        self.clock.hold_at(moment)
        self.say(moment, say("the plan's evening is over", "计划时段已结束"))

    def cycle(self, now: datetime) -> Picture | None:
        """One cycle; what fails is told, never raised. None where it could not be begun or kept."""
        try:
            self.busy = "cycle"
            if self.drives:
                self.book.set_clock(now)
            mode = self.mode()
            picture = self.round.run(now, self.origin, mode, self._inputs(now))
            self.cycles.keep(picture, mode.name, self.round.ladder.rung)
        except Exception as error:  # the loop goes on with the next cycle; the screen says what happened
            if not isinstance(error, TwinError):
                log.exception("the cycle of %s failed", now)
            what = error.what if isinstance(error, TwinError) else f"{type(error).__name__}: {error}"
            self.say(now, say(f"this cycle failed: {what}", f"本周期失败：{what}"))
            return None
        finally:
            self.due.ran(now)
            self.busy = ""
            self.version += 1
        before, self.picture = self.picture, picture
        for told in picture.left_out:
            if before is None or told not in before.left_out:  # what goes on is told once
                self.say(now, told)
        self.tell(picture, mode, self.round.ladder.rung)
        return picture

    def say(self, now: datetime, told: Sentence) -> None:
        """Add a line to the log that operators see."""
        self.log = (*self.log[-199:], LogLine(now, told["en"], told["zh"]))

    def _look(self) -> datetime | None:
        now = self.clock.now()
        moment = self.due.look(now, lambda: self.counts.heard_until(now - timedelta(hours=1)))
        for told in self.due.told:
            self.say(now, told)
            with self.book.work() as link:
                self.book.note(link, WHO, "clock", None, told["en"])
        self.due.told.clear()
        return moment

    async def _wait_for(self, moment: datetime) -> None:
        """Until as many sensors have spoken of the last period as have of the one before, or patience is over."""
        until, before = time.monotonic() + self.patience_s, moment - timedelta(seconds=self.due.step_s)
        while True:
            try:
                wanted, told = [await asyncio.to_thread(self.counts.told, end) for end in (before, moment)]
            except TwinError:
                return
            if told >= wanted or time.monotonic() >= until or self.stopping:
                self.heard = moment if told > 0 else self.heard
                return
            await asyncio.sleep(self.pause_s)

    def _inputs(self, now: datetime) -> object:
        """What the cycle is made from, for its name."""
        try:
            counts, _ = self.counts.up_to((now - self.origin).total_seconds())
        except TwinError:
            return ["the store is away"]
        lately = counts.vehicles[:, -12:]
        return [digest_json([counts.sensors, counts.begin_s]), lately.tobytes().hex()[:4096]]
