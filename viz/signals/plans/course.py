"""What a light shows over one cycle, as runs of seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import SignalPlan

GREENS = "Gg"
_STRENGTH = "GgyYu"
RED = "r"


@dataclass(frozen=True)
class Shown:
    """One light shows one thing.

    Attributes:
        begin_s, end_s: Seconds from the begin of the cycle.
        letter: G, g (gives way), y, u (red-amber) or r; everything else counts as r.
    """

    begin_s: float
    end_s: float
    letter: str

    @property
    def seconds(self) -> float:
        """How long."""
        return self.end_s - self.begin_s


def course(plan: SignalPlan, links: Sequence[int]) -> tuple[Shown, ...]:
    """What a group of links shows over one cycle at the plan's written lengths; of several the strongest counts.

    Args:
        plan: The plan.
        links: Positions in its states.
    """
    spans: list[tuple[float, float, str]] = []
    now = 0.0
    for phase in plan.phases:
        spans.append((now, now + phase.duration_s, strongest(phase.state, links)))
        now += phase.duration_s
    runs = []
    for letter, run in groupby(spans, key=lambda span: span[2]):
        same = list(run)
        runs.append(Shown(same[0][0], same[-1][1], letter))
    return tuple(runs)


def strongest(state: str, links: Sequence[int]) -> str:
    """What a group shows: the green of one of its links before the yellow of another; yellow in lower case."""
    letters = {state[link] for link in links}
    return next((one.replace("Y", "y") for one in _STRENGTH if one in letters), RED)


def greens(shown: Sequence[Shown], cycle_s: float) -> tuple[tuple[float, float], ...]:
    """(begin, end) of each green, G and g as one, joined over the end of the cycle: there the end lies beyond it."""
    found: list[tuple[float, float]] = []
    for one in shown:
        if one.letter not in GREENS:
            continue
        if found and found[-1][1] == one.begin_s:
            found[-1] = (found[-1][0], one.end_s)
        else:
            found.append((one.begin_s, one.end_s))
    if len(found) > 1 and found[0][0] == 0.0 and found[-1][1] == cycle_s:
        found[-1] = (found[-1][0], cycle_s + found[0][1])
        del found[0]
    return tuple(found)
