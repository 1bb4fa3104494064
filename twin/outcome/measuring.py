"""From what sensors said to an outcome: by periods that were switched, or by days that were like this one."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.outcomes import AsIf, Estimate, as_if, judged, matched_days, quarters, switchback
from networks.errors import BadInput
from scenarios.ensembles.interval import mean_interval
from twin.outcome.outcome import AT_ALL, Outcome
from twin.outcome.outcome_book import OutcomeBook
from twin.outcome.street_time import MEASURE, UNIT

if TYPE_CHECKING:
    from calibration.live import BothWays

Taken = Callable[[datetime, datetime], float]
"""Mean time past the sensors between two moments, s; NaN where nothing was counted."""
BEFORE, SLICE = timedelta(hours=1), timedelta(minutes=15)


def by_trial(kept: OutcomeBook, rec_id: str, taken: Taken) -> Outcome:
    """What the planned periods of a recommendation show.

    Raises:
        BadInput: None were planned.
        Refused: It was never approved.
    """
    periods = kept.planned(rec_id)
    if not periods:
        raise BadInput("no periods are planned for it", place=rec_id, remedy="twin outcome plan draws them")
    values = [taken(one.counts_from, one.end) for one in periods]
    found = switchback(periods, values)
    off = [value for value, one in zip(values, periods, strict=True) if not one.on and math.isfinite(value)]
    return kept.keep(
        rec_id, found, base=float(np.mean(off)) if off else math.nan, since=periods[0].begin, until=periods[-1].end,
        measure=MEASURE, unit=UNIT,
    )  # fmt: skip


def by_days(kept: OutcomeBook, rec_id: str, taken: Taken, since: datetime, until: datetime, days: int = 28) -> Outcome:
    """What happened while an action held, against the same hours of the days before that began like this one.

    Args:
        kept: Where it is kept.
        rec_id: The recommendation.
        taken: What sensors said.
        since: When the action began to hold; with a zone.
        until: When it ended, or when the measurement does.
        days: How many days back.

    Raises:
        BadInput: Nothing was counted in these hours, or `until` is not after `since`.
        Refused: It was never approved.
    """
    if until <= since:
        raise BadInput(f"{until.isoformat()} is not after {since.isoformat()}", place="--until")
    today = _hours(taken, since, until)
    if not np.isfinite(today).all():
        raise BadInput(
            "sensors said too little of the hour before the action, or of its time", place=rec_id,
            expected=f"counts and speeds from {(since - BEFORE).isoformat()} to {until.isoformat()}",
        )  # fmt: skip
    others = np.array([_hours(taken, since - timedelta(days=back), until - timedelta(days=back))
                       for back in range(1, days + 1)])  # fmt: skip
    whole = others[np.isfinite(others).all(axis=1)]
    found = matched_days(today[:-1], float(today[-1]), whole[:, :-1], whole[:, -1])
    return kept.keep(
        rec_id, found, base=float(today[-1]) - found.difference, since=since, until=until, measure=MEASURE, unit=UNIT
    )


def by_twin(kept: OutcomeBook, rec_id: str, told: BothWays, since: datetime, until: datetime) -> Outcome:
    """What the twin itself says that an action brought: its own copies of that time, with it and without.

    Args:
        kept: Where it is kept.
        rec_id: The recommendation.
        told: From `LiveTown.both_ways`.
        since: Its begin; with a zone.
        until: Its end.

    Raises:
        Refused: It was never approved.
    """
    with_it, without = told.vehicle_hours()
    pairs = len(with_it)
    mean, low, high = mean_interval((with_it - without).tolist()) if pairs else (math.nan,) * 3
    if pairs < 2:
        low, high = -math.inf, math.inf
    found = Estimate("not done", mean, low, high, 0.9, pairs)
    base = float(without.mean()) if pairs else math.nan
    return kept.keep(rec_id, found, base=base, since=since, until=until, measure="vehicle hours", unit="h")


def by_street(
    kept: OutcomeBook, rec_id: str, told: BothWays, rows: NDArray[np.int64], vehicles: NDArray[np.float64],
    speeds_mps: NDArray[np.float64], since: datetime, until: datetime,
) -> Outcome:  # fmt: skip
    """Whether the street looks as if the action was done, whatever its receiver says.

    Args:
        kept: Where it is kept.
        rec_id: The recommendation.
        told: From `LiveTown.both_ways`.
        rows: Row of each sensor's street in what the copies saw (S).
        vehicles: What sensors counted in the same periods (S, T); NaN gaps.
        speeds_mps: Harmonic mean speeds (S, T); NaN gaps.
        since: Begin; with a zone.
        until: End.

    Raises:
        Refused: It was never approved.
    """
    each = max(round(SLICE.total_seconds() / told.period_s), 1)
    sides: list[list[NDArray[np.float64]]] = [
        [np.array([getattr(pair[side], name)[rows] for pair in told.pairs]) for side in (0, 1)]
        for name in ("flow", "speed_mps")
    ]
    found = AsIf(0.0, 0)
    if told.pairs:
        (flow_a, flow_b), (speed_a, speed_b) = sides
        counted = as_if(quarters(vehicles, each), quarters(flow_a, each), quarters(flow_b, each), counted=True)
        driven = [quarters(one, each, mean=True) for one in (speeds_mps, speed_a, speed_b)]
        found = judged(counted, as_if(*driven, counted=False))
    estimate = Estimate(AT_ALL, found.log_odds, -math.inf, math.inf, 0.95, found.n)
    return kept.keep(rec_id, estimate, base=math.nan, since=since, until=until, measure="odds", unit="ln")


def _hours(taken: Taken, since: datetime, until: datetime) -> np.ndarray:
    """The quarters of the hour before, then the time of the action (5,)."""
    slices = [since - BEFORE + SLICE * number for number in range(int(BEFORE / SLICE))]
    return np.array([*(taken(begin, begin + SLICE) for begin in slices), taken(since, until)])
