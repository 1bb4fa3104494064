"""`Round`: one cycle, stage by stage in a stated order, each within the time that is left.

A stage that fails is told, and what it made in the cycle before stands until it is over. One that does not come back in
time is told and left alone: it is not asked again before it came back, and what it brings then is thrown away.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from networks.digest import digest_json
from networks.errors import TwinError
from networks.sentence import Sentence, say
from twin.cycle import Mode, Picture, Stage, Turn
from twin.live.ladder import RUNGS, Ladder, given_up

log = logging.getLogger(__name__)

LEAST_S = 1.0
"""Wall seconds that a stage is given even where the budget is spent: what is cheap and last (telling) must be done."""


def run_id_of(now: datetime, inputs: object) -> str:
    """The name of a cycle: its moment, and a digest of what it was made from.

    Args:
        now: Its moment; with a zone.
        inputs: JSON-ready: the town, and what was heard.
    """
    return f"{now:%Y%m%dT%H%M%S%z}-{digest_json(inputs)[:8]}"


@dataclass
class _Late:
    """A stage that runs in a thread of its own."""

    thread: threading.Thread
    brought: list[Picture | BaseException]


@dataclass
class Round:
    """Runs cycles.

    Attributes:
        stages: In their order.
        ladder: What is given up when there is too much to do.
        period_s: Of the counts: horizons are whole periods.
        before: The picture of the last cycle.
        monotonic: Where wall seconds come from.
        at: Name of the stage that runs now; empty between cycles.
        zone: Of the city's clock.
    """

    stages: Sequence[Stage]
    ladder: Ladder = field(default_factory=Ladder)
    period_s: float = 300.0
    before: Picture | None = None
    at: str = ""
    zone: tzinfo = UTC
    monotonic: Callable[[], float] = time.monotonic
    _late: dict[str, _Late] = field(default_factory=dict)
    _made: dict[str, frozenset[str]] = field(default_factory=dict)

    def run(self, now: datetime, origin: datetime, mode: Mode, inputs: object) -> Picture:
        """One cycle; never raises for what a stage does.

        Args:
            now: Its moment; with a zone.
            origin: Second 0 of the clock of forecasts; with a zone.
            mode: Usual, or emergency.
            inputs: What it is made from, for its name.
        """
        began = self.monotonic()
        rung = self.ladder.choose(mode, [one.name for one in self.stages], self.period_s)
        members, horizon_s = RUNGS[rung].members_of(mode), RUNGS[rung].horizon_of(mode, self.period_s)
        picture = Picture(run_id_of(now, inputs), now, origin, left_out=given_up(rung), zone=self.zone)
        seconds: dict[str, float] = {}
        for stage in self.stages:
            if stage.name in RUNGS[rung].without:
                picture = self._carried(stage.name, picture)
                continue
            stage_began, self.at = self.monotonic(), stage.name
            left_s = max(mode.budget_s - (stage_began - began), LEAST_S)
            turn = Turn(picture.run_id, now, mode, members, horizon_s, left_s, self.before)
            picture = self._one(stage, turn, replace(picture, seconds=dict(seconds)))
            seconds[stage.name] = self.monotonic() - stage_began
        self.at = ""
        self.ladder.learn(seconds, members, horizon_s)
        self.before = replace(picture, seconds=seconds)
        return self.before

    def _one(self, stage: Stage, turn: Turn, picture: Picture) -> Picture:
        """The picture with one stage's part, or with its part of the cycle before and the reason."""
        name, late = stage.name, self._late.get(stage.name)
        if late is not None and late.thread.is_alive():
            return self._without(name, picture, say("it has not come back from an earlier cycle", "上一周期尚未结束"))
        brought: list[Picture | BaseException] = []
        thread = threading.Thread(
            target=_bring, args=(stage, turn, picture, brought), name=f"stage {name}", daemon=True
        )
        thread.start()
        thread.join(turn.left_s)
        if not brought:
            self._late[name] = _Late(thread, brought)
            took = f"{turn.left_s:.0f}"
            return self._without(name, picture, say(f"not ready within {took} s", f"{took}秒内未完成"))
        self._late.pop(name, None)
        if isinstance(brought[0], BaseException):
            return self._without(name, picture, _told(brought[0]))
        self._made[name] = _new_in(brought[0], picture)
        return brought[0]

    def _without(self, name: str, picture: Picture, why: Sentence) -> Picture:
        told = say(f"{name}: {why['en']}; the picture before stands", f"{name}：{why['zh']}；沿用上一结果")
        return self._carried(name, replace(picture, left_out=(*picture.left_out, told)))

    def _carried(self, name: str, picture: Picture) -> Picture:
        """With what the stage made in the cycle before, as far as that is not over."""
        made, before = self._made.get(name, frozenset()), self.before
        if before is None or not made:
            return picture
        now_s = (picture.now - before.origin).total_seconds()
        kept = tuple(
            one for one in before.forecasts
            if one.quantity in made and one.begin_s + one.period_s * one.members.shape[2] > now_s
        )  # fmt: skip
        return replace(
            picture,
            forecasts=(*picture.forecasts, *kept),
            verdicts=before.verdicts if "verdicts" in made else picture.verdicts,
            issues=before.issues if "issues" in made else picture.issues,
        )


def _bring(stage: Stage, turn: Turn, picture: Picture, brought: list[Picture | BaseException]) -> None:
    try:
        brought.append(stage.run(turn, picture))
    except BaseException as error:  # whatever a model does, the cycle goes on, and says so
        if not isinstance(error, TwinError):
            log.exception("stage %s of %s failed", stage.name, turn.run_id)
        brought.append(error)


def _told(error: BaseException) -> Sentence:
    if isinstance(error, TwinError):
        return say(error.what, error.what)
    return say(f"{type(error).__name__}: {error}", f"{type(error).__name__}: {error}")


def _new_in(after: Picture, before: Picture) -> frozenset[str]:
    """What a stage made: quantities, "verdicts", "issues"."""
    made = {one.quantity for one in after.forecasts} - {one.quantity for one in before.forecasts}
    if after.verdicts is not before.verdicts:
        made.add("verdicts")
    if after.issues is not before.issues:
        made.add("issues")
    return frozenset(made)
