"""The ladder of overload: what a cycle gives up when there is too much to do, in a stated order, and says so.

Seconds of earlier cycles tell what the next one costs. A stage whose work grows with members and horizon is believed
to cost in proportion to both; any other what it cost last time. The first rung on which everything fits is taken;
a rung is left upward only where there is room to spare, so that a cycle does not go to and fro.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from networks.sentence import Sentence, say
from twin.cycle import Mode

FULL, ROOMY = 0.9, 0.7
"""Shares of the budget: what a cycle may be planned to take, and below which a rung is left upward again."""
FORGET = 0.7
"""What is left of an older, dearer cycle when a cheaper one was seen."""
FEWEST, SHORTEST_S = 2, 900.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One step down.

    Attributes:
        members: Share of the mode's members.
        horizon: Share of its horizon.
        without: Stages that are left out.
        words: What is given up on this rung, beyond those above it.
    """

    members: float
    horizon: float
    without: frozenset[str]
    words: Sentence

    def members_of(self, mode: Mode) -> int:
        """Copies of a forecast; never below FEWEST, unless the mode has fewer."""
        return max(min(FEWEST, mode.members), math.floor(mode.members * self.members))

    def horizon_of(self, mode: Mode, period_s: float) -> float:
        """How far a forecast goes (s), in whole periods."""
        wanted = max(min(SHORTEST_S, mode.horizon_s), mode.horizon_s * self.horizon)
        return float(math.ceil(wanted / period_s) * period_s)


ELASTIC = frozenset({"advice", "outcome"})
"""Stages that come seldom and take what is left: what one took says nothing of the next cycle."""
_SLOW = frozenset({"sensors", "coverage", "outcome"})
_NO_REVIEW = say("no review of sensors, of response times, of what actions brought", "不检查传感器、响应时间和措施效果")
RUNGS: tuple[Rung, ...] = (
    Rung(1.0, 1.0, frozenset(), say("nothing is given up", "全部执行")),
    Rung(
        1.0,
        1.0,
        _SLOW,
        say("no review of sensors, of response times, of what actions brought", "不检查传感器、响应时间和措施效果"),
    ),
    Rung(0.5, 1.0, _SLOW, say("half the members", "成员减半")),
    Rung(0.5, 0.5, _SLOW, say("half the horizon", "预测时长减半")),
    Rung(0.25, 0.5, _SLOW, say("a quarter of the members", "成员减至四分之一")),
    Rung(0.25, 0.5, _SLOW | {"advice"}, say("no search for advice", "不搜索建议")),
)
"""What is given up, first to last. Estimating now, finding trouble, telling it and what was approved is never."""


@dataclass
class Ladder:
    """What stages took, and where on the ladder the next cycle stands.

    Attributes:
        scaling: Stages whose work grows with members and horizon.
        lag_s: What each member runs before its horizon begins (s).
        rung: Of the last cycle.
        cost: Seconds of each stage, for one member and second of simulation where it scales.
    """

    scaling: frozenset[str] = frozenset({"traffic"})
    lag_s: float = 900.0
    rung: int = 0
    cost: dict[str, float] = field(default_factory=dict)

    def choose(self, mode: Mode, stages: Sequence[str], period_s: float) -> int:
        """The rung of the next cycle; the last one where nothing fits."""
        fits = [self.seconds(rung, mode, stages, period_s) <= FULL * mode.budget_s for rung in range(len(RUNGS))]
        wanted = fits.index(True) if any(fits) else len(RUNGS) - 1
        while wanted < self.rung and self.seconds(wanted, mode, stages, period_s) > ROOMY * mode.budget_s:
            wanted += 1
        self.rung = wanted
        return wanted

    def seconds(self, rung: int, mode: Mode, stages: Sequence[str], period_s: float) -> float:
        """What a cycle on a rung will take, by what is known (s); what never ran or is ELASTIC counts for nothing."""
        at = RUNGS[rung]
        work = at.members_of(mode) * (self.lag_s + at.horizon_of(mode, period_s))
        return sum(
            self.cost.get(name, 0.0) * (work if name in self.scaling else 1.0)
            for name in stages if name not in at.without | ELASTIC
        )  # fmt: skip

    def learn(self, seconds: Mapping[str, float], members: int, horizon_s: float) -> None:
        """Remember what stages took: more at once, less by and by.

        Args:
            seconds: Wall seconds by stage.
            members: Members that the cycle had.
            horizon_s: How far it went.
        """
        work = members * (self.lag_s + horizon_s)
        for name in self.cost.keys() - seconds.keys():
            self.cost[name] *= FORGET  # what was left out may be cheap by now: it is tried again
        for name, took_s in seconds.items():
            seen = took_s / work if name in self.scaling else took_s
            self.cost[name] = max(seen, FORGET * self.cost.get(name, 0.0) + (1.0 - FORGET) * seen)


def given_up(rung: int) -> tuple[Sentence, ...]:
    """What a cycle on this rung does without."""
    return tuple(one.words for one in RUNGS[1 : rung + 1])
