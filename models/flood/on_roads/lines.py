"""Water along streets and paths: the cells under every line, found once, and what stands and flows in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from models.flood.result import FloodResult


@dataclass(frozen=True)
class LineCells:
    """The cells under each line.

    Attributes:
        lines: How many lines there are.
        wet_able: (k,) indices of the lines that have a cell, increasing.
        cell: (m,) flat indices of cells, line by line; each once per line.
        begins: (k,) where in `cell` each of these lines begins.
    """

    lines: int
    wet_able: np.ndarray
    cell: np.ndarray
    begins: np.ndarray

    def greatest(self, field: np.ndarray) -> np.ndarray:
        """(lines,) float32: the greatest value of a (rows, columns) field under each line; 0 where no cell is."""
        found = np.zeros(self.lines, np.float32)
        if len(self.cell):
            found[self.wet_able] = np.maximum.reduceat(field.ravel()[self.cell], self.begins)
        return found

    def mean(self, field: np.ndarray) -> np.ndarray:
        """(lines,) float32: the mean over each line's cells; 0 where no cell is."""
        found = np.zeros(self.lines, np.float32)
        if len(self.cell):
            counts = np.diff(np.r_[self.begins, len(self.cell)])
            sums = np.add.reduceat(field.ravel()[self.cell], self.begins, dtype=np.float64)
            found[self.wet_able] = sums / counts
        return found


@dataclass(frozen=True)
class WaterAlong:
    """Water on lines in time.

    Attributes:
        times_s: (t,) s since the flood's begin.
        depth_m: (t, lines) float32, the deepest cell under each line.
        speed_mps: (t, lines) float32, the fastest water in a cell under it.
        force_m2s: (t, lines) float32, the greatest depth times speed in one cell under it.
    """

    times_s: np.ndarray
    depth_m: np.ndarray
    speed_mps: np.ndarray
    force_m2s: np.ndarray


def cells_under(
    transform: Any,
    lines: Sequence[Any],
    shape: tuple[int, ...],
    cell_m: float,
    *,
    spacing_m: float = 5.0,
    bridge: Sequence[bool] | None = None,
    low_cells: np.ndarray | None = None,
    low: Sequence[bool] | None = None,
    roofed: Sequence[bool] | None = None,
) -> LineCells:
    """Find the cells under lines, once for a city.

    A line is sampled at its corners and at least every `spacing_m` (m) between them. Samples outside the map are left
    out; a line with none inside, an empty one and a bridge have no cell.

    Args:
        transform: Affine of the raster (a, b, c, d, e, f), column and row to x and y (m), north up.
        lines: (n,) LineStrings in the raster's coordinates (m).
        shape: Rows and columns of the raster.
        cell_m: Size of a cell (m).
        spacing_m: Greatest distance between samples (m).
        bridge: (n,) True where the line is a bridge deck, whose depth is 0 whatever stands below.
        low_cells: (rows, columns) True where the terrain is that of a road below others; only `low` lines sample there.
        low: (n,) True where the line runs through such a low road; none by default.
        roofed: (n,) True where the line runs in a tunnel: it samples low cells alone, and only where it is `low`.

    Raises:
        BadInput: A transform that is turned or has other cells, or lists or cells of other shapes.
    """
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise BadInput(f"spacing_m is {spacing_m:g}", place="spacing_m", expected="a positive number")
    line, cell = _sampled(transform, lines, shape, cell_m, spacing_m)
    if bridge is not None:
        decks = np.asarray(bridge, dtype=bool)
        if decks.shape != (len(lines),):
            raise BadInput(f"{decks.size} bridge flags for {len(lines)} lines", place="bridge")
        line, cell = line[~decks[line]], cell[~decks[line]]
    if low_cells is not None:
        below, roof = (np.zeros(len(lines), bool) if f is None else np.asarray(f, bool) for f in (low, roofed))
        if not below.shape == roof.shape == (len(lines),) or low_cells.shape != tuple(shape):
            raise BadInput(f"{below.size} low and {roof.size} roofed flags for {len(lines)} lines", place="low")
        deep = low_cells.ravel()[cell]
        seen = np.where(deep, below[line], ~roof[line])
        line, cell = line[seen], cell[seen]
    begins = np.flatnonzero(np.r_[True, line[1:] != line[:-1]]) if len(line) else np.zeros(0, np.int64)
    return LineCells(len(lines), line[begins], cell, begins)


def water_along(result: FloodResult, under: LineCells) -> WaterAlong:
    """Depth, speed, and the greatest depth times speed on each line at each output of a flood.

    Raises:
        BadInput: Cells of another map.
    """
    if len(under.cell) and int(under.cell.max()) >= result.depth_m[0].size:
        raise BadInput("the cells are of another map than the flood", place="under", remedy="find the cells again")
    depth, speed, force = (np.zeros((len(result.times_s), under.lines), np.float32) for _ in range(3))
    for t, (stands, runs) in enumerate(zip(result.depth_m, result.speed_mps, strict=True)):
        depth[t], speed[t], force[t] = under.greatest(stands), under.greatest(runs), under.greatest(stands * runs)
    return WaterAlong(result.times_s, depth, speed, force)


def depths_along(
    result: FloodResult,
    transform: Any,
    lines: Sequence[Any],
    *,
    reduce: Literal["max", "mean"] = "max",
    **options: Any,
) -> np.ndarray:
    """Depth on each line at each output.

    Args:
        result: The flood.
        transform: Affine of the raster, see `cells_under`.
        lines: (n,) LineStrings in the raster's coordinates (m).
        reduce: "max" or "mean" of a line's samples.
        options: Of `cells_under`: spacing, bridges, low roads.

    Returns:
        (t, n) float32, m.

    Raises:
        BadInput: A transform that is turned or has other cells than the flood, or lists or cells of other shapes.
    """
    if reduce not in ("max", "mean"):
        raise BadInput(f"reduce is {reduce!r}", place="reduce", expected="'max' or 'mean'")
    under = cells_under(transform, lines, result.depth_m.shape[1:], result.cell_m, **options)
    one = under.greatest if reduce == "max" else under.mean
    return np.array([one(frame) for frame in result.depth_m], np.float32).reshape(len(result.times_s), len(lines))


def lines_around(buildings: Sequence[Any], away_m: float) -> list[Any]:
    """Lines (m) around buildings, `away_m` from their walls: what stands there stands at their doors."""
    import shapely

    around = shapely.boundary(shapely.buffer(np.asarray(buildings, dtype=object), away_m))
    return list(around)


def _sampled(
    transform: Any, lines: Sequence[Any], shape: tuple[int, ...], cell_m: float, spacing_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Indices of lines, increasing, and the flat indices of the cells under their samples, each cell once per line."""
    import shapely

    a, b, c, d, e, f = (float(value) for value in tuple(transform)[:6])
    if b != 0 or d != 0 or not np.allclose([a, -e], cell_m, rtol=1e-6):
        raise BadInput(
            f"a transform of {(a, b, c, d, e, f)}", place="transform", expected=f"north up, cells of {cell_m:g} m"
        )
    shapes = np.asarray(lines, dtype=object)
    if not len(shapes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    points, line = shapely.get_coordinates(shapely.segmentize(shapes, spacing_m), return_index=True)
    col = np.floor((points[:, 0] - c) / a)
    row = np.floor((points[:, 1] - f) / e)
    inside = (row >= 0) & (row < shape[0]) & (col >= 0) & (col < shape[1])
    cell = (row[inside] * shape[1] + col[inside]).astype(np.int64)
    pairs = np.unique(line[inside].astype(np.int64) * (shape[0] * shape[1]) + cell)
    return pairs // (shape[0] * shape[1]), pairs % (shape[0] * shape[1])
