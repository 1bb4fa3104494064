"""Passings: which camera saw which token when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.passings.salting import RotatingSalt
from networks.errors import BadInput, Refused
from networks.imports.table_text import read_rows


@dataclass(frozen=True, slots=True)
class Passings:
    """Passings in order of time; no plate is in it.

    Attributes:
        cameras: Names (C).
        camera: Number of the camera (N).
        token: What stands for the vehicle (N), alike for one vehicle within a salt's window.
        time_s: When (N), on the camera's own clock, seconds.
        left_out: Passings that came after their window's salt was gone.
    """

    cameras: tuple[str, ...]
    camera: NDArray[np.int64]
    token: NDArray[np.uint64]
    time_s: NDArray[np.float64]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.camera)

    def moved(self, offsets_s: NDArray[np.float64]) -> Passings:
        """The same on one clock: each camera's offset (C) taken off, in order again."""
        time_s = self.time_s - offsets_s[self.camera]
        order = np.argsort(time_s, kind="stable")
        return Passings(self.cameras, self.camera[order], self.token[order], time_s[order], self.left_out)


def passings(rows: Sequence[tuple[str, str, float]], salt: RotatingSalt) -> Passings:
    """Hash plates as they are read: rows of camera, plate, time (s)."""
    names = tuple(sorted({row[0] for row in rows}))
    number = {name: at for at, name in enumerate(names)}
    kept: list[tuple[float, int, int]] = []
    late = 0
    for camera, plate, time_s in sorted(rows, key=lambda row: row[2]):
        try:
            kept.append((time_s, number[camera], salt.token(plate, time_s)))
        except Refused:
            late += 1
    time, camera_of, token = zip(*kept, strict=True) if kept else ((), (), ())
    return Passings(
        names, np.array(camera_of, dtype=np.int64), np.array(token, dtype=np.uint64),
        np.array(time, dtype=np.float64), late,
    )  # fmt: skip


def read_passings(file: Path | str, salt: RotatingSalt) -> Passings:
    """Read CSV: camera, time (seconds or ISO 8601), and plate (hashed at once, never kept) or token (hashed already).

    Raises:
        BadInput: It cannot be read, a column is missing, or a time is none; told with the line.
    """
    header, lines = read_rows(Path(file))
    what = next((name for name in ("plate", "token") if name in header), None)
    if what is None or not {"camera", "time"} <= set(header):
        raise BadInput(
            f"its columns are {', '.join(header)}", file=file, place="line 1", expected="camera,time,plate or token"
        )
    at = [header.index(name) for name in ("camera", what, "time")]
    rows = []
    for line, cells in lines:
        camera, plate, text = (cells[index] for index in at)
        rows.append((camera, plate, _seconds(text, file, line)))
    return passings(rows, salt)


def _seconds(text: str, file: Path | str, line: int) -> float:
    from datetime import datetime

    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        expected = "seconds, or ISO 8601 with a UTC offset"
        raise BadInput(f"the time is {text!r}", file=file, place=f"line {line}", expected=expected)
    return moment.timestamp()
