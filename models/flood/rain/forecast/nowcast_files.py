"""A nowcast on disk: members for programs, rasters for maps, and a manifest that says what it rests on."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from models.flood.rain.forecast.nowcast import Nowcast
from models.flood.rain.radar.frames import RadarFrames
from models.flood.rain.radar.radar_grid import RadarGrid
from networks.errors import BadInput

VERSION = 1


def save_nowcast(cast: Nowcast, seen: RadarFrames, folder: Path, thresholds: tuple[float, ...], more: Any) -> None:
    """Write a nowcast into an empty folder.

    `nowcast.json` says when, where and from what; `members.npz` has `members_mm_h` (members, leads, rows, cols),
    `control_mm_h`, `motion` and `seen_mm_h` (the frames); `mean_mm_h.tif` and `probability_<mm>_mm_h.tif` have one band
    a lead.

    Args:
        cast: What is forecast.
        seen: The radar's frames that it began with, on the same grid.
        folder: An empty folder.
        thresholds: Rain (mm/h) whose probability is written.
        more: What else the manifest says (JSON).
    """
    grid = cast.grid
    said = {
        "version": VERSION,
        "issued": cast.issued.isoformat(),
        "leads_s": cast.leads_s.tolist(),
        "members": len(cast.members_mm_h),
        "known": [round(float(one), 4) for one in cast.known],
        "grid": {
            "crs": grid.crs,
            "left_m": grid.left_m,
            "top_m": grid.top_m,
            "pixel_m": list(grid.pixel_m),
            "shape": list(grid.shape),
        },
        "frames": [one.isoformat() for one in seen.times],
        "missing": [one.isoformat() for one in seen.missing],
        "source": cast.source,
        "seen_source": seen.source,
        **more,
    }
    (folder / "nowcast.json").write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    np.savez_compressed(
        folder / "members.npz",
        members_mm_h=cast.members_mm_h,
        control_mm_h=cast.control_mm_h.astype(np.float32),
        motion=cast.motion.astype(np.float32),
        seen_mm_h=seen.rate_mm_h.astype(np.float32),
    )
    _raster(folder / "mean_mm_h.tif", cast.members_mm_h.mean(axis=0), cast)
    for rain in thresholds:
        _raster(folder / f"probability_{rain:g}_mm_h.tif", cast.probability(rain), cast)


def load_nowcast(folder: Path) -> tuple[Nowcast, RadarFrames]:
    """Read a nowcast and the frames that it began with.

    Raises:
        BadInput: The folder holds none, or not the whole of one.
    """
    try:
        said = json.loads((folder / "nowcast.json").read_text(encoding="utf-8"))
        with np.load(folder / "members.npz") as arrays:
            members, control = arrays["members_mm_h"], arrays["control_mm_h"]
            motion, rates = arrays["motion"], arrays["seen_mm_h"]
        grid = RadarGrid(
            said["grid"]["crs"],
            said["grid"]["left_m"],
            said["grid"]["top_m"],
            (said["grid"]["pixel_m"][0], said["grid"]["pixel_m"][1]),
            (said["grid"]["shape"][0], said["grid"]["shape"][1]),
        )
        issued = datetime.fromisoformat(said["issued"])
        times = tuple(datetime.fromisoformat(one) for one in said["frames"])
        leads, known, source = np.array(said["leads_s"], float), np.array(said["known"], float), str(said["source"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise BadInput(
            f"it holds no whole nowcast: {error}", file=folder, expected="a folder that twin flood nowcast wrote"
        ) from error
    if (
        said.get("version") != VERSION
        or members.shape != (said.get("members"), len(leads), *grid.shape)
        or times[-1:] != (issued,)
    ):
        raise BadInput("its manifest and its arrays do not agree", file=folder, remedy="make the nowcast once more")
    seen = RadarFrames(times, rates, grid, str(said["seen_source"]))
    return Nowcast(issued, leads, members, control, motion, grid, known, source), seen


def _raster(file: Path, bands: np.ndarray, cast: Nowcast) -> None:
    import rasterio
    from rasterio.transform import from_origin

    from networks.coordinates.projection import own_proj

    grid = cast.grid
    profile = {
        "driver": "GTiff",
        "height": grid.shape[0],
        "width": grid.shape[1],
        "count": len(bands),
        "dtype": "float32",
        "crs": grid.crs,
        "transform": from_origin(grid.left_m, grid.top_m, *grid.pixel_m),
        "nodata": float("nan"),
        "compress": "deflate",
    }
    with own_proj(), rasterio.open(file, "w", **profile) as raster:
        raster.write(bands.astype(np.float32))
        for band, time in enumerate(cast.times, 1):
            raster.set_band_description(band, time.isoformat())
