"""What screening on the cheap model has cost: the chosen candidate against random ones that are run in micro, too."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from networks import SignalPlan
from scenarios.budget.answer import Regret
from scenarios.budget.case_trials import CaseTrials
from scenarios.budget.schedule import Batch, Schedule
from scenarios.budget.trial import Member


def regret_of(
    schedule: Schedule,
    drawn: Sequence[str],
    trials: CaseTrials,
    plans: Mapping[str, Mapping[str, SignalPlan]],
) -> Regret | None:
    """Run the drawn candidates in micro on the seeds of the choice and compare the chosen one with the best of them.

    A run that has passed the chosen one's cost cannot be the best any more, and is stopped there. The least of many
    costs of one seed is lower than that of a fresh one would be: the regret is, if anything, told too large.

    Args:
        schedule: The race that is over.
        drawn: Candidates drawn at random.
        trials: What makes runs.
        plans: Plans of every candidate.

    Returns:
        The regret; None when nothing was chosen or the drawn are none.
    """
    own = schedule.costs(schedule.chosen, schedule.rules.choosing)
    if not own or not drawn:
        return None
    costs: dict[str, list[float]] = {name: [] for name in drawn}
    for seed, limit in sorted(own.items()):
        known = {name: schedule.costs(name, [seed]) for name in drawn}
        members = tuple(Member(name, seed, "micro") for name in drawn if not known[name])
        found = trials.run(Batch("regret", members, stop_above=limit), plans, math.inf) if members else []
        ran = {one.member.name: one.cost for one in found if one is not None and one.complete}
        for name in drawn:
            costs[name].append(known[name].get(seed, ran.get(name, limit)))
    means = {name: float(np.mean(values)) for name, values in costs.items()}
    best = min(means, key=lambda name: means[name])
    chosen = float(np.mean(list(own.values())))
    return Regret(
        len(drawn),
        best,
        chosen,
        means[best],
        tuple(sorted(own)),
        (chosen - means[best]) / means[best],
        tuple(means.values()),
    )
