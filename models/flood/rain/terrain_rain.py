"""Radar rain laid on a terrain's cells, as the flood solver takes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from models.flood.rain.field import RainField
from models.flood.rain.frames import RadarFrames
from models.flood.rain.nowcast import Nowcast
from models.flood.rain.radar_grid import RadarGrid
from networks.errors import BadInput


def observed_rain(
    frames: RadarFrames, *, begin: datetime, crs: str, transform: Any, shape: tuple[int, int]
) -> RainField:
    """Radar frames as rain on a terrain; between two frames their mean falls, also over a gap.

    Args:
        frames: The radar's.
        begin: The run's start.
        crs: The terrain's projection.
        transform: Its affine transform: cells to metres.
        shape: Its rows and columns.

    Raises:
        BadInput: The terrain reaches beyond the radar's map, or the radar does not see it.
    """
    times = np.array([(one - begin).total_seconds() for one in frames.times])
    rates = (frames.rate_mm_h[1:] + frames.rate_mm_h[:-1]) / 2
    return _laid(times, rates, frames.grid, frames.source, crs, transform, shape)


def forecast_rain(
    cast: Nowcast,
    member: int,
    now_mm_h: np.ndarray,
    *,
    begin: datetime,
    crs: str,
    transform: Any,
    shape: tuple[int, int],
) -> RainField:
    """A nowcast's member as rain on a terrain, from the last frame (`now_mm_h`, on the nowcast's grid) on."""
    lead = np.concatenate([[0.0], cast.leads_s])
    moments = np.concatenate([now_mm_h[None], cast.members_mm_h[member]])
    rates = (moments[1:] + moments[:-1]) / 2
    times = lead + (cast.issued - begin).total_seconds()
    return _laid(times, rates, cast.grid, f"{cast.source}; member {member}", crs, transform, shape)


def _laid(
    times: np.ndarray, rates: np.ndarray, grid: RadarGrid, source: str, crs: str, transform: Any, shape: tuple[int, int]
) -> RainField:
    rows, cols = np.indices(shape) + 0.5
    x = transform.a * cols + transform.b * rows + transform.c
    y = transform.d * cols + transform.e * rows + transform.f
    down, right = (np.floor(one).astype(np.int64) for one in grid.pixels_of(crs, x, y))
    outside = (down < 0) | (down >= grid.shape[0]) | (right < 0) | (right >= grid.shape[1])
    if outside.any():
        raise BadInput(
            f"{outside.mean():.0%} of the terrain lies outside the radar's map",
            expected=f"a terrain {grid.told()}",
            remedy="read more of the radar's map: a longer reach",
        )
    pixel_of = down * grid.shape[1] + right
    used = np.unique(pixel_of)
    unseen = np.isnan(rates.reshape(len(rates), -1)[:, used]).any(axis=1)
    if unseen.any():
        raise BadInput(
            f"the radar does not know the rain on the terrain from {times[int(np.argmax(unseen))]:g} s on",
            remedy="read more of the radar's map, or forecast less far",
        )
    return RainField(times, np.nan_to_num(rates), pixel_of, source)
