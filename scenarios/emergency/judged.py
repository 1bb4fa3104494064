"""How a control room did: response times and the share within each target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.emergency.dispatching import Answered
from models.emergency.resources import Target, targets

LOWER = ("mean_s", "median_s", "p90_s", "unanswered", "turned_round")
"""Measures of which less is better; of the shares within a target more is."""


def targets_of(kind: str) -> list[Target]:
    """The targets of a kind of call."""
    return [one for one in targets() if one.call_kind == kind]


def judged(answered: Answered, aims: Sequence[Target]) -> dict[str, float]:
    """Measures of a run: response (call to arrival, of the calls that were answered), shares, utilisation.

    A call that nobody came to is late by every target; the share of such calls is `unanswered`.
    """
    records = answered.records
    response = np.array([one.response_s for one in records if one.answered])
    number = max(1, len(records))
    told = {
        "mean_s": float(response.mean()) if len(response) else np.nan,
        "median_s": float(np.median(response)) if len(response) else np.nan,
        "p90_s": float(np.quantile(response, 0.9)) if len(response) else np.nan,
    }
    for aim in aims:
        clocks = np.array([one.clock_s(aim.clock) if one.answered else np.inf for one in records])
        told[f"within_{aim.name}"] = float((clocks <= aim.limit_s).sum()) / number
    told["unanswered"] = sum(not one.answered for one in records) / number
    told["turned_round"] = sum(one.turned_round for one in records) / number
    told["utilisation"] = answered.utilisation
    return told
