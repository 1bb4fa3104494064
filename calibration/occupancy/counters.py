"""What counts people, and where: doors between zones, and devices that see who is present in one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput
from networks.imports.table_text import read_rows

OUTSIDE = "outside"
"""The zone of everybody who is nowhere else."""
PASSING, PRESENT = "person_count", "presence"
MEASURES = (PASSING, "presence", "device_count", "parked_vehicles")
"""People who passed a door one way in a period; people, devices or vehicles that are there at a moment."""
ERRORS = {PASSING: 0.05, "presence": 0.1, "device_count": 0.3, "parked_vehicles": 0.2}
"""Relative error (one standard deviation) where the file tells none: guesses; makers state about 5 % for gates."""
_COLUMNS = ("sensor_id", "measure", "from", "to", "zone", "per_person", "error", "source")


@dataclass(frozen=True)
class Counter:
    """Something that counts.

    Attributes:
        sensor_id: As in its observations.
        measure: Of MEASURES.
        begins, ends: For PASSING: the zones before and behind the door; for others both are the zone that it sees.
        per_person: What it counts for each person: 1 for people, 0.6 for devices of which so many carry one,
            1 / 2.5 for vehicles that bring two and a half.
        error: Relative error of its counts, one standard deviation; it drifts within days.
        source: Who says so.
    """

    sensor_id: str
    measure: str
    begins: str
    ends: str
    per_person: float
    error: float
    source: str

    @property
    def passing(self) -> bool:
        """Whether it counts at a door."""
        return self.measure == PASSING


@dataclass(frozen=True)
class Layout:
    """Zones (sites, streets) and what counts in and between them.

    Attributes:
        zones: All but OUTSIDE, in the order in which they were named.
        links: One-way doors between two zones; those in `counters` and perhaps some that nobody counts.
        counters: By their sensor.
    """

    zones: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    counters: Mapping[str, Counter]


def layout_of(counters: list[Counter], uncounted: list[tuple[str, str]] | None = None) -> Layout:
    """Zones and doors of some counters, and of doors that nobody counts.

    Into a zone without any door people come and go by two that nobody counts: whoever sees it alone could not say that
    anybody came.
    """
    links = dict.fromkeys([(one.begins, one.ends) for one in counters if one.passing] + (uncounted or []))
    joined = {zone for link in links for zone in link}
    for one in counters:
        if one.begins not in joined:
            links |= dict.fromkeys([(OUTSIDE, one.begins), (one.begins, OUTSIDE)])
    named = [zone for link in links for zone in link] + [one.begins for one in counters]
    zones = tuple(zone for zone in dict.fromkeys(named) if zone != OUTSIDE)
    return Layout(zones, tuple(links), {one.sensor_id: one for one in counters})


def read_counters(file: Path | str) -> Layout:
    """Counters from CSV: sensor_id, measure, from, to, zone, per_person, error, source.

    A row of `person_count` has `from` and `to`; without a sensor_id it is a door that nobody counts. Rows of the other
    measures have `zone`. per_person is 1 and error as in ERRORS where their cells are empty.

    Raises:
        BadInput: It cannot be read, columns are missing or unknown, or a row makes no sense. Told with the line.
    """
    file = Path(file)
    header, rows = read_rows(file)
    if missing := {"sensor_id", "measure", "source"} - set(header) or set(header) - set(_COLUMNS):
        raise BadInput(
            f"columns missing or unknown: {', '.join(sorted(missing))}",
            file=file,
            place="line 1",
            expected=",".join(_COLUMNS),
        )
    counters, uncounted, seen = list[Counter](), list[tuple[str, str]](), dict[str, int]()
    for line, cells in rows:
        row = {name: "" for name in _COLUMNS} | dict(zip(header, cells, strict=True))
        counter = _counter(row, file, f"line {line}")
        if not counter.sensor_id:
            uncounted.append((counter.begins, counter.ends))
            continue
        if counter.sensor_id in seen:
            what = f"{counter.sensor_id} is in line {seen[counter.sensor_id]} already"
            raise BadInput(what, file=file, place=f"line {line}", remedy="give each counter its own id")
        seen[counter.sensor_id] = line
        counters.append(counter)
    return layout_of(counters, uncounted)


def _counter(row: dict[str, str], file: Path, place: str) -> Counter:
    measure, begins, ends, zone = row["measure"], row["from"], row["to"], row["zone"]
    if measure not in MEASURES:
        raise BadInput(f"no measure is {measure!r}", file=file, place=place, expected=", ".join(MEASURES))
    door = measure == PASSING
    if door and (not begins or not ends or begins == ends or zone):
        raise BadInput("it leads nowhere", file=file, place=place, expected="from and to, two different zones, no zone")
    if not door and (not zone or zone == OUTSIDE or begins or ends or not row["sensor_id"]):
        raise BadInput("it sees nothing", file=file, place=place, expected="a sensor_id and a zone, no from and to")
    if not row["source"]:
        raise BadInput("it has no source", file=file, place=place, remedy="say who runs it")
    per_person = _number(row["per_person"], "per_person", 1.0, file, place)
    error = _number(row["error"], "error", ERRORS[measure], file, place)
    return Counter(
        row["sensor_id"], measure, begins if door else zone, ends if door else zone, per_person, error, row["source"]
    )


def _number(text: str, name: str, usual: float, file: Path, place: str) -> float:
    try:
        value = float(text) if text else usual
    except ValueError:
        value = math.nan
    if not 0.0 < value <= 10.0:
        raise BadInput(f"{name} is {text!r}", file=file, place=place, expected="more than 0, at most 10")
    return value
