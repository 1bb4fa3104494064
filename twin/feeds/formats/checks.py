"""What a stranger's fields must be before a row is made of them: each check gives the value, or says what is wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from networks.errors import BadInput
from twin.feeds.formats.json_in import shown
from twin.feeds.message import Fault, Understood
from twin.feeds.records import Record

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Older times are a clock that was never set (GPS weeks, 1970)."""

AHEAD = timedelta(days=1)
"""A clock may be this far ahead of the moment the message came."""

FASTEST_MPS = 150.0
"""Of anything on a street or on rails."""

_MOST_FAULTS = 100
_MOST_NAMES = 200
_NUMBERS = (int, float)


class Findings:
    """What was made of a message so far, bit by bit."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.faults: list[Fault] = []
        self.left_out: Counter[str] = Counter()
        self._more_faults = 0

    @contextmanager
    def part(self, place: str = "") -> Iterator[None]:
        """One part of the message: what is wrong with it becomes a fault, and the next part goes on."""
        try:
            yield
        except BadInput as error:
            self.fault(error, place)

    def fault(self, error: BadInput, place: str = "") -> None:
        """Keep what is wrong; after a hundred only how many more there are."""
        if len(self.faults) < _MOST_FAULTS:
            inner = f"{place}.{error.place}" if place and error.place else error.place or place
            self.faults.append(Fault(shown(inner, 200), shown(error.what, 300), shown(error.expected or "", 500)))
        else:
            self._more_faults += 1

    def understood(self) -> Understood:
        """All of it.

        Raises:
            BadInput: Nothing of the message can be used: there is no row, nothing fine was left out, and something is
                wrong.
        """
        if self.faults and not self.records and not self.left_out:
            first = self.faults[0]
            more = len(self.faults) + self._more_faults - 1
            what = f"{first.what} (and {more} more)" if more else first.what
            raise BadInput(what, place=first.place, expected=first.expected or None)
        if self._more_faults:
            self.faults.append(Fault("", f"{self._more_faults} more parts are wrong"))
            self._more_faults = 0
        if len(self.left_out) > _MOST_NAMES:
            kept = dict(self.left_out.most_common(_MOST_NAMES))
            self.left_out = Counter({**kept, "others": self.left_out.total() - sum(kept.values())})
        return Understood(tuple(self.records), tuple(self.faults), dict(self.left_out))


def moment(value: object, place: str, received: datetime, zone: tzinfo | None = None) -> datetime:
    """A time (ISO 8601) as UTC.

    Args:
        value: The text.
        place: Where it stands.
        received: When the message came: later than a day after it is refused.
        zone: Of times without one; None: they are refused.

    Raises:
        BadInput: It is none, has no zone, or cannot be.
    """
    return plausible(utc(value, place, zone), place, received)


def utc(value: object, place: str, zone: tzinfo | None = None) -> datetime:
    """As `moment`, whatever the time is."""
    if not isinstance(value, str) or not 8 <= len(value) <= 40:
        raise BadInput(f"{shown(value)!r} is no time", place=place, expected="ISO 8601 with a zone")
    time = _read(value, zone)
    if time is None:
        raise BadInput(f"{shown(value)!r} is no time", place=place, expected="ISO 8601 with a zone")
    if time.tzinfo is None:
        raise BadInput(
            f"the time {value!r} has no zone",
            place=place,
            expected="ISO 8601 with Z or an offset, or `zone` under the feed's `options:` where its format has that",
        )
    return time


@lru_cache(4096)  # the observations of one message share their times
def _read(text: str, zone: tzinfo | None) -> datetime | None:
    """The time in UTC; as it stands where it has no zone, None where it is none."""
    try:
        time = datetime.fromisoformat(text) if text.isascii() else None
        if time is None or (time.tzinfo is None and zone is None):
            return time
        return (time if time.tzinfo is not None else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: object, place: str, received: datetime) -> datetime:
    """A time told as seconds since 1970-01-01T00:00:00Z, as UTC.

    Raises:
        BadInput: It is no number, or cannot be.
    """
    value = number(seconds, place, 0.0, 1e11, "s since 1970")
    return plausible(datetime.fromtimestamp(min(value, 2e10), UTC), place, received)


def plausible(time: datetime, place: str, received: datetime) -> datetime:
    """The same time.

    Raises:
        BadInput: It is before 1990, or more than a day after the message came.
    """
    if time < EARLIEST or time > received + AHEAD:
        when = time.isoformat(timespec="seconds")
        expected = f"1990 to {(received + AHEAD).isoformat(timespec='seconds')}"
        raise BadInput(f"the time {when} cannot be", place=place, expected=expected)
    return time


def zone_named(name: str | None) -> tzinfo | None:
    """A zone of the tz database, None for none.

    Raises:
        ValueError: There is none of that name (pydantic tells it with the option's line).
    """
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"there is no zone {name!r}; expected one like Asia/Shanghai") from error


def number(value: object, place: str, lowest: float = -1e15, highest: float = 1e15, unit: str = "") -> float:
    """A finite number within [lowest, highest].

    Raises:
        BadInput: It is none, or outside.
    """
    if value is None:
        raise BadInput("it is missing", place=place, expected=f"a number {unit}".strip())
    if not isinstance(value, _NUMBERS) or isinstance(value, bool) or not math.isfinite(value):
        raise BadInput(f"{shown(value)} is no number", place=place, expected=f"a number {unit}".strip())
    if not lowest <= value <= highest:
        raise BadInput(f"{value:g} cannot be", place=place, expected=f"{lowest:g} to {highest:g} {unit}".strip())
    return float(value)


def text(value: object, place: str, longest: int = 200) -> str:
    """A text that is not empty. A whole number is taken as one: ids come either way.

    Raises:
        BadInput: It is none, empty or too long.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        raise BadInput("it is missing", place=place, expected="a text")
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{shown(value)!r} is no name", place=place, expected="a text that is not empty")
    if "\x00" in value:
        raise BadInput(f"{shown(value)!r} has U+0000", place=place, expected="a text that a database can keep")
    if len(value) > longest:
        raise BadInput(f"a text of {len(value)} characters", place=place, expected=f"at most {longest}")
    return value


def position(
    lon: object, lat: object, place: str, within: tuple[float, float, float, float] | None = None
) -> tuple[float, float]:
    """Longitude and latitude (degrees).

    Args:
        lon: East of Greenwich.
        lat: North of the equator.
        place: Where they stand.
        within: West, south, east, north that the feed's positions keep to; None: anywhere on Earth.

    Raises:
        BadInput: They are none, 0, 0 (what devices say that do not know), or outside.
    """
    x, y = number(lon, f"{place}longitude", -180, 180, "degrees"), number(lat, f"{place}latitude", -90, 90, "degrees")
    where = (place or "position").rstrip(".")
    if x == 0.0 and y == 0.0:
        raise BadInput("the position 0, 0", place=where, expected="a position; a device that knows none says 0, 0")
    if within is not None and not (within[0] <= x <= within[2] and within[1] <= y <= within[3]):
        swapped = within[0] <= y <= within[2] and within[1] <= x <= within[3]
        what = f"longitude {x:g}, latitude {y:g} is outside" + (": they are swapped" if swapped else "")
        west, south, east, north = within
        raise BadInput(what, place=where, expected=f"{west:g} to {east:g} E, {south:g} to {north:g} N")
    return x, y


def members(value: object, place: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        BadInput: It is none.
    """
    if not isinstance(value, dict):
        raise BadInput(f"{shown(value)} is no object", place=place, expected="a JSON object")
    return value


def items(value: object, place: str, most: int = 100_000) -> list[Any]:
    """A JSON array of at most `most`.

    Raises:
        BadInput: It is none, or longer.
    """
    if not isinstance(value, list):
        raise BadInput(f"{shown(value)} is no array", place=place, expected="a JSON array")
    if len(value) > most:
        raise BadInput(f"{len(value)} entries", place=place, expected=f"at most {most}")
    return value
