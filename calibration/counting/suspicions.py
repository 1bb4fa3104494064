"""What no single row shows: wrong units, shifted clocks, swapped directions, buses among cars.

Everything here is held against something that cannot lie with the sensor: what a lane can carry, whole numbers,
sensors in series, or the day as all other sensors saw it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.counting.seen import FloatRows, Seen
from calibration.counting.series import apart, in_series, middle
from calibration.counting.shifted_days import shifted_hours
from calibration.counting.units import impossible, per_hour, per_lane, speed_units
from networks.sentence import say

_AT_LEAST = 6


def look_closer(seen: Seen, buses: Mapping[str, float]) -> None:
    """All examinations, in the order in which they lean on each other."""
    per_hour(seen)
    speed_units(seen)
    shifted_hours(seen)
    swapped(seen)
    per_lane(seen)
    buses_as_cars(seen, buses)
    impossible(seen)


def swapped(seen: Seen) -> None:
    """A sensor that fits the sensors of the other direction, and not those of its own."""
    series = in_series(seen.edges, seen.net)
    streets = [seen.net.street_of(edge) for edge in seen.edges]
    turn: list[tuple[int, str, float, float]] = []
    for row, edge in enumerate(seen.edges):
        opposite = seen.net.opposite(edge)
        if opposite is None:
            continue
        street = seen.net.street_of(opposite)
        there = [other for other, name in enumerate(streets) if name == street and other != row]
        here, other = (apart(seen.values[row], middle(seen.values, rows)) for rows in (series[row], there))
        if here > 8.0 and other < 2.0:
            turn.append((row, opposite, here, other))
    for row, opposite, here, other in turn:
        reason = say(
            f"it agrees with the sensors of the other direction ({other:.1f}) and not with those of its own "
            f"({here:.1f}; about 1 is chance)",
            f"与对向传感器一致（{other:.1f}），与本方向不一致（{here:.1f}；约 1 为随机误差）",
        )
        seen.note(row, "reversed_edge", "repaired", seen.values.shape[1], seen.edges[row], opposite, reason)
        seen.edges[row] = opposite


def buses_as_cars(seen: Seen, buses: Mapping[str, float]) -> None:
    """More than the sensors in series by the same number all day, whatever the traffic: buses among the cars.

    Args:
        seen: The counts.
        buses: Edge -> buses in an hour by the timetable; where the excess agrees with it, it is taken off.
    """
    hours = seen.period_s / 3600.0
    for row, others in enumerate(in_series(seen.edges, seen.net)):
        rest = middle(seen.values, others)
        both = ~np.isnan(rest) & ~np.isnan(seen.values[row])
        if both.sum() < 2 * _AT_LEAST:
            continue
        more = seen.values[row][both] - rest[both]
        mean, error = float(more.mean()), float(more.std(ddof=1) / np.sqrt(both.sum()))
        if mean < 4.0 * error or mean < 0.02 * float(rest[both].mean()) or not _flat(more, rest[both]):
            continue
        expected = buses.get(seen.edges[row], 0.0) * hours
        agrees = expected > 0 and abs(mean - expected) < max(0.35 * expected, 2.0 * error)
        names = ", ".join(seen.names[other] for other in others)
        known = f"; the timetable has {expected / hours:.0f}" if expected else ""
        known_zh = f"；时刻表为每小时 {expected / hours:.0f} 辆" if expected else ""
        reason = say(
            f"it counts {mean / hours:.0f} vehicles an hour more than {names} in series at any traffic: "
            f"perhaps buses as cars, or a source in between{known}",
            f"无论车流大小，每小时都比同一路段 {names} 多 {mean / hours:.0f} 辆："
            f"可能将公交车计为小汽车，或途中有车辆驶入{known_zh}",
        )
        before = f"{seen.values[row][both][0]:g}"
        if agrees:
            seen.values[row] = np.maximum(seen.values[row] - expected, 0.0)
        after = f"{seen.values[row][both][0]:g}" if agrees else ""
        seen.note(row, "buses_as_cars", "repaired" if agrees else "noted", int(both.sum()), before, after, reason)


def _flat(more: FloatRows, traffic: FloatRows) -> bool:
    """Whether an excess is the same at little and much traffic: its slope explains less than half of it."""
    spread = float(np.var(traffic))
    if spread == 0.0:
        return True
    slope = float(np.mean((more - more.mean()) * (traffic - traffic.mean())) / spread)
    return abs(slope * traffic.mean()) < 0.5 * float(more.mean())
