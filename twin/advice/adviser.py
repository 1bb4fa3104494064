"""`Adviser`: from findings to recommendations, by trying options in copies of the live town."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from calibration.live import Futures, Past
from models.sumo.change import Change
from models.sumo.changes import LaneBlocked
from networks import SignalPlan
from networks.sentence import Sentence, say
from scenarios import Recommendation
from twin.advice.document import document, recommendation
from twin.advice.evidence import keep
from twin.advice.ground import AdviceGround
from twin.advice.judging import Plan, Race, raced
from twin.advice.option import Option
from twin.advice.proposing import options_for
from twin.advice.receipt import write_receipt
from twin.advice.trouble import Trouble, troubles
from twin.alarms import Finding
from twin.cycle import Picture, Turn

DELAY_S = 180.0
"""From a recommendation until it is done (guess): read, approved, pushed, and the next cycle of a signal."""


class Town(Protocol):
    """A live town, as far as advice asks it (`calibration.live.LiveTown`)."""

    @property
    def now_s(self) -> float:
        """The moment of the last cycle."""

    @property
    def known(self) -> tuple[tuple[float, Change], ...]:
        """What the last cycle knew to hold, and since when."""

    def futures(
        self, members: int, until_s: float, *, near: Sequence[str] = (),
        known: Sequence[tuple[float, Change]] | None = None,
    ) -> Futures:  # fmt: skip
        """Draws of what comes."""

    def past(self) -> Past:
        """What made it what it is."""


@dataclass(frozen=True)
class Advice:
    """Advice on one trouble.

    Attributes:
        trouble: What it is about.
        options: What was tried.
        race: How they did.
        recommendation: What goes to the desk; None where doing nothing is as good.
        run_id: The cycle.
        seconds: Wall seconds by step.
    """

    trouble: Trouble
    options: tuple[Option, ...]
    race: Race
    recommendation: Recommendation | None
    run_id: str
    seconds: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The document for `twin.desk.Desk.propose`."""
        assert self.recommendation is not None
        return document(self.recommendation, self.trouble, self.race, self.run_id)

    @property
    def said(self) -> Sentence:
        """One line for the log."""
        if self.recommendation is None:
            return say(
                f"{self.trouble.text['en']}: none of {len(self.options) - 1} options is better than doing nothing",
                f"{self.trouble.text['zh']}：{len(self.options) - 1} 个方案均不优于不采取措施",
            )
        return self.recommendation.title


class Adviser:
    """Tries what could be done.

    Args:
        town: The live town; it must not move while advice is sought.
        ground: Its streets and today's plans.
        folder: Where evidence and receipts are kept.
        seed: Of who follows.
        plan: How much is run; the mode's members judge.
        horizon_s: How far the effect is counted, at most.
        meso: The town is mesoscopic.
    """

    def __init__(
        self, town: Town, ground: AdviceGround, folder: Path, *, seed: int = 1, plan: Plan | None = None,
        horizon_s: float = 1800.0, delay_s: float = DELAY_S, meso: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._town, self._ground, self._folder = town, ground, folder
        self._seed, self._plan, self._meso, self._clock = seed, plan or Plan(), meso, clock
        self._horizon_s, self._delay_s = horizon_s, delay_s
        self.last: tuple[Advice, ...] = ()

    def advise(self, findings: Sequence[Finding], turn: Turn, picture: Picture) -> list[Recommendation]:
        """Recommendations on findings that something can be tried about, the worst trouble first.

        Findings that touch are one trouble with one plan. `documents` has them as the desk keeps them, `last` also the
        troubles about which nothing is recommended.

        Args:
            findings: The cycle's, or those of alarms that ask for somebody.
            turn: The time left is shared by all troubles.
            picture: Of this cycle.
        """
        began_s, found = self._clock(), troubles(findings, self._ground)
        told: list[Advice] = []
        for number, trouble in enumerate(found):
            left_s = (turn.left_s - (self._clock() - began_s)) / (len(found) - number)
            if left_s > 0:
                told.append(self.about(trouble, turn, picture, left_s))
        self.last = tuple(told)
        return [one.recommendation for one in told if one.recommendation is not None]

    def runs(self, plans: Mapping[str, SignalPlan]) -> None:
        """Signals that run other plans than the case's files say: options start from these."""
        self._ground = self._ground.running(plans)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What the last `advise` recommends, as JSON for `Desk.propose`: with run, reasons, assets and the way back."""
        return [one.to_json() for one in self.last if one.recommendation is not None]

    def about(self, trouble: Trouble, turn: Turn, picture: Picture, left_s: float) -> Advice:
        """Advice on one trouble, its evidence and receipt kept."""
        began_s = self._clock()
        town, horizon_s = self._town, min(self._horizon_s, turn.horizon_s)
        options = options_for(trouble, self._ground, self._seed)
        near = tuple(sorted(trouble.reach))
        plan = replace(self._plan, judging=max(turn.mode.members, self._plan.judging))
        known = beside(town.known, known_of(trouble, picture, self._ground, town.now_s))
        futures = town.futures(plan.members, town.now_s + horizon_s, near=near, known=known)
        drawn_s, since_s = self._clock() - began_s, town.now_s + self._delay_s
        plan = replace(plan, left_s=left_s - drawn_s)
        race = raced(options, futures, plan, since_s=since_s, clock=self._clock)
        rec = recommendation(
            trouble, race, created=turn.now, run_id=turn.run_id, delay_s=self._delay_s, horizon_s=horizon_s,
            meso=self._meso,
        )  # fmt: skip
        seconds = {"options and members": drawn_s, **race.seconds}
        advice = Advice(trouble, tuple(options), race, rec, turn.run_id, seconds)
        if rec is not None:
            keep(self._folder, rec.rec_id, town.past(), futures, options, race, since_s)
            write_receipt(advice.to_json(), self._folder / f"{rec.rec_id}.html")
        return advice


def known_of(
    trouble: Trouble, picture: Picture, ground: AdviceGround, now_s: float
) -> tuple[tuple[float, Change], ...]:
    """What blocks the streets, and since when: by the verdict; where there is none the kerb lane, in the middle."""
    found: list[tuple[float, Change]] = []
    for edge in trouble.blocked:
        verdict = next((one for one in picture.verdicts if one.kind == "incident" and one.edge == edge), None)
        finding = next(one for one in trouble.findings if one.subject == edge)
        lanes = verdict.lanes if verdict is not None and verdict.lanes else (0,)
        began_s = verdict.since_s if verdict is not None else (finding.begins - picture.origin).total_seconds()
        middle_m = ground.edges[edge].length_m / 2.0
        found += [(min(began_s, now_s), LaneBlocked(f"{edge}_{lane}", middle_m)) for lane in lanes]
    return tuple(found)


def beside(
    known: Sequence[tuple[float, Change]], found: Sequence[tuple[float, Change]]
) -> tuple[tuple[float, Change], ...]:
    """What the town knows, and blocked lanes that it does not know yet."""
    lanes = {change.lane for _, change in known if isinstance(change, LaneBlocked)}
    fresh = [one for one in found if not (isinstance(one[1], LaneBlocked) and one[1].lane in lanes)]
    return (*known, *fresh)
