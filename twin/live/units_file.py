"""Units that come when somebody calls, and areas that they answer for, as tables say.

units.csv   unit_id,edge[,ready_s]      where it waits; seconds until its wheels roll (150: a minute to handle the
call, a minute and a half to turn out: guesses)
areas.csv   area,edge[,target_s]        a row for each street; the target is the area's
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput
from networks.text_file import read_rows

READY_S = 150.0


@dataclass(frozen=True, slots=True)
class WaitingUnit:
    """A unit at its place.

    Attributes:
        unit_id: Its name; positions of feeds call it so, too.
        edge: Where it waits.
        ready_s: From the call until it rolls.
    """

    unit_id: str
    edge: str
    ready_s: float


@dataclass(frozen=True, slots=True)
class Area:
    """Streets that must be reached in time.

    Attributes:
        name: Its name.
        edges: Its streets.
        target_s: Time that is promised; None: that of the thresholds.
    """

    name: str
    edges: tuple[str, ...]
    target_s: float | None


def read_units(file: Path, streets: Collection[str]) -> tuple[WaitingUnit, ...]:
    """Units of a table.

    Args:
        file: CSV.
        streets: Edges that there are.

    Raises:
        BadInput: It cannot be read, names a street that is none, a unit twice, or nobody.
    """
    found: dict[str, WaitingUnit] = {}
    for line, row in read_rows(file, ("unit_id", "edge")):
        unit = WaitingUnit(row["unit_id"], _street(row["edge"], streets, file, line), READY_S)
        ready_s = _seconds(row.get("ready_s", ""), file, line)
        if unit.unit_id in found or not unit.unit_id:
            raise BadInput(f"unit {unit.unit_id!r} stands there twice, or has no name", file=file, place=f"line {line}")
        found[unit.unit_id] = unit if ready_s is None else WaitingUnit(unit.unit_id, unit.edge, ready_s)
    if not found:
        raise BadInput("it holds no unit", file=file, expected="a row for each: unit_id,edge")
    return tuple(found.values())


def read_areas(file: Path, streets: Collection[str]) -> tuple[Area, ...]:
    """Areas of a table.

    Raises:
        BadInput: It cannot be read, names a street that is none, or no area; or an area has two targets.
    """
    edges: dict[str, list[str]] = {}
    targets: dict[str, float | None] = {}
    for line, row in read_rows(file, ("area", "edge")):
        name, target_s = row["area"], _seconds(row.get("target_s", ""), file, line)
        edges.setdefault(name, []).append(_street(row["edge"], streets, file, line))
        if target_s is not None and targets.setdefault(name, target_s) != target_s:
            raise BadInput(f"area {name!r} has two targets", file=file, place=f"line {line}", expected="one of them")
    if not edges:
        raise BadInput("it holds no area", file=file, expected="a row for each street: area,edge")
    return tuple(Area(name, tuple(of), targets.get(name)) for name, of in edges.items())


def _street(edge: str, streets: Collection[str], file: Path, line: int) -> str:
    if edge not in streets:
        raise BadInput(
            f"no street {edge!r} that cars may use", file=file, place=f"line {line}", expected="an edge of the network"
        )
    return edge


def _seconds(text: str, file: Path, line: int) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise BadInput(f"{text!r} are no seconds", file=file, place=f"line {line}", expected="a number, 0 or more")
    return value
