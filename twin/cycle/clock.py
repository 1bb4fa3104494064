"""The live twin's time: the wall's, or a replay's that runs at any speed and can be held."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class LiveClock(Protocol):
    """What the live twin asks the time."""

    speed: float

    def now(self) -> datetime:
        """The time, UTC."""

    def hold_at(self, moment: datetime | None) -> None:
        """Do not go past this moment until told otherwise; None lets it run."""

    @property
    def held(self) -> bool:
        """It stands at the moment that it was told not to pass."""

    async def sleep_until(self, moment: datetime) -> None:
        """Come back when that time has come."""


class WallClock:
    """The real time; it cannot be held."""

    speed = 1.0
    held = False

    def now(self) -> datetime:
        """The time, UTC."""
        return datetime.now(UTC)

    def hold_at(self, moment: datetime | None) -> None:
        """Nothing: the street does not wait."""

    async def sleep_until(self, moment: datetime) -> None:
        """Come back when that time has come."""
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))


class ReplayClock:
    """A time that starts at `begin` and runs `speed` times as fast as the wall's.

    Args:
        begin: Its first moment (with a zone).
        speed: Seconds of the replay per second of the wall; above 0.
        monotonic: Where real seconds come from.
        pace_s: How long it sleeps at most before it looks again (real seconds).
    """

    def __init__(
        self,
        begin: datetime,
        speed: float = 1.0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pace_s: float = 0.1,
    ) -> None:
        if not speed > 0:
            raise ValueError(f"a speed above 0 is needed, not {speed}")
        self.speed, self._monotonic, self._pace_s = speed, monotonic, pace_s
        self._base, self._real = begin.astimezone(UTC), monotonic()
        self._hold: datetime | None = None

    def now(self) -> datetime:
        """The time, UTC; never past the moment it is held at."""
        running = self._base + timedelta(seconds=(self._monotonic() - self._real) * self.speed)
        return running if self._hold is None else min(running, max(self._hold, self._base))

    def hold_at(self, moment: datetime | None) -> None:
        """Do not go past this moment; the time spent standing is not made up for afterwards."""
        self._base, self._real = self.now(), self._monotonic()
        self._hold = moment

    @property
    def held(self) -> bool:
        """It stands at the moment that it was told not to pass."""
        return self._hold is not None and self.now() >= self._hold

    async def sleep_until(self, moment: datetime) -> None:
        """Come back when that time has come, however often the clock is held before."""
        while (left_s := (moment - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(max(left_s / self.speed, 0.001), self._pace_s))


class HeardClock:
    """A time that goes on with what sensors say: it stands until they have spoken of more, and goes never back.

    Args:
        heard: Up to when they have spoken; None while nobody has.
        begin: What it says before.
        pace_s: How long it sleeps at most before it looks again (real seconds).
    """

    speed = 1.0

    def __init__(self, heard: Callable[[], datetime | None], begin: datetime, *, pace_s: float = 0.5) -> None:
        self._heard, self._pace_s = heard, pace_s
        self.last = begin.astimezone(UTC)

    def now(self) -> datetime:
        """The time, UTC."""
        found = self._heard()
        self.last = self.last if found is None else max(self.last, found.astimezone(UTC))
        return self.last

    def hold_at(self, moment: datetime | None) -> None:
        """Nothing: it goes no further than what is said."""

    @property
    def held(self) -> bool:
        """It is never held."""
        return False

    async def sleep_until(self, moment: datetime) -> None:
        """Come back when sensors have spoken of that time."""
        while self.now() < moment:
            await asyncio.sleep(self._pace_s)
