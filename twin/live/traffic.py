"""The stage that keeps the streets: a town followed by its counts, and what comes on them in the next hour."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibration.live import Rhythm
from networks.errors import EngineFailed
from networks.sentence import Sentence, say
from twin.cycle import Picture, Turn

if TYPE_CHECKING:
    from calibration.incidents import Watching
    from calibration.live import Cycle, LiveTown
    from calibration.skill import Forecast, Served
    from twin.live.carried import Carried
    from twin.live.counts_now import CountsNow
    from twin.live.water_points import Water
    from twin.town_skill import TownSkill

KEEP_S = 6 * 3600.0
"""Forecasts are kept for so long on the disk; the ledger of their scores stays."""
QUANTITIES = ("flow", "speed", "travel_time")
IN_TIME = 0.85
"""Share of the time left that members may take together."""


@dataclass
class Traffic:
    """Follows a town.

    Attributes:
        town: The town.
        counts: What its sensors say.
        skill: The ledger of what was forecast at the sensors.
        watching: Looks for incidents; None: nobody knows what is usual.
        kept: Where what it found is kept.
        at_once: Members that run at a time; None is one per CPU.
        cycle: The last one; None before the first, and where it was found again on the disk.
        lock: Held while the town moves, or while somebody tries something in it.
        served: What is served at the sensors: the twin, a baseline, or a mixture.
        carried: What receivers carried out; None: nothing leaves.
        water: What gauges say that water closes; None: nobody says which streets they stand for.
    """

    town: LiveTown
    counts: CountsNow
    skill: TownSkill
    watching: Watching | None = None
    kept: Path = Path("watch.json")
    at_once: int | None = None
    cycle: Cycle | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    served: dict[str, Served] = field(default_factory=dict)
    carried: Carried | None = None
    water: Water | None = None
    name: str = "traffic"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """Flow and speed of every street, and incidents that are suspected.

        Raises:
            EngineFailed: SUMO stopped, or somebody else uses the town.
        """
        if not self.lock.acquire(timeout=max(turn.left_s / 2.0, 1.0)):
            raise EngineFailed("the search for advice still uses the town")
        try:
            return self._run(turn, picture)
        finally:
            self.lock.release()

    def _run(self, turn: Turn, picture: Picture) -> Picture:
        now_s = (turn.now - picture.origin).total_seconds()
        if now_s <= self.town.now_s:
            return self._found_again(now_s, picture)
        self.town.keep_to(self._rhythm(turn))
        counts, speeds = self.counts.up_to(now_s)
        known = (
            *(self.watching.known if self.watching else ()),
            *(self.carried.known() if self.carried else ()),
            *(self.water.known(turn.now, picture.origin) if self.water else ()),
        )
        again = (*picture.left_out, *(self.carried.said if self.carried else ()))
        try:
            cycle = self.town.cycle(now_s, counts, speeds, known=known)
        except EngineFailed as error:
            self.town.find_again()
            told_of = say(f"traffic: {error.what}; found again", f"交通：{error.what}；已恢复")
            again = (*again, told_of)
            cycle = self.town.cycle(now_s, counts, speeds, known=known)
        self.cycle = cycle
        verdicts = picture.verdicts
        if self.watching is not None and counts.vehicles.shape[1] <= self.watching.watch.expected.flow.shape[1]:
            verdict = self.watching.step(counts, speeds)
            self._keep()
            verdicts = (*(one for one, _ in self.watching.standing), *((verdict,) if verdict else ()))
            verdicts = tuple(dict.fromkeys(verdicts))
        self.served = self.skill.step(counts, speeds, cycle.forecasts)
        self.town.let_go(now_s - KEEP_S)
        told = (*again, *self._told(counts.vehicles[:, -1], cycle))
        forecasts = cycle.forecasts or _before(turn, now_s)
        return replace(picture, forecasts=(*picture.forecasts, *forecasts), verdicts=verdicts, left_out=told)

    def _rhythm(self, turn: Turn) -> Rhythm:
        at = self.town.rhythm
        at_once = self.at_once or os.cpu_count() or 1
        waves = -(-turn.members // at_once)
        limit_s = max(IN_TIME * turn.left_s / waves, 1.0)
        return Rhythm(at.lag_s, at.window_s, turn.horizon_s, turn.members, self.at_once, limit_s)

    def _found_again(self, now_s: float, picture: Picture) -> Picture:
        """The town has lived through this cycle before it was stopped: what it told then."""
        kept = self.town.told(now_s)
        if not kept:
            raise EngineFailed(f"the town is at {self.town.now_s:g} s already, and nothing is kept of {now_s:g} s")
        standing = tuple(one for one, _ in self.watching.standing) if self.watching else ()
        return replace(picture, forecasts=(*picture.forecasts, *kept), verdicts=standing)

    def _keep(self) -> None:
        from calibration.incidents import keep

        if self.watching is not None:
            keep(self.watching, self.kept)

    def _told(self, last: np.ndarray, cycle: Cycle) -> list[Sentence]:
        """What this picture of the streets lacks."""
        silent = int(np.isnan(last).sum())
        told = []
        if silent:
            of = f"{silent} of {len(last)}"
            told.append(say(f"traffic: {of} sensors said nothing of the last period",
                            f"交通：{len(last)}个检测器中{silent}个无最新数据"))  # fmt: skip
        for name, why in cycle.left_out.items():
            told.append(say(f"traffic: {name} left out: {why['en']}", f"交通：{name}未采用：{why['zh']}"))
        if not cycle.forecasts:
            told.append(say("traffic: no member is usable; the picture before stands",
                            "交通：没有可用成员；沿用上一结果"))  # fmt: skip
        if cycle.approximate:
            told.append(say("traffic: approximate, found again after a stop", "交通：中断后恢复，为近似值"))
        return told


def _before(turn: Turn, now_s: float) -> tuple[Forecast, ...]:
    """What the cycle before said of the streets, as far as that is not over."""
    known = turn.before.forecasts if turn.before else ()
    return tuple(
        one for one in known
        if one.quantity in QUANTITIES and one.begin_s + one.period_s * one.members.shape[2] > now_s
    )  # fmt: skip
