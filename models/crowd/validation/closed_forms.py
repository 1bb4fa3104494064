"""Density, variance and lead time of crowds that a pencil can work out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from shapely.geometry import box

from models.check import Check
from models.crowd.hotspot.danger import alarms, crowding
from models.crowd.hotspot.density import density_pm2, own_ground
from models.crowd.hotspot.tracks import Tracks

EXACT = 1e-9
"""Rounding (relative)."""


def closed_forms() -> Iterator[Check]:
    """Each with its gate."""
    yield from _lattice()
    yield from _variances()
    yield from _gathering()


def _at(columns: int, rows: int, apart_m: float) -> np.ndarray:
    x, y = np.meshgrid((np.arange(columns) + 0.5) * apart_m, (np.arange(rows) + 0.5) * apart_m)
    return np.column_stack([x.ravel(), y.ravel()])


def _tracks(places: list[np.ndarray], every_s: float) -> Tracks:
    people = len(places[0])
    frame = np.repeat(np.arange(len(places)), people)
    return Tracks(frame, np.tile(np.arange(people), len(places)), np.concatenate(places), every_s)


def _lattice() -> Iterator[Check]:
    for density in (1.0, 4.0):
        apart = density**-0.5
        cells = own_ground(_at(12, 9, apart), box(0, 0, 12 * apart, 9 * apart))
        found = float(density_pm2(cells, [box(0.3, 0.2, 3.1, 4.4)])[0])
        case = f"square lattice, {density:g} persons/m2"
        yield Check(case, "analytic", "density, relative error", abs(found / density - 1), EXACT)


def _variances() -> Iterator[Check]:
    """People who all walk alike have no variance; halves that walk apart at u have u^2 of it."""
    at, ground = _at(20, 20, 0.5) + 10, box(0, 0, 30, 30)
    for name, spread in (("all alike", 0.0), ("two halves", 0.002)):
        sign = np.where(np.arange(400) % 2 == 0, 1.0, -1.0)[:, None]
        velocity = np.array([0.3, 0.1]) + sign * np.array([spread, 0.0])
        seen = crowding(_tracks([at + 0.5 * i * velocity for i in range(25)], 0.5), ground)
        worst = float(np.abs(seen.variance_m2s2.max() - spread**2))
        yield Check(f"walking, {name}", "analytic", "variance, error (m2/s2)", worst, max(EXACT, 0.1 * spread**2))


def _gathering() -> Iterator[Check]:
    """A crowd that closes in on a place: the alarm must come before 5 persons/m2 do."""
    at = _at(20, 20, 1.0) - 10
    places = [15 + at * max(0.2, 1 - 0.5 * i / 60) for i in range(101)]
    found = [alarm.lead_s for alarm in alarms(crowding(_tracks(places, 0.5), box(0, 0, 30, 30))) if alarm.lead_s]
    yield Check("a crowd closes in", "analytic", "5 s lead missing (s)", max(0.0, 5.0 - min(found, default=0.0)), 0)
    yield Check("a crowd closes in", "analytic", "least lead time (s)", min(found, default=0.0), None)
