"""When a unit leaves, as somebody types it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from networks.errors import BadInput


@dataclass(frozen=True)
class Moment:
    """A moment of leaving.

    Attributes:
        depart_s: Seconds after the storm's begin; 0 without a storm.
        on_clock: The same on the wall clock, where it is known.
        dated: Whether the day is known, too.
    """

    depart_s: float
    on_clock: datetime | None
    dated: bool = True

    @property
    def day(self) -> datetime | None:
        """The moment, where its day is known."""
        return self.on_clock if self.dated else None

    @property
    def hour(self) -> float:
        """Hour of the day, 0 to 24; noon where no clock is known."""
        clock = self.on_clock
        return 12.0 if clock is None else clock.hour + clock.minute / 60.0

    def later(self, seconds: float) -> str:
        """So many seconds later, in words: on the clock, or after the begin."""
        if self.on_clock is None:
            return f"T+{(self.depart_s + seconds) / 60:.0f} min"
        return f"{self.on_clock + timedelta(seconds=seconds):%H:%M:%S}"


def read_moment(text: str | None, begin: datetime | None) -> Moment:
    """`+MIN` (after the storm's begin), `HH:MM` (the next time after it) or an ISO time; nothing means the begin.

    Raises:
        BadInput: It is none of these, or before the storm.
    """
    if text is None:
        return Moment(0.0, begin)
    dated = True
    wanted = "+MINUTES after the storm's begin, HH:MM, or an ISO time"
    try:
        if text.startswith("+"):
            after = timedelta(minutes=float(text[1:]))
            return Moment(after.total_seconds(), begin + after if begin else None)
        if re.fullmatch(r"\d{1,2}:\d{2}", text):
            hour, minute = (int(part) for part in text.split(":"))
            day, dated = begin or datetime(2000, 1, 1), begin is not None
            clock = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
            clock += timedelta(days=clock < day)
        else:
            clock = datetime.fromisoformat(text)
            clock = clock.replace(tzinfo=begin.tzinfo) if begin and clock.tzinfo is None else clock
    except (ValueError, OverflowError) as error:
        raise BadInput(f"no moment: {text!r}", place="--at", expected=wanted) from error
    depart_s = (clock - begin).total_seconds() if begin else 0.0
    if depart_s < 0.0:
        raise BadInput(f"{text} is before the storm's begin, {begin}", place="--at", expected=wanted)
    return Moment(depart_s, clock, dated)
