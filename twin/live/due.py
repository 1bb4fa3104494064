"""Which cycle is due: one for each step of the clock, none twice, none for the past, whatever the clock does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from networks.sentence import Sentence, say

LEAP_S = 90.0
"""A clock that is off its pace by more has leapt (s)."""
NEAR = 2.5
"""Steps within which sensors must have spoken for a clock to be believed after a leap."""


@dataclass
class Due:
    """Follows a clock.

    A clock that leaps is believed when what is heard comes from its time too, or when it stood by it for `settle_s`:
    until then nothing is run. Steps that were passed over (a leap, a stop) are never made up for.

    Attributes:
        step_s: From one cycle to the next.
        last: The moment of the last cycle; None before the first.
        pace: Seconds of the clock for a wall second; None where it goes by itself (driven by what is heard).
        settle_s: Wall seconds after which a leap is believed whatever is heard.
        monotonic: Where wall seconds come from.
        told: What there is to say; whoever says it empties it.
    """

    step_s: float
    last: datetime | None = None
    pace: float | None = 1.0
    settle_s: float = 600.0
    monotonic: Callable[[], float] = field(default=time.monotonic)
    told: list[Sentence] = field(default_factory=list)
    _seen: tuple[datetime, float] | None = None
    _leapt_at: float | None = None
    _waits: bool = False

    def look(self, now: datetime, heard: Callable[[], datetime | None] = lambda: None) -> datetime | None:
        """The moment of a cycle that is due now, or None; what there is to say is appended to `told`.

        Args:
            now: What the clock says.
            heard: Says up to when sensors have spoken; asked after a leap alone.
        """
        self._watch(now, heard)
        if self._leapt_at is not None:
            return None
        step = timedelta(seconds=self.step_s)
        moment = on_grid(now, self.step_s)
        if self.last is None or moment > self.last:
            if self.last is not None and (missed := (moment - self.last) // step - 1) > 0:
                self.told.append(
                    say(
                        f"no cycle for {missed} steps between {self.last:%H:%M} and {moment:%H:%M}",
                        f"{self.last:%H:%M}至{moment:%H:%M}之间缺少{missed}个周期",
                    )
                )
            self._waits = False
            return moment
        if now < self.last and not self._waits:
            self._waits = True
            self.told.append(
                say(
                    f"the clock says {now:%H:%M:%S}, before the last cycle ({self.last:%H:%M}): nothing is run again",
                    f"时钟为{now:%H:%M:%S}，早于上一周期（{self.last:%H:%M}）：不重复执行",
                )
            )
        return None

    def ran(self, moment: datetime) -> None:
        """A cycle is over."""
        self.last = moment

    def _watch(self, now: datetime, heard: Callable[[], datetime | None]) -> None:
        """Notice a leap, and when it may be believed."""
        wall = self.monotonic()
        if self.pace is None:
            return
        if self._seen is not None:
            before, then = self._seen
            off_s = (now - before).total_seconds() - (wall - then) * self.pace
            if abs(off_s) > LEAP_S * max(self.pace, 1.0):
                self._leapt_at = wall
                ahead = ("ahead", "向前") if off_s > 0 else ("back", "向后")
                self.told.append(
                    say(
                        f"the clock leapt {abs(off_s):.0f} s {ahead[0]} to {now:%Y-%m-%d %H:%M:%S}",
                        f"时钟{ahead[1]}跳变{abs(off_s):.0f}秒，至{now:%Y-%m-%d %H:%M:%S}",
                    )
                )
        self._seen = now, wall
        if self._leapt_at is not None:
            heard_until = heard()
            near = heard_until is not None and abs((now - heard_until).total_seconds()) <= NEAR * self.step_s
            if near or wall - self._leapt_at >= self.settle_s:
                self._leapt_at = None


def on_grid(moment: datetime, step_s: float) -> datetime:
    """The last whole step at or before a moment, counted from midnight UTC."""
    whole = moment.astimezone(UTC)
    midnight = whole.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(seconds=(whole - midnight).total_seconds() // step_s * step_s)
