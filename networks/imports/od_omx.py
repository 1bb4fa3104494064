"""Trip tables as OMX (Open Matrix, HDF5): one matrix of the file, its zones from a lookup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.errors import BadInput
from networks.imports.od_cells import Cell, Usual

if TYPE_CHECKING:
    import h5py

_ZONES_AT_MOST = 20_000
_ROWS_AT_A_TIME = 256


def matrices_in(file: Path) -> list[str]:
    """Names of the matrices of an OMX file; none where it is no such file."""
    import h5py

    try:
        with h5py.File(file, "r") as book:
            there = book.get("data")
            return sorted(there) if isinstance(there, h5py.Group) else []
    except OSError:
        return []


def read_od_omx(file: Path, usual: Usual, *, matrix: str | None, lookup: str | None) -> Iterator[Cell]:
    """Cells of a matrix that are not 0.

    Args:
        file: The OMX file.
        usual: Period and class of all cells.
        matrix: Which matrix; may be left out where there is one.
        lookup: Which lookup names the zones; may be left out where there is one. Without any, zones are 1, 2, ...

    Raises:
        BadInput: It is no OMX file, lacks the matrix or lookup, is not square, or a value is not finite or negative.
    """
    import h5py

    try:
        with h5py.File(file, "r") as book:
            data = _chosen(book, "data", matrix, "--matrix", file)
            if data.ndim != 2 or data.shape[0] != data.shape[1] or not np.issubdtype(data.dtype, np.number):
                raise BadInput(f"the matrix is of shape {data.shape}", file=file, expected="a square of numbers")
            if data.shape[0] > _ZONES_AT_MOST:
                raise BadInput(f"{data.shape[0]} zones are more than {_ZONES_AT_MOST}", file=file)
            zones = _zones(book, lookup, data.shape[0], file)
            yield from _cells(data, zones, usual)
    except OSError as error:
        raise BadInput(
            f"it cannot be read as OMX: {error}",
            file=file,
            expected="a file of the Open Matrix format (HDF5), packed with zlib or not at all",
            remedy="copy it again, or export it as CSV",
        ) from error


def _chosen(book: h5py.File, group: str, name: str | None, option: str, file: Path) -> h5py.Dataset:
    import h5py

    there = book.get(group)
    names = sorted(there) if isinstance(there, h5py.Group) else []
    if not names:
        raise BadInput(f"it has no group /{group}", file=file, expected="an OMX file")
    if name is None and len(names) > 1:
        raise BadInput(
            f"it holds {len(names)} of /{group}", file=file, expected=f"{option}, one of: {', '.join(names)}"
        )
    name = name or names[0]
    if name not in names:
        raise BadInput(f"it has no /{group}/{name}", file=file, expected=f"one of: {', '.join(names)}")
    if not isinstance(there.get(name, getlink=True), h5py.HardLink) or not isinstance(there[name], h5py.Dataset):
        raise BadInput(f"/{group}/{name} points elsewhere, or is no table", file=file, expected="a table in this file")
    return there[name]


def _zones(book: h5py.File, lookup: str | None, count: int, file: Path) -> list[str]:
    if lookup is None and not book.get("lookup"):
        return [str(i + 1) for i in range(count)]
    column = _chosen(book, "lookup", lookup, "--lookup", file)
    values: list[Any] = [
        v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in column[()].ravel().tolist()
    ]
    names = [str(int(v)) if isinstance(v, float) and v.is_integer() else str(v).strip() for v in values]
    if len(names) != count or len(set(names)) != count:
        raise BadInput(
            f"the lookup names {len(set(names))} zones, the matrix has {count}", file=file, place=f"{column.name}"
        )
    return names


def _name(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _cells(data: h5py.Dataset, zones: list[str], usual: Usual) -> Iterator[Cell]:
    for first in range(0, len(zones), _ROWS_AT_A_TIME):
        block = np.asarray(data[first : first + _ROWS_AT_A_TIME], dtype=float)
        for row, column in zip(*np.nonzero(block), strict=True):
            origin, destination = zones[first + int(row)], zones[int(column)]
            place = f"{data.name}, row {origin}, column {destination}"
            trips = float(block[row, column])
            yield Cell(origin, destination, trips, usual.begin_s, usual.end_s, usual.vclass, place)
