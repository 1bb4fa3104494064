"""What a cycle tells: forecasts of streets and ways, and how well the members agree with the sensors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from calibration.live.dressing import dressed
from calibration.live.ground import Ground
from calibration.live.members import Members, Way, travel_times_s
from calibration.live.usual import Floats
from calibration.proof import geh
from calibration.skill import Forecast


def forecasts(
    members: Members,
    ground: Ground,
    ways: Mapping[str, Way],
    now_s: float,
    errors: tuple[float, float],
    seed: int,
    pace: float = 0.0,
) -> tuple[Forecast, ...]:
    """Flow and speed of every street, and the travel times of ways; none without a valid member.

    Args:
        members: What they did.
        ground: The streets.
        ways: Ways by name.
        now_s: The moment from which it is foretold.
        errors: Standard deviations (log) by which flow and speed are widened.
        seed: Of that widening's draws.
        pace: Logarithm of the factor that puts all speeds right.
    """
    if not members.seen:
        return ()
    period_s = ground.period_s
    flow, speed = dressed(members.flow(now_s), members.speed_mps(now_s), errors, seed, pace)
    told = [
        Forecast("twin", "flow", ground.edges, now_s, now_s, period_s, flow),
        Forecast("twin", "speed", ground.edges, now_s, now_s, period_s, speed),
    ]
    if ways:
        times_s = np.array([travel_times_s(list(ways.values()), one, period_s) for one in speed])
        told.append(Forecast("twin", "travel_time", tuple(ways), now_s, now_s, period_s, times_s))
    return tuple(told)


def at_sensors(
    members: Members, rows: NDArray[np.int64], anchor_s: float, periods: int
) -> tuple[Floats, Floats]:  # fmt: skip
    """Counts and speeds of each valid member at the sensors between anchor and now (M, S, periods)."""
    if not members.seen:
        return np.zeros((0, len(rows), periods)), np.zeros((0, len(rows), periods))
    return members.flow(anchor_s, rows)[:, :, :periods], members.speed_mps(anchor_s, rows)[:, :, :periods]


def misfit(flow: Floats, counted: Floats, period_s: float) -> float:
    """Mean GEH of the members' median flow (M, S, T) against counts (S, T); NaN without either."""
    if not len(flow) or not np.isfinite(counted).any():
        return float("nan")
    hourly = 3600.0 / period_s
    return float(np.nanmean(geh(hourly * np.median(flow, axis=0), hourly * counted)))
