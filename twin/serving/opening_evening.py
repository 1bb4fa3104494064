"""Everything that is open while an evening is replayed: its feeds, their store, its stages and cycles."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from calibration import ObservationTable
from networks.errors import BadInput
from twin.cycle import ReplayClock
from twin.live.city_now import CityNow
from twin.live.counts_now import CountsNow
from twin.live.cycles import Cycles
from twin.live.due import Due, on_grid
from twin.live.evening import Evening
from twin.live.hearing import Feeds
from twin.live.ladder import Ladder
from twin.live.recording import CALLS_SENSOR
from twin.live.round import Round
from twin.live.storing import Storing
from twin.live.wet_streets import WetStreets
from twin.serving.lines import cycle_lines
from twin.serving.memory import give_back
from twin.serving.seeing import Seen, seeing
from twin.serving.stoppable import Stoppable

if TYPE_CHECKING:
    from twin.cycle import Mode, Picture
    from twin.desk import Desk
    from twin.live.recording import Recording
    from twin.live.searching import Searching
    from twin.serving.replay_session import ReplaySession
    from twin.serving.session import Tell
    from twin.store import FeedStore

STEP_S = 300.0
GRACE_S = 15.0
"""The clock goes so far past a cycle's moment before it is held: sensors of a recording speak up to 9 s late."""
BUDGET_S = 1800.0
"""Wall seconds of a cycle: the clock stands meanwhile, and all models are simulated from the plan's start."""
PATIENCE_S = 20.0


class OpenedEvening:
    """Everything that is open while an evening is replayed."""

    def __init__(
        self, session: ReplaySession, recording: Recording, desk: Desk, stack: ExitStack, tell: Tell
    ) -> None:  # fmt: skip
        from twin.plans import PlanBook, read_plans
        from twin.store import FeedStore
        from twin.town_skill import TownSkill

        self.recording, self.executor = recording, Stoppable(session.executor)
        scenario, crowd, files = session.scenario, session.crowd, session.files
        self.clock = ReplayClock(_begin(session, desk), session.speed)
        self.clock.hold_at(self.clock.now() + timedelta(seconds=GRACE_S))
        store = stack.enter_context(FeedStore(session.out / "feeds"))
        self.storing = Storing(store)
        registered = [str(name) for name in session.city.layer("sensors")["sensor_id"]]
        counters = list(crowd.layout.counters) if crowd else []
        self.feeds = Feeds(ObservationTable(), self.clock.now, sensors=[*registered, CALLS_SENSOR, *counters])
        self.feeds.when_heard(self.storing.hear)
        counts = _counts(session, store)
        wet, ladder = WetStreets.of(session.city), Ladder()
        skill = TownSkill(session.out / "skill", counts.edges, counts.begin_s, counts.period_s, None)
        self.evening = Evening(
            session.city, scenario, counts, self.feeds.table, session.store, self.executor, skill, wet, ladder
        )  # fmt: skip
        plans = PlanBook(desk.book, read_plans(files.plans) if files.plans else read_plans())
        zone = scenario.period.begin.tzinfo or UTC
        self.seen: Seen = seeing(
            session.city, session.city.folder / "roads.net.xml", self.evening, counts, store, desk.book, plans, files,
            session.out, zone, wet=wet, counted_since=crowd.opened if crowd else None,
        )  # fmt: skip
        self.seen.hours.beside, self.seen.hours.ponds = self.evening.beside, wet.places
        self.searching = self._searching(session, desk)
        rounds = Round((*self.seen.stages, self.searching), ladder, STEP_S, zone=zone)
        self.now = CityNow(
            self.clock, counts, rounds, desk.book, counts.origin, Due(STEP_S, pace=None),
            mode=lambda: _mode(session, desk), tell=lambda *cycle: self._told(tell, *cycle), drives=True,
            grace_s=GRACE_S, until=scenario.period.end.astimezone(UTC), listen=self._listen,
        )  # fmt: skip

    def _searching(self, session: ReplaySession, desk: Desk) -> Searching:
        from twin.live.advisor import SearchRecommender
        from twin.live.searching import Searching
        from twin.out.proposals import Proposals

        recommender = SearchRecommender(session.city, session.store, self.executor, signals=session.signals)
        proposals = Proposals(desk.book, session.out / "outbox", session.webhook)
        return Searching(recommender, self.evening, desk, proposals)

    async def _listen(self, moment: datetime) -> None:
        """Until all that the recording says up to a moment and the grace after it is in the store."""
        last = moment + timedelta(seconds=GRACE_S)
        await self.clock.sleep_until(last)
        said = sum(one.result_time <= last for one in self.recording.observations)
        until = time.monotonic() + PATIENCE_S
        while len(self.feeds.table) + self.feeds.dead_count < said and time.monotonic() < until:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(self.storing.keep)

    def _told(self, tell: Tell, picture: Picture, mode: Mode, _rung: int) -> None:
        for line in cycle_lines(picture, mode, self.evening, self.now.round.stages):
            tell(line)
        for told in self.searching.said:
            self.now.say(picture.now, told)
        give_back()


def _begin(session: ReplaySession, desk: Desk) -> datetime:
    """The plan's first moment on the grid, or after the last cycle that the desk's book has.

    Raises:
        BadInput: That was no cycle of this evening, or its last.
    """
    plan = session.scenario.period
    begin, end = plan.begin.astimezone(UTC), plan.end.astimezone(UTC)
    step = timedelta(seconds=STEP_S)
    first = on_grid(begin, STEP_S)
    first = first if first == begin else first + step
    lived = Cycles(desk.book).last()
    if not lived:
        return first
    again = lived[0].moment + step
    if not first < again < end:
        raise BadInput(
            f"the last cycle here was of {lived[0].moment.isoformat()}", file=session.out,
            expected=f"a cycle before the last of this evening, {begin.isoformat()} to {end.isoformat()}",
            remedy="give another --out",
        )  # fmt: skip
    return again


def _counts(session: ReplaySession, store: FeedStore) -> CountsNow:
    """The city's detectors, from the last whole step before the plan's start on."""
    edges = set(session.city.layer("edges")["edge_id"])
    sensors = session.city.layer("sensors")
    known = sensors[(sensors["kind"] == "detector") & sensors["edge_id"].isin(edges)].sort_values("sensor_id")
    names, on = (tuple(str(one) for one in known[column]) for column in ("sensor_id", "edge_id"))
    return CountsNow(store, names, on, on_grid(session.scenario.start, STEP_S), 0.0, STEP_S)


def _mode(session: ReplaySession, desk: Desk) -> Mode:
    """The mode that the desk is in, as far as a replay can go along."""
    return replace(desk.mode(), cycle_s=STEP_S, budget_s=BUDGET_S, members=session.members, horizon_s=session.horizon_s)
