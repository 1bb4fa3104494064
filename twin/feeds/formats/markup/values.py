"""Texts become values: times, durations and numbers as W3C XML Schema 1.0 part 2, section 3.2 writes them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Plans reach into the future, but not beyond this."""

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?"
    r"(T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}", re.ASCII)


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo:
    """A time zone by its name or offset.

    Raises:
        ValueError: There is none.
    """
    if offset := _OFFSET.fullmatch(name):
        return _offset_zone(*offset.groups())
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(f"there is no time zone {name!r}; write Asia/Shanghai or +08:00") from error


@lru_cache(maxsize=4096)
def moment(text: str, zone: str = "", latest: datetime = LATEST) -> datetime:
    """A time, UTC. Neighbours in a message often share one: the same text gives the same object.

    Args:
        text: `xs:dateTime`.
        zone: Where it tells none; "": that is an error.
        latest: What it may be at most.

    Raises:
        ValueError: It is none, has no zone, or is out of bounds.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{shown(text)} is no time")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    micro = int(((found[7] or "") + "000000")[:6])
    midnight_after = (hour, minute, second, micro) == (24, 0, 0, 0)
    if found[8] is None and not zone:
        raise ValueError(f"{shown(text)} does not tell its time zone")
    try:
        local = datetime(year, month, day, 0 if midnight_after else hour, minute, second, micro)
        where = zone_named(zone) if found[8] is None else UTC if found[8] == "Z" else zone_named(found[8])
        told = (local + timedelta(days=midnight_after)).replace(tzinfo=where).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shown(text)} is no time: {error}") from error
    if not EARLIEST <= told <= latest:
        raise ValueError(f"{shown(text)} is {'before 1990' if told < EARLIEST else 'too far in the future'}")
    return told


def duration_s(text: str) -> float:
    """A duration (s), which may be negative.

    Raises:
        ValueError: It is none, or has years or months, whose length nobody knows.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()[1:4] + found.groups()[5:]) or found[5] == "T":
        raise ValueError(f"{shown(text)} is no duration")
    if int(found[2] or 0) or int(found[3] or 0):
        raise ValueError(f"{shown(text)} counts in years or months, whose length is not fixed")
    days, hours, minutes = (int(found[part] or 0) for part in (4, 6, 7))
    length = 86400.0 * days + 3600.0 * hours + 60.0 * minutes + float(found[8] or 0)
    return -length if found[1] else length


def number(text: str, low: float = -math.inf, high: float = math.inf, *, whole: bool = False) -> float:
    """A finite number between two bounds.

    Raises:
        ValueError: It is none, or out of bounds.
    """
    if _NUMBER.fullmatch(text) is None or (whole and not text.lstrip("+-").isdigit()):
        raise ValueError(f"{shown(text)} is no {'whole ' if whole else ''}number")
    told = float(text)
    if not (math.isfinite(told) and low <= told <= high):
        raise ValueError(f"{shown(text)} is out of bounds")
    return told


def language_tag(text: str) -> str:
    """A language tag (BCP 47) in its usual letters, `en`, `zh-CN`; "" where it is none."""
    if _LANGUAGE.fullmatch(text) is None:
        return ""
    first, *others = text.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in others)])


def shown(text: str) -> str:
    """A text from outside as errors quote it."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _offset_zone(sign: str, hours: str, minutes: str) -> tzinfo:
    if int(minutes) > 59 or int(hours) * 60 + int(minutes) > 14 * 60:
        raise ValueError(f"there is no time zone {sign}{hours}:{minutes}")
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1))
