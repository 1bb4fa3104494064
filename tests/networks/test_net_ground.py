"""Sea, terrain and driving side against answers known beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, MultiPoint, Point, box

from networks import drives_left
from networks.coordinates.projection import utm_epsg
from networks.ground.grid import Grid
from networks.ground.raster import dem_terrain
from networks.ground.spot_heights import coast_heights, interpolated_terrain, leave_one_out_rmse
from networks.places.land import sea_polygons

FRAME = box(0, 0, 1000, 800)
NOBODY = MultiPoint([(1e6, 1e6)])


def test_water_is_on_the_right_of_the_coast() -> None:
    eastward = LineString([(-50, 300), (500, 350), (1050, 300)])
    (sea,) = sea_polygons([eastward], FRAME, NOBODY)
    assert sea.contains(Point(500, 10)) and not sea.contains(Point(500, 700))
    (sea,) = sea_polygons([eastward.reverse()], FRAME, NOBODY)
    assert sea.contains(Point(500, 700)) and not sea.contains(Point(500, 10))


def test_an_island_is_land_and_a_coast_that_ends_early_is_led_to_the_border() -> None:
    coast = LineString([(20, 300), (980, 300)])  # both ends 20 m short of the frame
    island = LineString([(400, 100), (500, 100), (500, 200), (400, 200), (400, 100)])  # counterclockwise: land inside
    (sea,) = sea_polygons([coast, island], FRAME, NOBODY)
    assert sea.area == pytest.approx(1000 * 300 - 100 * 100, rel=1e-3)
    assert not sea.contains(Point(450, 150))


def test_a_town_in_the_sea_means_that_the_coast_is_missing() -> None:
    island = LineString([(400, 100), (500, 100), (500, 200), (400, 200), (400, 100)])
    town = MultiPoint([(x, 600) for x in range(10, 900, 50)])
    assert sea_polygons([island], FRAME, town) == []
    assert len(sea_polygons([island], FRAME, NOBODY)) == 1


def test_no_coast_no_sea() -> None:
    assert sea_polygons([], FRAME, NOBODY) == []


def test_the_grid_covers_the_frame() -> None:
    grid = Grid.over(box(2.0, 3.0, 1001.0, 799.0))
    assert (grid.left, grid.top, grid.rows, grid.columns) == (0.0, 800.0, 160, 201)
    assert grid.centres()[0].tolist() == [2.5, 797.5]


def test_spot_heights_of_a_slope_give_the_slope_back() -> None:
    random = np.random.default_rng(3)
    places = random.uniform(0, 1000, (80, 2))
    spots = np.column_stack([places, 2 + 0.02 * places[:, 0]])
    coast = np.zeros((0, 3))
    ground = interpolated_terrain(spots, coast, Grid.over(FRAME), water=[], sea=[], buildings=[box(100, 100, 200, 200)])
    assert ground is not None
    truth = 2 + 0.02 * (np.arange(200) + 0.5) * 5.0
    assert np.abs(ground.elevation_m[40:120, 20:180] - truth[20:180]).max() < 0.8
    assert ground.vertical_error_m == pytest.approx(leave_one_out_rmse(spots, coast), abs=1e-3)
    assert ground.vertical_error_m < 0.6
    assert ground.screening
    assert (ground.surface == 2).sum() == 400
    noisy = spots + np.column_stack([np.zeros((80, 2)), random.normal(0, 3, 80)])
    assert leave_one_out_rmse(noisy, coast) > 2.0


def test_the_coast_is_at_sea_level_and_so_is_the_sea() -> None:
    coast = coast_heights([LineString([(0, 200), (1000, 200)])], FRAME)
    spots = np.column_stack([np.linspace(50, 950, 12), np.full(12, 600.0), np.full(12, 10.0)])
    sea = box(0, 0, 1000, 200)
    ground = interpolated_terrain(spots, coast, Grid.over(FRAME), water=[sea], sea=[sea], buildings=[])
    assert ground is not None
    assert (ground.elevation_m[-40:] == 0).all()
    assert (ground.surface[-40:] == 1).all()
    assert ground.elevation_m[-42, 20:-20].max() < 0.6
    assert "12 spot heights, the coast at 0 m" in ground.source["en"]


def test_too_few_spot_heights_give_no_terrain() -> None:
    spots = np.array([[i * 100.0, 50.0, 1.0] for i in range(7)])
    assert interpolated_terrain(spots, np.zeros((0, 3)), Grid.over(FRAME), water=[], sea=[], buildings=[]) is None


def test_a_geotiff_in_degrees_comes_out_in_the_citys_plane(tmp_path: Path) -> None:
    from pyproj import Transformer

    east, north = Transformer.from_crs("EPSG:4326", "EPSG:32635", always_xy=True).transform(24.94, 60.17)
    frame = box(east, north, east + 500, north + 500)
    file = tmp_path / "slope.tif"
    lat = 60.20 - (np.arange(600) + 0.5) * 1e-4
    heights = np.repeat(((lat - 60.0) * 100).astype("float32")[:, None], 600, axis=1)
    heights[:, 590:] = -9999
    shape = {"driver": "GTiff", "height": 600, "width": 600, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(file, "w", crs="EPSG:4326", transform=from_origin(24.92, 60.20, 1e-4, 1e-4), **shape) as raster:
        raster.write(heights, 1)
    grid = Grid.over(frame)
    ground, _, _ = dem_terrain(file, grid, "EPSG:32635", water=[], sea=[], buildings=[], spots=np.zeros((0, 3)))
    back = Transformer.from_crs("EPSG:32635", "EPSG:4326", always_xy=True)
    _, latitudes = back.transform(*grid.centres().T)
    truth = (latitudes.reshape(grid.rows, grid.columns) - 60.0) * 100
    assert np.abs(ground.elevation_m - truth).max() < 0.02
    assert np.isnan(ground.vertical_error_m)
    sea = [box(east - 10, north - 10, east + 510, north + 100)]
    wet, _, _ = dem_terrain(file, grid, "EPSG:32635", water=sea, sea=sea, buildings=[], spots=np.zeros((0, 3)))
    assert (wet.elevation_m[-19:] == 0).all()
    np.testing.assert_array_equal(wet.elevation_m[:80], ground.elevation_m[:80])
    spots = np.array([[east + 5 + i, north + 7, 100.0] for i in range(10)])
    off, _, _ = dem_terrain(file, grid, "EPSG:32635", water=[], sea=[], buildings=[], spots=spots)
    assert off.vertical_error_m == pytest.approx(100.0 - truth[-3, :4].mean(), abs=0.1)


@pytest.mark.parametrize(
    ("lon", "lat", "left"),
    [
        (24.94, 60.17, False), (7.42, 43.74, False), (121.48, 31.23, False), (-0.13, 51.51, True),
        (-6.26, 53.35, True), (139.76, 35.68, True), (114.17, 22.30, True), (114.06, 22.56, False),
        (113.54, 22.19, True), (72.88, 19.07, True), (103.85, 1.29, True), (100.50, 13.75, True),
        (102.60, 17.97, False), (151.21, -33.87, True), (28.05, -26.20, True), (36.82, -1.29, True),
        (-59.61, 13.10, True), (-61.52, 10.66, True), (-76.80, 18.00, True), (-64.93, 18.34, True),
        (-66.10, 18.45, False), (-74.00, 40.71, False), (33.36, 35.17, True), (14.51, 35.90, True),
        (96.16, 16.80, False), (-55.17, 5.85, True), (-52.33, 4.93, False), (2.35, 48.86, False),
        (-30.0, 0.0, False),
    ],
)  # fmt: skip
def test_the_side_of_the_road(lon: float, lat: float, left: bool) -> None:
    assert drives_left(lon, lat) is left


def test_the_plane_is_the_utm_zone() -> None:
    assert utm_epsg(24.94, 60.17) == "EPSG:32635"
    assert utm_epsg(151.21, -33.87) == "EPSG:32756"
    assert utm_epsg(180.0, 1.0) == "EPSG:32660"


def test_a_large_raster_is_interpolated_on_a_lattice_as_it_would_be_cell_by_cell() -> None:
    """A sloping plane of spot heights, 4.5 x 4 km: linear functions give it back, cell by cell or on a lattice."""
    from networks.ground import spot_heights

    grid = Grid.over(box(385_000, 6_671_000, 389_500, 6_675_000))
    assert grid.rows * grid.columns > 200_000
    rng = np.random.default_rng(3)
    at = np.column_stack([rng.uniform(384_800, 389_700, 400), rng.uniform(6_670_800, 6_675_200, 400)])
    known = np.column_stack([at, 10 + 0.01 * (at[:, 0] - 385_000) + 0.004 * (at[:, 1] - 6_671_000)])
    large = spot_heights._heights(known, grid)
    assert large.shape == grid.shape
    some = rng.choice(grid.rows * grid.columns, 500, replace=False)
    exact = spot_heights._surface(known, grid.centres()[some])
    assert np.abs(large.ravel()[some] - exact).max() < 0.25
    assert np.median(np.abs(large.ravel()[some] - exact)) < 0.01
