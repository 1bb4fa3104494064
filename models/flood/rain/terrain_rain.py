"""Radar rain laid on a terrain's cells, as the flood solver takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from models.flood.rain.field import RainField
from models.flood.rain.forecast.between import rates_between
from models.flood.rain.forecast.motion import fastest_pixels, motion_of
from models.flood.rain.forecast.nowcast import Nowcast
from models.flood.rain.radar.frames import RadarFrames
from models.flood.rain.radar.radar_grid import RadarGrid
from networks.errors import BadInput

PIECE_S = 60.0
"""Rain on the ground changes this often (s): within it, showers move less than a pixel or two."""


@dataclass(frozen=True)
class Cells:
    """A terrain's cells.

    Attributes:
        crs: Its projection.
        transform: Its affine transform: columns and rows to metres.
        shape: Rows and columns.
    """

    crs: str
    transform: Any
    shape: tuple[int, int]

    def pixels(self, grid: RadarGrid) -> np.ndarray:
        """(rows, cols) flat number of the pixel that holds each cell's centre.

        Raises:
            BadInput: Cells beyond the radar's map.
        """
        rows, cols = np.indices(self.shape) + 0.5
        to = self.transform
        x, y = to.a * cols + to.b * rows + to.c, to.d * cols + to.e * rows + to.f
        down, right = (np.floor(one).astype(np.int64) for one in grid.pixels_of(self.crs, x, y))
        outside = (down < 0) | (down >= grid.shape[0]) | (right < 0) | (right >= grid.shape[1])
        if outside.any():
            raise BadInput(
                f"{outside.mean():.0%} of the terrain lies outside the radar's map",
                expected=f"a terrain {grid.told()}",
                remedy="read more of the radar's map: a longer reach",
            )
        return np.asarray(down * grid.shape[1] + right)


def observed_rain(frames: RadarFrames, cells: Cells, *, begin: datetime) -> RainField:
    """Radar frames as rain on a terrain, carried along the rain's motion from frame to frame, also over a gap.

    Args:
        frames: The radar's.
        cells: The terrain's.
        begin: The run's start.

    Raises:
        BadInput: The terrain reaches beyond the radar's map, or the radar does not see it.
    """
    times = np.array([(one - begin).total_seconds() for one in frames.times])
    size, steps = frames.grid.pixel_m[0], np.diff(times)
    motions = [
        motion_of(frames.rate_mm_h[at : at + 2], pixel_m=size, step_s=float(step)) for at, step in enumerate(steps)
    ]
    return _laid(times, frames.rate_mm_h, motions, frames.grid, frames.source, cells)


def forecast_rain(
    cast: Nowcast, members: Sequence[int], seen: RadarFrames, cells: Cells, *, begin: datetime
) -> list[RainField]:
    """Members of a nowcast as rain on a terrain: what the radar saw until the last frame, then what may come.

    Args:
        cast: The nowcast.
        members: Which of its members.
        seen: The radar's frames that it began with.
        cells: The terrain's.
        begin: The run's start.

    Raises:
        BadInput: No such member; the terrain reaches beyond the nowcast's map, or its rain there is not known.
    """
    count = len(cast.members_mm_h)
    if any(not 0 <= member < count for member in members):
        raise BadInput(f"there is no member {max(members)}", place="member", expected=f"0 to {count - 1}")
    past = observed_rain(seen, cells, begin=begin)
    times = np.concatenate([[0.0], cast.leads_s]) + (cast.issued - begin).total_seconds()
    motions = [cast.motion] * len(cast.leads_s)
    found = list[RainField]()
    for member in members:
        moments = np.concatenate([seen.rate_mm_h[-1:], cast.members_mm_h[member]])
        comes = _laid(times, moments, motions, cast.grid, f"{cast.source}; member {member}", cells)
        edges = np.concatenate([past.times_s, comes.times_s[1:]])
        rates = np.concatenate([past.pixel_mm_h, comes.pixel_mm_h])
        found.append(RainField(edges, rates, past.pixel_of, comes.source))
    return found


def _laid(
    times: np.ndarray, moments: np.ndarray, motions: list[np.ndarray], grid: RadarGrid, source: str, cells: Cells
) -> RainField:
    """Moments as steps of about `PIECE_S` on the pixels under the terrain alone."""
    pixel_of = cells.pixels(grid)
    down, right = np.unravel_index(pixel_of, grid.shape)
    reach = int(np.ceil(fastest_pixels(grid.pixel_m[0], float(np.diff(times).max())))) + 2
    near, under = _windows(down, right, grid.shape, reach)
    edges, rates = [float(times[0])], list[np.ndarray]()
    for at, motion in enumerate(motions):
        pieces = max(1, round((times[at + 1] - times[at]) / PIECE_S))
        before, after = moments[at][near], moments[at + 1][near]
        made = rates_between(before, after, motion[(slice(None), *near)], pieces)[(slice(None), *under)]
        if np.isnan(made).any():
            raise BadInput(
                f"the radar does not know the rain on the terrain from {times[at]:g} s on",
                remedy="read more of the radar's map, or forecast less far",
            )
        rates.append(made.astype(np.float32))
        edges += np.linspace(times[at], times[at + 1], pieces + 1)[1:].tolist()
    wide = under[1].stop - under[1].start
    number = (down - down.min()) * wide + (right - right.min())
    return RainField(np.array(edges), np.concatenate(rates), number, source)


def _windows(
    down: np.ndarray, right: np.ndarray, shape: tuple[int, int], reach: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The pixels whose rain can reach the terrain within a step, and within them those under it."""
    near, under = list[slice](), list[slice]()
    for places, size in ((down, shape[0]), (right, shape[1])):
        first, last = int(places.min()), int(places.max()) + 1
        start = max(0, first - reach)
        near.append(slice(start, min(size, last + reach)))
        under.append(slice(first - start, last - start))
    return (near[0], near[1]), (under[0], under[1])
