"""`OnDuty`: who is on duty, from a table that a city keeps: whom to call, for what, from when until when."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from networks.errors import BadInput

COLUMNS = ("agency", "name", "call", "from", "to")


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A line of the roster.

    Attributes:
        agency: For whom.
        name: Who.
        call: Number, radio channel or address under which they answer.
        begins: From when; with a zone.
        ends: Until when.
    """

    agency: str
    name: str
    call: str
    begins: datetime
    ends: datetime


def read_roster(file: Path) -> tuple[OnDuty, ...]:
    """Read a roster: CSV, UTF-8, with columns agency, name, call, from, to (ISO 8601 with a zone).

    Raises:
        BadInput: It cannot be read, or a line has no time or no zone; told with its line.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            if not set(COLUMNS) <= set(rows.fieldnames or ()):
                raise BadInput("is no roster", file=file, place="line 1", expected=", ".join(COLUMNS))
            return tuple(_line(row, file, rows.line_num) for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"cannot be read: {error}", file=file, expected="CSV in UTF-8") from error


def on_duty(roster: Sequence[OnDuty], now: datetime) -> list[OnDuty]:
    """Who is on duty at a moment, by agency."""
    return sorted((one for one in roster if one.begins <= now < one.ends), key=lambda one: (one.agency, one.name))


def _line(row: dict[str, str | None], file: Path, number: int) -> OnDuty:
    told = {name: (row.get(name) or "").strip() for name in COLUMNS}
    times = []
    for name in ("from", "to"):
        try:
            moment = datetime.fromisoformat(told[name])
        except ValueError:
            moment = datetime.min
        if moment.tzinfo is None:
            raise BadInput(
                f"{told[name]!r} is no time with a zone", file=file, place=f"line {number}, {name}",
                expected="ISO 8601 like 2026-11-23T06:00+08:00",
            )  # fmt: skip
        times.append(moment)
    if not told["name"] or times[1] <= times[0]:
        what = "nobody is named" if not told["name"] else "it ends before it begins"
        raise BadInput(what, file=file, place=f"line {number}", expected="a name, and from before to")
    return OnDuty(told["agency"], told["name"], told["call"], *times)
