"""Rain of the next hour: radar carried along its motion, in members that part as rain forgets itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from models.flood.rain.forecast.advection import carried, displacement
from models.flood.rain.forecast.climatology import Climatology
from models.flood.rain.forecast.decibels import DRY_DB, from_db, to_db
from models.flood.rain.forecast.motion import motion_of
from models.flood.rain.forecast.pysteps_members import pysteps_members
from models.flood.rain.forecast.scales import Memory, Scales
from models.flood.rain.radar.frames import RadarFrames
from models.flood.rain.radar.radar_grid import RadarGrid
from models.streams import stream
from networks.errors import BadInput

Engine = Literal["ours", "pysteps"]
FRAMES = 3
"""Frames that motion and memory are learned from."""
ALONG, ACROSS = 0.10, 0.07
"""Standard deviation of a member's motion along and across the rain's, as shares of its speed: guesses, in the form of
Bowler, Pierce & Seed 2006, kept for the whole forecast."""


@dataclass(frozen=True)
class Nowcast:
    """Rain to come.

    Attributes:
        issued: The last frame's time.
        leads_s: (leads,) s after it.
        members_mm_h: (members, leads, rows, cols) rain (mm/h) at those moments; NaN where the rain comes from beyond
            what the radar saw.
        control_mm_h: (leads, rows, cols) the last frame carried along, nothing else.
        motion: (2, rows, cols) pixels per step, down and to the right.
        grid: Where the pixels lie.
        known: (leads,) share of the field's variance that is still known; what is missing is noise and climatology.
        source: The frames' source and the climatology's.
        engine: Whose members they are.
    """

    issued: datetime
    leads_s: np.ndarray
    members_mm_h: np.ndarray
    control_mm_h: np.ndarray
    motion: np.ndarray
    grid: RadarGrid
    known: np.ndarray
    source: str
    engine: Engine = "ours"

    @property
    def times(self) -> tuple[datetime, ...]:
        """When each lead is."""
        return tuple(self.issued + timedelta(seconds=float(lead)) for lead in self.leads_s)

    def probability(self, rain_mm_h: float) -> np.ndarray:
        """(leads, rows, cols) share of members with at least so much rain (mm/h); NaN where unknown."""
        unseen = np.isnan(self.members_mm_h).any(axis=0)
        return np.where(unseen, np.nan, (self.members_mm_h >= rain_mm_h).mean(axis=0))

    def depth_mm(self, now_mm_h: np.ndarray) -> np.ndarray:
        """(members, rows, cols) rain (mm) from now to the last lead, straight lines between moments.

        Args:
            now_mm_h: (rows, cols) the last frame.
        """
        now = np.broadcast_to(now_mm_h, self.members_mm_h[:, :1].shape)
        moments = np.concatenate([now, self.members_mm_h], axis=1)
        return np.trapezoid(moments, np.concatenate([[0], self.leads_s]) / 3600, axis=1)


def nowcast_rain(
    frames: RadarFrames,
    *,
    members: int = 20,
    leads: int = 12,
    seed: int = 1,
    climatology: Climatology | None = None,
    inner: tuple[slice, slice] | None = None,
    engine: Engine = "ours",
) -> Nowcast:
    """Forecast the rain of the next hour or so, as an ensemble.

    The last frame is parted into scales, in the frame that moves with the rain. Each scale is carried on by an
    autoregression with the memory that it showed in the last frames and fresh noise of the rain's own texture; the
    sum gets the distribution of the last frame, blended with the climatology by what has been forgotten, and is
    carried along the motion, which each member has a little faster, slower or turned.

    Args:
        frames: The radar's; the last three that follow each other without a gap are learned from, at least two.
        members: How many.
        leads: How many steps of the frames' period to look ahead.
        seed: Of the draws, which come from streams named by member.
        climatology: What the blend ends in; None takes all frames' pixels together.
        inner: Rows and columns to give back; a margin around them holds the rain that is to come.
        engine: Whose members: ours, or those of pysteps, which is an extra; motion and control are ours in either.

    Raises:
        BadInput: Too few frames in a row, nothing seen in the last one, or a number that is not positive.

    Source: STEPS after Bowler, Pierce & Seed 2006 (doi:10.1256/qj.04.100), without weather forecasts and with one noise
    for the whole field.
    """
    if members < 1 or leads < 1:
        raise BadInput(f"{members} members, {leads} leads", expected="one or more of both")
    last = frames.steady(FRAMES)
    if np.isnan(last.rate_mm_h[-1]).all():
        raise BadInput(
            f"the radar sees nothing here at {last.times[-1]:%Y-%m-%d %H:%M %Z}",
            expected="a place within its range",
        )
    climate = climatology or Climatology.of_frames(frames.rate_mm_h)
    motion = motion_of(last.rate_mm_h, pixel_m=frames.grid.pixel_m[0], step_s=frames.every_s)
    texture = _Texture.of(last.rate_mm_h, motion)
    cut = inner or (slice(None), slice(None))
    paths = _paths(motion, leads)
    control = np.stack([carried(last.rate_mm_h[-1], path)[cut] for path in paths])
    every = frames.every_s
    if engine == "pysteps":
        sizes = {"pixel_km": frames.grid.pixel_m[0] / 1000, "step_min": every / 60}
        theirs = pysteps_members(last.rate_mm_h, members=members, leads=leads, seed=seed, **sizes)
        cast = theirs[(slice(None), slice(None), *cut)]
    else:
        cast = np.empty((members, leads, *control.shape[1:]), np.float32)
        for member in range(members):
            cast[member] = _member(texture, motion, leads, climate, seed, member)[(slice(None), *cut)]
    whose = "members by pysteps" if engine == "pysteps" else f"climatology: {climate.source}"
    return Nowcast(
        frames.times[-1],
        every * np.arange(1, leads + 1),
        cast,
        control,
        motion[(slice(None), *cut)],
        frames.grid.cut(inner) if inner else frames.grid,
        texture.known(leads),
        f"{frames.source}; {whose}",
        engine,
    )


def _member(
    texture: _Texture, motion: np.ndarray, leads: int, climate: Climatology, seed: int, member: int
) -> np.ndarray:
    """(leads, rows, cols) rain (mm/h) of one member."""
    rains = texture.futures(leads, climate, stream(seed, f"rain texture {member}"))
    paths = _paths(_perturbed(motion, stream(seed, f"rain motion {member}")), leads)
    return np.stack([carried(rain, path) for rain, path in zip(rains, paths, strict=True)])


def _paths(motion: np.ndarray, leads: int) -> list[np.ndarray]:
    paths = [displacement(motion, 1.0)]
    for _ in range(leads - 1):
        paths.append(displacement(motion, 1.0, paths[-1]))
    return paths


def _perturbed(motion: np.ndarray, draws: np.random.Generator) -> np.ndarray:
    """The motion, faster by one draw and turned by another."""
    along, across = 1 + ALONG * draws.standard_normal(), ACROSS * draws.standard_normal()
    return np.stack([along * motion[0] + across * motion[1], along * motion[1] - across * motion[0]])


@dataclass(frozen=True)
class _Texture:
    """The last frame's scales and how they live on, in the frame that moves with the rain."""

    scales: Scales
    memory: Memory
    spread: np.ndarray
    states: np.ndarray
    spectrum: np.ndarray
    unseen: np.ndarray
    sorted_mm_h: np.ndarray

    @classmethod
    def of(cls, rates: np.ndarray, motion: np.ndarray) -> _Texture:
        """From frames that follow each other."""
        levels = np.nan_to_num(to_db(rates), nan=DRY_DB)
        scales, mean = Scales.of(rates.shape[1:]), float(levels[-1].mean())
        parts = np.stack([scales.parts(one - mean) for one in levels])
        for age, path in enumerate(_paths(motion, len(rates) - 1), 1):
            parts[-1 - age] = [carried(one, path) for one in parts[-1 - age]]
        memory = Memory.of(parts)
        spread = np.maximum(parts[-1].std(axis=(1, 2)), 1e-9)
        states = np.where(np.isnan(parts[-2:]), parts[-1:], parts[-2:])
        states /= np.maximum(states.std(axis=(2, 3), keepdims=True), 1e-9)
        unseen = np.isnan(rates[-1])
        rain = np.where(unseen, 0, rates[-1])
        spectrum = np.abs(np.fft.rfft2(levels[-1] - mean))
        return cls(scales, memory, spread, states, spectrum, unseen, np.sort(rain, axis=None))

    def known(self, leads: int) -> np.ndarray:
        """(leads,) share of the variance that the last frame still tells."""
        weight = self.spread**2 / float(np.sum(self.spread**2))
        return np.array([float(np.sum(weight * self.memory.likeness_after(n) ** 2)) for n in range(1, leads + 1)])

    def futures(self, leads: int, climate: Climatology, draws: np.random.Generator) -> list[np.ndarray]:
        """Rain (mm/h) of one member at each lead, still where the last frame is; NaN where nothing was seen."""
        before, now = self.states.copy()
        first, second, fresh = (
            one[:, None, None] for one in (self.memory.first, self.memory.second, self.memory.fresh)
        )
        calm = climate.quantiles(self.sorted_mm_h.size)
        rains = list[np.ndarray]()
        for share in self.known(leads):
            before, now = now, first * now + second * before + fresh * self.scales.noise(self.spectrum, draws)
            order = np.argsort(np.tensordot(self.spread, now, axes=1), axis=None)
            rain = np.empty(order.size)
            rain[order] = share * self.sorted_mm_h + (1 - share) * calm
            rain = from_db(to_db(rain.reshape(self.scales.shape)))
            rains.append(np.where(self.unseen, np.nan, rain))
        return rains
