"""The last hour once more, with what was done and without: what an action brought, as the twin has it.

An anchor of its own begins from the newest state before the action (or from the begin of the day), lives through what
the journal says was done to the town, and is copied at the moment of the action: pairs of copies that meet the same
vehicles, one with the action and one without. Both come from the same state: what its reloading lost is lost in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.live.anchor import Anchor, Running
from calibration.live.demand_now import manners
from calibration.live.journal import Done, Journal
from calibration.live.streets_now import Seen
from models import stream
from models.sumo import Branch, SumoCase
from models.sumo.change import Change
from models.sumo.sent import Later, VehiclesSent
from networks.errors import BadInput

AFTER_S = 1e-6


@dataclass(frozen=True, slots=True)
class BothWays:
    """One stretch of time, lived through with an action and without.

    Attributes:
        begin_s: When the action began.
        period_s: Length of a period.
        pairs: What both copies of each valid pair saw: with it, without it.
        due: Vehicles that were to set out in each period (T).
        left_out: Pairs of which a copy crashed.
    """

    begin_s: float
    period_s: float
    pairs: tuple[tuple[Seen, Seen], ...]
    due: np.ndarray
    left_out: int

    def vehicle_hours(self) -> tuple[np.ndarray, np.ndarray]:
        """Hours that vehicles spent on the road or waiting to enter it, with the action and without (pairs,) each."""
        with_it, without = ([self._spent_h(pair[side]) for pair in self.pairs] for side in (0, 1))
        return np.array(with_it), np.array(without)

    def _spent_h(self, seen: Seen) -> float:
        outside = np.maximum(np.cumsum(self.due - seen.set_out.sum(axis=0)), 0.0)
        return float(seen.vehicle_s.sum() + outside.sum() * self.period_s) / 3600.0


def both_ways(
    case: SumoCase, journal: Journal, folder: Path, running: Running, action: Sequence[Change], *,
    day_s: float, since_s: float, until_s: float, seed: int, pairs: int,
) -> BothWays:  # fmt: skip
    """Live through it with and without.

    Args:
        case: What the town runs.
        journal: Of the town.
        folder: For files of its own; may be removed afterwards.
        running: How copies are run.
        action: Changes that were made to the town, as the journal has them.
        day_s: Begin of the day.
        since_s: When the action began.
        until_s: End; not after the anchor.
        seed: The anchor's.
        pairs: Drivers are drawn anew for each.

    Raises:
        BadInput: The town has not come so far, or the journal does not have the action.
        EngineFailed: SUMO stopped.
    """
    records = journal.records()
    reached = records[-1].anchor_s if records else day_s
    if not day_s <= since_s < until_s <= reached:
        raise BadInput(
            f"{since_s:g} s to {until_s:g} s is not behind the town", expected=f"within {day_s:g} s to {reached:g} s",
            remedy="wait until the simulated town has come past the end; it stands some minutes behind now",
        )  # fmt: skip
    done = [one for record in records for one in record.done]
    had = {change for _, changes in done for change in changes}
    missing = [change.words for change in action if change not in had]
    if missing:
        raise BadInput(f"nothing of the kind was done to the town: {missing[0]}", expected="a change that was known")
    from_s, state = journal.state(since_s) or (day_s, None)
    anchor = Anchor(case, folder, begin_s=from_s, seed=seed, running=running, state=state)
    try:
        _live_through(anchor, done, since_s)
        return _copied(anchor, done, set(action), running, since_s, until_s, seed, pairs)
    finally:
        anchor.end()


def _live_through(anchor: Anchor, done: Sequence[Done], since_s: float) -> None:
    """From the state on, all that was done before the action."""
    begun_s = anchor.time_s
    for time_s, changes in done:
        if time_s < begun_s:
            anchor.again([(begun_s, changes)], anchor.time_s, only_lasting=True)
        elif time_s < since_s - AFTER_S:
            anchor.again([(time_s, changes)], time_s)
    anchor.again((), since_s)


def _copied(
    anchor: Anchor, done: Sequence[Done], action: set[Change], running: Running, since_s: float, until_s: float,
    seed: int, pairs: int,
) -> BothWays:  # fmt: skip
    later = [
        (time_s, change) for time_s, changes in done if since_s - AFTER_S <= time_s < until_s for change in changes
    ]
    branches = []
    for number in range(pairs):
        drivers = manners(int(stream(seed, f"both ways {since_s:.0f} {number}").integers(2**31)))
        for side in ("with", "without"):
            kept = [Later(time_s, change) for time_s, change in later if side == "with" or change not in action]
            branches.append(Branch(f"{side}-{number}", until_s, (drivers, *kept), tables=True, past=False))
    periods = round((until_s - since_s) / running.period_s)
    found = anchor.copies(branches, None, until_s=until_s)
    valid = [one.name for one in branches if one.name not in found.left_out]
    seen = dict(zip(valid, found.seen, strict=True))
    both = tuple(
        (seen[f"with-{number}"], seen[f"without-{number}"])
        for number in range(pairs)
        if f"with-{number}" in seen and f"without-{number}" in seen
    )
    leaving = [at_s for _, one in later if isinstance(one, VehiclesSent) for _, at_s in one.leaving]
    due, _ = np.histogram(leaving, bins=since_s + running.period_s * np.arange(periods + 1))
    return BothWays(since_s, running.period_s, both, due.astype(float), pairs - len(both))
