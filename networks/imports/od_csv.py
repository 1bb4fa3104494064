"""Trip tables as text: one row for each pair of zones, or a square with zones in the header and the first column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from networks.errors import BadInput
from networks.imports.od_cells import Cell, Usual, check_period, moment_s, number
from networks.imports.table_text import Row, read_rows

_NAMES = {
    "origin": ("origin", "o", "from", "from_zone"),
    "destination": ("destination", "d", "to", "to_zone"),
    "trips": ("trips", "demand", "volume", "value", "count"),
    "begin": ("begin", "begin_s", "start"),
    "end": ("end", "end_s"),
    "class": ("class", "vclass", "mode"),
}
_TOTALS = ("total", "sum", "totals", "合计", "总计")
_ROUNDING = 0.001


def read_od_csv(file: Path, usual: Usual) -> Iterator[Cell]:
    """Cells of a trip table in CSV.

    Args:
        file: Long: columns origin, destination, trips, and perhaps begin, end, class. Square: the first row and the
            first column name the zones; a last row or column named total is compared with the sums.
        usual: Period and class of cells that do not say so themselves.

    Raises:
        BadInput: Names the line and column of what cannot be read; the square is none; a total is wrong.
    """
    header, rows = read_rows(file)
    columns = _columns(header)
    if columns:
        return _long(file, columns, rows, usual)
    return _square(file, header, rows, usual)


def _columns(header: list[str]) -> dict[str, int]:
    """Where each field of a long table stands; empty for a square."""
    known = {name.lower(): i for i, name in reversed(list(enumerate(header)))}
    found = {field: known[name] for field, names in _NAMES.items() for name in reversed(names) if name in known}
    return found if {"origin", "destination", "trips"} <= set(found) else {}


def _long(file: Path, columns: dict[str, int], rows: list[Row], usual: Usual) -> Iterator[Cell]:
    for line, cells in rows:
        place = f"line {line}"
        begin, end = (
            moment_s(cells[columns[name]], file, place) if name in columns else otherwise
            for name, otherwise in (("begin", usual.begin_s), ("end", usual.end_s))
        )
        check_period(begin, end, file, place)
        trips = number(cells[columns["trips"]], file, place)
        kind = cells[columns["class"]] if "class" in columns else ""
        yield Cell(
            cells[columns["origin"]], cells[columns["destination"]], trips, begin, end, kind or usual.vclass, place
        )


def _square(file: Path, header: list[str], rows: list[Row], usual: Usual) -> Iterator[Cell]:
    names = header[1:]
    sums = names[-1].lower() in _TOTALS if names else False
    totals = rows[-1] if rows and rows[-1][1][0].lower() in _TOTALS else None
    zones, body = (names[:-1] if sums else names), (rows[:-1] if totals else rows)
    _check_square(file, zones, body)
    table = []
    for line, cells in body:
        values = [
            number(text, file, f"line {line}, column {name}") for name, text in zip(names, cells[1:], strict=True)
        ]
        if sums:
            _compare(sum(values[:-1]), values[-1], file, f"line {line}, column {names[-1]}")
        table.append(values)
    if totals is not None:
        for i, name in enumerate(names):
            place = f"line {totals[0]}, column {name}"
            _compare(sum(row[i] for row in table), number(totals[1][i + 1], file, place), file, place)
    for (line, cells), values in zip(body, table, strict=True):
        for name, trips in zip(zones, values, strict=False):
            yield Cell(cells[0], name, trips, usual.begin_s, usual.end_s, usual.vclass, f"line {line}, column {name}")


def _check_square(file: Path, zones: list[str], body: list[Row]) -> None:
    across, down = zones, [cells[0] for _, cells in body]
    for what, names in (("column", across), ("row", down)):
        twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
        if twice is not None:
            raise BadInput(
                f"two {what}s are of the zone {twice}", file=file, place="line 1" if what == "column" else None
            )
    if set(across) == set(down) and across:
        return
    lacking = sorted(set(across) ^ set(down))
    raise BadInput(
        f"it is neither a list nor a square: {len(across)} columns, {len(down)} rows"
        + (f"; not in both: {', '.join(lacking[:5])}" if lacking else ""),
        file=file,
        place="line 1",
        expected="columns origin,destination,trips[,begin,end,class], or zones across and the same zones down",
    )


def _compare(found: float, stated: float, file: Path, place: str) -> None:
    if abs(found - stated) > 0.5 + _ROUNDING * abs(found):
        raise BadInput(
            f"the total is {stated:g}, and the cells add up to {found:g}",
            file=file,
            place=place,
            remedy="find out which of them is right, or leave the total out",
        )
