"""Whether fitted parameters are better than those before: on fresh seeds, at sensors that the fit never saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.parameters.misfit import Target
from networks.sentence import Sentence, say

Floats = NDArray[np.float64]
SURE = 1.645
"""Standard errors by which misfit has to fall where the fit never looked (one-sided 95 %)."""
UNEXPLAINED = 2.0
"""Misfit at used sensors, after the fit, from which something else than the parameters is wrong (our own limit)."""
KINDS = ("flow", "speed", "travel_time")


@dataclass(frozen=True, slots=True)
class Side:
    """What some parameters do, mean of fresh seeds.

    Attributes:
        misfit: 1 is what noise alone would give.
        errors: Mean absolute error by sort: vehicles a period, m/s, s; NaN where none was seen.
    """

    misfit: float
    errors: dict[str, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Before and after.

    Attributes:
        used_before, used_after: At sensors that the fit saw.
        held_before, held_after: At those it did not; None where none was held out.
        gain: Mean fall of the misfit of a held-out sensor in its own standard errors.
        kept: Whether the fitted parameters stay.
        reason: Why, or why not.
    """

    used_before: Side
    used_after: Side
    held_before: Side | None
    held_after: Side | None
    gain: float
    kept: bool
    reason: Sentence

    @property
    def left(self) -> Sentence | None:
        """What no parameter explained, where that is much more than noise."""
        left = self.used_after.misfit
        if left < UNEXPLAINED:
            return None
        return say(
            f"misfit at used sensors stays at {left:.1f} times what noise gives: demand, signal plans or closures are"
            " off too, and the values found may make up for them",
            f"所用检测器处的偏差仍为噪声的 {left:.1f} 倍：需求、信号方案或封路也可能有误，标定值可能在弥补其误差",
        )


def judged(target: Target, held: NDArray[np.bool_], before: Floats, after: Floats) -> Judgement:
    """Hold two sets of parameters against the street.

    Args:
        target: All that was seen (N), held out or not.
        held: Which of it was held out (N).
        before: What simulations of the one said (R, N).
        after: What those of the other said, with the same fresh seeds (R, N).
    """
    used = [_side(target.at(~held), one[:, ~held]) for one in (before, after)]
    judge = held if held.any() else ~held
    sides = [_side(target.at(judge), one[:, judge]) for one in (before, after)]
    gain = _gain(target.at(judge), before[:, judge], after[:, judge])
    kept = gain > SURE and used[1].misfit < used[0].misfit
    at = say("held-out sensors", "留出的检测器") if held.any() else say("the sensors", "检测器")
    more = f"{sides[0].misfit:.2f} -> {sides[1].misfit:.2f}"
    reason = (
        say(f"misfit at {at['en']} falls {more}, by {gain:.1f} standard errors on fresh seeds",
            f"{at['zh']}的偏差由 {more}，新随机种子下降低 {gain:.1f} 个标准误")
        if kept else
        say(f"misfit at {at['en']} goes {more}, {gain:+.1f} standard errors better: not surely better, so the values"
            " before stay",
            f"{at['zh']}的偏差 {more}，改善 {gain:+.1f} 个标准误：不足以确认更好，保留原值")
    )  # fmt: skip
    return Judgement(
        used[0], used[1], sides[0] if held.any() else None, sides[1] if held.any() else None, gain, kept, reason
    )


def _side(target: Target, said: Floats) -> Side:
    mean = said.mean(axis=0)
    return Side(target.misfit(mean), {kind: target.error(mean, kind) for kind in KINDS})


def _gain(target: Target, before: Floats, after: Floats) -> float:
    """Mean fall over sensors (the mean of seeds at each) by its standard error."""
    old, new = (target.by_place(one.mean(axis=0)) for one in (before, after))
    falls = np.array([old[place] - new[place] for place in old])
    if len(falls) < 2:
        return 0.0
    return float(falls.mean() / max(float(falls.std(ddof=1)) / np.sqrt(len(falls)), 1e-12))
