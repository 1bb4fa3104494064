"""Trips of cases with people on foot: SUMO's Parquet cannot hold them beside vehicles that never departed.

SUMO 1.28 ends with "Cannot append scalar of type string to builder" there, so such a run writes XML, and its rows are
given the columns that Parquet would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo.streaming import opened, read_elements

if TYPE_CHECKING:
    import pyarrow as pa

TRIPS_XML = "trips.sumo.xml"
_PERSON = b"<person"
_CHUNK = 1 << 20


def people_travel(files: Iterable[Path]) -> bool:
    """Whether persons or flows of them are in any of a case's files."""
    return any(_names_person(file) for file in files)


def trip_rows(file: Path) -> pa.Table:
    """One row for each vehicle: `tripinfo_<attribute>`, and `emissions_<attribute>` where they were asked for; text.

    Args:
        file: SUMO's tripinfo output.
    """
    import pyarrow as pa

    rows = list[dict[str, str]]()

    def start(name: str, items: Mapping[str, str], _: int) -> None:
        if name == "tripinfo":
            rows.append({f"tripinfo_{key}": value for key, value in items.items()})
        elif name == "emissions" and rows:
            rows[-1].update({f"emissions_{key}": value for key, value in items.items()})

    read_elements(file, start)
    names = dict.fromkeys(key for row in rows for key in row)
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def _names_person(file: Path) -> bool:
    kept = b""
    with opened(file) as stream:
        while chunk := stream.read(_CHUNK):
            if _PERSON in kept + chunk:
                return True
            kept = chunk[-len(_PERSON) :]
    return False
