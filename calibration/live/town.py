"""`LiveTown`: a simulated town that follows a real one, some minutes behind it, and runs ahead of it in copies.

    with LiveTown(case, usual, sensors, edges, folder) as town:
        cycle = town.cycle(now_s, counts, speeds_mps)

The warm simulation (the anchor) stands `lag_s` behind now. In each cycle the demand of the window is estimated anew
from the counts, the anchor moves on one period with it, and its copies, each with its own draw of that demand, run
from the anchor through now and on into the next hour. So what was counted after a vehicle set out still decides
whether it did, and the streets of now are those of the corrected demand.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts
from calibration.live.ahead import Futures, member_of
from calibration.live.anchor import Anchor, Running
from calibration.live.apart import BothWays, both_ways
from calibration.live.belief import Spread, groups
from calibration.live.clearing import clearings
from calibration.live.correcting import Correction
from calibration.live.cycle import Cycle
from calibration.live.demand_now import DemandNow, manners
from calibration.live.dressing import Leads
from calibration.live.ground import Ground, read_ground
from calibration.live.heard import Heard
from calibration.live.journal import Done, Journal, Record
from calibration.live.members import Members
from calibration.live.past import Past
from calibration.live.rhythm import Rhythm
from calibration.live.telling import at_sensors, forecasts, misfit
from calibration.live.trying import tried
from calibration.live.usual import Floats, Usual
from calibration.skill import Forecast
from models.sumo import Branch, SumoCase
from models.sumo.change import Change
from networks.claim import claimed
from networks.errors import BadInput, EngineFailed


class LiveTown:
    """A town that is followed.

    Args:
        case: Net, vehicle types, signals and what drives by timetable; the usual cars are not in it.
        usual: Their demand; its periods are the cycle.
        sensors: Names of the sensors (S).
        edges: The edge that each watches (S).
        folder: All that is kept. Where a town was followed before, it is found again: from SUMO's last state and the
            journal since then, and `Cycle.approximate` until half an hour (the window) of counts has corrected it anew.
        seed: Of every draw.
        rhythm: Its times.
        ways: Edges of each way whose travel time is forecast, by name.
        spread: How demand strays from the usual.
        begin_s: First second of the simulation; the usual demand's begin by default. The streets are empty then.
        meso: Mesoscopic: queues and signals without lanes, some ten times as fast; lanes cannot be closed or blocked.
        state_every: Cycles between two states that SUMO keeps; 0 keeps none, and a restart repeats the day.

    Raises:
        BadInput: Sensors on edges that no car may use, ways that are none, times that are no whole periods, a folder
            with another town's journal, or one that another process follows a town in.
        EngineFailed: SUMO refused to start.
    """

    def __init__(
        self, case: SumoCase, usual: Usual, sensors: Sequence[str], edges: Sequence[str], folder: Path, *,
        seed: int = 1, rhythm: Rhythm | None = None, ways: Mapping[str, Sequence[str]] | None = None,
        spread: Spread | None = None, begin_s: float | None = None,
        meso: bool = False, state_every: int = 6,
    ) -> None:  # fmt: skip
        self.usual, self.rhythm = usual, rhythm or Rhythm()
        self.rhythm.fits(usual.period_s)
        self.ground = read_ground(case.net, usual.paths, usual.period_s)
        self.heard = Heard(tuple(sensors), usual.period_s)
        self.begin_s = usual.begin_s if begin_s is None else begin_s
        self._rows = _rows(self.ground, sensors, edges)
        self._ways = {name: self.ground.way(way, name) for name, way in (ways or {}).items()}
        spread = spread or Spread()
        self._demand = DemandNow(
            usual, groups(usual, spread), spread, self.ground, self.heard, self._rows, self.rhythm, self.begin_s, seed
        )
        self._known: tuple[tuple[float, Change], ...] = ()
        self._meso = meso
        self.folder, self._state_every = folder.absolute(), state_every
        self._correction: Correction | None = None
        self._cycles, self._leads = 0, Leads()
        with ExitStack() as stack:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not stack.enter_context(claimed(self.folder)):
                raise BadInput(
                    "another process follows a town here", file=folder, remedy="end it, or give another folder"
                )
            flows = (usual.flows, usual.paths.indices, usual.paths.indptr, usual.begin_s, usual.period_s)
            own = (case.net, *case.routes, *case.additionals, *flows, tuple(sensors), tuple(edges))
            own = (*own, *(("meso",) if meso else ()))
            lasting = (self.rhythm.lag_s, self.rhythm.window_s)
            self._journal = Journal(self.folder, (*own, seed, self.begin_s, spread, lasting))
            self._open(case)
            stack.callback(lambda: self._anchor.end())
            self._stack = stack.pop_all()

    def _open(self, case: SumoCase) -> None:
        """Begin the day, or find it again."""
        records = self._journal.records()
        last = records[-1] if records else None
        kept = self._journal.state(last.anchor_s) if last else None
        begin_s, file = kept or (self.begin_s, None)
        rhythm, self._case = self.rhythm, case
        self._running = Running(self.ground.row, self.usual.period_s, rhythm.at_once, rhythm.limit_s, self._meso)
        self._anchor = Anchor(
            case, self.folder, begin_s=begin_s, seed=self._demand.seed, running=self._running, state=file
        )  # fmt: skip
        for record in records:
            self._anchor.again(record.done, record.anchor_s, only_lasting=record.anchor_s <= begin_s)
            self.heard.said.update(record.said)
            self.ground.taken_s.update(record.taken_s)
            self._leads.said.update({} if record.lead is None else {round(record.now_s): record.lead})
        self._now_s = last.now_s if last else self.begin_s
        self._approximate_until_s = self._now_s + self.rhythm.window_s if file else -np.inf
        self._forget(self._now_s)

    def __enter__(self) -> LiveTown:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the simulation; what was kept stays."""
        self._stack.close()

    @property
    def anchor_s(self) -> float:
        """The moment of the warm simulation."""
        return self._anchor.time_s

    @property
    def now_s(self) -> float:
        """The moment of the last cycle; the begin before the first."""
        return self._now_s

    def find_again(self) -> None:
        """The warm simulation is gone (killed, crashed): open it anew, from what was kept of the cycles before.

        Raises:
            EngineFailed: SUMO refused to start.
        """
        with suppress(EngineFailed, OSError):
            self._anchor.end()
        self._open(self._case)

    def told(self, now_s: float) -> tuple[Forecast, ...]:
        """What an earlier cycle forecast, as it was kept; empty where it is not any more."""
        return self._journal.forecasts(now_s)

    def let_go(self, before_s: float) -> None:
        """Let go of forecasts that were made before a moment."""
        self._journal.forget(before_s)

    def keep_to(self, rhythm: Rhythm) -> None:
        """Go on with other members, another horizon or another limit from the next cycle on.

        Raises:
            BadInput: Times that are no whole periods, or another lag or window than it was opened with.
        """
        rhythm.fits(self.usual.period_s)
        if (rhythm.lag_s, rhythm.window_s) != (self.rhythm.lag_s, self.rhythm.window_s):
            expected = f"a lag of {self.rhythm.lag_s:g} s and a window of {self.rhythm.window_s:g} s"
            raise BadInput(f"a lag of {rhythm.lag_s:g} s, a window of {rhythm.window_s:g} s", expected=expected)
        self.rhythm, self._demand = rhythm, replace(self._demand, rhythm=rhythm)
        self._anchor.hurry(rhythm.at_once, rhythm.limit_s)

    @property
    def known(self) -> tuple[tuple[float, Change], ...]:
        """What the last cycle knew to hold, and since when."""
        return self._known

    def cycle(
        self, now_s: float, counts: Counts, speeds_mps: Floats | None = None, *,
        known: Sequence[tuple[float, Change]] = (),
    ) -> Cycle:  # fmt: skip
        """Correct, advance, copy and forecast.

        Args:
            now_s: The moment, an end of a period and later than the last cycle's.
            counts: What was counted lately: at least the period that ends now; earlier periods are remembered.
            speeds_mps: Harmonic speeds at the sensors (S, T) beside the counts.
            known: Closures and other changes that are known by now, each with the moment since which it holds.

        Raises:
            BadInput: Counts of other sensors or periods, or a moment that is over.
            EngineFailed: The warm simulation itself stopped.
        """
        began = time.monotonic()
        self._check_moment(now_s)
        self.heard.hear(counts, speeds_mps, now_s)
        correction = self._demand.corrected(now_s, self.anchor_s)
        done = self._advance(max(self.begin_s, now_s - self.rhythm.lag_s), correction, known)
        members = self._members(now_s, correction, known)
        taken_s = self.ground.learn(members)
        self._correction, self._now_s, self._known = correction, now_s, tuple(known)
        self._cycles += 1
        self._forget(now_s)
        errors, pace = self._leads.errors(self.heard), self._leads.pace(self.heard)
        lead = self._lead(now_s, members)
        told = self._told(now_s, correction, members, (errors, pace), began)
        self._journal.write_forecasts(now_s, told.forecasts)
        self._journal.write(Record(now_s, self.anchor_s, done, dict(self.heard.said), taken_s, lead))
        self._journal.let_go()
        return told

    def _advance(self, to_s: float, correction: Correction, known: Sequence[tuple[float, Change]]) -> tuple[Done, ...]:
        """Move the anchor on with the corrected demand."""
        if to_s <= self.anchor_s:
            return ()
        begin_s, demand = self.anchor_s, self._demand
        flows = demand.between(correction, begin_s, to_s)
        vehicles = demand.sent(f"a{begin_s:g}", flows, begin_s, demand.draw_seed("anchor", begin_s))
        return self._anchor.move(to_s, vehicles, known)

    def _members(self, now_s: float, correction: Correction, known: Sequence[tuple[float, Change]]) -> Members:
        anchor_s, end_s = self.anchor_s, now_s + self.rhythm.horizon_s
        branches, planned = [], {}
        for number, flows in enumerate(self._demand.drawn(correction, anchor_s)):
            name = f"member-{number + 1}"
            seed = self._demand.draw_seed(name, now_s)
            vehicles = self._demand.sent("m", flows, anchor_s, seed)
            planned[name] = len(vehicles.leaving)
            branches.append(
                Branch(name, end_s, (manners(seed), vehicles, *clearings(known, now_s, seed)), tables=True, past=False)
            )
        due = self._state_every and self._cycles % self._state_every == self._state_every - 1
        state = self._journal.state_file(anchor_s) if due else None
        return self._anchor.copies(branches, planned, until_s=end_s, known=known, state=state)

    def try_changes(
        self,
        alternatives: Mapping[str, Sequence[Change]],
        *,
        since_s: float | None = None,
        until_s: float | None = None,
    ) -> dict[str, tuple[Floats, Floats]]:
        """What the sensors would have said between anchor and now if things were different.

        All alternatives meet the same vehicles, those of the last correction, beside what is known already.

        Args:
            alternatives: Changes of each, by name.
            since_s: Since when they hold; what was before the anchor cannot be changed any more. The anchor by default.
            until_s: End of the last period; the last cycle's now by default.

        Returns:
            For each alternative that ran to its end, counts and harmonic speeds (S, periods from the anchor on).

        Raises:
            BadInput: There was no cycle yet.
        """
        if self._correction is None:
            raise BadInput("nothing was corrected yet", expected="a cycle before alternatives are tried")
        end_s = min(self._now_s if until_s is None else until_s, self._now_s)
        flows = self._demand.between(self._correction, self.anchor_s, end_s)
        seed = self._demand.draw_seed("alternatives", self._now_s)
        return tried(
            self._anchor, self._demand.sent("m", flows, self.anchor_s, seed), alternatives, self._known, self._rows,
            since_s=self.anchor_s if since_s is None else max(since_s, self.anchor_s), until_s=end_s,
        )  # fmt: skip

    def both_ways(self, action: Sequence[Change], *, since_s: float, until_s: float, pairs: int = 8) -> BothWays:
        """A stretch of time that the anchor has left behind, lived through with an action and without.

        Args:
            action: Changes that were known in cycles since.
            since_s: When the action began.
            until_s: End; whole periods later, and not after the anchor.
            pairs: Copies with and without it.

        Raises:
            BadInput: The anchor has not come so far, or the action was never known.
            EngineFailed: SUMO stopped.
        """
        return both_ways(
            self._case, self._journal, self.folder / "apart", self._running, action, day_s=self.begin_s,
            since_s=since_s, until_s=until_s, seed=self._demand.seed, pairs=pairs,
        )  # fmt: skip

    def futures(
        self, members: int, until_s: float, *, near: Sequence[str] = (),
        known: Sequence[tuple[float, Change]] | None = None,
    ) -> Futures:  # fmt: skip
        """Draws of what comes, to try in them what could be done now; good until the next cycle.

        Args:
            members: How many: each its own demand, drivers, and moment when what blocks a lane is gone.
            until_s: Their end.
            near: Streets to watch on their own.
            known: As in `cycle`; what the last cycle knew by default.

        Raises:
            BadInput: There was no cycle yet, or the end is not after the last one.
        """
        if self._correction is None or until_s <= self._now_s:
            raise BadInput(f"futures until {until_s:g} s", expected=f"a cycle, and an end after {self._now_s:g} s")
        now_s, anchor_s = self._now_s, self.anchor_s
        period_s, known = self.usual.period_s, self._known if known is None else tuple(known)
        rhythm = replace(
            self.rhythm, members=members, horizon_s=float(np.ceil((until_s - now_s) / period_s)) * period_s
        )
        demand = replace(self._demand, rhythm=rhythm)
        drawn = []
        for number, flows in enumerate(demand.drawn(demand.corrected(now_s, anchor_s), anchor_s), 1):
            seed = demand.draw_seed(f"future-{number}", now_s)
            drawn.append(member_of(seed, (manners(seed), demand.sent("m", flows, anchor_s, seed)), known, now_s))
        return Futures(self._anchor, tuple(drawn), known, now_s, until_s, tuple(near))

    def past(self) -> Past:
        """All that makes the anchor what it is, for whoever has to stand there again."""
        done = [one for record in self._journal.records() for one in record.done if one[0] < self.anchor_s]
        return Past(self._case, *self._anchor.begun, self._demand.seed, self._meso, tuple(done), self.anchor_s)

    def _told(
        self, now_s: float, correction: Correction, members: Members,
        learned: tuple[tuple[float, float], float], began: float,
    ) -> Cycle:  # fmt: skip
        errors, pace = learned
        period_s, anchor_s = self.usual.period_s, self.anchor_s
        since = round((now_s - anchor_s) / period_s)
        counted, _ = self.heard.between(anchor_s, since)
        flow, speed = at_sensors(members, self._rows, anchor_s, since)
        window_s = min(self.rhythm.window_s, now_s - correction.begin_s)
        seed = self._demand.draw_seed("dressing", now_s)
        told = forecasts(members, self.ground, self._ways, now_s, errors, seed, pace)
        return Cycle(
            now_s, anchor_s, told, correction.factor(now_s - window_s, now_s), misfit(flow, counted, period_s),
            len(members.seen), members.left_out, time.monotonic() - began, members.cpu_s,
            now_s < self._approximate_until_s, errors, float(np.exp(pace)), flow, speed,
        )  # fmt: skip

    def _lead(self, now_s: float, members: Members) -> Floats | None:
        if not members.seen:
            return None
        return self._leads.keep(now_s, members.flow(now_s, self._rows), members.speed_mps(now_s, self._rows))

    def _forget(self, now_s: float) -> None:
        before_s = min(now_s - 2.0 * self.rhythm.window_s, self.anchor_s) - self.usual.period_s
        self.heard.forget(before_s)
        self._leads.forget(before_s)
        self.ground.forget(before_s)

    def _check_moment(self, now_s: float) -> None:
        if now_s <= self._now_s or (now_s - self.usual.begin_s) % self.usual.period_s:
            after = f"an end of a period of {self.usual.period_s:g} s, after {self._now_s:g} s"
            raise BadInput(f"a cycle at {now_s:g} s", expected=after)


def _rows(ground: Ground, sensors: Sequence[str], edges: Sequence[str]) -> NDArray[np.int64]:
    """The edge that each sensor watches (S)."""
    for sensor, edge in zip(sensors, edges, strict=True):
        if edge not in ground.row:
            raise BadInput(
                f"sensor {sensor} watches edge {edge!r}", expected="an edge of the network that cars may use"
            )
    return np.array([ground.row[edge] for edge in edges], dtype=np.int64)
