"""FHWA, Traffic Analysis Toolbox Volume III, 2019 update: four criteria about a representative day among many."""

from __future__ import annotations

import numpy as np

from calibration.proof.evidence import Evidence, Floats
from calibration.proof.verdict import Criterion, Verdict
from networks.sentence import Sentence, say

DAYS = 10
"""Fewer days give no band worth the name (our own limit; the guide speaks of clusters out of 100 days or more)."""

_GUIDE = "FHWA-HOP-18-036, Traffic Analysis Toolbox Volume III, 2019 update, section 5.4"


def _criterion(number: str, name: Sentence, asked: Sentence) -> Criterion:
    return Criterion("FHWA 2019", name, asked, f"{_GUIDE}, criterion {number}")


OUTLIERS = _criterion(
    "I", say("I: time-variant outliers", "I：时变离群值"),
    say("95 % of intervals within 1.96 standard deviations of the representative day; one outside if fewer than 20",
        "95%的时段在代表日±1.96倍标准差内；不足20个时段时至多一个在外"),
)  # fmt: skip
INLIERS = _criterion(
    "II",
    say("II: time-variant inliers", "II：时变集中度"),
    say("two thirds of intervals within 1 standard deviation", "三分之二的时段在±1倍标准差内"),
)
ABSOLUTE = _criterion(
    "III", say("III: bounded dynamic absolute error", "III：有界动态绝对误差"),
    say("mean absolute error no larger than the mean distance of other days from the representative one",
        "平均绝对误差不大于其他日与代表日的平均差"),
)  # fmt: skip
SYSTEMATIC = _criterion(
    "IV",
    say("IV: bounded dynamic systematic error", "IV：有界动态系统误差"),
    say("mean error no larger than a third of that distance", "平均误差不大于该差值的三分之一"),
)

CRITERIA = (OUTLIERS, INLIERS, ABSOLUTE, SYSTEMATIC)


def fhwa_2019(evidence: Evidence) -> tuple[Verdict, ...]:
    """The four criteria, each of all measures together; not assessable without many days."""
    most = max((len(one.observed) for one in evidence.days), default=0)
    measures = [one for one in evidence.days if len(one.observed) >= DAYS]
    if not measures:
        reason = say(
            f"it compares days: {DAYS} or more are needed, {most or 'one'} given",
            f"需比较多日数据：至少{DAYS}天，仅提供{most or 1}天",
        )
        return tuple(one.missing(reason) for one in CRITERIA)
    found = [_judged(one.observed, one.simulated) for one in measures]
    verdicts = []
    for at, criterion in enumerate(CRITERIA):
        parts = [(one.name, *each[at]) for one, each in zip(measures, found, strict=True)]
        told = say(
            "; ".join(f"{name['en']}: {figure['en']}" for name, _, figure in parts),
            "；".join(f"{name['zh']}：{figure['zh']}" for name, _, figure in parts),
        )
        verdicts.append(criterion.found(all(kept for _, kept, _ in parts), told))
    return tuple(verdicts)


def representative(days: Floats) -> int:
    """The day that lies closest to the mean of all in every interval (least sum of relative distances)."""
    mean = days.mean(axis=0)
    return int((np.abs(days - mean) / np.where(mean > 0, mean, 1.0)).sum(axis=1).argmin())


def _judged(days: Floats, simulated: Floats) -> tuple[tuple[bool, Sentence], ...]:
    """Whether each criterion is met, and the figure."""
    at = representative(days)
    spread, error = days.std(axis=0, ddof=1), simulated - days[at]
    intervals = len(error)
    outside = int((np.abs(error) > 1.96 * spread).sum())
    inside = float((np.abs(error) <= spread).mean())
    others = np.delete(days, at, axis=0)
    bound = float(np.abs(others - days[at]).mean())
    size, lean = float(np.abs(error).mean()), abs(float(error.mean()))
    kept = outside <= 1 if intervals < 20 else outside <= 0.05 * intervals
    return (
        (kept, say(f"{outside} of {intervals} outside", f"{intervals}个时段中{outside}个在外")),
        (inside >= 2 / 3, say(f"{100 * inside:.0f} % inside", f"{100 * inside:.0f}%在内")),
        (size <= bound, say(f"{size:.1f}, bound {bound:.1f}", f"{size:.1f}，界限{bound:.1f}")),
        (lean <= bound / 3, say(f"{lean:.1f}, bound {bound / 3:.1f}", f"{lean:.1f}，界限{bound / 3:.1f}")),
    )
