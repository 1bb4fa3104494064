"""Roads that some vehicles may not use, or not at all hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from models.routing.vehicles import Vehicle
from networks.errors import BadInput
from networks.roads.conditions import hold_at, understood
from networks.text_file import read_rows

FORMAT = "edge_id,kind,value,from_h,to_h,source"
KINDS = {"height_m": "height_m", "width_m": "width_m", "weight_t": "weight_t", "lorry": "weight_t"}
"""Kinds that compare a number, and what of a vehicle with; a ban of lorries does not bind emergency vehicles."""
HAZMAT, CLOSED, OPEN = "hazmat", "closed", "open"
"""Shut to hazardous goods; to everybody; and open whatever the map says."""
DAY_H = 24.0


@dataclass(frozen=True)
class Restriction:
    """One edge's limit.

    Attributes:
        edge_id: The road edge.
        kind: height_m, width_m, weight_t, lorry (the most that passes is `value`), hazmat, closed or open.
        value: The limit; 0 where the kind has none.
        from_h, to_h: Hours of the day between which it holds; 0 and 24 always, 22 and 6 over midnight.
        source: Where it comes from.
        when: Hours and days at which it holds, as in OpenStreetMap's `opening_hours`; "" for all.
    """

    edge_id: str
    kind: str
    value: float
    from_h: float
    to_h: float
    source: str
    when: str = ""

    def shuts_out(self, vehicle: Vehicle, hour: float, moment: datetime | None = None) -> bool:
        """Whether the vehicle may not enter at that hour of the day; `when` counts where the local moment is known."""
        if self.when and moment is not None and not hold_at(self.when, moment):
            return False
        after, before = hour % DAY_H >= self.from_h, hour % DAY_H < self.to_h
        holds = (after and before) if self.from_h <= self.to_h else (after or before)
        if not holds or self.kind == HAZMAT:
            return holds and vehicle.hazmat
        if self.kind == OPEN or (self.kind == "lorry" and vehicle.vclass == "emergency"):
            return False
        return self.kind == CLOSED or float(getattr(vehicle, KINDS[self.kind])) > self.value


def restricted(
    restrictions: Sequence[Restriction], index: Mapping[str, int], vehicle: Vehicle, hour: float,
    moment: datetime | None = None,
) -> np.ndarray:  # fmt: skip
    """(edges,) True where the vehicle may not enter at that hour; edges that `index` does not know are left out."""
    shut = np.zeros(len(index), dtype=bool)
    for one in restrictions:
        if one.edge_id in index and one.shuts_out(vehicle, hour, moment):
            shut[index[one.edge_id]] = True
    return shut


def read_restrictions(file: Path) -> list[Restriction]:
    """Restrictions from a CSV file; a column `when` (as in `opening_hours`) may be there too.

    Raises:
        BadInput: It cannot be read, or a row is impossible or has no source; says which line.
    """
    return [_restriction(row, file, line) for line, row in read_rows(file, FORMAT.split(","))]


def _restriction(row: Mapping[str, str], file: Path, line: int) -> Restriction:
    place = f"line {line}"
    if row["kind"] not in (*KINDS, HAZMAT, CLOSED, OPEN):
        kinds = ", ".join([*KINDS, HAZMAT, CLOSED, OPEN])
        raise BadInput(f"there is no kind {row['kind']!r}", file=file, place=place, expected=kinds)
    if not row["source"].strip():
        raise BadInput("it does not say where it comes from", file=file, place=place, expected="a source")
    try:
        value, begin, end = (float(row[name] or usual) for name, usual in (("value", 0), ("from_h", 0), ("to_h", 24)))
    except ValueError as error:
        raise BadInput(f"no number: {error}", file=file, place=place, expected=FORMAT) from error
    if not (
        value >= 0.0 and 0.0 <= begin <= DAY_H and 0.0 <= end <= DAY_H and (value > 0.0 or row["kind"] not in KINDS)
    ):
        raise BadInput("its limit or its hours are impossible", file=file, place=place, expected="hours from 0 to 24")
    when = row.get("when", "").strip()
    if when and not understood(when):
        raise BadInput(f"no hours: {when!r}", file=file, place=place, expected="as in opening_hours: Mo-Fr 07:00-19:00")
    return Restriction(row["edge_id"], row["kind"], value, begin, end, row["source"], when)
