"""How wrong the heights of a terrain may be, who says so, and what they may therefore be used for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from networks.ground.grid import Grid
from networks.sentence import Sentence, joined, say

FEWEST_SPOTS = 8
"""Fewest spot heights by which a terrain is judged."""
GOOD_ERROR_M = 0.3
GOOD_CELL_M = 5.0
_LE90 = 1.6449
"""Linear error at 90 % over the standard deviation of a normal error without bias."""


@dataclass(frozen=True)
class VerticalError:
    """The error of a terrain.

    Attributes:
        rmse_m: Root mean square error, m; NaN where nobody knows it.
        model: `terrain` (bare ground), `surface` (with roofs, decks, trees) or `unknown`.
        source: Who says so.
    """

    rmse_m: float
    model: str
    source: Sentence

    def screening(self, source_cell_m: float) -> bool:
        """True unless the error is known, at most 0.3 m, and the cells are at most 5 m: then depths mean something."""
        return not (self.rmse_m <= GOOD_ERROR_M and source_cell_m <= GOOD_CELL_M)


@dataclass(frozen=True)
class _Published:
    pattern: str
    le90_m: float
    words: Sentence


_PUBLISHED = (
    _Published(
        r"copernicus_dsm|cop-?dem|glo-?30|copernicus",
        4.0,
        say(
            "published: LE90 below 4 m (Copernicus DEM Product Handbook, GEO1988-CopernicusDEM-SPE-002)",
            "公布值：LE90小于4米（Copernicus DEM产品手册，GEO1988-CopernicusDEM-SPE-002）",
        ),
    ),
    _Published(
        r"srtm",
        16.0,
        say(
            "published: LE90 of 16 m, the SRTM mission's requirement (Farr et al. 2007, doi:10.1029/2005RG000183)",
            "公布值：LE90为16米，即SRTM任务指标（Farr等2007，doi:10.1029/2005RG000183）",
        ),
    ),
)
"""Terrains that are known by their file's name. Both are surfaces seen from above by radar."""


def published_error(name: str) -> VerticalError | None:
    """What is published of a terrain whose file has this name; RMSE = LE90 / 1.645, as for a normal error."""
    for known in _PUBLISHED:
        if re.search(known.pattern, name.lower()):
            return VerticalError(round(known.le90_m / _LE90, 2), "surface", known.words)
    return None


def error_of(
    name: str,
    heights: np.ndarray,
    grid: Grid,
    spots: np.ndarray,
    *,
    stated_m: float | None = None,
    stated_model: str | None = None,
) -> VerticalError:
    """The error of heights (m) on a grid: as stated, else against eight or more spot heights, else as published."""
    published = published_error(name)
    model = stated_model or (published.model if published else "unknown")
    if stated_m is not None:
        return VerticalError(stated_m, model, say("stated by whoever gave the terrain", "由地形数据提供者声明"))
    measured, count = rmse_at(heights, grid, spots)
    if count >= FEWEST_SPOTS:
        words = say(f"measured at {count} spot heights of the map", f"以地图上的{count}个高程点实测")
        return VerticalError(measured, model, joined([words, published.source]) if published else words)
    if published is not None:
        return VerticalError(published.rmse_m, model, published.source)
    return VerticalError(
        math.nan,
        model,
        say(
            f"not known: {count} spot heights on the map, {FEWEST_SPOTS} are needed",
            f"未知：地图上仅有{count}个高程点，至少需要{FEWEST_SPOTS}个",
        ),
    )


def rmse_at(heights: np.ndarray, grid: Grid, spots: np.ndarray) -> tuple[float, int]:
    """Root mean square error (m) at (n, 3) spot heights inside the grid, and how many they are; NaN for none."""
    if not len(spots):
        return math.nan, 0
    rows, columns, inside = grid.cells(spots[:, :2])
    errors = heights[rows, columns][inside] - spots[inside, 2]
    if not len(errors):
        return math.nan, 0
    return round(float(np.sqrt(np.mean(np.square(errors)))), 3), len(errors)
