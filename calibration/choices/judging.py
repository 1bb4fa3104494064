"""How well a day is foretold at counters that were not used, beside what anybody could have said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.choices.counted import WHAT, Count
from calibration.choices.expected_day import Expected, Ground
from calibration.choices.residuals import expected_of

HALF_HOUR_S = 1800.0


def relative_error(told: np.ndarray, said: np.ndarray, what: str, period_s: float) -> tuple[float, float]:
    """Sum of the absolute errors of half-hours, and the sum of what was told; people.

    Args:
        told: (periods,) NaN where nothing.
        said: (periods,) what was expected.
        what: Of WHAT; who is inside is a mean over the half-hour, the others a sum.
        period_s: Length of a period (s).
    """
    width = max(1, round(HALF_HOUR_S / period_s))
    periods = len(told) // width * width
    known = ~np.isnan(told[:periods]).reshape(-1, width)
    one, other = (np.where(known, side[:periods].reshape(-1, width), 0.0).sum(axis=1) for side in (told, said))
    share = 1.0 / np.maximum(known.sum(axis=1), 1) if what == "inside" else 1.0
    return float((np.abs(one - other) * share).sum()), float((one * share).sum())


def error_at(counts: Sequence[Count], said: Sequence[np.ndarray], period_s: float) -> float:
    """Sum of the absolute errors over the sum of what was told, over some counters; doors and presence weigh alike."""
    shares = []
    for what in WHAT:
        parts = [
            relative_error(one.told / one.per_person, mine / one.per_person, one.what, period_s)
            for one, mine in zip(counts, said, strict=True)
            if one.what == what
        ]
        told = sum(size for _, size in parts)
        if told > 0:
            shares.append(sum(missed for missed, _ in parts) / told)
    return float(np.mean(shares)) if shares else float("nan")


def said_by_model(counts: Sequence[Count], day: Expected) -> list[np.ndarray]:
    """What each counter would tell by an expected day's first set."""
    return [expected_of(day, one)[0] for one in counts]


def said_by_mean(wanted: Sequence[Count], known: Sequence[Count]) -> list[np.ndarray]:
    """The mean of the other counters of its kind in the same period."""
    out = []
    for one in wanted:
        others = [two.told / two.per_person for two in known if two.what == one.what]
        mean = np.nanmean(np.array(others), axis=0) if others else np.full(len(one.told), np.nan)
        out.append(one.per_person * np.nan_to_num(mean))
    return out


def said_by_gravity(
    wanted: Sequence[Count], known: Sequence[Count], ground: Ground, per_min: float
) -> list[np.ndarray]:
    """Gravity by area: in proportion to area x exp(per_min x minutes on foot), at the times of the known counters.

    Scaled so that the known counters of the kind are met in the sum.
    """
    walk = np.where(np.isfinite(ground.walk_s), ground.walk_s / 60.0, np.inf)[: len(ground.arrivals)]
    area = np.where(np.isnan(ground.sites.area_m2), np.nanmedian(ground.sites.area_m2), ground.sites.area_m2)
    weight = area * np.exp(per_min * walk)
    share = ground.arrivals.sum(axis=1) @ (weight / weight.sum(axis=1, keepdims=True))
    out = []
    for one in wanted:
        others = [two for two in known if two.what == one.what]
        times = np.nansum([two.told / two.per_person for two in others], axis=0) if others else np.zeros(len(one.told))
        drawn = sum(share[two.site] for two in others) or 1.0
        out.append(one.per_person * np.asarray(times) * share[one.site] / drawn)
    return out
