"""Units that nobody states: vehicles per hour, km/h, a lane's share, and counts beyond what lanes carry."""

from __future__ import annotations

import numpy as np

from calibration.counting.seen import Seen
from calibration.counting.series import apart, in_series, middle
from networks.sentence import say

_AT_LEAST = 6


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
