"""Ponding points: hollows of the terrain where water gathers, and places that people reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from networks.errors import BadInput
from networks.ground.flow import Flow, catchments, flow_over
from networks.ground.storage import StorageCurve, storage_of
from networks.ground.terrain import BUILDING, LAND, WATER, Terrain
from networks.text_file import read_rows

SHALLOWEST_M = 0.10
SMALLEST_M3 = 10.0
"""Hollows that are less deep, or hold less, are no ponding points (guess): a gutter, an error of the terrain."""
AROUND_M = 12.5
"""A report outside any hollow means the ground within so much (m) of it (guess: a street's width)."""
REPORT_COLUMNS = ("lon", "lat", "name")


@dataclass(frozen=True)
class Pond:
    """A ponding point.

    Attributes:
        pond_id: pond_1, pond_2, ... by size; report_1, ... in the file's order where no hollow is.
        name: As reported, or "".
        origin: terrain, report, or both.
        x: Of its lowest point, m in the city's plane.
        y: Likewise.
        bottom_m: Height of its lowest point, m.
        spill_m: Level at which it runs over, m.
        storage: Depth and volume up to there; None where the place is no hollow.
        catchment_m2: Ground and roofs that drain into it first, m2.
        cells: Flat indices of its cells.
        reports: How many reports mean it.
    """

    pond_id: str
    name: str
    origin: str
    x: float
    y: float
    bottom_m: float
    spill_m: float
    storage: StorageCurve | None
    catchment_m2: float
    cells: np.ndarray
    reports: int = 0


@dataclass(frozen=True)
class Report:
    """A place where water was reported: x and y (m), its name, its line in the file."""

    x: float
    y: float
    name: str
    line: int


def find_ponds(terrain: Terrain, reports: Sequence[Report] = (), *, most: int = 50) -> list[Pond]:
    """The hollows that hold most, and every reported place.

    Args:
        terrain: The ground.
        reports: Reported places; one within a hollow, or within 12.5 m of one, is that hollow.
        most: How many hollows at most that nobody reported, the largest volume first.

    Raises:
        BadInput: A report outside the terrain.

    Source: hollows as what filling raises (see `networks.ground.flow`); storage by cells below the spill level.
    """
    land = terrain.surface == LAND
    flow = flow_over(
        terrain.elevation_m, terrain.cell_m, outlet=terrain.surface == WATER, blocked=terrain.surface == BUILDING
    )
    labels = _hollows(terrain, flow, land)
    drained = catchments(flow, labels)
    near = _near(labels, terrain.cell_m)
    told: dict[int, list[Report]] = {}
    loose: list[tuple[Report, int]] = []
    for report in reports:
        cell = _cell(terrain, report)
        label = int(near.ravel()[cell])
        told.setdefault(label, []).append(report) if label else loose.append((report, cell))
    ponds = _ponds(terrain, flow, labels, drained, told)
    ponds.sort(key=lambda pond: (-float(pond.storage.volume_m3[-1]) if pond.storage else 0.0, pond.x, pond.y))
    kept = [pond for at, pond in enumerate(ponds) if pond.reports or at < most]
    named = [_renamed(pond, f"pond_{at}") for at, pond in enumerate(kept, start=1)]
    return named + [_reported(terrain, land, report, cell, at) for at, (report, cell) in enumerate(loose, start=1)]


def read_reports(file: Path, epsg: str) -> list[Report]:
    """Reported places from a CSV file with the columns lon, lat (degrees, WGS84) and name.

    Raises:
        BadInput: It cannot be read, or a place is none; says which line.
    """
    from pyproj import Transformer

    to_plane, found = Transformer.from_crs("EPSG:4326", epsg, always_xy=True), list[Report]()
    for line, row in read_rows(file, REPORT_COLUMNS):
        place = f"line {line}"
        try:
            lon, lat = float(row["lon"]), float(row["lat"])
        except ValueError:
            lon = lat = float("nan")
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            what = f"{row['lon']}, {row['lat']} is no place"
            raise BadInput(what, file=file, place=place, expected="lon and lat in degrees")
        x, y = to_plane.transform(lon, lat)
        found.append(Report(float(x), float(y), row["name"].strip(), line))
    return found


def _hollows(terrain: Terrain, flow: Flow, land: np.ndarray) -> np.ndarray:
    """(rows, columns) int: 0, or the label of the hollow that a cell belongs to; small ones are left out."""
    from scipy.ndimage import label

    depth = np.where(land, np.nan_to_num(flow.filled_m - terrain.elevation_m), 0.0)
    labels, count = label(depth > 1e-6)
    flat = labels.ravel()
    volume = np.bincount(flat, depth.ravel(), count + 1) * terrain.cell_m**2
    deepest = np.zeros(count + 1)
    np.maximum.at(deepest, flat, depth.ravel())
    good = (volume >= SMALLEST_M3) & (deepest >= SHALLOWEST_M)
    good[0] = False
    renumbered = np.where(good, np.cumsum(good), 0)
    return np.asarray(renumbered[labels])


def _near(labels: np.ndarray, cell_m: float) -> np.ndarray:
    """Labels that also hold for cells within AROUND_M of a hollow."""
    from scipy.ndimage import distance_transform_edt

    if not labels.any():
        return labels
    away, (row, column) = distance_transform_edt(labels == 0, sampling=cell_m, return_indices=True)
    return np.asarray(np.where(away <= AROUND_M, labels[row, column], 0))


def _ponds(
    terrain: Terrain, flow: Flow, labels: np.ndarray, drained: dict[int, float], told: dict[int, list[Report]]
) -> list[Pond]:
    flat, ground = labels.ravel(), terrain.elevation_m.ravel().astype(np.float64)
    order = np.argsort(flat, kind="stable")
    begins = np.searchsorted(flat[order], np.arange(1, int(flat.max(initial=0)) + 2))
    ponds = []
    for label, (begin, end) in enumerate(pairwise(begins.tolist()), start=1):
        cells = order[begin:end]
        lowest = int(cells[np.argmin(ground[cells])])
        spill = float(flow.filled_m.ravel()[cells].max())
        heard = told.get(label, [])
        x, y = _middle(terrain, lowest)
        name = next((one.name for one in heard if one.name), "")
        storage = storage_of(ground[cells], terrain.cell_m, spill)
        origin, area = "both" if heard else "terrain", drained.get(label, 0.0)
        ponds.append(Pond("", name, origin, x, y, float(ground[lowest]), spill, storage, area, cells, len(heard)))
    return ponds


def _reported(terrain: Terrain, land: np.ndarray, report: Report, cell: int, number: int) -> Pond:
    row, column = divmod(cell, terrain.elevation_m.shape[1])
    rows, columns = (np.arange(count) for count in terrain.elevation_m.shape)
    near = (np.hypot(rows[:, None] - row, columns[None, :] - column) * terrain.cell_m <= AROUND_M) & land
    cells = np.flatnonzero(near)
    cells = cells if len(cells) else np.array([cell])
    lowest = int(cells[np.argmin(terrain.elevation_m.ravel()[cells])])
    bottom = float(terrain.elevation_m.ravel()[lowest])
    x, y = _middle(terrain, lowest)
    return Pond(f"report_{number}", report.name, "report", x, y, bottom, bottom, None, 0.0, cells, 1)


def _renamed(pond: Pond, pond_id: str) -> Pond:
    return replace(pond, pond_id=pond_id)


def _cell(terrain: Terrain, report: Report) -> int:
    rows, columns = terrain.elevation_m.shape
    column = int(np.floor((report.x - terrain.transform.c) / terrain.cell_m))
    row = int(np.floor((terrain.transform.f - report.y) / terrain.cell_m))
    if not (0 <= row < rows and 0 <= column < columns):
        raise BadInput(f"the reported place {report.name!r} lies outside the city", place=f"line {report.line}")
    return row * columns + column


def _middle(terrain: Terrain, cell: int) -> tuple[float, float]:
    row, column = divmod(cell, terrain.elevation_m.shape[1])
    return (
        float(terrain.transform.c + (column + 0.5) * terrain.cell_m),
        float(terrain.transform.f - (row + 0.5) * terrain.cell_m),
    )
