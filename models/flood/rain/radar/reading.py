"""A folder of radar files as frames in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from models.flood.rain.radar.composite import Composite
from models.flood.rain.radar.fmi_pgm import read_fmi_pgm
from models.flood.rain.radar.frames import RadarFrames
from models.flood.rain.radar.geotiff import read_geotiff
from models.flood.rain.radar.odim import read_odim
from models.flood.rain.radar.reflectivity import PowerLaw
from networks.errors import BadInput

_READERS: dict[str, Callable[[Path], Composite]] = {
    ".pgm": read_fmi_pgm,
    ".pgm.gz": read_fmi_pgm,
    ".h5": read_odim,
    ".hdf": read_odim,
    ".tif": read_geotiff,
    ".tiff": read_geotiff,
}


def read_radar(
    folder: Path, law: PowerLaw, *, around: tuple[float, float] | None = None, reach_m: float = 0.0
) -> RadarFrames:
    """The radar frames in a folder, in the order of the times that they say themselves.

    Args:
        folder: Files of one radar or composite; those of other endings are left alone.
        law: What turns reflectivity into rain.
        around: Longitude and latitude (degrees); only pixels near are kept. None: all.
        reach_m: How near (m), north, south, east and west.

    Raises:
        BadInput: No frames, frames of different grids, two of one time, a file's name that says another time than the
            file, or a file that is damaged; says which.
    """
    files = {file: _READERS[str(_ending(file))] for file in radar_files(folder)}
    found, rates = dict[datetime, Path](), dict[datetime, np.ndarray]()
    grid, quantities = None, set[str]()
    for file, reader in files.items():
        frame = reader(file)
        _agree(file, frame.time, found)
        if grid is not None and frame.grid != grid:
            first = next(iter(found.values())).name
            raise BadInput("its grid is another one", file=file, expected=f"that of {first}")
        grid = grid or frame.grid
        window = grid.window(*around, reach_m) if around else (slice(0, grid.shape[0]), slice(0, grid.shape[1]))
        found[frame.time] = file
        rates[frame.time] = frame.rain_mm_h(law, window)
        quantities.add(frame.quantity)
    assert grid is not None
    times = tuple(sorted(found))
    if len(quantities) > 1:
        raise BadInput("some frames hold rain, others reflectivity", file=folder, expected="one of the two")
    how = f"Z = {law.a:g} R^{law.b:g} ({law.source})" if "dBZ" in quantities else "rain as given"
    source = f"{folder.name}: {len(times)} frames, {how}"
    return RadarFrames(times, np.stack([rates[time] for time in times]), grid.cut(window), source)


def radar_files(folder: Path) -> list[Path]:
    """The files of a folder that are read as radar frames, by name.

    Raises:
        BadInput: No such folder, or less than two of them.
    """
    if not folder.is_dir():
        raise BadInput("there is no such folder", file=folder, expected="a folder of radar frames")
    files = [file for file in sorted(folder.iterdir()) if _ending(file) is not None]
    if len(files) < 2:
        raise BadInput(
            f"{len(files)} radar frames", file=folder, expected=f"two or more files of {', '.join(_READERS)}"
        )
    return files


def _ending(file: Path) -> str | None:
    return next((ending for ending in _READERS if file.name.lower().endswith(ending)), None)


def _agree(file: Path, time: datetime, found: dict[datetime, Path]) -> None:
    """Refuse a time that the file's name contradicts, or that another file has already."""
    if time in found:
        raise BadInput(
            f"its time, {time:%Y-%m-%d %H:%M %Z}, is that of {found[time].name}", file=file, expected="each time once"
        )
    named = re.match(r"(\d{12})(?!\d)", file.name)
    if named and datetime.strptime(named[1], "%Y%m%d%H%M").replace(tzinfo=UTC) != time:
        raise BadInput(
            f"its name says {named[1]}, the file itself {time:%Y%m%d%H%M}",
            file=file,
            remedy="fetch the frame once more, or rename it if the file is right",
        )
