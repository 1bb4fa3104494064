"""Merewether, Newcastle (New South Wales), June 2007: a flash flood among houses, and the levels that it left.

Topography, houses, road and observed levels as shared with ANUGA's validation tests by the Water Research Laboratory,
UNSW; "ARR Report Final" is Australian Rainfall and Runoff, Project 15. Roughness, inflow and borders as ANUGA's test
has them (its results.tex and runMerewether.py: a secondary source), written down before the first run and never tuned:
n 0.02 on the road and 0.04 elsewhere; 19.7 m3/s, steady, within 10 m of a point; walls in the south and west.
Houses are blocked out, as a city's are. The score is the level after 1000 s beside each of the five points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.check import Check
from models.flood.constants import BUILDING
from models.flood.inflow import Inflow, InflowCells
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Numerics, Scheme
from models.flood.surface.water import Water
from models.flood.validation.walls import walled
from networks.coordinates.projection import own_proj

FOLDER = "flood/merewether"
ROAD_N, ELSEWHERE_N = 0.02, 0.04
SOURCE_E_N_M, WITHIN_M, FLOW_M3S = (382265.0, 6354280.0), 10.0, 19.7
LASTS_S = 1000.0
WET_M = 1e-3
RMSE_M = 0.15
"""A sanity gate: TUFLOW, as reported there, is 0.148 m off."""


@dataclass(frozen=True)
class Place:
    """What the folder holds, on the topography's own cells; row 0 is north.

    Attributes:
        bed_m: (rows, cols) heights, gaps at the edges filled from the nearest cell.
        houses: (rows, cols) True where a cell's centre lies in a house.
        road: (rows, cols) True where it lies on the road.
        cell_m: Size of a cell.
        centres_m: Easting (cols,) and northing (rows,) of the cells' centres.
        observed: (5, 3) easting, northing and level (m).
    """

    bed_m: np.ndarray
    houses: np.ndarray
    road: np.ndarray
    cell_m: float
    centres_m: tuple[np.ndarray, np.ndarray]
    observed: np.ndarray


def by_inertia(folder: Path) -> Iterator[Check]:
    """Residuals at the five points (m, ours less observed), for orientation, and their RMSE: the default scheme."""
    yield from _scored(folder, "inertia")


def by_shallow_water(folder: Path) -> Iterator[Check]:
    """The same by the whole equations: three minutes of a core."""
    yield from _scored(folder, "shallow")


def _scored(folder: Path, scheme: Scheme) -> Iterator[Check]:
    if not (folder / FOLDER / "topography1.zip").is_file():
        return
    place = read_place(folder / FOLDER)
    off = levels(place, scheme) - place.observed[:, 2]
    name = f"Merewether, {place.cell_m:.0f} m, {scheme}"
    for number, value in enumerate(off.tolist(), start=1):
        yield Check(name, "real", f"ours - observed, point {number}, m", value, None)
    yield Check(name, "real", "RMSE of the five levels, m", float(np.sqrt(np.mean(off**2))), RMSE_M)


def read_place(folder: Path) -> Place:
    """Topography, houses, road and observed levels."""
    import rasterio
    from rasterio.features import rasterize
    from scipy.ndimage import distance_transform_edt
    from shapely import Polygon

    with own_proj(), rasterio.open(f"/vsizip/{folder / 'topography1.zip'}/topography1.asc") as raster:
        bed, transform, nothing = raster.read(1).astype(np.float64), raster.transform, raster.nodata
    row, col = distance_transform_edt(bed == nothing, return_distances=False, return_indices=True)

    def covered(*files: Path) -> np.ndarray:
        shapes = [(Polygon(np.loadtxt(file, delimiter=",")), 1) for file in files]
        return rasterize(shapes, out_shape=bed.shape, transform=transform, dtype="uint8").astype(bool)

    east = transform.c + transform.a * (np.arange(bed.shape[1]) + 0.5)
    north = transform.f + transform.e * (np.arange(bed.shape[0]) + 0.5)
    table = np.genfromtxt(folder / "ObservationPoints.csv", delimiter=",", skip_header=1)
    houses = covered(*sorted((folder / "houses").glob("*.csv")))
    return Place(
        bed[row, col], houses, covered(folder / "RoadPolygon.csv"), transform.a, (east, north), table[:, [0, 1, 4]]
    )


def levels(place: Place, scheme: Scheme) -> np.ndarray:
    """(5,) levels (m) after 1000 s in the wet open cells nearest to the observed points."""
    ground = walled(
        prepare_ground(
            place.bed_m,
            place.cell_m,
            surface=np.where(place.houses, BUILDING, 0),
            manning=np.where(place.road, ROAD_N, ELSEWHERE_N),
        ),
        "south",
        "west",
    )
    east, north = np.meshgrid(*place.centres_m)
    water = Water(ground, place.cell_m, Numerics(scheme))
    rows, cols = np.nonzero(np.hypot(east - SOURCE_E_N_M[0], north - SOURCE_E_N_M[1]) <= WITHIN_M)
    source = Inflow(rows, cols, [0, LASTS_S], [FLOW_M3S, FLOW_M3S])
    water.advance(LASTS_S, None, InflowCells([source], place.bed_m.shape, place.cell_m, None))
    level = np.where((water.depth_m > WET_M) & ~place.houses, place.bed_m + water.depth_m, np.nan)
    wet = np.argwhere(np.isfinite(level))
    points = np.column_stack([east[tuple(wet.T)], north[tuple(wet.T)]])
    near = [np.argmin(np.hypot(*(points - spot).T)) for spot in place.observed[:, :2]]
    return np.array([level[tuple(wet[at])] for at in near])
