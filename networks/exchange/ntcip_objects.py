"""NTCIP 1202: the objects of a plan, and the sheet that tells them: a row for each, with its OID, value and unit.

NTCIP 1202 could not be read. The OIDs, ranges and codes are those of its module ASC (version 02) as pysmi compiled it
(public, ASC_MIB1, 20 November 2024); the units those of its object descriptions as IRIS and others quote them. Another
summary, of version 03 and later, has tenths of a second throughout: ask which version a controller speaks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput
from networks.landing import landing_file
from networks.text_file import read_text

ROOT = "1.3.6.1.4.1.1206.4.2.1"
MOST = 255
"""No object of a plan holds more; times of greens and splits are whole seconds, of yellow and red tenths."""
COLUMNS = ("signal", "object", "index", "oid", "value", "unit", "meaning")
MINIMUM, MAXIMUM, PEDESTRIAN, BOTH, OMITTED = 3, 4, 5, 6, 7
"""splitMode: recalls of vehicles to the minimum or maximum, of people on foot, of both to the maximum; left out."""


@dataclass(frozen=True)
class Kind:
    """A column of a table of the MIB: where it stands under `ROOT`, in what it counts, what it says."""

    place: str
    unit: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "phaseWalk": Kind("1.2.1.2", "s", "walk"),
    "phasePedestrianClear": Kind("1.2.1.3", "s", "flashing don't walk"),
    "phaseMinimumGreen": Kind("1.2.1.4", "s", "least green"),
    "phaseMaximum1": Kind("1.2.1.6", "s", "longest green"),
    "phaseYellowChange": Kind("1.2.1.8", "0.1 s", "yellow"),
    "phaseRedClear": Kind("1.2.1.9", "0.1 s", "red clearance"),
    "phaseRing": Kind("1.2.1.22", "number", "ring"),
    "phaseConcurrency": Kind("1.2.1.23", "octets", "phases that may be green beside it"),
    "patternCycleTime": Kind("4.7.1.2", "s", "cycle; 0: free"),
    "patternOffsetTime": Kind("4.7.1.3", "s", "begin of the first coordinated green after a multiple of the cycle"),
    "patternSplitNumber": Kind("4.7.1.4", "number", "splits"),
    "patternSequenceNumber": Kind("4.7.1.5", "number", "sequence"),
    "splitTime": Kind("4.9.1.3", "s", "green, yellow and red"),
    "splitMode": Kind("4.9.1.4", "code", "3 minimum recall, 4 maximum, 5 people on foot, 6 maximum and on foot"),
    "splitCoordPhase": Kind("4.9.1.5", "code", "1: coordinated"),
    "sequenceData": Kind("7.3.1.3", "octets", "phases of a ring in their order"),
}

Index = tuple[int, ...]
Objects = Mapping[tuple[str, Index], tuple[int, ...]]
"""(object, index) -> its value: one number, or octets."""


def write_sheet(told: Mapping[str, Objects], path: Path) -> None:
    """Write the objects of several signals, in their order.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    with landing_file(path) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for tls, objects in sorted(told.items()):
            for (name, index), value in objects.items():
                kind, number = KINDS[name], ".".join(map(str, index))
                oid = f"{ROOT}.{kind.place}.{number}"
                writer.writerow((tls, name, number, oid, " ".join(map(str, value)), kind.unit, kind.meaning))


def read_sheet(path: Path) -> dict[str, Objects]:
    """The objects of each signal; those that a plan does not need are left aside.

    Raises:
        BadInput: It is no such sheet, an OID is not that of its object, a value is no number of 0 to 255, or one is
            told twice.
    """
    lines = read_text(path).splitlines()
    comma = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=comma)
    if missing := [name for name in COLUMNS[:5] if name not in (reader.fieldnames or ())]:
        raise BadInput(f"it has no column {missing[0]}", file=path, expected=", ".join(COLUMNS))
    found: dict[str, dict[tuple[str, Index], tuple[int, ...]]] = {}
    try:
        for row in reader:
            _read_row({key: (value or "").strip() for key, value in row.items() if key in COLUMNS}, found)
    except (ValueError, csv.Error) as error:
        raise BadInput(f"{error}", file=path, place=f"line {reader.line_num}", expected=", ".join(COLUMNS)) from error
    if not found:
        raise BadInput("it holds no object of a plan", file=path, expected=", ".join(KINDS))
    return {tls: dict(objects) for tls, objects in found.items()}


def _read_row(row: Mapping[str, str], found: dict[str, dict[tuple[str, Index], tuple[int, ...]]]) -> None:
    kind = KINDS.get(row["object"])
    if kind is None:
        return
    index = _numbers(row["index"].split("."), "index")
    if len(index) != (2 if kind.place.startswith(("4.9", "7.3")) else 1):
        raise ValueError(f"{row['object']} has the index {row['index']}")
    oid = f"{ROOT}.{kind.place}.{row['index']}"
    if row["oid"] not in ("", oid):
        raise ValueError(f"{row['object']}.{row['index']} is {oid}, not {row['oid']}")
    value = _numbers(row["value"].split(), "value")
    if kind.unit != "octets" and len(value) != 1:
        raise ValueError(f"{row['object']}.{row['index']} is {row['value']!r}, one number is needed")
    own, key = found.setdefault(row["signal"], {}), (row["object"], index)
    if own.setdefault(key, value) != value:
        raise ValueError(f"{row['object']}.{row['index']} of signal {row['signal']} is told twice")


def _numbers(words: Iterable[str], what: str) -> tuple[int, ...]:
    numbers = []
    for word in words:
        if not (word.isascii() and word.isdigit() and int(word[:6]) <= MOST):
            raise ValueError(f"its {what} is {word!r}, a whole number from 0 to {MOST} is needed")
        numbers.append(int(word))
    return tuple(numbers)
