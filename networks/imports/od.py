"""A trip table of a city's owner: who goes where, from zone to zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from networks.city import City
from networks.errors import BadInput
from networks.imports.change import changing_city
from networks.imports.connecting import zone_connectors
from networks.imports.od_cells import Cell, Usual, check_cells, check_period
from networks.imports.od_csv import read_od_csv
from networks.imports.od_omx import matrices_in, read_od_omx
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import pandas as pd

OMX = (".omx", ".h5", ".hdf5")


@dataclass(frozen=True)
class OdImported:
    """What an import of a trip table did.

    Attributes:
        city: The city as it is now.
        trips: Trips in all periods and classes.
        pairs: Pairs of zones with trips.
        by_class: Trips by class.
        told: What is guessed in them, or looks odd.
    """

    city: City
    trips: float
    pairs: int
    by_class: dict[str, float]
    told: tuple[Sentence, ...]


def import_od(
    folder: Path,
    file: Path,
    *,
    usual: Usual | None = None,
    matrix: str | None = None,
    lookup: str | None = None,
) -> OdImported:
    """Give a city the trip table of `file`, in place of one that it had, whole or not at all.

    Args:
        folder: The city.
        file: `.csv` (long or square) or `.omx`.
        usual: Period and class of its trips, where it does not say so; a day, and car, by default.
        matrix: Matrix of an OMX file that holds several.
        lookup: Lookup of an OMX file that names the zones.

    Raises:
        BadInput: Names the row or cell: unknown zone, negative, NaN, not square, there twice, wrong total.
        BadCity: `folder` is no city.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    file = Path(file)
    with changing_city(folder) as change:
        zones = change.city.layer("zones")
        cells = _checked(file, frozenset(zones["zone_id"]), usual, matrix, lookup)
        table = _table(cells)
        by_class = {str(k): round(float(v), 3) for k, v in table.groupby("vclass")["trips"].sum().items()}
        total = round(float(table["trips"].sum()), 3)
        change.put_table("od", table, {"trips": total, "by_class": by_class})
        lonely = {zone for zone, doors in zone_connectors(zones).items() if not doors}
        told = _told(cells, lonely, change.city)
        change.tell("od", told)
        change.put_dataset("od", file)
    pairs = len({(cell.origin, cell.destination) for cell in cells})
    return OdImported(City.open(folder), total, pairs, by_class, tuple(told))


def read_trip_table(
    file: Path,
    zones: frozenset[str] | None = None,
    *,
    usual: Usual | None = None,
    matrices: Mapping[str, str] | None = None,
    lookup: str | None = None,
) -> pd.DataFrame:
    """A trip table as a table like `od` of a city.

    Args:
        file: `.csv` (long or square) or `.omx`.
        zones: Ids that it may name; any where there are none.
        usual: Period and class of its trips, where it does not say so; a day, and car, by default.
        matrices: Matrix of each class in an OMX file. Without it the one matrix is of the usual class; where there are
            several, each is of the class that its name says.
        lookup: Lookup of an OMX file that names the zones.

    Raises:
        BadInput: As `import_od`.
    """
    file, usual = Path(file), usual or Usual()
    names = matrices_in(file) if file.suffix.lower() in OMX and file.is_file() else []
    chosen = matrices or ({name: name for name in names} if len(names) > 1 else None)
    if not chosen:
        return _table(_checked(file, zones, usual, None, lookup))
    if not names:
        raise BadInput("--matrix and --lookup are for OMX files", file=file)
    read: list[Cell] = []
    for vclass, name in chosen.items():
        read += read_od_omx(file, replace(usual, vclass=vclass), matrix=name, lookup=lookup)
    known = zones if zones is not None else frozenset(zone for c in read for zone in (c.origin, c.destination))
    return _table(check_cells(read, known, file))


def _checked(
    file: Path, zones: frozenset[str] | None, usual: Usual | None, matrix: str | None, lookup: str | None
) -> list[Cell]:
    usual = usual or Usual()
    check_period(usual.begin_s, usual.end_s, None, None)
    if not file.is_file():
        raise BadInput("there is no such file", file=file, expected="a trip table as .csv or .omx")
    read: Iterable[Cell] = _cells(file, usual, matrix, lookup)
    if zones is None:
        read = list(read)
        zones = frozenset(zone for cell in read for zone in (cell.origin, cell.destination))
    return check_cells(read, zones, file)


def _table(cells: list[Cell]) -> pd.DataFrame:
    import pandas as pd

    cells.sort(key=lambda c: (c.begin_s, c.end_s, c.vclass, c.origin, c.destination))
    return pd.DataFrame([vars(cell) for cell in cells])


def _cells(file: Path, usual: Usual, matrix: str | None, lookup: str | None) -> Iterator[Cell]:
    if file.suffix.lower() in OMX:
        return read_od_omx(file, usual, matrix=matrix, lookup=lookup)
    if file.suffix.lower() not in (".csv", ".txt", ".tsv"):
        raise BadInput("a trip table cannot be read from such a file", file=file, expected="one of .csv, .omx")
    if matrix or lookup:
        raise BadInput("--matrix and --lookup are for OMX files", file=file)
    return read_od_csv(file, usual)


def _told(cells: list[Cell], lonely: set[str], city: City) -> list[Sentence]:
    total = sum(cell.trips for cell in cells)
    told = [
        say(
            f"trip table: {total:.0f} trips, imported; where in a zone they begin and end is guessed from its streets",
            f"出行表：{total:.0f}次出行，由外部导入；在小区内的起讫位置按其道路推测",
        )
    ]
    lost = sum(cell.trips for cell in cells if {cell.origin, cell.destination} & lonely)
    if lost:
        told.append(
            say(
                f"trip table: {lost / total:.1%} of the trips touch a zone that is connected to no road",
                f"出行表：{lost / total:.1%}的出行涉及未接入道路的小区",
            )
        )
    within = sum(cell.trips for cell in cells if cell.origin == cell.destination)
    if within > 0.2 * total:
        told.append(
            say(
                f"trip table: {within / total:.0%} of the trips stay within their zone",
                f"出行表：{within / total:.0%}的出行在小区内部",
            )
        )
    outside = set(city.layer("zones").query("source == 'outside'")["zone_id"])
    through = sum(cell.trips for cell in cells if {cell.origin, cell.destination} <= outside)
    if through:
        told.append(
            say(
                f"trip table: {through / total:.0%} of the trips lead from outside to outside; all of them are sent "
                "through the map, though some may pass it by",
                f"出行表：{through / total:.0%}的出行起讫均在地图之外；模型假定其全部穿越本地图",
            )
        )
    return told
