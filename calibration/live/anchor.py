"""The warm simulation that a live town stands on: moved on, changed for good, copied, and found again after a crash."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from calibration.flows.simulation import MESO
from calibration.live.journal import Done
from calibration.live.members import Members, gathered
from calibration.live.streets_now import FILE, asked
from models.sumo import Branch, SumoCase, WarmCity
from models.sumo.change import Change
from models.sumo.changes import LaneBlocked, LaneFreed, LanesClosed
from models.sumo.diverted import DiversionEnded, Diverted
from models.sumo.prepared import prepared
from models.sumo.sent import LanesOpened, Later, StateKept, VehiclesSent
from models.sumo.switched import SignalSwitched
from models.sumo.tallied import FILE as TALLY
from models.sumo.tallied import Tally
from networks.safe_xml import read_xml
from networks.sentence import Sentence, say

OPTIONS = {"save-state.rng": "true", "save-state.precision": "15", "ignore-route-errors": "true"}
"""States as exact as SUMO writes them; whoever is to drive through a road that is closed waits and stops nothing."""
STATE = "state"
_CAN_END = (LanesClosed, LaneBlocked, Diverted)


@dataclass(frozen=True, slots=True)
class Running:
    """How copies are run.

    Attributes:
        row: Row of each edge that is wanted.
        period_s: Length of a period.
        at_once: Copies at a time; None is one per CPU.
        limit_s: One that takes longer is ended.
        meso: Mesoscopic, the copied simulation too.
    """

    row: Mapping[str, int]
    period_s: float
    at_once: int | None
    limit_s: float
    meso: bool = False


class Anchor:
    """The simulation.

    Args:
        case: What it runs; nobody but vehicles by timetable.
        folder: Its files; each opening has a folder of its own in it.
        begin_s: First second.
        seed: SUMO's.
        running: How copies are run.
        state: A state of SUMO to begin with.
    """

    def __init__(
        self, case: SumoCase, folder: Path, *, begin_s: float, seed: int, running: Running, state: Path | None = None
    ) -> None:  # fmt: skip
        self._case, self._running = case, running
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("anchor-*"):
            shutil.rmtree(left, ignore_errors=True)
        self._folder = Path(tempfile.mkdtemp(prefix="anchor-", dir=folder))
        options = {**OPTIONS, **(MESO if running.meso else {}), **({"load-state": str(state)} if state else {})}
        prepare = prepared(
            case.between(begin_s), seed, meso=running.meso, options=options,
            additionals=lambda at: asked(at, running.period_s),
        )  # fmt: skip
        self._city = WarmCity(prepare, self._folder)
        self._holds: dict[Change, float] = {}
        self.begun = (begin_s, state)

    @property
    def time_s(self) -> float:
        """Its moment."""
        return self._city.now.time_s

    def hurry(self, at_once: int | None, limit_s: float) -> None:
        """From now on run so many copies at a time, each for so long at most."""
        self._running = replace(self._running, at_once=at_once, limit_s=limit_s)

    def end(self) -> None:
        """End it and everything that it started."""
        self._city.__exit__(KeyboardInterrupt, None, None)
        shutil.rmtree(self._folder, ignore_errors=True)

    def move(self, to_s: float, vehicles: VehiclesSent, known: Sequence[tuple[float, Change]]) -> tuple[Done, ...]:
        """Move on with vehicles; what is known to hold since a moment on the way holds from then on.

        A lane that is no longer known to be closed or blocked is open at once, and a diversion that is no longer known
        ends. Other changes stay.

        Returns:
            What was done, for `again`.
        """
        wanted = {change for _, change in known}
        over = [change for change in self._holds if isinstance(change, _CAN_END) and change not in wanted]
        todo: list[Done] = [(self.time_s, (*(self._ended(change) for change in over), vehicles))]
        for since_s, change in sorted(known, key=lambda one: one[0]):
            if since_s < to_s and not self._held(since_s, change):
                todo.append((max(since_s, self.time_s), (change,)))
        self.again(todo, to_s)
        return tuple(todo)

    def again(self, done: Sequence[Done], to_s: float, *, only_lasting: bool = False) -> None:
        """Do what was done, each at its moment, and step on.

        Args:
            done: What.
            to_s: Where to stand at the end.
            only_lasting: It lies before the state that was loaded: vehicles are in that, other changes are not.
        """
        for time_s, changes in done:
            lasting = [one for one in changes if not only_lasting or not isinstance(one, VehiclesSent)]
            if time_s > self.time_s:
                self._city.step_until(time_s)
            if lasting:
                self._city.change(lasting)
            for one in lasting:
                if isinstance(one, LanesOpened):
                    closed = {lane for lane, *_ in one.lanes}
                    self._holds = {
                        held: since_s for held, since_s in self._holds.items()
                        if not (isinstance(held, LanesClosed) and set(held.lanes) <= closed)
                    }  # fmt: skip
                elif isinstance(one, LaneFreed):
                    self._holds = {held: at for held, at in self._holds.items() if not _stands_in(held, one.lane)}
                elif isinstance(one, DiversionEnded):
                    self._holds.pop(one.diversion, None)
                elif not isinstance(one, VehiclesSent):
                    self._holds[one] = time_s
        if to_s > self.time_s:
            self._city.step_until(to_s)
        os.truncate(self._folder / FILE, 0)  # SUMO writes on behind the hole: nobody reads what was there

    def copies(
        self, branches: Sequence[Branch], planned: Mapping[str, int] | None, *, until_s: float,
        known: Sequence[tuple[float, Change]] = (), state: Path | None = None,
    ) -> Members:  # fmt: skip
        """Run copies, each with what is known to come about between now and then.

        Args:
            branches: What they do.
            planned: Vehicles that each is to send; None where gridlock is no reason to leave one out.
            until_s: Their end.
            known: Changes that hold since a moment.
            state: Where SUMO's state of this moment is kept, if it is.
        """
        later = tuple(Later(since_s, one) for since_s, one in known if not self._held(since_s, one))
        told = [replace(one, changes=(*later, *one.changes)) for one in branches]
        if state is not None:
            told.insert(0, Branch(STATE, self.time_s, (StateKept(str(state)),)))
        shutil.rmtree(self._folder / "branches", ignore_errors=True)
        at = self._running
        ended = self._city.fork(told, at_once=at.at_once, limit_s=at.limit_s)
        found = gathered(
            [one for one in ended if one.name != STATE], planned, self._folder, at.row, begin_s=self.time_s,
            period_s=at.period_s, periods=round((until_s - self.time_s) / at.period_s),
        )  # fmt: skip
        shutil.rmtree(self._folder / "branches", ignore_errors=True)
        return found

    def tallied(
        self, branches: Sequence[Branch], *, known: Sequence[tuple[float, Change]] = ()
    ) -> tuple[dict[str, Tally], dict[str, Sentence], float]:
        """Run copies whose own copies only count (`models.sumo.tallied`), each with what is known to come about.

        Returns:
            What each copy's copy counted, by "copy/copy of it"; why others are missing; processor time of all, s.
        """
        later = tuple(Later(since_s, one) for since_s, one in known if not self._held(since_s, one))
        told = [replace(one, changes=(*later, *one.changes)) for one in branches]
        folder, at = self._folder / "branches", self._running
        shutil.rmtree(folder, ignore_errors=True)
        ended = self._city.fork(told, at_once=at.at_once, limit_s=at.limit_s)
        tallies: dict[str, Tally] = {}
        left_out: dict[str, Sentence] = {}
        for branch, one in zip(branches, ended, strict=True):
            further = {end.name: end.problem for end in one.further}
            for name in (then.name for then in branch.then):
                file, problem = folder / branch.name / name / TALLY, one.problem or further.get(name)
                if problem is None and file.is_file():
                    tallies[f"{branch.name}/{name}"] = Tally.of(json.loads(file.read_text(encoding="utf-8")))
                else:
                    why = problem or "it counted nothing"
                    left_out[f"{branch.name}/{name}"] = say(why, f"仿真中断：{why}")
        shutil.rmtree(folder, ignore_errors=True)
        return tallies, left_out, sum(end.cpu_s for one in ended for end in (one, *one.further))

    def _held(self, since_s: float, change: Change) -> bool:
        """It is there already; a plan that a signal goes over to for a second time is not, nor a diversion that was
        ordered anew after its time.
        """
        at_s = self._holds.get(change)
        if at_s is None or at_s >= since_s:
            return at_s is not None
        return at_s + change.for_s > since_s if isinstance(change, Diverted) else not isinstance(change, SignalSwitched)

    def _ended(self, closed: Change) -> Change:
        """What ends it; lanes as the network has them."""
        if isinstance(closed, Diverted):
            return DiversionEnded(closed)
        assert isinstance(closed, LanesClosed | LaneBlocked)
        if isinstance(closed, LaneBlocked):
            return LaneFreed(closed.lane)
        lanes = {lane.attrib["id"]: lane for lane in read_xml(self._case.net).iter("lane")}

        def classes(name: str, which: str) -> tuple[str, ...]:
            return tuple(lanes[name].get(which, "").split()) if name in lanes else ()

        return LanesOpened(tuple((name, classes(name, "allow"), classes(name, "disallow")) for name in closed.lanes))


def _stands_in(held: Change, lane: str) -> bool:
    return isinstance(held, LaneBlocked) and held.lane == lane
