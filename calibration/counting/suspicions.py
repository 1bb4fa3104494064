"""What no single row shows: wrong units, shifted clocks, swapped directions, buses among cars.

Everything here is held against something that cannot lie with the sensor: what a lane can carry, whole numbers,
sensors in series, or the day as all other sensors saw it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.counting.repair import Repair
from calibration.counting.series import apart, in_series, middle
from calibration.counting.watched_streets import WatchedNet
from networks.sentence import Sentence, say

FloatRows = NDArray[np.float64]
LANE_PER_HOUR = 2400.0
"""Vehicles that one lane can pass in an hour, at headways of 1.5 s: above it a count is impossible (the HCM's basic
capacity of a motorway lane, 7th edition, exhibit 12-4)."""
_LONGEST_SHIFT_H = 14
_AT_LEAST = 6


@dataclass
class Seen:
    """Counts under examination; what is found is repaired in place and noted.

    Attributes:
        names: Sensors (S).
        edges: Their edges.
        values: Vehicles (S, T), NaN gaps.
        speeds_mps: Mean speeds (S, T), NaN gaps.
        period_s: Length of a period.
        net: The network.
        repairs: What was done.
        told_kmh: Sensors whose rows state km/h.
    """

    names: list[str]
    edges: list[str]
    values: FloatRows
    speeds_mps: FloatRows
    period_s: float
    net: WatchedNet
    repairs: list[Repair]
    told_kmh: frozenset[str] = frozenset()

    def note(self, row: int, what: str, action: str, rows: int, before: str, after: str, reason: Sentence) -> None:
        """Keep what was found about a sensor."""
        self.repairs.append(Repair(self.names[row], what, action, "", 0, rows, before, after, reason))

    def carries(self, row: int) -> float:
        """Vehicles that its lanes can pass in a period, with room for platoons at its ends."""
        most = self.net.car_lanes(self.edges[row]) * LANE_PER_HOUR * self.period_s / 3600.0
        return float(most + 3.0 * np.sqrt(most))


def look_closer(seen: Seen, buses: Mapping[str, float]) -> None:
    """All examinations, in the order in which they lean on each other."""
    per_hour(seen)
    speed_units(seen)
    shifted_hours(seen)
    swapped(seen)
    per_lane(seen)
    buses_as_cars(seen, buses)
    impossible(seen)


def per_hour(seen: Seen) -> None:
    """Vehicles per hour in rows of minutes: all of them multiples of the periods in an hour, or beyond all lanes."""
    periods = 3600.0 / seen.period_s
    if periods < 1.5:
        return
    for row, own in enumerate(seen.values):
        there = own[own > 0]
        if len(there) < _AT_LEAST:
            continue
        parts = there / periods
        whole = abs(periods - round(periods)) < 1e-9 and bool(np.all(np.abs(parts - np.round(parts)) < 1e-6))
        high = float(np.quantile(there, 0.9))
        beyond = high > seen.carries(row) and high / periods <= seen.carries(row)
        if not whole and not beyond:
            continue
        why = say(
            f"all {len(there)} values are multiples of {periods:g}" if whole
            else f"{high:g} in {seen.period_s:g} s is more than its lanes can pass ({seen.carries(row):.0f})",
            f"全部 {len(there)} 个值都是 {periods:g} 的倍数" if whole
            else f"{seen.period_s:g} 秒内 {high:g} 辆超过车道通行能力（{seen.carries(row):.0f}）",
        )  # fmt: skip
        reason = say(
            f"vehicles per hour in periods of {seen.period_s:g} s: {why['en']}", f"单位应为每小时车辆数：{why['zh']}"
        )
        seen.note(row, "per_hour", "repaired", len(there), f"{there[0]:g}", f"{there[0] / periods:g}", reason)
        seen.values[row] = own / periods


def speed_units(seen: Seen) -> None:
    """km/h in a column of m/s, and the other way round, by the limit and what the street carries at that time."""
    for row, own in enumerate(seen.speeds_mps):
        there = ~np.isnan(own) & (own > 0)
        if there.sum() < _AT_LEAST:
            continue
        limit = seen.net.edges[seen.edges[row]].speed_mps
        fast = float(np.quantile(own[there], 0.85))
        calm = own[there & (seen.values[row] < 0.2 * seen.carries(row))]
        factor = 1.0
        if fast > 1.6 * limit and fast / 3.6 < 1.3 * limit:
            factor = 1 / 3.6
        elif (
            seen.names[row] in seen.told_kmh
            and len(calm) >= _AT_LEAST
            and fast < 0.36 * limit
            and float(np.median(calm)) * 3.6 > 0.5 * limit
        ):
            factor = 3.6
        if factor == 1.0:
            continue
        was, of = ("km/h", "m/s") if factor < 1 else ("m/s", "km/h")
        reason = say(
            f"speeds in {was} told as {of}: 85 % are at most {fast:.1f} m/s where {limit:.1f} m/s are allowed",
            f"速度单位为 {was}，却按 {of} 报告：85 % 不超过 {fast:.1f} m/s，而限速为 {limit:.1f} m/s",
        )
        one = float(own[there][0])
        seen.note(row, "speed_unit", "repaired", int(there.sum()), f"{one:g} m/s", f"{one * factor:g} m/s", reason)
        seen.speeds_mps[row] = own * factor


def shifted_hours(seen: Seen, before: FloatRows | None = None) -> None:
    """A day that lies whole hours beside the day of the others (or its own, earlier one): a wrong time zone.

    Moved, it has to fit as well as those of honest sensors do: a street of the evening alone is no late morning.

    Args:
        seen: The counts.
        before: Counts of an earlier day with the right time (S, T), or None.
    """
    steps = 3600.0 / seen.period_s
    if len(seen.names) < 5 or abs(steps - round(steps)) > 1e-9 or seen.values.shape[1] < 12 * steps:
        return
    step = round(steps)
    levels = np.nanmean(np.where((seen.values > 0).any(axis=1, keepdims=True), seen.values, np.nan), axis=1)
    shapes = np.sqrt(seen.values / levels[:, None])
    usual = None if before is None else np.sqrt(before / np.maximum(np.nanmean(before, axis=1), 1e-9)[:, None])
    found: list[tuple[int, int, float, float]] = []
    for row in range(len(seen.names)):
        day = middle(shapes, [r for r in range(len(seen.names)) if r != row]) if usual is None else usual[row]
        found.append((row, *_best_shift(shapes[row], day, step)))
    known = [still for _, _, _, still in found if still == still]
    fits = 1.5 * float(np.median(known)) if known else 0.0
    for row, hours, best, still in found:
        if not hours or best > 0.4 * still or best > fits:
            continue
        if usual is None and not _alike_when_moved(shapes, row, -hours * step):
            continue
        reason = say(
            f"its day lies {hours:+d} h beside that of the others (misfit {still:.3f} as it stands, {best:.3f} moved)",
            f"其日变化与其他传感器相差 {hours:+d} 小时（原误差 {still:.3f}，平移后 {best:.3f}）",
        )
        seen.note(
            row, "time_zone", "repaired", int((~np.isnan(seen.values[row])).sum()), f"{hours:+d} h", "0 h", reason
        )
        for table in (seen.values, seen.speeds_mps):
            table[row] = moved(table[row], -hours * step)


def _alike_when_moved(shapes: FloatRows, row: int, steps: int) -> bool:
    """Whether many more sensors are like one when it is moved than as it stands.

    Streets of the morning alone have their like, and so have those of the evening; a clock that is wrong has not.
    """
    others = np.delete(shapes, row, axis=0)
    apart = np.nanvar(others[:, None] - others[None], axis=2)
    close = 2.0 * float(np.median(np.partition(apart, 1, axis=1)[:, 1]))
    as_it_is, then = (
        int((np.nanvar(others - own, axis=1) < close).sum()) for own in (shapes[row], moved(shapes[row], steps))
    )
    return then > 2 * as_it_is + 2


def moved(own: FloatRows, steps: int) -> FloatRows:
    """A series some periods later (earlier where negative), with gaps where nothing is known."""
    out = np.full_like(own, np.nan)
    if steps >= 0:
        out[steps:] = own[: len(own) - steps]
    else:
        out[:steps] = own[-steps:]
    return out


def _best_shift(own: FloatRows, day: FloatRows, step: int) -> tuple[int, float, float]:
    """By how many hours a series is late against the day, its misfit then, and as it stands."""
    misfit = {}
    for hours in range(-_LONGEST_SHIFT_H, _LONGEST_SHIFT_H + 1):
        there = moved(own, -hours * step)
        both = ~np.isnan(there) & ~np.isnan(day)
        if both.sum() >= 0.5 * min((~np.isnan(own)).sum(), (~np.isnan(day)).sum()) and both.sum() >= _AT_LEAST:
            misfit[hours] = float(np.var(there[both] - day[both]))
    if 0 not in misfit:
        return 0, float("nan"), float("nan")
    best = min(misfit, key=lambda hours: (misfit[hours], abs(hours)))
    return best, misfit[best], misfit[0]


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


def per_lane(seen: Seen) -> None:
    """The mean of a lane where all lanes were meant (or one lane of them), against sensors in series."""
    for row, others in enumerate(in_series(seen.edges, seen.net)):
        lanes = seen.net.car_lanes(seen.edges[row])
        rest = middle(seen.values, others)
        both = ~np.isnan(rest) & ~np.isnan(seen.values[row])
        if lanes < 2 or both.sum() < _AT_LEAST or rest[both].sum() < 50:
            continue
        share = float(seen.values[row][both].sum() / rest[both].sum())
        if abs(share * lanes - 1.0) > 0.1 or apart(seen.values[row] * lanes, rest) > 2.0 * lanes:
            continue
        names = ", ".join(seen.names[other] for other in others)
        reason = say(
            f"it counts {share:.2f} of what {names} in series count, and the edge has {lanes} lanes: told per lane",
            f"其计数为同一路段 {names} 的 {share:.2f}，而该路段有 {lanes} 条车道：按单车道报告",
        )
        one = float(seen.values[row][both][0])
        seen.note(row, "per_lane", "repaired", int(both.sum()), f"{one:g}", f"{one * lanes:g}", reason)
        seen.values[row] *= lanes


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


def impossible(seen: Seen) -> None:
    """Single counts beyond what the lanes can carry become gaps."""
    for row, own in enumerate(seen.values):
        wrong = own > seen.carries(row)
        if not wrong.any():
            continue
        reason = say(
            f"more than {seen.net.car_lanes(seen.edges[row])} lanes can pass ({seen.carries(row):.0f})",
            f"超过 {seen.net.car_lanes(seen.edges[row])} 条车道的通行能力（{seen.carries(row):.0f}）",
        )
        seen.note(row, "impossible", "left_out", int(wrong.sum()), f"{own[wrong][0]:g}", "gap", reason)
        seen.values[row] = np.where(wrong, np.nan, own)
