"""Days that a site knows itself, from CSV: public holidays of a notice, working weekends, closures, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calibration.visits.history import read_day
from networks.errors import BadInput
from networks.imports.table_text import read_rows

KINDS = ("holiday", "working", "closed", "event")
"""A public holiday; a weekend day that is worked; nobody is let in; something that draws people."""


@dataclass(frozen=True)
class OwnDay:
    """A day of the table.

    Attributes:
        day: Which.
        kind: One of KINDS.
        source: Who says so, e.g. the State Council's notice with its date.
    """

    day: date
    kind: str
    source: str


def read_own_days(file: Path | str) -> Mapping[date, OwnDay]:
    """Days from a CSV file with the columns date, kind (of KINDS) and source.

    Raises:
        BadInput: It cannot be read, columns are missing, a kind is unknown, a day is there twice, or has no source.
    """
    file = Path(file)
    header, rows = read_rows(file)
    if set(header) != {"date", "kind", "source"}:
        raise BadInput(f"its columns are {', '.join(header)}", file=file, place="line 1", expected="date,kind,source")
    found: dict[date, OwnDay] = {}
    for line, cells in rows:
        row, place = dict(zip(header, cells, strict=True)), f"line {line}"
        day = read_day(row["date"], file, line)
        if day in found:
            raise BadInput(f"{day} is there twice", file=file, place=place, remedy="keep one of them")
        if row["kind"] not in KINDS:
            raise BadInput(f"no kind of day is {row['kind']!r}", file=file, place=place, expected=", ".join(KINDS))
        if not row["source"]:
            raise BadInput(f"{day} has no source", file=file, place=place, remedy="say who set it")
        found[day] = OwnDay(day, row["kind"], row["source"])
    return found
