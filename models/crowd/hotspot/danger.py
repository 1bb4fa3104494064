"""Where a crowd becomes dangerous: density, crush index, and more people coming than leaving.

The crush index is the "crowd pressure" of Helbing, Johansson and Al-Abideen 2007, Dynamics of crowd disasters: An
empirical study, doi:10.1103/PhysRevE.75.046109: local density times the local variance of velocities (1/s2). Secondary
source: summaries and citations of that paper; its text could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon

from models.crowd.hotspot.density import density_pm2, own_ground
from models.crowd.hotspot.patches import Patches, cut
from models.crowd.hotspot.tracks import Tracks
from networks import BadInput

WINDOW_S = 10.0
"""Time over which density, variance and flows are taken (s)."""
CRUSH_BANDS_PS2 = ((0.0, "calm"), (0.01, "watch"), (0.02, "turbulent"))
"""From which crush index on (1/s2) which band holds. 0.02 is where Helbing et al. 2007 saw crowd turbulence begin
(secondary source, see the module); 0.01, half of it, is this project's own mark."""
CRUSH_FROM_PM2 = 3.5
"""Density (persons/m2) below which the index says nothing: people who pass each other freely vary much too."""


@dataclass(frozen=True)
class Crowding:
    """What happens on each patch, time by time. Arrays have the shape (times, patches).

    Attributes:
        patches: The ground's patches.
        time_s: End of each window (s), shape (times,).
        density_pm2: Mean density over the window (persons/m2).
        variance_m2s2: Variance of velocities over the window, both components together (m2/s2).
        inflow_ps, outflow_ps: People a second who come onto and leave the patch.
    """

    patches: Patches
    time_s: np.ndarray
    density_pm2: np.ndarray
    variance_m2s2: np.ndarray
    inflow_ps: np.ndarray
    outflow_ps: np.ndarray

    @property
    def crush_ps2(self) -> np.ndarray:
        """Crush index (1/s2): density x variance of velocities."""
        return np.asarray(self.density_pm2 * self.variance_m2s2)


@dataclass(frozen=True)
class Alarm:
    """A patch that gets dangerous.

    Attributes:
        patch: Number of the patch.
        at_s: When the alarm is raised (s).
        density_pm2, inflow_ps, outflow_ps: What it was raised on.
        critical_s: When the patch first reaches the critical density (s); None when it never does.
    """

    patch: int
    at_s: float
    density_pm2: float
    inflow_ps: float
    outflow_ps: float
    critical_s: float | None

    @property
    def lead_s(self) -> float | None:
        """Time from the alarm to the critical density (s); None when that never comes: a false alarm."""
        return None if self.critical_s is None else self.critical_s - self.at_s


def crush_band(crush_ps2: float, density_pm2: float) -> str:
    """The band of a crush index (1/s2) at a density (persons/m2); bands of density are in `models.crowd.sites`."""
    if density_pm2 < CRUSH_FROM_PM2:
        return CRUSH_BANDS_PS2[0][1]
    return [name for begin, name in CRUSH_BANDS_PS2 if crush_ps2 >= begin][-1]


def crowding(tracks: Tracks, area: Polygon, *, window_s: float = WINDOW_S, step_s: float = 1.0) -> Crowding:
    """Density, variance of velocities and flows on patches of 10 m2, over windows of `window_s`.

    Args:
        tracks: Where people were.
        area: The ground, with obstacles as holes.
        window_s: Length of the windows (s).
        step_s: Time from one window's end to the next one's (s); also how often density is looked at.

    Raises:
        BadInput: Tracks shorter than a window, or steps that are no whole number of frames.
    """
    stride = round(step_s / tracks.every_s)
    last = int(tracks.frame.max()) if len(tracks.frame) else -1
    wide = round(window_s / step_s)
    if stride < 1 or abs(stride * tracks.every_s - step_s) > 1e-9 or last < wide * stride:
        raise BadInput(
            f"tracks of {max(last, 0) * tracks.every_s:g} s in frames of {tracks.every_s:g} s",
            place="tracks",
            expected=f"at least {window_s:g} s, and frames that {step_s:g} s are a whole number of",
        )
    patches = cut(area)
    where = patches.of(tracks.xy_m)
    velocity = tracks.velocity_mps(over_s=1.0)
    times = last // stride + 1
    shape = (times, len(patches.shapes))
    density, count, sums, squares = np.zeros(shape), np.zeros(shape), np.zeros((*shape, 2)), np.zeros(shape)
    for number, here in tracks.frames():
        if number % stride == 0:
            density[number // stride] = density_pm2(own_ground(tracks.xy_m[here], area), list(patches.shapes))
    known = np.isfinite(velocity).all(axis=1) & (where >= 0)
    slot = np.minimum(-(-tracks.frame // stride), times - 1)
    rows = slot[known], where[known]
    np.add.at(count, rows, 1.0)
    np.add.at(sums, rows, velocity[known])
    np.add.at(squares, rows, (velocity[known] ** 2).sum(axis=1))
    came, went = _changes(tracks, where, shape, stride)
    people = _over(count, wide)
    with np.errstate(invalid="ignore"):
        mean = _over(sums, wide) / people[..., None]
        variance = np.where(people > 1, _over(squares, wide) / people - (mean**2).sum(axis=-1), 0.0)
    return Crowding(
        patches,
        np.arange(wide, times) * step_s,
        _over(density, wide) / wide,
        np.maximum(variance, 0.0),
        _over(came, wide) / window_s,
        _over(went, wide) / window_s,
    )


def _over(values: np.ndarray, wide: int) -> np.ndarray:
    """Sums over the `wide` rows that end with each row, from row `wide` on."""
    total = np.cumsum(values, axis=0)
    return np.asarray(total[wide:] - total[:-wide])


def _changes(tracks: Tracks, where: np.ndarray, shape: tuple[int, int], stride: int) -> tuple[np.ndarray, np.ndarray]:
    """How many come onto and leave each patch in each step; to come in or to leave the ground counts."""
    came, went = np.zeros(shape), np.zeros(shape)
    order = np.lexsort((tracks.frame, tracks.person))
    person, patch, slot = tracks.person[order], where[order], -(-tracks.frame[order] // stride)
    first = np.r_[True, person[1:] != person[:-1]]
    last = np.r_[person[1:] != person[:-1], True]
    moved = np.r_[False, ~first[1:] & (patch[1:] != patch[:-1])]
    for rows, ground, total in (
        (np.flatnonzero(moved | first), patch, came),
        (np.flatnonzero(moved), np.r_[-1, patch[:-1]], went),
    ):
        kept = rows[ground[rows] >= 0]
        np.add.at(total, (np.minimum(slot[kept], shape[0] - 1), ground[kept]), 1.0)
    ended = np.flatnonzero(last & (patch >= 0) & (slot < shape[0] - 1))
    np.add.at(went, (slot[ended] + 1, patch[ended]), 1.0)
    return came, went


def alarms(seen: Crowding, *, from_pm2: float = 2.0, critical_pm2: float = 5.0, hold_s: float = 3.0) -> list[Alarm]:
    """The first alarm of each patch: `from_pm2` reached AND more people come than leave, both for `hold_s`.

    Args:
        seen: What was seen.
        from_pm2: Density from which on an alarm may be raised (persons/m2).
        critical_pm2: Density that the alarm warns of (persons/m2).
        hold_s: How long both must hold (s), so that one group that passes raises none.
    """
    found = []
    step = float(seen.time_s[1] - seen.time_s[0]) if len(seen.time_s) > 1 else 1.0
    need = max(1, round(hold_s / step))
    bad = (seen.density_pm2 >= from_pm2) & (seen.inflow_ps > seen.outflow_ps)
    run = np.zeros(bad.shape[1], dtype=np.int64)
    alarmed = np.zeros(bad.shape[1], dtype=np.bool_)
    for row in range(len(bad)):
        run = np.where(bad[row], run + 1, 0)
        for patch in np.flatnonzero((run >= need) & ~alarmed):
            alarmed[patch] = True
            over = np.flatnonzero(seen.density_pm2[:, patch] >= critical_pm2)
            found.append(
                Alarm(
                    int(patch),
                    float(seen.time_s[row]),
                    float(seen.density_pm2[row, patch]),
                    float(seen.inflow_ps[row, patch]),
                    float(seen.outflow_ps[row, patch]),
                    float(seen.time_s[over[0]]) if len(over) else None,
                )
            )
    return found
