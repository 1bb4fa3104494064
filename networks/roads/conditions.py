"""Rules of the map that hold at some times only: `no @ (Mo-Fr 07:00-19:00)`."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

_PART = re.compile(r"\s*([^@;]+?)\s*@\s*(\([^)]*\)|[^;]+)")


def conditional(text: str | None) -> list[tuple[str, str]]:
    """(value, hours) of a `:conditional` tag; conditions on anything but the clock and the calendar are left out.

    Syntax: OpenStreetMap wiki, Conditional restrictions (secondary source: known from the tags' use), hours as in
    `opening_hours`.
    """
    parts = [(value, when.strip().strip("()").strip()) for value, when in _PART.findall(text or "")]
    return [(value, when) for value, when in parts if understood(when)]


def understood(hours: str) -> bool:
    """Whether they are hours as in `opening_hours` that the clock alone decides (not the sun)."""
    from opening_hours import validate

    return not re.search(r"sun(set|rise)|dawn|dusk", hours) and bool(validate(hours))


def hold_at(hours: str, moment: datetime) -> bool:
    """Whether a local moment lies within some hours; public holidays (PH) are not known.

    Raises:
        ValueError: They are not `understood`.
    """
    return bool(_read(hours).is_open(moment.replace(tzinfo=None)))


@cache
def _read(hours: str) -> Any:
    from opening_hours import OpeningHours

    return OpeningHours(hours)
