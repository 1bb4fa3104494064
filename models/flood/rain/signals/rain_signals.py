"""Whether official rain signals hold: what was observed plus what is forecast, in a rolling window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from models.flood.rain.gauging.gauges import Gauge
from models.flood.rain.signals.signal_table import Level, SignalTable
from networks.errors import BadInput


@dataclass(frozen=True)
class Reached:
    """What is known of one level at one place.

    Attributes:
        level: The level.
        now_mm: Rain (mm) observed in the window that ends now.
        measured: Share of that window that was measured; the rest counts as dry.
        since: When it was first reached by observation, if its window has held it until now; None where it does not.
        chance: Share of members in which it holds now or is reached within the forecast.
        expected: The time by which half of the members have reached it; None where fewer do.
        most_mm: (low, middle, high) 10th, 50th and 90th percentile of the deepest window (mm) from now on.
    """

    level: Level
    now_mm: float
    measured: float
    since: datetime | None
    chance: float
    expected: datetime | None
    most_mm: tuple[float, float, float]


def hold_signals(
    gauge: Gauge,
    table: SignalTable,
    *,
    now: datetime | None = None,
    ahead_s: np.ndarray | None = None,
    ahead_mm: np.ndarray | None = None,
) -> list[Reached]:
    """Hold a gauge, and members of a forecast at its place, against a table.

    A level holds while at least its depth lies within a window of its length that ends at that moment. Windows reach
    back over what was observed and forward over what is forecast. A gap counts as dry, so a level may hold that is not
    seen to: `measured` says how much is known.

    Args:
        gauge: What was observed.
        table: The levels.
        now: The moment from which on members count; None is the gauge's last interval's end.
        ahead_s: (leads,) ends of the forecast's steps (s after now), increasing; None: no forecast.
        ahead_mm: (members, leads) rain (mm) in each step.

    Raises:
        BadInput: Steps that do not increase, rain that is negative or no number, or nothing observed before `now`.
    """
    moment = now or gauge.ends[-1]
    times, depths = _observed(gauge, moment)
    steps, rains = _ahead(ahead_s, ahead_mm)
    knots = np.concatenate([times, steps])
    members = [np.concatenate([depths, one]) for one in rains]
    return [_reached(level, gauge, moment, knots, members) for level in table.levels]


def highest_signal(found: list[Reached], chance: float = 0.5) -> Level | None:
    """The gravest level that holds, or will with at least this chance; None where none does."""
    held = [one.level for one in found if one.since is not None or one.chance >= chance]
    return held[-1] if held else None


def _observed(gauge: Gauge, now: datetime) -> tuple[np.ndarray, np.ndarray]:
    """Edges of intervals (s before now, negative) and the rain (mm) that each ends; the first edge ends none."""
    ends = np.array([(one - now).total_seconds() for one in gauge.ends])
    past = ends <= 0
    if not past.any():
        raise BadInput(f"{gauge.name} measured nothing before {now:%Y-%m-%d %H:%M %Z}")
    times = np.concatenate([[ends[0] - gauge.period_s], ends[past]])
    depths = np.concatenate([[0.0], np.nan_to_num(gauge.depth_mm[past])])
    if times[-1] < 0:
        times, depths = np.append(times, 0.0), np.append(depths, 0.0)
    return times, depths


def _ahead(ahead_s: np.ndarray | None, ahead_mm: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if ahead_s is None or ahead_mm is None:
        return np.zeros(0), np.zeros((1, 0))
    if ahead_mm.ndim != 2 or ahead_mm.shape[1:] != ahead_s.shape or not len(ahead_mm):
        raise BadInput(f"a forecast of {ahead_mm.shape} rain at {ahead_s.shape} times", expected="members by steps")
    if np.any(np.diff(np.concatenate([[0.0], ahead_s])) <= 0):
        raise BadInput("the forecast's steps do not increase", place="ahead_s")
    if not np.all(np.isfinite(ahead_mm) & (ahead_mm >= 0)):
        raise BadInput("the forecast's rain is negative or no number", place="ahead_mm", expected="mm in each step")
    return ahead_s, ahead_mm


def _windows(knots: np.ndarray, depths: np.ndarray, length_s: float) -> np.ndarray:
    """Depth (mm) in the window that ends at each knot."""
    total = np.cumsum(depths)
    return np.asarray(total - np.interp(knots - length_s, knots, total, left=0.0))


def _reached(level: Level, gauge: Gauge, now: datetime, knots: np.ndarray, members: list[np.ndarray]) -> Reached:
    length = level.hours * 3600
    future = knots >= 0
    past = knots <= 0
    deep = [_windows(knots, one, length) for one in members]
    before = deep[0][past] >= level.depth_mm - 1e-9
    since = None
    if before[-1]:
        first = int(np.flatnonzero(~before)[-1]) + 1 if not before.all() else 0
        since = now + timedelta(seconds=float(knots[past][first]))
    when = [knots[future][one[future] >= level.depth_mm - 1e-9] for one in deep]
    arrivals = np.sort([float(one[0]) if len(one) else np.inf for one in when])
    half = float(arrivals[(len(arrivals) - 1) // 2])
    most = np.quantile([one[future].max() for one in deep], (0.1, 0.5, 0.9))
    return Reached(
        level,
        float(deep[0][past][-1]),
        gauge.fell(now - timedelta(seconds=length), now)[1],
        since,
        float(np.mean(np.isfinite(arrivals))),
        now + timedelta(seconds=half) if np.isfinite(half) else None,
        (float(most[0]), float(most[1]), float(most[2])),
    )
