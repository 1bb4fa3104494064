"""Peers that look for incidents by a threshold: a California algorithm between neighbours, and slow traffic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibration.incidents import Reach

Floats = NDArray[np.float64]
PERSISTS = 2


def slow(vehicles: Floats, speed_mps: Floats, usual_speed_mps: Floats) -> Floats:
    """Share of the usual speed that is missing, in two periods running (S, T); 0 where nobody drove."""
    del vehicles
    missing = np.nan_to_num(1.0 - speed_mps / usual_speed_mps)
    return _persisting(missing)


def california(vehicles: Floats, speed_mps: Floats, pairs: list[tuple[int, int]]) -> Floats:
    """Relative difference of occupancy between a sensor and the next one downstream, in two periods running (S, T).

    OCCRDF of Payne & Tignor 1978, Freeway incident-detection algorithms based on decision trees with states, TRR 682;
    occupancy is flow over speed (vehicles per metre and lane length are alike for all).

    Args:
        vehicles: Counts.
        speed_mps: Mean speeds.
        pairs: (upstream, downstream) rows.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        occupancy = np.nan_to_num(vehicles / np.maximum(speed_mps, 0.3))
    out = np.zeros_like(occupancy)
    for up, down in pairs:
        share = np.where(occupancy[up] > 1.0, 1.0 - occupancy[down] / np.maximum(occupancy[up], 1e-9), 0.0)
        out[up] = np.maximum(out[up], share * occupancy[up])
    return _persisting(out)


def neighbours(reach: Reach, sensors: tuple[str, ...]) -> list[tuple[int, int]]:
    """Each sensor and the one that most of its vehicles pass next."""
    found = []
    at = {edge: row for row, edge in enumerate(reach.edges)}
    for row in range(len(sensors)):
        go_on = np.array([reach.held[at[other], row] if other in at else 0.0 for other in sensors])
        go_on[row] = 0.0
        if go_on.max(initial=0.0) > 0.05:
            found.append((row, int(go_on.argmax())))
    return found


def threshold(values: list[Floats], per_day: float, period_s: float) -> float:
    """What these days pass as often as asked for, or the most they ever reach."""
    days = sum(one.shape[1] for one in values) * period_s / 86400.0
    largest = np.sort([one.max() for one in values])[::-1]
    return float(largest[min(int(per_day * days), len(largest) - 1)]) * 1.0001


def _persisting(values: Floats) -> Floats:
    both = np.minimum(values[:, 1:], values[:, :-1])
    return np.concatenate([np.zeros((len(values), 1)), both], axis=1)
