"""What a signal may show, and what lies between two of its stages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from networks import Controller, SignalLink, SignalPhase, SignalPlan, Stage
from networks.signals.controllers.changing import change_phases, stage_state

LEAST_GREEN_S = 5.0
YELLOW_S = 3.0
"""RESCO's yellow (Ault & Sharon 2021, Reinforcement Learning Benchmarks for Traffic Signal Control, NeurIPS)."""
_MOST_TO_CHOOSE = 10


@dataclass(frozen=True)
class StageSet:
    """The stages of one signal.

    Attributes:
        tls_id: The signal.
        states: What each stage shows.
        least_s: Least green of each.
        own: So many of them, the first, are those that the signal has today; the others let one approach go alone.
        changes: (before, after) -> the phases between two stages; empty where nobody loses the green.
        longest_red_s: Nobody may be kept waiting for longer, even when every green lasts as long as it may.
        loops: Names of the loops by link, see `networks.signals.equipment.loops`; empty: greens cannot end on call.
    """

    tls_id: str
    states: tuple[str, ...]
    least_s: tuple[float, ...]
    own: int
    changes: Mapping[tuple[int, int], tuple[SignalPhase, ...]] = field(repr=False)
    longest_red_s: float = math.inf
    loops: Mapping[int, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def serves(self, chosen: Sequence[int]) -> bool:
        """Whether every link that has a green today is green in one of the chosen stages."""
        return _green(self.states[n] for n in chosen) >= _green(self.states[: self.own])

    def covers(self) -> list[tuple[int, ...]]:
        """Sets of today's stages that serve everybody, in today's order, the smallest first."""
        numbers = range(min(self.own, _MOST_TO_CHOOSE))
        rest = tuple(range(len(numbers), self.own))
        sizes = range(1, len(numbers) + 1)
        found = [(*some, *rest) for size in sizes for some in combinations(numbers, size)]
        return [some for some in found if self.serves(some)]

    def lost_s(self, chosen: Sequence[int]) -> float:
        """Seconds between the stages of a cycle."""
        return sum(phase.duration_s for pair in pairs(chosen) for phase in self.changes[pair])

    def within_red(self, chosen: Sequence[int], greens_s: Sequence[float]) -> tuple[float, ...]:
        """Whole-second greens, none below its least, the longest shortened until nobody waits too long."""
        greens = [float(max(round(green), self.least_s[n])) for n, green in zip(chosen, greens_s, strict=True)]
        lost = self.lost_s(chosen)
        while lost + sum(greens) - min(greens) > self.longest_red_s:
            able = [k for k, n in enumerate(chosen) if greens[k] > self.least_s[n]]
            if not able:
                break
            greens[max(able, key=lambda k: greens[k])] -= 1.0
        return tuple(greens)


def pairs(chosen: Sequence[int]) -> list[tuple[int, int]]:
    """Each stage with the one that follows it in the cycle."""
    return [] if len(chosen) < 2 else list(zip(chosen, (*chosen[1:], chosen[0]), strict=True))


def free_stages(plan: SignalPlan, links: Sequence[SignalLink]) -> StageSet:
    """The greens of a plan in any order, and each approach alone; 3 s of yellow between: the rules of RESCO.

    Args:
        plan: What the signal runs today.
        links: What it controls.
    """
    own = list(dict.fromkeys(phase.state for phase in plan.phases if _is_green(phase)))
    served = _green(own)
    alone = list[str]()
    for edge in sorted({link.from_edge for link in links}):
        mine = {link.index for link in links if link.from_edge == edge} & served
        state = "".join("G" if k in mine else "r" for k in range(len(own[0]))) if own else ""
        if mine and state not in (*own, *alone):
            alone.append(state)
    states = (*own, *alone)
    numbers = range(len(states))
    changes = {(a, b): _yellow(states[a], states[b]) for a in numbers for b in numbers if a != b}
    return StageSet(plan.tls_id, states, (LEAST_GREEN_S,) * len(states), len(own), changes)


def legal_stages(controller: Controller, *, longest_red_s: float = math.inf) -> StageSet:
    """A controller's stages, with what its intergreens ask for between any two of them."""
    stages: tuple[Stage, ...] = controller.stages
    numbers = range(len(stages))
    changes = {
        (a, b): tuple(change_phases(controller, stages[a], stages[b])) for a in numbers for b in numbers if a != b
    }
    states = tuple(stage_state(controller, stage) for stage in stages)
    least_s = tuple(stage.min_green_s for stage in stages)
    return StageSet(controller.tls_id, states, least_s, len(stages), changes, longest_red_s)


def _is_green(phase: SignalPhase) -> bool:
    return not phase.changing and bool(re.search("[Gg]", phase.state))


def _green(states: Sequence[str] | Iterator[str]) -> set[int]:
    return {k for state in states for k, letter in enumerate(state) if letter in "Gg"}


def _yellow(before: str, after: str) -> tuple[SignalPhase, ...]:
    """Yellow for who loses the green; who keeps it has the way only where it has it before and after."""
    ends = [a in "Gg" and b not in "Gg" for a, b in zip(before, after, strict=True)]
    if not any(ends):
        return ()
    state = "".join(
        "y" if end else (a if a == b else "g") if a in "Gg" else a
        for end, a, b in zip(ends, before, after, strict=True)
    )
    return (SignalPhase(YELLOW_S, state, YELLOW_S, YELLOW_S, "change"),)
