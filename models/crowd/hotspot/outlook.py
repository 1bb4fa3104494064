"""What a walked hot spot comes to: how dense, how turbulent, for how long, and how early it was told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from models.crowd.hotspot.danger import Alarm, Crowding, alarms, crowding, crush_band
from models.crowd.hotspot.tracks import Tracks

RED_PM2 = 3.5
"""Density from which person-minutes are counted (persons/m2)."""


@dataclass(frozen=True)
class Outlook:
    """Figures of a hot spot.

    Attributes:
        seen: Density, variance and flows on patches of 10 m2 over 10 s.
        inside: People on the ground at each of its times, int, shape (times,).
        peak_pm2: Largest density of each patch (persons/m2), shape (patches,).
        crush: Worst band of the crush index of each patch.
        red_person_min: Person-minutes at or above `RED_PM2`.
        alarms: The first of each patch, in order of time.
    """

    seen: Crowding
    inside: np.ndarray
    peak_pm2: np.ndarray
    crush: tuple[str, ...]
    red_person_min: float
    alarms: tuple[Alarm, ...]


def outlook(tracks: Tracks, area: Polygon) -> Outlook:
    """Judge what was walked.

    Args:
        tracks: Where people were.
        area: The ground.

    Raises:
        BadInput: See `crowding`.
    """
    seen = crowding(tracks, area)
    size = shapely.area(np.asarray(seen.patches.shapes, dtype=object))
    worst = seen.crush_ps2.argmax(axis=0)
    dense = np.where(seen.density_pm2 >= RED_PM2, seen.density_pm2, 0.0)
    step_min = float(seen.time_s[1] - seen.time_s[0]) / 60 if len(seen.time_s) > 1 else 0.0
    return Outlook(
        seen,
        np.rint(seen.density_pm2 @ size).astype(np.int64),
        seen.density_pm2.max(axis=0, initial=0.0),
        tuple(
            crush_band(float(seen.crush_ps2[row, patch]), float(seen.density_pm2[row, patch]))
            for patch, row in enumerate(worst.tolist())
        ),
        float((dense @ size).sum() * step_min),
        tuple(sorted(alarms(seen), key=lambda one: (one.at_s, one.patch))),
    )
