"""Radar frames made for tests: composites as files, and cells that move as told."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from models.flood.rain.radar.frames import RadarFrames
from models.flood.rain.radar.radar_grid import RadarGrid

NOON = datetime(2026, 7, 17, 12, 0, tzinfo=UTC)
STEREO = "+proj=stere +lat_0=90 +lon_0=25 +lat_ts=60 +R=6371288 +units=m +no_defs"
GRID = RadarGrid(STEREO, -32000.0, -3200000.0, (1000.0, 1000.0), (64, 64))


def frames_of(rates: np.ndarray, *, minutes: tuple[float, ...] | None = None) -> RadarFrames:
    """Frames five minutes apart, on pixels of 1 km near Helsinki."""
    after = minutes or tuple(5.0 * at for at in range(len(rates)))
    grid = RadarGrid(STEREO, -32000.0, -3200000.0, (1000.0, 1000.0), (rates.shape[1], rates.shape[2]))
    times = tuple(NOON + timedelta(minutes=one) for one in after)
    return RadarFrames(times, rates.astype(np.float32), grid, "made for a test")


def cells(row: float, col: float, shape: tuple[int, int] = (64, 64), *, peak_mm_h: float = 20.0) -> np.ndarray:
    """Rain (mm/h) of one round cell, 5 pixels wide, its middle at a row and a column."""
    down, right = np.indices(shape)
    return np.asarray(peak_mm_h * np.exp(-((down - row) ** 2 + (right - col) ** 2) / (2 * 5.0**2)))


def composite(file: Path, codes: np.ndarray, *, obstime: str, **changes: str) -> Path:
    """Write a composite as FMI does, with header lines changed or (as "") left out."""
    from pyproj import Proj

    rows, cols = codes.shape
    (west, south), (east, north) = (
        Proj(STEREO)(x, y, inverse=True)
        for x, y in ((-32000, -3200000 - 1000 * rows), (-32000 + 1000 * cols, -3200000))
    )
    said = {
        "composite_area": "FIN",
        "obstime": obstime,
        "param": "CorrectedReflectivity",
        "metersperpixel_x": "1000",
        "metersperpixel_y": "1000",
        "projection": "radar {",
        "type": "stereographic",
        "centrallongitude": "25",
        "centrallatitude": "90",
        "truelatitude": "60",
        "bottomleft": f"{west:.6f} {south:.6f}",
        "topright": f"{east:.6f} {north:.6f}",
    } | changes
    lines = ["P5", *(f"# {key} {value}" for key, value in said.items() if value), "# }", f"{cols} {rows}", "255"]
    file.write_bytes("\n".join(lines).encode() + b"\n" + codes.astype(np.uint8).tobytes())
    return file


def radar_files(folder: Path, frames: int = 4, *, skip: tuple[int, ...] = ()) -> Path:
    """A folder of composites, five minutes apart from noon on: a shower, 2 pixels east and 1 north a step."""
    folder.mkdir(parents=True, exist_ok=True)
    for at in range(frames):
        rain = sum(cells(y - at, x + 2 * at) for y, x in ((40, 12), (30, 30), (50, 40)))
        with np.errstate(divide="ignore"):
            dbz = 10 * np.log10(223 * rain**1.53)
        codes = np.where(dbz > -30, np.clip(np.round(2 * dbz + 64), 1, 254), 0)
        if at not in skip:
            time = f"{NOON + timedelta(minutes=5 * at):%Y%m%d%H%M}"
            composite(folder / f"{time}_test.pgm", codes, obstime=time)
    return folder


def radar_folder() -> Path:
    """Twelve real frames over Finland, or a skip that says where they should be."""
    home = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[2] / "shared" / "data")) / "feeds" / "radar"
    if not home.is_dir():
        pytest.skip(f"no radar frames in {home.name}: CITYTWIN_DATA names the folder of real data")
    return home
