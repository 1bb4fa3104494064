"""A stage with its times, and the change that follows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from networks.timing.lamps import GREEN, YELLOW
from networks.timing.step import Step


@dataclass(frozen=True)
class TimedStage:
    """Lamp groups that are green together, and the steps until the next stage.

    Attributes:
        name: Its name, unique in the timing.
        groups: Names of the lamp groups that are green in it.
        greens: Its steps; several where a file cuts a green in parts.
        change: The steps between it and the next stage; none where the next follows at once.
    """

    name: str
    groups: tuple[str, ...]
    greens: tuple[Step, ...]
    change: tuple[Step, ...] = ()

    @property
    def green_s(self) -> float:
        """Seconds of green."""
        return sum(step.seconds for step in self.greens)

    @property
    def least_s(self) -> float:
        """Least seconds of green."""
        return sum(step.least_s for step in self.greens)

    @property
    def most_s(self) -> float:
        """Most seconds of green."""
        return sum(step.most_s for step in self.greens)

    @property
    def change_s(self) -> float:
        """Seconds until the next stage."""
        return sum(step.seconds for step in self.change)

    @property
    def split_s(self) -> float:
        """Green and change, seconds."""
        return self.green_s + self.change_s

    @property
    def yellow_s(self) -> float:
        """Longest yellow that a lamp group shows in the change, seconds."""
        groups = range(len(self.greens[0].shows))
        return max((_longest(self.change, group) for group in groups), default=0.0)

    @property
    def all_red_s(self) -> float:
        """Seconds of the change in which nobody has green or yellow."""
        return sum(step.seconds for step in self.change if not set(step.shows) & set(GREEN + YELLOW))

    def lasting(self, green_s: float) -> TimedStage:
        """The same stage with another green: its longest step is stretched or cut, and its limits widened to it."""
        at = max(range(len(self.greens)), key=lambda n: (self.greens[n].seconds, -n))
        step = self.greens[at]
        seconds = step.seconds + green_s - self.green_s
        limited = (step.least_s, step.most_s) != (step.seconds, step.seconds)
        least, most = (min(step.least_s, seconds), max(step.most_s, seconds)) if limited else (seconds, seconds)
        longer = replace(step, seconds=seconds, least_s=least, most_s=most)
        return replace(self, greens=(*self.greens[:at], longer, *self.greens[at + 1 :]))


def _longest(change: tuple[Step, ...], group: int) -> float:
    best = now = 0.0
    for step in change:
        now = now + step.seconds if step.shows[group] in YELLOW else 0.0
        best = max(best, now)
    return best
