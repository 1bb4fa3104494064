"""Depths along streets and paths: what stands on a polyline, from rasters in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from models.flood.result import FloodResult


def depths_along(
    result: FloodResult,
    transform: Any,
    lines: Sequence[Any],
    *,
    spacing_m: float = 5.0,
    reduce: Literal["max", "mean"] = "max",
    bridge: Sequence[bool] | None = None,
    low_cells: np.ndarray | None = None,
    low: Sequence[bool] | None = None,
    roofed: Sequence[bool] | None = None,
) -> np.ndarray:
    """Depth on each line at each output.

    A line is sampled at its corners and at least every `spacing_m` (m) between them. Samples outside the map are left
    out; a line with none inside, an empty one and a bridge have depth 0.

    Args:
        result: The flood.
        transform: Affine of the raster (a, b, c, d, e, f), column and row to x and y (m), north up.
        lines: (n,) LineStrings in the raster's coordinates (m).
        spacing_m: Greatest distance between samples (m).
        reduce: "max" or "mean" of a line's samples.
        bridge: (n,) True where the line is a bridge deck, whose depth is 0 whatever stands below.
        low_cells: (rows, columns) True where the terrain is that of a road below others; only `low` lines sample there.
        low: (n,) True where the line runs through such a low road; none by default.
        roofed: (n,) True where the line runs in a tunnel: it samples low cells alone, and only where it is `low`.

    Returns:
        (t, n) float32, m.

    Raises:
        BadInput: A transform that is turned or has other cells than the flood, or lists or cells of other shapes.
    """
    if reduce not in ("max", "mean"):
        raise BadInput(f"reduce is {reduce!r}", place="reduce", expected="'max' or 'mean'")
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise BadInput(f"spacing_m is {spacing_m:g}", place="spacing_m", expected="a positive number")
    line, cell = sampled_cells(transform, lines, result.depth_m.shape[1:], result.cell_m, spacing_m)
    if bridge is not None:
        decks = np.asarray(bridge, dtype=bool)
        if decks.shape != (len(lines),):
            raise BadInput(f"{decks.size} bridge flags for {len(lines)} lines", place="bridge")
        line, cell = line[~decks[line]], cell[~decks[line]]
    if low_cells is not None:
        below, roof = (np.zeros(len(lines), bool) if f is None else np.asarray(f, bool) for f in (low, roofed))
        if not below.shape == roof.shape == (len(lines),) or low_cells.shape != result.depth_m.shape[1:]:
            raise BadInput(f"{below.size} low and {roof.size} roofed flags for {len(lines)} lines", place="low")
        deep = low_cells.ravel()[cell]
        seen = np.where(deep, below[line], ~roof[line])
        line, cell = line[seen], cell[seen]
    depths = np.zeros((len(result.times_s), len(lines)), np.float32)
    if len(line):
        begins = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
        counts = np.diff(np.r_[begins, len(line)])
        for t, frame in enumerate(result.depth_m.reshape(len(result.times_s), -1)):
            if reduce == "max":
                depths[t, line[begins]] = np.maximum.reduceat(frame[cell], begins)
            else:
                depths[t, line[begins]] = np.add.reduceat(frame[cell], begins, dtype=np.float64) / counts
    return depths


def sampled_cells(
    transform: Any, lines: Sequence[Any], shape: tuple[int, ...], cell_m: float, spacing_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Indices of lines, increasing, and the flat indices of the cells under their samples, each cell once per line.

    Raises:
        BadInput: A transform that is turned, or whose cells are not `cell_m` (m) wide.
    """
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
