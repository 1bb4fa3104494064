"""What every format of a trip table comes down to: cells with their place in the file, checked one by one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput

DAY_S = 86_400.0
_SHOWN = 5


@dataclass(frozen=True)
class Cell:
    """Trips from a zone to a zone in a period; `place` is where the file says so."""

    origin: str
    destination: str
    trips: float
    begin_s: float
    end_s: float
    vclass: str
    place: str


@dataclass(frozen=True)
class Usual:
    """Period (s after local midnight) and class of trips whose file does not say them."""

    begin_s: float = 0.0
    end_s: float = DAY_S
    vclass: str = "car"


def check_cells(cells: Iterable[Cell], zones: frozenset[str], file: Path) -> list[Cell]:
    """The cells that hold trips, when all make sense.

    Raises:
        BadInput: Names the place of a cell that is not finite, negative or there twice; unknown zones; no trips at all.
    """
    seen: dict[tuple[str, str, float, float, str], str] = {}
    unknown: dict[str, str] = {}
    kept = []
    for cell in cells:
        if not math.isfinite(cell.trips) or cell.trips < 0:
            raise BadInput(
                f"{cell.trips:g} trips from {cell.origin} to {cell.destination}",
                file=file,
                place=cell.place,
                expected="a finite number of 0 or more",
            )
        for zone in (cell.origin, cell.destination):
            if zone not in zones:
                unknown.setdefault(zone, cell.place)
        key = (cell.origin, cell.destination, cell.begin_s, cell.end_s, cell.vclass)
        if key in seen:
            raise BadInput(
                f"trips from {cell.origin} to {cell.destination} are there twice, first in {seen[key]}",
                file=file,
                place=cell.place,
                expected="one value for each pair, period and class",
            )
        seen[key] = cell.place
        if cell.trips > 0:
            kept.append(cell)
    if unknown:
        raise _unknown(unknown, zones, file)
    if not kept:
        raise BadInput("it holds no trips", file=file, expected="at least one cell above 0")
    return kept


def _unknown(unknown: dict[str, str], zones: frozenset[str], file: Path) -> BadInput:
    names = ", ".join(list(unknown)[:_SHOWN]) + (" ..." if len(unknown) > _SHOWN else "")
    known = sorted(zones)
    return BadInput(
        f"{len(unknown)} of its zones are not in the city: {names}",
        file=file,
        place=next(iter(unknown.values())),
        expected=f"ids of the layer zones, such as {', '.join(known[:3])}",
        remedy="import the zones that it is about first: twin import zones CITY FILE --id COLUMN",
    )


def number(text: str, file: Path, place: str) -> float:
    """A number in a cell, with a point or a comma before its decimals.

    Raises:
        BadInput: It is none, or empty, or has a comma that may part thousands.
    """
    try:
        return float(text if re.search(r",\d{3}$|,.*[.,]", text) else text.replace(",", "."))
    except ValueError:
        what = f"{text!r} is no number" if text else "the cell is empty"
        raise BadInput(
            what,
            file=file,
            place=place,
            expected="a number without marks between thousands, 0 where there are no trips",
        ) from None


def moment_s(text: str, file: Path | None, place: str | None) -> float:
    """Seconds after midnight of `07:30`, `07:30:00`, or a number of seconds.

    Raises:
        BadInput: It is no time of a day.
    """
    parts = text.strip().split(":")
    try:
        if len(parts) == 1:
            seconds = float(parts[0])
        else:
            hours, minutes, rest = int(parts[0]), int(parts[1]), float(parts[2]) if len(parts) == 3 else 0.0
            if len(parts) > 3 or not (0 <= minutes < 60 and 0 <= rest < 60):
                raise ValueError
            seconds = hours * 3600.0 + minutes * 60.0 + rest
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= DAY_S:
        raise BadInput(
            f"{text!r} is no time of a day", file=file, place=place, expected="07:30, or seconds after midnight"
        )
    return seconds


def check_period(begin_s: float, end_s: float, file: Path | None, place: str | None) -> None:
    """A period ends after it begins.

    Raises:
        BadInput: It does not.
    """
    if end_s <= begin_s:
        raise BadInput(
            f"the period ends at {_clock(end_s)}, and begins at {_clock(begin_s)}",
            file=file,
            place=place,
            expected="an end after the begin, 24:00 at the latest; hours are written like 07:00",
        )


def _clock(seconds: float) -> str:
    """`07:30`, or `07:30:09`; a number without a colon was taken for seconds, and is seen to be."""
    minutes, rest = divmod(seconds, 60.0)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{rest:02.0f}" if rest else "")
