"""How a control room did: response times and the share within each target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.emergency.dispatching import Answered, Whole, wholes
from models.emergency.resources import Target, targets


def lower_is_better(measure: str) -> bool:
    """Whether less of a measure is better; of the shares within a target more is."""
    return measure.endswith("_s") or measure in ("unanswered", "incomplete", "turned_round")


def targets_of(kinds: Sequence[str]) -> list[Target]:
    """The targets of kinds of calls."""
    return [one for one in targets() if one.call_kind in kinds]


def judged(answered: Answered, aims: Sequence[Target], within_s: float) -> dict[str, float]:
    """Measures of a run: response (call to the first unit there, of the calls that were answered), shares, utilisation.

    A call that nobody came to is late by every target; the share of such calls is `unanswered`. `in_time` is the share
    of the calls that somebody reached within `within_s`, which is what rules of coverage aim at. Of several kinds each
    has its own median and 90th percentile; where calls ask for several units, `all_there_s` is the median until the
    last of them, and `incomplete` the share of those calls that one never came to.
    """
    calls = wholes(answered.records)
    told = _times("", calls)
    kinds = sorted({one.call.kind for one in calls})
    for kind in kinds if len(kinds) > 1 else ():
        told |= _times(f"{kind}_", [one for one in calls if one.call.kind == kind])
    for aim in aims:
        mine = [one for one in calls if one.call.kind == aim.call_kind]
        clocks = np.array([one.first.clock_s(aim.clock) if one.answered else np.inf for one in mine])
        told[f"within_{aim.name}"] = float((clocks <= aim.limit_s).mean()) if len(clocks) else np.nan
    several = np.array([one.complete_s for one in calls if len(one.parts) > 1])
    if len(several):
        came = several[np.isfinite(several)]
        told["all_there_s"] = float(np.median(came)) if len(came) else np.nan
        told["incomplete"] = float(np.isinf(several).mean())
    number = len(calls) or np.nan  # a day without calls has no shares
    told["in_time"] = sum(one.answered and one.first.response_s <= within_s for one in calls) / number
    told["unanswered"] = sum(not one.answered for one in calls) / number
    told["turned_round"] = sum(one.turned_round for one in answered.records) / number
    told["utilisation"] = answered.utilisation
    return told


def _times(prefix: str, calls: Sequence[Whole]) -> dict[str, float]:
    response = np.array([one.first.response_s for one in calls if one.answered])
    some = len(response) > 0
    return {
        f"{prefix}mean_s": float(response.mean()) if some else np.nan,
        f"{prefix}median_s": float(np.median(response)) if some else np.nan,
        f"{prefix}p90_s": float(np.quantile(response, 0.9)) if some else np.nan,
    }
