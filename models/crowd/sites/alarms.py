"""Alarms by the share of a capacity, with hysteresis, and when the next is to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from networks.errors import BadInput


@dataclass(frozen=True)
class AlarmLevels:
    """From which shares on there is an alarm.

    Attributes:
        shares: Of the capacity, rising, e.g. (0.8, 0.9, 1.0).
        hysteresis: An alarm ends so far below the share at which it began.
        source: Who set them.
    """

    shares: tuple[float, ...] = (0.8, 0.9, 1.0)
    hysteresis: float = 0.05
    source: str = "80, 90 and 100 % as usual at Chinese sites; hysteresis guessed (secondary source: press)"

    def __post_init__(self) -> None:
        if not self.shares or any(b <= a for a, b in zip((0.0, *self.shares), self.shares, strict=False)):
            raise BadInput(f"alarm levels {self.shares}", expected="shares that rise, each above 0")
        least = min(b - a for a, b in zip((0.0, *self.shares), self.shares, strict=False))
        if not 0.0 <= self.hysteresis < least:
            raise BadInput(f"hysteresis {self.hysteresis:g}", expected=f"0 or more, below {least:g}, the least step")


@dataclass(frozen=True)
class Foretold:
    """The next alarm to come.

    Attributes:
        level: 1 for the first share.
        earliest: First moment at which the interval reaches it.
        expected: First moment at which the forecast itself does; None: within the forecast it does not.
    """

    level: int
    earliest: datetime
    expected: datetime | None


def level_now(levels: AlarmLevels, share: float, before: int = 0) -> int:
    """The level of alarm, 0 for none, from the share of the capacity and the level before.

    It rises as soon as a share is met and falls only when the share is `hysteresis` below its threshold.
    """
    met = sum(share >= one for one in levels.shares)
    held = sum(share >= one - levels.hysteresis for one in levels.shares[:before])
    return max(met, held)


@dataclass(frozen=True)
class DayAlarm:
    """A day to come against a capacity.

    Attributes:
        share: Of the capacity, as expected.
        high_share: Of the capacity, at the upper bound of the interval.
        level: The alarm that is expected, 0 for none.
        perhaps: The highest that the interval reaches.
    """

    share: float
    high_share: float
    level: int
    perhaps: int


def alarm_of_day(levels: AlarmLevels, capacity: float, expected: float, high: float) -> DayAlarm:
    """The alarm of a day on which `expected` visitors come, `high` at most by the interval."""
    share, most = expected / capacity, high / capacity
    return DayAlarm(share, most, level_now(levels, share), level_now(levels, most))


def foretell(
    levels: AlarmLevels,
    capacity: float,
    times: Sequence[datetime],
    mean: Sequence[float],
    high: Sequence[float],
    now: int = 0,
) -> Foretold | None:
    """When the next level above `now` comes; None: not within the forecast.

    Args:
        levels: The levels.
        capacity: People.
        times: Moments of the forecast, rising.
        mean: People expected at each.
        high: Upper bound of the interval at each.
        now: The level now.
    """
    if now >= len(levels.shares):
        return None
    limit = levels.shares[now] * capacity
    earliest = next((time for time, size in zip(times, high, strict=True) if size >= limit), None)
    expected = next((time for time, size in zip(times, mean, strict=True) if size >= limit), None)
    return Foretold(now + 1, earliest, expected) if earliest is not None else None
