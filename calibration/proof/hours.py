"""Counts as hourly flows, the unit that every criterion speaks."""

from __future__ import annotations

import numpy as np

from calibration.counting import Counts
from calibration.proof.evidence import Floats

HOUR_S = 3600.0


def hourly(counts: Counts) -> Floats:
    """Flow of each sensor in each hour (S, H), vehicles per hour; NaN where a part of the hour was not counted.

    A window that is no whole number of hours, or whose periods do not fill one, is one flow over the whole of it.
    """
    whole = round((counts.end_s - counts.begin_s) / HOUR_S)
    if whole >= 1:
        try:
            return counts.over(HOUR_S).vehicles
        except ValueError:
            pass
    together = counts.vehicles.sum(axis=1, keepdims=True)
    return np.asarray(together * HOUR_S / (counts.end_s - counts.begin_s))


def cut(counts: Counts, begin_s: float, end_s: float) -> Counts | None:
    """The whole periods within a window; None where there are none."""
    first = max(0, int(np.ceil((begin_s - counts.begin_s) / counts.period_s - 1e-6)))
    last = min(counts.vehicles.shape[1], int(np.floor((end_s - counts.begin_s) / counts.period_s + 1e-6)))
    if last <= first:
        return None
    begin_s = counts.begin_s + first * counts.period_s
    return Counts(counts.sensors, counts.edges, begin_s, counts.period_s, counts.vehicles[:, first:last])


def chosen(counts: Counts, sensors: tuple[str, ...]) -> Counts:
    """The counts of some sensors, in their order."""
    place = {name: at for at, name in enumerate(counts.sensors)}
    rows = [place[name] for name in sensors]
    edges = tuple(counts.edges[at] for at in rows)
    return Counts(tuple(sensors), edges, counts.begin_s, counts.period_s, counts.vehicles[rows])
