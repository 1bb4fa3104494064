"""Terrains given: other coordinate systems, holes, units, and everything that is no terrain."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.transform import from_origin
from shapely.geometry import box

from networks import BadInput, BadMap
from networks.ground.grid import Grid
from networks.ground.options import GroundOptions
from networks.ground.raster import dem_terrain
from networks.ground.terrain import Terrain, read_terrain, terrain_facts, write_terrain
from networks.repairs import Repair

EPSG = "EPSG:32635"
EAST, NORTH = 385_000.0, 6_671_000.0
GRID = Grid.over(box(EAST, NORTH, EAST + 500, NORTH + 400))
NONE = np.zeros((0, 3))
DATA = os.environ.get("CITYTWIN_DATA")


def write_tif(file: Path, values: np.ndarray, *, cell: float = 5.0, unit: str = "", **more: Any) -> Path:
    """A GeoTIFF of 100 x 100 cells or so around the grid."""
    profile = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1, "crs": EPSG}
    profile |= {"dtype": str(values.dtype), "transform": from_origin(EAST - 50, NORTH + 450, cell, cell)} | more
    with rasterio.open(file, "w", **profile) as raster:
        raster.write(values, 1)
        if unit:
            raster.units = (unit,)
    return file


def plane(cell: float = 5.0, size: int = 130) -> np.ndarray:
    """Heights 20 m + 1 % of the distance east of the raster's edge."""
    across = (np.arange(size) + 0.5) * cell
    return np.repeat((20 + 0.01 * across)[None, :], size, axis=0).astype(np.float32)


def terrain(dem: Path | list[Path], **more: Any) -> tuple[Terrain, list[Repair]]:
    shapes: dict[str, Any] = {"water": [], "sea": [], "buildings": [], "spots": NONE} | more
    return dem_terrain(dem, GRID, EPSG, **shapes)[:2]


def truth() -> np.ndarray:
    return 20 + 0.01 * (GRID.centres()[:, 0] - EAST + 50).reshape(GRID.shape)


def test_a_plane_comes_out_as_it_is_and_says_how_wrong_it_may_be(tmp_path: Path) -> None:
    dem = write_tif(tmp_path / "city.tif", plane())
    ground, repairs = terrain(dem)
    assert np.abs(ground.elevation_m - truth()).max() < 2e-3 and repairs == []
    assert ground.screening and np.isnan(ground.vertical_error_m)  # 5 m cells, and nobody knows the error
    stated, _ = terrain(dem, stated_error_m=0.15, stated_model="terrain")
    assert (stated.vertical_error_m, stated.model, stated.screening) == (0.15, "terrain", False)
    assert terrain(dem, stated_error_m=0.31)[0].screening
    coarse = write_tif(tmp_path / "coarse.tif", plane(10.0, 70), cell=10.0)
    assert terrain(coarse, stated_error_m=0.1)[0].screening


def test_eight_spot_heights_measure_the_error_and_seven_do_not(tmp_path: Path) -> None:
    dem = write_tif(tmp_path / "city.tif", plane())
    places = GRID.centres()[:: GRID.rows * GRID.columns // 8][:8]
    heights = 20 + 0.01 * (places[:, 0] - EAST + 50)
    spots = np.column_stack([places, heights + np.where(np.arange(8) % 2, 0.4, -0.4)])
    measured, _ = terrain(dem, spots=spots)
    assert measured.vertical_error_m == pytest.approx(0.4, abs=2e-3)
    assert "8 spot heights" in measured.error_source["en"] and "8个高程点" in measured.error_source["zh"]
    assert np.isnan(terrain(dem, spots=spots[:7])[0].vertical_error_m)


def test_known_models_carry_what_is_published(tmp_path: Path) -> None:
    glo, _ = terrain(write_tif(tmp_path / "Copernicus_DSM_COG_10_N60_00_E024_00_DEM.tif", plane()))
    assert (glo.vertical_error_m, glo.model) == (pytest.approx(4 / 1.6449, abs=0.01), "surface")
    assert "LE90" in glo.error_source["en"]
    srtm, _ = terrain(write_tif(tmp_path / "town_SRTM3.tif", plane()))
    assert srtm.vertical_error_m == pytest.approx(16 / 1.6449, abs=0.01)
    assert glo.screening and srtm.screening


def test_holes_are_filled_and_told(tmp_path: Path) -> None:
    values = plane()
    values[40:44, 30:34] = -9999
    ground, repairs = terrain(write_tif(tmp_path / "holes.tif", values, nodata=-9999))
    assert np.isfinite(ground.elevation_m).all()
    assert np.abs(ground.elevation_m - truth()).max() < 0.3
    assert [one.rule for one in repairs] == ["terrain_hole_filled"]
    assert "cells without a height" in repairs[0].before and "filled" in ground.source["en"]


def test_a_forgotten_nodata_value_is_a_hole_too(tmp_path: Path) -> None:
    values = plane()
    values[40:44, 30:34] = -32768
    ground, repairs = terrain(write_tif(tmp_path / "no_nodata.tif", values))
    assert ground.elevation_m.min() > 19
    assert {one.rule for one in repairs} == {"terrain_impossible_height", "terrain_hole_filled"}


def test_feet_are_converted_and_parsecs_refused(tmp_path: Path) -> None:
    feet = write_tif(tmp_path / "feet.tif", (plane() / 0.3048).astype(np.float32), unit="ft")
    ground, repairs = terrain(feet)
    assert np.abs(ground.elevation_m - truth()).max() < 2e-3
    assert [(one.rule, one.before, one.after) for one in repairs] == [("terrain_unit", "ft", "m")]
    with pytest.raises(BadMap, match="parsec"):
        terrain(write_tif(tmp_path / "far.tif", plane(), unit="parsec"))


def test_heights_that_cannot_be_metres_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMap, match="cannot be metres above the sea"):
        terrain(write_tif(tmp_path / "mm.tif", plane() * 1000))
    with pytest.raises(BadMap, match="covers only 0%"):
        terrain(write_tif(tmp_path / "nan.tif", np.full((130, 130), np.nan, np.float32)))


def test_another_plane_a_turned_raster_and_side_by_side(tmp_path: Path) -> None:
    from pyproj import Transformer

    to_34 = Transformer.from_crs(EPSG, "EPSG:32634", always_xy=True)
    x, y = to_34.transform(EAST, NORTH)
    other = from_origin(x - 400, y + 900, 10, 10)
    columns, rows = np.meshgrid(np.arange(150) + 0.5, np.arange(150) + 0.5)
    back = Transformer.from_crs("EPSG:32634", EPSG, always_xy=True)
    easting, _ = back.transform(x - 400 + 10 * columns, y + 900 - 10 * rows)
    values = (20 + 0.01 * (easting - EAST + 50)).astype(np.float32)
    zone, _ = terrain(write_tif(tmp_path / "zone34.tif", values, transform=other, crs="EPSG:32634"))
    assert np.abs(zone.elevation_m - truth()).max() < 0.02

    turned = Affine.translation(EAST + 250, NORTH + 700) @ Affine.rotation(30) @ Affine.scale(5, -5)
    columns, rows = np.meshgrid(np.arange(-120, 220) + 0.5, np.arange(0, 300) + 0.5)
    moved = turned @ Affine.translation(-120, 0)
    easting = turned.a * columns + turned.b * rows + turned.c
    values = (20 + 0.01 * (easting - EAST + 50)).astype(np.float32)
    spun, _ = terrain(write_tif(tmp_path / "turned.tif", values, transform=moved))
    assert np.abs(spun.elevation_m - truth()).max() < 0.02

    whole = plane()
    left = write_tif(tmp_path / "left.tif", whole[:, :50])
    right = write_tif(tmp_path / "right.tif", whole[:, 50:], transform=from_origin(EAST - 50 + 250, NORTH + 450, 5, 5))
    both, _ = terrain([left, right])
    assert np.abs(both.elevation_m - truth()).max() < 0.1


def test_lidar_is_averaged_while_it_is_read(tmp_path: Path) -> None:
    rough = plane(0.5, 1300) + np.random.default_rng(2).normal(0, 1, (1300, 1300)).astype(np.float32)
    rough[100:900, 400:404] = -9999
    ground, repairs = terrain(write_tif(tmp_path / "lidar.tif", rough, cell=0.5, nodata=-9999), stated_error_m=0.1)
    assert (ground.source_cell_m, ground.screening, repairs) == (0.5, False, [])
    error = ground.elevation_m - truth()
    assert abs(error.mean()) < 0.01 and 0.05 < error.std() < 0.15  # 100 cells in one: a tenth of the noise


def test_what_is_no_terrain_is_said(tmp_path: Path) -> None:
    zipped = tmp_path / "dem.tif"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("dem.tif", b"II*\0")
    with pytest.raises(BadMap, match="zip, not a terrain") as said:
        terrain(zipped)
    assert "unpack" in str(said.value.remedy)
    page = tmp_path / "page.tif"
    page.write_text("<!DOCTYPE html><html>404</html>")
    with pytest.raises(BadMap, match="web page"):
        terrain(page)
    empty = tmp_path / "empty.tif"
    empty.write_bytes(b"")
    with pytest.raises(BadMap, match="empty"):
        terrain(empty)
    cut = write_tif(tmp_path / "cut.tif", np.random.default_rng(1).random((130, 130)).astype(np.float32))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 3])
    with pytest.raises(BadMap, match="cannot be read"):
        terrain(cut)
    nowhere = write_tif(tmp_path / "nowhere.tif", plane(), crs=None)
    with pytest.raises(BadMap, match="no coordinate system"):
        terrain(nowhere)
    elsewhere = write_tif(tmp_path / "elsewhere.tif", plane(), transform=from_origin(100_000, 100_000, 5, 5))
    with pytest.raises(BadMap, match="covers only 0%"):
        terrain(elsewhere)
    with pytest.raises(BadMap, match="cannot be read"):
        terrain(tmp_path)


def test_options_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMap, match="no such terrain"):
        GroundOptions(dem=tmp_path / "no.tif").check()
    for wrong in ({"dem_error_m": -1.0}, {"dem_model": "roof"}, {"drain_return_period_y": 0.0}):
        with pytest.raises(BadInput):
            GroundOptions(**wrong).check()  # type: ignore[arg-type]


def test_a_terrain_is_read_as_it_was_written(tmp_path: Path) -> None:
    ground, _ = terrain(write_tif(tmp_path / "city.tif", plane()), buildings=[box(EAST, NORTH, EAST + 20, NORTH + 20)])
    low = np.zeros(GRID.shape, dtype=bool)
    low[3, 4] = True
    ground = ground.changed(low_road=low)
    write_terrain(ground, EPSG, tmp_path / "out.tif")
    back = read_terrain(tmp_path / "out.tif", terrain_facts(ground))
    np.testing.assert_array_equal(back.elevation_m, ground.elevation_m)
    np.testing.assert_array_equal(back.low_road, low)
    assert back.surface.sum() == ground.surface.sum() == 2 * 16
    assert back.grid == GRID and np.isnan(back.vertical_error_m)
    older = {"source": ground.source, "rmse_m": 1.5, "screening": True, "cell_m": 5.0}
    assert read_terrain(tmp_path / "out.tif", older).vertical_error_m == 1.5


@pytest.mark.skipif(not DATA, reason="needs CITYTWIN_DATA")
def test_the_terrains_of_monaco_differ_by_what_is_known_of_them() -> None:
    folder = Path(str(DATA)) / "dem"
    grid = Grid.over(box(372_000, 4_842_500, 375_000, 4_845_800))
    shapes: dict[str, Any] = {"water": [], "sea": [], "buildings": [], "spots": NONE}
    coarse, _, _ = dem_terrain(folder / "monaco_srtm3.tif", grid, "EPSG:32632", **shapes)
    street, _, _ = dem_terrain(folder / "monaco_street10m_utm32.tif", grid, "EPSG:32632", **shapes)
    land = (street.elevation_m > 0) & (coarse.elevation_m > 0)
    rmse = float(np.sqrt(np.mean((coarse.elevation_m - street.elevation_m)[land] ** 2)))
    print(f"Monaco: SRTM against street heights, RMSE {rmse:.2f} m over {land.sum()} cells")
    assert 3 < rmse < 40  # 90 m cells on cliffs
    assert coarse.vertical_error_m == pytest.approx(9.73, abs=0.01) and coarse.model == "surface"
    assert np.isnan(street.vertical_error_m) and street.screening
