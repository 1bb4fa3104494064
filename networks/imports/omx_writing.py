"""Matrices for other programs: OMX (Open Matrix) by h5py, and CSV; written whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from networks.errors import BadInput
from networks.landing import landing_file

LOOKUP = "zone"
_VERSION = b"0.2"


def write_matrices(file: Path, zones: Sequence[str], matrices: Mapping[str, NDArray[np.float64]]) -> None:
    """Write matrices between zones to `.omx`, or to `.csv` as one row for each pair.

    OMX: as its specification 0.2 has it: a square of chunks packed with zlib for each matrix in `/data`, the zones in
    `/lookup/zone` (whole numbers where all ids are such, texts otherwise), the shape and version as attributes.
    CSV: columns origin, destination, then the matrices by name; pairs where all are 0 or NaN are left out.

    Args:
        file: Where to.
        zones: Ids, in the order of rows and columns.
        matrices: Square matrices by name.

    Raises:
        BadInput: Another kind of file, or a matrix is not of the zones' shape.
        StorageFailed: The disk is full or may not be written.
    """
    file = Path(file)
    for name, matrix in matrices.items():
        if matrix.shape != (len(zones), len(zones)) or not name or "/" in name:
            raise BadInput(f"the matrix {name!r} is of shape {matrix.shape}", file=file, expected=f"{len(zones)} zones")
    kind = file.suffix.lower()
    if kind not in (".omx", ".csv"):
        raise BadInput("matrices are not written as such a file", file=file, expected="a name in .omx or .csv")
    with landing_file(file) as beside:
        if kind == ".omx":
            _write_omx(beside, zones, matrices)
        else:
            _write_csv(beside, zones, matrices)


def _write_omx(file: Path, zones: Sequence[str], matrices: Mapping[str, NDArray[np.float64]]) -> None:
    import h5py

    size = len(zones)
    with h5py.File(file, "w", track_order=False) as book:
        book.attrs["OMX_VERSION"] = np.bytes_(_VERSION)
        book.attrs["SHAPE"] = np.array([size, size], dtype=np.int32)
        data, lookup = book.create_group("data"), book.create_group("lookup")
        chunk = (min(size, 256), min(size, 256))
        for name, matrix in matrices.items():
            data.create_dataset(
                name, data=matrix, dtype="f8", chunks=chunk, compression="gzip", compression_opts=1, track_times=False
            )
        plain = all(zone.isascii() and zone.isdigit() and str(int(zone)) == zone for zone in zones)
        ids = np.array([int(z) for z in zones], dtype=np.int64) if plain else np.array([z.encode() for z in zones])
        lookup.create_dataset(LOOKUP, data=ids, track_times=False)


def _write_csv(file: Path, zones: Sequence[str], matrices: Mapping[str, NDArray[np.float64]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["origin", "destination", *matrices])
        for i, origin in enumerate(zones):
            values = np.stack([matrix[i] for matrix in matrices.values()], axis=1)
            for j in np.flatnonzero((np.nan_to_num(values) != 0).any(axis=1)):
                rows.writerow([origin, zones[int(j)], *(f"{v:.10g}" if np.isfinite(v) else "" for v in values[int(j)])])
