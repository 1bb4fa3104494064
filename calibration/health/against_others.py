"""What the others give away: a share that drifts, jumps that traffic does not make, a level that does not fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts, WatchedNet, in_series
from calibration.health.expecting import smooth
from calibration.health.finding import Finding
from calibration.health.outliers import DAYS, TIDES, WILD, robust_scores, threshold
from networks.sentence import Sentence, say

Floats = NDArray[np.float64]
_ENOUGH = 40.0
_DRIFT = 0.25
_LEVEL = np.log(1.33)
_SERIES = np.log(1.15)


def drifting(counts: Counts, expected: Floats, spread: float, false_alarms: float, *, tides: bool) -> list[Finding]:
    """The share that a sensor sees of what is expected rises or falls over the counts by a quarter or more.

    The slope of count over expected, weighted by the latter (least squares for Poisson counts), is held against the
    slopes of all sensors.

    Args:
        counts: What was counted.
        expected: What the others make of it (S, T).
        spread: Variance of counts over their mean.
        false_alarms: Share of honest sensors that may be named.
        tides: No earlier day tells the shape of each sensor's own: a street of the morning is no failing sensor, so
            that there is no more than a doubt.
    """
    both = [_slope(own, told) for own, told in zip(counts.vehicles, expected, strict=True)]
    slopes, errors = np.array(both).T
    limit = threshold(false_alarms, TIDES if tides else None)
    scores = robust_scores(slopes, errors * np.sqrt(spread)) / limit
    found = []
    for row, score in enumerate(scores):
        if abs(score) > 1.0 and abs(slopes[row]) > _DRIFT:
            evidence = say(
                f"its share of what is expected changes by {100 * slopes[row]:+.0f} % over the counts",
                f"其相对预期的比例在统计期内变化 {100 * slopes[row]:+.0f} %",
            )
            fault = "doubtful" if tides else "drifting"
            found.append(Finding(counts.sensors[row], fault, abs(float(score)), counts.begin_s, evidence))
    return found


def _slope(own: Floats, told: Floats) -> tuple[float, float]:
    """Change of count over expected from begin to end, as a share of its mean, and its error for Poisson counts."""
    both = ~np.isnan(own) & (told > 0)
    seen, due = own[both], told[both]
    if due.sum() < _ENOUGH or seen.sum() < _ENOUGH or both.sum() < 12:
        return float("nan"), float("nan")
    due = due * seen.sum() / due.sum()
    at = np.flatnonzero(both) / max(1, len(own) - 1)
    at = at - np.average(at, weights=due)
    weight = float((due * at**2).sum())
    return float((at * (seen - due)).sum() / weight), float(np.sqrt(1.0 / weight))


def noise(counts: Counts, expected: Floats, before: Floats | None, false_alarms: float) -> list[Finding]:
    """Counts that jump from period to period more than those of other sensors do, and more than they did before.

    Roots of Poisson counts have a variance of a quarter (Anscombe 1948); what their differences, less those of what is
    expected, have beyond that (von Neumann 1941), over the mean, is the square of the relative error of a count.
    """
    sizes, errors = np.array([_jumps(own, told) for own, told in zip(counts.vehicles, expected, strict=True)]).T
    more, unsure = sizes, errors
    if before is not None:
        usual, error = np.array([_jumps(own, smooth(own[None])[0]) for own in before]).T
        more, unsure = sizes - usual, np.hypot(errors, error)
    scores = robust_scores(more, unsure) / threshold(false_alarms, TIDES if before is not None else WILD)
    found = []
    for row, score in enumerate(scores):
        if score > 1.0 and more[row] > 0.02:
            evidence = say(
                f"its counts err by {100 * np.sqrt(sizes[row]):.0f} % each, where sensors usually err by "
                f"{100 * np.sqrt(max(0.0, float(np.nanmedian(sizes)))):.0f} %",
                f"每个计数的误差约 {100 * np.sqrt(sizes[row]):.0f} %，一般传感器约 "
                f"{100 * np.sqrt(max(0.0, float(np.nanmedian(sizes)))):.0f} %",
            )
            found.append(Finding(counts.sensors[row], "noise", float(score), counts.begin_s, evidence))
    return found


def _jumps(own: Floats, told: Floats) -> tuple[float, float]:
    """Square of the relative error of a count beyond chance, and how sure that is; NaN where there is too little."""
    due = np.where(np.isnan(told), np.nanmean(own) if (~np.isnan(own)).any() else np.nan, told)
    steps = np.diff(2.0 * (np.sqrt(own + 0.375) - np.sqrt(due + 0.375)))
    there = ~np.isnan(steps)
    flow = float(np.nansum(due[1:][there]))
    if there.sum() < 8 or flow < _ENOUGH:
        return float("nan"), float("nan")
    beyond = float(np.minimum(steps[there] ** 2 / 2, 25.0).sum()) - there.sum()
    return beyond / flow, float(np.sqrt(3.0 * there.sum()) / flow)


def level_changed(
    counts: Counts, net: WatchedNet, before: Floats, expected: Floats, spread: float, false_alarms: float
) -> list[Finding]:  # fmt: skip
    """The day's total against the earlier day's, beside all sensors, those with a day like its own, and those down the
    road.

    All three have to differ, since a whole quarter or corridor may have more traffic than the day before: of the three
    ratios the one nearest to none counts.
    """
    both = ~np.isnan(counts.vehicles) & ~np.isnan(before) & ~np.isnan(expected)
    now, then, due = (np.where(both, one, 0.0).sum(axis=1) for one in (counts.vehicles, before, expected))
    known = (then > _ENOUGH) & (due > _ENOUGH)
    ratios = np.log((now + 0.5) / (np.array([then, due]) + 0.5))
    ratios -= np.median(ratios[:, known], axis=1, keepdims=True) if known.any() else 0.0
    near = beside(counts.edges, net)
    local = [np.median(ratios[0][kept]) if (kept := [o for o in others if known[o]]) else 0.0 for others in near]
    ratios = np.vstack([ratios, ratios[0] - np.array(local)])
    agree = np.abs(np.sign(ratios).sum(axis=0)) == len(ratios)
    nearer = np.where(agree, np.sign(ratios[0]) * np.abs(ratios).min(axis=0), 0.0)
    ratio = np.where(known, nearer, np.nan)
    errors = np.sqrt(spread * (1.0 / (now + 0.5) + 1.0 / (then + 0.5)))
    return _levels(counts, ratio, errors, threshold(false_alarms, DAYS), say("the earlier day", "此前同期"), "level")


def level_foretold(counts: Counts, ratio: Floats, errors: Floats, false_alarms: float) -> list[Finding]:
    """Totals against what all the others make of them through guessed routes: enough for a doubt, not for more.

    Args:
        counts: What was counted.
        ratio: Logarithm of each total over what is foretold (S).
        errors: Its standard error (S).
        false_alarms: Share of honest sensors that may be doubted.
    """
    held = say("what the others and the routes make of it", "由其他传感器与路径推算的值")
    return _levels(counts, ratio, errors, threshold(false_alarms, TIDES), held, "doubtful")


def beside(edges: Sequence[str], net: WatchedNet, most: int = 4, hops: int = 6) -> list[list[int]]:
    """For each sensor those next to it up and down the road, the nearest first, by number."""
    at: dict[str, list[int]] = {}
    for row, edge in enumerate(edges):
        at.setdefault(edge, []).append(row)
    found = []
    for row, edge in enumerate(edges):
        near: list[int] = [other for other in at[edge] if other != row]
        seen, rim = {edge}, [edge]
        for _ in range(hops):
            rim = [n for e in rim for n in (*net.after.get(e, ()), *net.before.get(e, ())) if n not in seen]
            rim = list(dict.fromkeys(rim))
            seen.update(rim)
            near += [other for name in rim for other in at.get(name, [])]
            if len(near) >= most:
                break
        found.append(near[:most])
    return found


def _levels(
    counts: Counts, ratio: Floats, errors: Floats, limit: float, held: Sentence, fault: str
) -> list[Finding]:  # fmt: skip
    scores = robust_scores(ratio, errors) / limit
    found = list[Finding]()
    if np.isnan(ratio).all():
        return found
    for row, score in enumerate(scores):
        away = ratio[row] - np.nanmedian(ratio)
        if abs(score) > 1.0 and abs(away) > _LEVEL:
            share = f"{np.exp(away):.2f}"
            evidence = say(f"{share} of {held['en']}", f"为{held['zh']}的 {share} 倍")
            found.append(Finding(counts.sensors[row], fault, abs(float(score)), counts.begin_s, evidence))
    return found


def out_of_line(counts: Counts, net: WatchedNet, trusted: NDArray[np.bool_]) -> list[Finding]:
    """Totals of sensors in series: with three or more the odd one is wrong, with two one of them is.

    Chance alone is five standard deviations of independent Poisson counts away; streets lose and gain vehicles on the
    way, so that only 15 % and more are told, and a third is wanted where a sensor is to be named.
    """
    found = []
    for row, others in enumerate(in_series(counts.edges, net)):
        others = [other for other in others if trusted[other]]
        if not others or not trusted[row]:
            continue
        logs, beyond = [], []
        for other in others:
            both = ~np.isnan(counts.vehicles[row]) & ~np.isnan(counts.vehicles[other])
            a, b = (float(counts.vehicles[one][both].sum()) for one in (row, other))
            logs.append(np.log((a + 0.5) / (b + 0.5)))
            beyond.append(abs(a - b) > 5.0 * np.sqrt(a + b + 1.0) and abs(logs[-1]) > _SERIES)
        if np.mean(beyond) <= 0.5:
            continue
        away = float(np.median(logs))
        agree = len(others) > 1 and float(np.ptp(logs)) < _SERIES and abs(away) > _LEVEL
        names = ", ".join(counts.sensors[other] for other in others[:3])
        share = f"{np.exp(away):.2f}"
        evidence = say(f"{share} of {names} in series", f"为同一路段 {names} 的 {share} 倍")
        fault = "level" if agree else "doubtful"
        found.append(Finding(counts.sensors[row], fault, abs(away) / _SERIES, counts.begin_s, evidence))
    return found
