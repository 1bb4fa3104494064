"""Designs of fixed times brought into step: one cycle, and the offsets that let most vehicles pass on green."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from networks.signals.plans.course import course_of
from scenarios.signals.coordinating.common_cycle import with_cycle
from scenarios.signals.coordinating.offsets import Offsets, best_offsets
from scenarios.signals.coordinating.streams import Stream, Turn
from scenarios.signals.coordinating.way import Way, Window, share_on_green
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.stage_set import StageSet

Designs = Mapping[str, Design]
AT_ONCE = 8
"""Signals whose offsets are found together; further ones follow, those before them settled."""
NODES, FEWER_NODES, MANY = 100, 1, 40
"""Of the solver's tree for each lot, and of more signals than the third: a hundred nodes instead of one changed the
flow within bands by less than 2 % on networks of 8, 21 and 247 signals, and simulation improves a start anyway."""


@dataclass(frozen=True)
class GreenWaves:
    """Finds offsets for the signals of a case.

    Attributes:
        stages: Stage set by signal.
        ratios: Flow ratios of its stages by signal.
        links: Positions in the signal's states of each turn.
        streams: Traffic from signal to signal.
        limit_s: Longest time for the signals that are solved together; a lot usually takes less than a second.
    """

    stages: Mapping[str, StageSet]
    ratios: Mapping[str, np.ndarray]
    links: Mapping[Turn, Sequence[int]] = field(repr=False)
    streams: Sequence[Stream] = field(repr=False)
    limit_s: float = 20.0

    def of(self, designs: Designs) -> tuple[dict[str, Design], Offsets] | None:
        """The designs in step; signals that cannot have the cycle of the others keep theirs.

        Args:
            designs: By signal; those of fixed times are brought into step, with the cycle that is usual among them.

        Returns:
            None where no traffic drives from one such signal to another.
        """
        fixed = {tls: one for tls, one in designs.items() if one.control == "static" and tls in self.stages}
        if not fixed:
            return None
        cycle_s = float(round(median(plan_of(one, self.stages[tls]).cycle_s for tls, one in sorted(fixed.items()))))
        made = {tls: with_cycle(one, self.stages[tls], self.ratios[tls], cycle_s) for tls, one in fixed.items()}
        able = {tls: one for tls, one in made.items() if one is not None}
        ways = self.ways(able, cycle_s)
        if not ways:
            return None
        nodes = NODES if len(able) <= MANY else FEWER_NODES
        offsets = settle(ways, cycle_s, limit_s=self.limit_s, nodes=nodes)
        waves = {tls: replace(one, offset_s=offsets.seconds.get(tls, one.offset_s)) for tls, one in able.items()}
        return {**designs, **waves}, offsets

    def ways(self, designs: Designs, cycle_s: float) -> list[Way]:
        """The streams over signals that all have a design, with their greens in it; those that meet no red left out."""
        plans = {tls: plan_of(replace(one, offset_s=0.0), self.stages[tls]) for tls, one in designs.items()}
        courses = {tls: course_of(plan) for tls, plan in plans.items()}
        found = []
        for stream in self.streams:
            windows = list[Window]()
            for turn, run_s in zip(stream.turns, stream.run_s, strict=True):
                if turn[0] not in courses:
                    break
                greens = courses[turn[0]].greens(tuple(self.links.get(turn, ())))
                longest = max(greens, key=lambda one: one.seconds, default=None)
                if longest is None:
                    break
                if longest.seconds < cycle_s:
                    windows.append(Window(turn[0], longest.begin % cycle_s, longest.seconds, run_s))
            else:
                if len({window.tls_id for window in windows}) > 1:
                    found.append(Way(tuple(windows), stream.flow_vph))
        return found


def settle(
    ways: Sequence[Way], cycle_s: float, *, at_once: int = AT_ONCE, limit_s: float = 20.0, nodes: int = NODES
) -> Offsets:
    """Offsets of any number of signals: a few at a time, beginning where most traffic is, the others around them.

    For one lot the answer is that of `best_offsets`. For more, `most_vph` is the flow of all ways, which no offsets
    exceed, and `proved` is False.
    """
    every = {window.tls_id for way in ways for window in way.windows}
    if len(every) <= at_once:
        return best_offsets(ways, cycle_s, limit_s=limit_s, nodes=nodes)
    settled: dict[str, float] = {}
    while len(settled) < len(every):
        lot = _lot(ways, set(settled), at_once)
        known = set(settled) | lot
        inside = [way for way in ways if {w.tls_id for w in way.windows} <= known]
        mine = [way for way in inside if any(window.tls_id in lot for window in way.windows)]
        found = best_offsets(mine, cycle_s, given_s=settled, limit_s=limit_s, nodes=nodes) if mine else None
        settled |= {tls: found.seconds.get(tls, 0.0) if found else 0.0 for tls in lot}
    most = float(sum(way.flow_vph for way in ways))
    return Offsets(settled, share_on_green(ways, settled, cycle_s), most, False)


def _lot(ways: Sequence[Way], settled: set[str], at_once: int) -> set[str]:
    """The next signals: one way's after the other, those with most traffic to what is known already first."""
    lot = set[str]()
    waiting = [way for way in ways if any(window.tls_id not in settled for window in way.windows)]
    while waiting and len(lot) < at_once:
        known = settled | lot
        best = max(waiting, key=lambda way: (any(w.tls_id in known for w in way.windows), way.flow_vph))
        fresh = [w.tls_id for w in best.windows if w.tls_id not in known]
        lot |= set(fresh[: at_once - len(lot)])
        waiting = [way for way in waiting if any(window.tls_id not in settled | lot for window in way.windows)]
    return lot
