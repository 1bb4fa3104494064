"""What a max-pressure signal is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from networks import Controller, Stage
from networks.signals.controllers.changing import change_phases, stage_state
from networks.signals.controllers.cliques import fitting_sets
from scenarios.signals.designing.seeding import YIELDING
from scenarios.signals.designing.stage_set import StageSet

MOST_STAGES = 40


@dataclass(frozen=True)
class PressurePlan:
    """A signal whose greens follow who waits.

    Attributes:
        stages: What it may show, in any order; those that it has of its own serve everyone.
        reach_m: So far before the stop line it sees who comes.
        decide_s: Time between two decisions.
    """

    stages: StageSet
    reach_m: float = 120.0
    decide_s: float = 5.0

    @cached_property
    def serves(self) -> np.ndarray:
        """How much of each link each stage serves, shape (stages, links): `G` 1, `g` less, as it gives way."""
        worth = {"G": 1.0, "g": 1.0 / YIELDING}
        return np.array([[worth.get(letter, 0.0) for letter in state] for state in self.stages.states])

    @cached_property
    def lost_s(self) -> np.ndarray:
        """Length of the change between any two stages, shape (stages, stages)."""
        count = len(self.stages.states)
        lost = np.zeros((count, count))
        for pair, phases in self.stages.changes.items():
            lost[pair] = sum(phase.duration_s for phase in phases)
        return lost

    @property
    def reserve_s(self) -> float:
        """So long before its longest red is over a waiting link is called: by then everybody can have been served.

        Who is called is served by the signal's own stages, the one that waits longest first; each of them comes once
        at most before any other, and the stage that is green has its least green first.
        """
        own = range(self.stages.own)
        least = [self.stages.least_s[n] for n in own]
        return sum(least) + max(self.stages.least_s) + (self.stages.own + 1) * float(self.lost_s.max(initial=0.0))


def group_stages(controller: Controller, *, longest_red_s: float) -> StageSet:
    """Every largest set of groups that may be green together, after the controller's own stages.

    Where streams run over edges inside the controller, or people cross beside the lights, only its own stages are used:
    they alone are made for those.

    Args:
        controller: From a table of rules.
        longest_red_s: Nobody may be kept waiting for longer.
    """
    stages = list(controller.stages)
    if not controller.lags and not controller.crossings:
        names = [group.name for group in controller.groups]
        forbids = controller.conflicts.forbids
        fits = [
            sum(1 << b for b, other in enumerate(names) if a != b and not forbids(one, other))
            for a, one in enumerate(names)
        ]
        known = {frozenset(stage.groups) for stage in stages}
        for mask in fitting_sets(fits, MOST_STAGES):
            groups = tuple(name for n, name in enumerate(names) if mask >> n & 1)
            if frozenset(groups) not in known and len(stages) < MOST_STAGES:
                least = max(controller.named[name].min_green_s for name in groups)
                stages.append(Stage(str(len(stages) + 1), groups, least))
    numbers = range(len(stages))
    changes = {
        (a, b): tuple(change_phases(controller, stages[a], stages[b])) for a in numbers for b in numbers if a != b
    }
    states = tuple(stage_state(controller, stage) for stage in stages)
    least_s = tuple(stage.min_green_s for stage in stages)
    return StageSet(controller.tls_id, states, least_s, len(controller.stages), changes, longest_red_s)
