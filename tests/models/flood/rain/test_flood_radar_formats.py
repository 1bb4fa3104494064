"""Radar in other files: ODIM's HDF5 and GeoTIFF, by their units, their nothing-seen and their nothing-looked-at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_radar import GRID, NOON, STEREO, composite

from models.flood.rain import LAWS, read_radar
from models.flood.rain.radar.geotiff import read_geotiff
from models.flood.rain.radar.odim import read_odim
from networks.errors import BadInput

CODES = np.array([[0, 90, 255], [10, 100, 128]], np.uint8)
"""0 undetect, 255 nodata; gain .5 and offset -32 make dBZ of the rest."""


def odim(file: Path, time: str = "120000", codes: np.ndarray = CODES, **changes: Any) -> Path:
    import h5py
    from pyproj import Proj

    lon, lat = Proj(STEREO)(GRID.left_m, GRID.top_m, inverse=True)
    where = {"projdef": STEREO.encode(), "xscale": 1000.0, "yscale": 1000.0, "xsize": 3, "ysize": 2}
    where |= {"UL_lon": lon, "UL_lat": lat}
    said = {"gain": 0.5, "offset": -32.0, "nodata": 255.0, "undetect": 0.0, "quantity": b"DBZH"}
    what = {"object": b"COMP", "date": b"20260717", "time": time.encode()}
    with h5py.File(file, "w") as book:
        for path, given in (("what", what), ("where", where), ("dataset1/data1/what", said)):
            group = book.create_group(path)
            for key, value in given.items():
                if changes.get(key, value) is not None:
                    group.attrs[key] = changes.get(key, value)
        book["dataset1/data1/data"] = codes
    return file


def geotiff(file: Path, values: np.ndarray, unit: str = "mm/h", crs: str = STEREO, step: float = 1000.0) -> Path:
    import rasterio
    from rasterio.transform import from_origin

    from networks.coordinates.projection import own_proj

    profile = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float32"}
    where = from_origin(GRID.left_m if step > 1 else 24.0, GRID.top_m if step > 1 else 61.0, step, step)
    with own_proj(), rasterio.open(file, "w", **profile, crs=crs, transform=where, nodata=-1) as raster:
        raster.write(values.astype(np.float32), 1)
        raster.units = (unit,)
    return file


def test_odim_says_what_it_says(tmp_path: Path) -> None:
    frame = read_odim(odim(tmp_path / "a.h5"))
    assert frame.time == NOON and frame.quantity == "dBZ"
    assert np.isneginf(frame.values[0, 0]) and np.isnan(frame.values[0, 2])
    assert frame.values[1].tolist() == [-27, 18, 32]
    assert (frame.grid.left_m, frame.grid.top_m) == pytest.approx((GRID.left_m, GRID.top_m), abs=0.01)
    assert frame.grid.pixel_m == (1000, 1000) and frame.grid.shape == (2, 3)


def test_odim_with_rain_needs_no_law(tmp_path: Path) -> None:
    for minute in ("00", "05"):
        odim(tmp_path / f"{minute}.h5", f"12{minute}00", quantity=b"RATE", gain=0.1, offset=0.0)
    frames = read_radar(tmp_path, LAWS["finland"])
    np.testing.assert_allclose(frames.rate_mm_h[0, 1], [1, 10, 12.8], rtol=1e-5)
    assert frames.rate_mm_h[0, 0, 0] == 0 and np.isnan(frames.rate_mm_h[0, 0, 2])
    assert "rain as given" in frames.source


def test_a_geotiff_of_either_unit(tmp_path: Path) -> None:
    values = np.array([[0.0, 2.5], [-1, 10]])
    frame = read_geotiff(geotiff(tmp_path / "202607171200_x.tif", values))
    assert frame.time == NOON and frame.quantity == "mm/h" and frame.values[0, 1] == 2.5
    assert np.isnan(frame.values[1, 0]), "nodata is unseen"
    lon, lat = frame.grid.places(0.5, 0.5)
    assert [float(one) for one in frame.grid.pixels(lon, lat)] == pytest.approx([0.5, 0.5], abs=1e-6)
    other = read_geotiff(geotiff(tmp_path / "202607171205.tif", values, "dBZ"))
    assert other.quantity == "dBZ"
    with pytest.raises(BadInput, match="some frames hold rain, others reflectivity"):
        read_radar(tmp_path, LAWS["finland"])


def test_frames_of_different_files_on_different_grids_are_refused(tmp_path: Path) -> None:
    odim(tmp_path / "a.h5")
    composite(tmp_path / "202607171205_x.pgm", np.zeros((3, 4)), obstime="202607171205")
    with pytest.raises(BadInput, match="its grid is another one"):
        read_radar(tmp_path, LAWS["finland"])


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda path: odim(path / "a.h5", object=b"PVOL"), "it holds a PVOL"),
        (lambda path: odim(path / "a.h5", quantity=b"VRAD"), "its quantity is VRAD"),
        (lambda path: odim(path / "a.h5", date=b"today"), "attributes do not tell"),
        (lambda path: odim(path / "a.h5", nodata=None), "attributes do not tell: 'nodata'"),
        (lambda path: odim(path / "a.h5", projdef=b"+proj=longlat +datum=WGS84"), "in degrees"),
        (lambda path: odim(path / "a.h5", projdef=b"+proj=nosuch"), "its grid is not told"),
        (lambda path: odim(path / "a.h5", UL_lat=None), "its grid is not told"),
        (lambda path: odim(path / "a.h5", xsize=9), "pixels instead of"),
        (lambda path: (path / "a.h5").write_text("no HDF5"), "cannot be read"),
        (lambda path: geotiff(path / "noon.tif", np.ones((2, 2))), "its name holds no time"),
        (lambda path: geotiff(path / "202607171261.tif", np.ones((2, 2))), "its name holds no time"),
        (lambda path: geotiff(path / "202607171200.tif", np.ones((2, 2)), "inch"), "its unit is inch"),
        (lambda path: geotiff(path / "202607171200.tif", np.ones((2, 2)), ""), "its unit is not said"),
        (
            lambda path: geotiff(path / "202607171200.tif", np.ones((2, 2)), crs="EPSG:4326", step=0.01),
            "not north up in metres",
        ),
        (lambda path: (path / "202607171200.tif").write_text("no TIFF"), "cannot be read"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, made: Callable[[Path], object], says: str) -> None:
    made(tmp_path)
    file = next(tmp_path.iterdir())
    with pytest.raises(BadInput, match=says):
        (read_odim if file.suffix == ".h5" else read_geotiff)(file)
