"""When a value of DATEX II was measured: its period, and what its one time means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from twin.feeds.formats.datex2.publication import Told
from twin.feeds.formats.markup import Part

_MEANINGS = {"start": 0.0, "begin": 0.0, "middle": 0.5, "end": 1.0}
"""Where in its period a time lies; version 3 says it (TimeMeaningEnum), version 2 leaves it open."""


@dataclass(frozen=True, slots=True)
class Period:
    """When something was measured.

    Attributes:
        at: Its time, UTC.
        length_s: None: not told.
        meaning: Where in the period its time lies: 0 is the begin, 1 the end; None: not told.
    """

    at: datetime | None
    length_s: float | None = None
    meaning: float | None = None

    def begin(self, options: Told) -> datetime:
        """Its begin, UTC, with the feed's option where the message does not tell what its time means."""
        assert self.at is not None
        share = self.meaning if self.meaning is not None else _MEANINGS[options.stamp]
        return self.at - timedelta(seconds=share * (self.length_s or 0.0))


def period_of(
    owner: Part, name: str, options: Told, default: Period | None = None, *, need: bool = False
) -> Period | None:
    """When a value was measured; None, and a fault, where it cannot be told.

    Args:
        owner: Has the time as a child `name`, perhaps the length as `measurementOrCalculationPeriod`.
        name: A date and time (version 2), or an element with `timeValue`, `timeMeaning`, `period` (3).
        options: Of the feed.
        default: What holds where the owner does not say otherwise.
        need: The time must be here.
    """
    faulty = owner.reading.faulty
    length_s = owner.number("measurementOrCalculationPeriod", low=0, high=86400)
    if length_s is None:
        length_s = (default.length_s if default is not None else None) or options.period_s
    meaning, at = (default.meaning, default.at) if default is not None else (None, None)
    part = owner.one(name)
    if part is not None and len(part.element):
        at, meaning = part.told("timeValue") if part.one("timeValue") is not None else at, _meaning(part)
        begin = part.told("period", "startOfPeriod") if part.at("period", "startOfPeriod") is not None else None
        end = part.told("period", "endOfPeriod") if part.at("period", "endOfPeriod") is not None else None
        if begin is not None and end is not None and begin <= end:
            at, length_s, meaning = begin, (end - begin).total_seconds(), 0.0
    elif part is not None or need:
        at = owner.told(name, need=need)
    if owner.reading.faulty > faulty:
        return None
    if at is None:
        owner.fault("it has no time", "when it was measured", name)
        return None
    return Period(at, length_s or None, meaning)


def _meaning(part: Part) -> float | None:
    told = part.text("timeMeaning").lower()
    for word, share in _MEANINGS.items():
        if told.startswith(word):
            return share
    if told:
        part.fault(f"{told[:60]!r} is no meaning of a time", "startTime, middleTime or endTime", "timeMeaning")
    return None
