"""What the water runs over: terrain, roughness, roofs, sea, losses and the map's border, checked, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import BUILDING, GRAVITY, LAND, MM_H, WATER
from models.flood.surface.roofs import roof_cells
from networks.errors import BadInput

WALL_M = 1e4
"""Buildings stand this much above the terrain, so that no face beside them is ever wet."""
BORDER_SLOPE = 1e-3
"""Least slope by which water leaves an open border that does not fall inwards: a guess for flat ground."""

Border = Literal["open", "closed"]
Faces = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Ground:
    """Arrays of (rows, cols), row 0 north, in the solver's number type.

    Attributes:
        bed_m: Terrain above the lowest cell; buildings stand out, sea cells lie at least at the sea's level.
        gn2: Gravity times Manning's n squared.
        rain_share: How much of one cell's rain arrives here: on land its own, and that of roofs by their pipes.
        spill_share: What is to be added to it of the rain beyond `roofs.GUTTER_MM_H`: gutters spill beside the house.
        infiltration_mps: Capacity of the soil (m/s).
        drains_mps: Capacity of the drains (m/s); for the area that drains here, roofs with it.
        border: Conveyance (m**(1/3)/s) of the border's west, east, north and south faces; 0 is closed.
        sea: Flat indices of sea cells.
        rained_cells: Cells on which rain falls: all but the sea.
        kind: 0 land, 1 sea, 2 building.
        datum_m: Height of `bed_m` 0 (m, the terrain's own zero).
    """

    bed_m: np.ndarray
    gn2: np.ndarray
    rain_share: np.ndarray
    spill_share: np.ndarray
    infiltration_mps: np.ndarray
    drains_mps: np.ndarray
    border: Faces
    sea: np.ndarray
    rained_cells: int
    kind: np.ndarray
    datum_m: float


def prepare_ground(
    elevation_m: ArrayLike,
    cell_m: float,
    *,
    surface: ArrayLike | None = None,
    manning: ArrayLike = 0.03,
    infiltration_mm_h: ArrayLike = 0.0,
    drain_capacity_mm_h: ArrayLike = 0.0,
    sea_level_m: float = 0.0,
    border: Border = "open",
    dtype: Any = np.float64,
) -> Ground:
    """Check what was given and lay it out for the kernels (see `models.flood.simulate_flood`).

    Raises:
        BadInput: A shape, a value or a number that cannot be right, with the first cell where it is wrong.
    """
    raw = np.asarray(elevation_m, dtype=np.float64)
    if raw.ndim != 2 or raw.size < 2:
        raise BadInput(f"terrain of shape {raw.shape}", expected="rows and columns, at least two cells")
    _refuse("elevation_m", raw, ~np.isfinite(raw), "a height in every cell", "fill the gaps of the terrain first")
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise BadInput(f"cells of {cell_m:g} m", place="cell_m", expected="a positive size in metres, not degrees")
    if border not in ("open", "closed"):
        raise BadInput(f"border is {border!r}", place="border", expected="'open' or 'closed'")
    kind = np.zeros(raw.shape, np.uint8) if surface is None else np.asarray(surface)
    if kind.shape != raw.shape:
        raise BadInput(f"surface of shape {kind.shape} on terrain of {raw.shape}", place="surface")
    _refuse("surface", kind, ~np.isin(kind, (LAND, WATER, BUILDING)), "0 land, 1 water or 2 building")
    if np.all(kind == BUILDING):
        raise BadInput("buildings cover the whole terrain", place="surface", expected="at least one open cell")
    bed = np.where(kind == WATER, np.maximum(raw, sea_level_m), raw)
    datum_m = float(bed[kind != BUILDING].min())
    bed -= datum_m
    rough = _spread("manning", manning, raw.shape)
    _refuse("manning", rough, rough <= 0, "a positive Manning's n (s/m**(1/3))")
    faces = _border(np.where(kind == BUILDING, np.nan, bed), rough, cell_m, border)
    bed[kind == BUILDING] += WALL_M
    piped, spilled = roof_cells(kind)
    share = (kind == LAND) + piped
    losses = {}
    for name, value in (("infiltration_mm_h", infiltration_mm_h), ("drain_capacity_mm_h", drain_capacity_mm_h)):
        rate = _spread(name, value, raw.shape)
        _refuse(name, rate, rate < 0, "a number that is not negative")
        area = share if name == "drain_capacity_mm_h" else 1.0
        losses[name] = np.ascontiguousarray(np.where(kind == LAND, rate * area * MM_H, 0), dtype=dtype)
    return Ground(
        bed_m=np.ascontiguousarray(bed, dtype=dtype),
        gn2=np.ascontiguousarray(GRAVITY * rough**2, dtype=dtype),
        rain_share=share.astype(dtype),
        spill_share=(spilled - piped).astype(dtype),
        infiltration_mps=losses["infiltration_mm_h"],
        drains_mps=losses["drain_capacity_mm_h"],
        border=faces,
        sea=np.flatnonzero(kind == WATER).astype(np.int64),
        rained_cells=int(np.count_nonzero(kind != WATER)),
        kind=kind.astype(np.uint8),
        datum_m=datum_m,
    )


def _border(bed: np.ndarray, rough: np.ndarray, cell_m: float, border: Border) -> Faces:
    """Conveyance sqrt(slope) / n of west, east, north and south; the slope is the bed's, falling outwards."""
    faces = []
    for edge, inner in (
        (np.s_[:, 0], np.s_[:, 1]),
        (np.s_[:, -1], np.s_[:, -2]),
        (np.s_[0], np.s_[1]),
        (np.s_[-1], np.s_[-2]),
    ):
        axis = 1 if isinstance(edge, tuple) else 0
        behind = bed[inner] if bed.shape[axis] > 1 else bed[edge]
        slope = np.where(np.isnan(behind), 0.0, (behind - bed[edge]) / cell_m)
        let = np.where(slope < 0, 0.0, np.sqrt(np.maximum(slope, BORDER_SLOPE)) / rough[edge])
        let = np.where(np.isnan(bed[edge]), 0.0, let)
        faces.append(np.ascontiguousarray(let if border == "open" else np.zeros_like(let)))
    west, east, north, south = faces
    return west, east, north, south


def _spread(name: str, value: ArrayLike, shape: tuple[int, ...]) -> np.ndarray:
    array = np.asarray(value, dtype=np.float64)
    if array.shape not in ((), shape):
        raise BadInput(
            f"{name} of shape {array.shape} on terrain of {shape}", place=name, expected="one number or one per cell"
        )
    full = np.broadcast_to(array, shape)
    _refuse(name, full, ~np.isfinite(full), "a number in every cell")
    return full


def _refuse(name: str, values: np.ndarray, bad: np.ndarray, expected: str, remedy: str | None = None) -> None:
    if bad.any():
        row, col = np.argwhere(bad)[0]
        what = f"{int(bad.sum())} of {bad.size} cells of {name} cannot be used; the first is {values[row, col]:g}"
        raise BadInput(what, place=f"row {row}, column {col}", expected=expected, remedy=remedy)
