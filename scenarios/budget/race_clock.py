"""A race against the clock: batches in their order until the time, or the wished certainty, is reached."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from scenarios.budget.answer import effect_of
from scenarios.budget.best import half_width
from scenarios.budget.clock import Clock
from scenarios.budget.schedule import Batch, Schedule
from scenarios.budget.trial import Trial

RunBatch = Callable[[Batch, float], list[Trial | None]]
"""Runs a batch, beginning no run from this moment on (the clock's own time): None for each of those."""
Tell = Callable[[str, int, int], None]

SHARES = {"screening": 0.62, "screening again": 0.68}
"""Share of the budget after which these parts begin no more runs; the others have all of it."""


def run_race(
    schedule: Schedule, clock: Clock, run: RunBatch, *, half_width_share: float = 0.0, tell: Tell | None = None
) -> None:
    """Run a schedule until its budget is spent.

    A run that has begun ends; none is begun that would end too late, going by how long the longest of its kind took. Of
    a batch that the clock cuts, only the trials before the first that is missing count, so that the race is the same
    whatever runs at the same time.

    Args:
        schedule: What to run; holds every trial afterwards.
        clock: The budget.
        run: How.
        half_width_share: Stop when the half of the effect's 90 % interval is at most this share of the state of
            things.
        tell: Hears of each batch: its part, runs so far, simulated candidates.
    """
    for batch in schedule.batches():
        screening = batch.part in SHARES
        share = SHARES.get(batch.part, 1.0)
        takes_s = _longest_s(schedule, batch)
        results = run(batch, clock.until(share) - takes_s) if clock.left_s(share) > takes_s and batch.members else []
        trials = [one for one in takewhile(lambda one: one is not None, results) if one is not None]
        schedule.tell(trials)
        if tell:
            tell(batch.part, len(schedule.done), len(schedule.names))
        if len(trials) == len(batch.members):
            if batch.part == "fresh seeds" and _certain(schedule, half_width_share):
                return
        elif screening:
            schedule.end_screening()
        else:
            return


def _longest_s(schedule: Schedule, batch: Batch) -> float:
    kinds = {member.fidelity for member in batch.members}
    return max((one.wall_s for one in schedule.done if one.member.fidelity in kinds), default=0.0)


def _certain(schedule: Schedule, share: float) -> bool:
    effect = effect_of(schedule, schedule.chosen)
    return bool(effect and share and half_width(effect.low, effect.high) <= share * effect.as_it_is)
