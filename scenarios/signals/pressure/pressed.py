"""One max-pressure signal, second by second: it knows nothing of the simulation that it runs in."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from networks import SignalPhase
from scenarios.signals.pressure.kernel import choose, stage_pressures
from scenarios.signals.pressure.plan import PressurePlan

Pressures = Callable[[], np.ndarray]


@dataclass
class Pressed:
    """A signal that runs.

    Attributes:
        plan: What it is told.
        stage: Number of the stage that is green, or will be after the change.
    """

    plan: PressurePlan
    stage: int = 0
    _since_s: float = 0.0
    _change: list[SignalPhase] = field(default_factory=list)
    _decided_s: float = -math.inf

    def __post_init__(self) -> None:
        serves = self.plan.serves
        self._seen_s = np.full(serves.shape[1], math.nan)  # when each link was green last
        self._mine = serves[: self.plan.stages.own].max(axis=0) > 0.0

    def show(self, now_s: float, pressures: Pressures) -> str:
        """What it shows in the second that begins now.

        Args:
            now_s: Rising by one each time.
            pressures: Gives the weight of each link; asked when it decides.
        """
        if np.isnan(self._seen_s).any():
            self._seen_s[:], self._since_s = now_s, now_s
        state = self._changing(now_s)
        if state is None:
            state = self.plan.stages.states[self.stage]
            if now_s - self._since_s >= self.plan.stages.least_s[self.stage]:
                state = self._decided(now_s, pressures) or state
        green = np.array([letter in "Gg" for letter in state])
        self._seen_s[green] = now_s + 1.0
        return state

    def _changing(self, now_s: float) -> str | None:
        while self._change and now_s - self._since_s >= self._change[0].duration_s:
            self._since_s += self._change.pop(0).duration_s
        return self._change[0].state if self._change else None

    def _decided(self, now_s: float, pressures: Pressures) -> str | None:
        """The first state of the change that it decides for; None where it stays."""
        late = self._late(now_s)
        if late is None and now_s - self._decided_s < self.plan.decide_s:
            return None
        self._decided_s = now_s
        if late is not None:
            chosen = late
        else:
            weights = stage_pressures(self.plan.serves, pressures())
            chosen = choose(weights, self.stage, self.plan.lost_s[self.stage])
        if chosen == self.stage:
            return None
        self._change = list(self.plan.stages.changes[self.stage, chosen])
        self.stage, self._since_s = chosen, now_s
        return self._change[0].state if self._change else self.plan.stages.states[chosen]

    def _late(self, now_s: float) -> int | None:
        """The own stage of the link that must be called now, the one that waits longest first."""
        stages = self.plan.stages
        waits = np.where(self._mine, now_s - self._seen_s, 0.0)
        if waits.max(initial=0.0) < stages.longest_red_s - self.plan.reserve_s:
            return None
        longest = int(np.argmax(waits))
        if waits[longest] <= 0.0:
            return None
        able = [n for n in range(stages.own) if stages.states[n][longest] in "Gg"]
        return max(able, key=lambda n: float(waits[self.plan.serves[n] > 0.0].sum()))
