"""The live loop: every five minutes the demand is corrected, half an hour is forecast, and actions are searched.

Everything heavy runs in a thread beside the server's; the clock of a replay waits for it, a real street does not.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration import DemandCorrection, correct_demand
from networks.errors import TwinError
from networks.sentence import joined
from twin.live.advisor import Moment, Recommender
from twin.live.fields import LiveFields, fields_of
from twin.live.nowcast import planned, scenario_now

if TYPE_CHECKING:
    from networks import City
    from scenarios import Ensemble, Executor, Scenario, Store
    from twin.cycle.clock import LiveClock
    from twin.desk import Desk
    from twin.live.count_skill import CountSkill
    from twin.live.hearing import Feeds
    from twin.live.site_watch import SiteWatch
    from twin.out.proposals import Proposals

log = logging.getLogger(__name__)

WINDOW_S = 1800.0
LATENCY_S = 60.0
BIN_S = 300.0


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How often, how far, how many.

    Attributes:
        cycle_s: From one cycle to the next (s of the live clock).
        horizon_s: How far each forecast goes (s).
        seeds: Members of the forecast.
    """

    cycle_s: float = 300.0
    horizon_s: float = 1800.0
    seeds: tuple[int, ...] = (81_001, 81_002, 81_003, 81_004)


@dataclass(frozen=True)
class Picture:
    """What the last finished cycle found.

    Attributes:
        made_at: The live clock's time it was made for, UTC.
        scenario: What was simulated.
        ensemble: Its members.
        fields: What they say by the minute.
        factor: The overall demand factor in it.
        correction: What the counts said, once they could be compared.
        took_s: Wall seconds.
    """

    made_at: datetime
    scenario: Scenario
    ensemble: Ensemble
    fields: LiveFields
    factor: float
    correction: DemandCorrection | None
    took_s: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of what happened, in both languages."""

    time: datetime
    en: str
    zh: str


@dataclass
class LiveLoop:
    """Keeps a picture of now and the next half hour.

    Attributes:
        city: Where.
        scenario: The whole plan as a file says it; its rain and calls are forgotten, they must come in by feed.
        clock: The live clock.
        feeds: Observations.
        desk: Where recommendations go.
        outbox: And out from here.
        recommender: Who searches.
        store: Where runs land.
        executor: Workers.
        skill: Keeps and scores what the sensors are forecast to count; None: nobody keeps score.
        sites: Who is in which site, where counters say; None: nobody counts.
    """

    city: City
    scenario: Scenario
    clock: LiveClock
    feeds: Feeds
    desk: Desk
    outbox: Proposals
    recommender: Recommender
    store: Store
    executor: Executor
    settings: LoopSettings = field(default_factory=LoopSettings)
    picture: Picture | None = None
    busy: str = ""
    version: int = 0
    cycles: int = 0
    skill: CountSkill | None = None
    log: tuple[LogLine, ...] = ()
    sites: SiteWatch | None = None
    stopping: bool = False
    over: bool = False

    def __post_init__(self) -> None:
        self.plan, self.losses = planned(self.scenario)
        edges = {edge: row for row, edge in enumerate(self.city.layer("edges")["edge_id"])}
        sensors = self.city.layer("sensors")
        detectors = sensors[(sensors["kind"] == "detector") & sensors["edge_id"].isin(edges)]
        self.detectors = {str(s.sensor_id): edges[s.edge_id] for s in detectors.itertuples()}
        if self.skill is not None:
            self.skill.watch(sorted(self.detectors), BIN_S)

    async def run(self, *, cycles: int | None = None) -> None:
        """Cycle after cycle until the plan's end, or for some; one that fails is told and the next tried."""
        step = timedelta(seconds=self.settings.cycle_s)
        due, end = self.plan.period.begin.astimezone(UTC), self.plan.period.end.astimezone(UTC)
        while due < end and (cycles is None or self.cycles < cycles):
            self.clock.hold_at(due)
            await self.clock.sleep_until(due)
            self.clock.hold_at(due + step)
            self.desk.set_clock(due)
            await asyncio.to_thread(self.cycle, due)
            due += step
        self.over = due >= end
        if self.over:
            self.clock.hold_at(end)
            self.say(end, "the plan's evening is over", "计划时段已结束")

    def cycle(self, now: datetime) -> None:
        """One cycle: correct, forecast, search, tell. What fails is told, never raised."""
        self.cycles += 1
        try:
            self.busy = "forecast"
            self._forecast(now)
            self.busy = "search"
            self._search(now)
        except Exception as error:  # a cycle that fails must not end the loop; the screen says what happened
            if self.stopping:
                return
            log.exception("cycle at %s failed", now)
            what = error.what if isinstance(error, TwinError) else f"{type(error).__name__}: {error}"
            self.say(now, f"this cycle failed, the picture before stands: {what}", f"本周期失败，沿用上一结果：{what}")
        finally:
            self.busy = ""
            self.version += 1

    def _forecast(self, now: datetime) -> None:
        from scenarios import run_ensemble

        began = datetime.now(UTC)
        correction = self.correct(now)
        factor = correction.overall.value if correction else 1.0
        scenario = scenario_now(
            self.plan, self.losses, self.feeds.table, now, horizon_s=self.settings.horizon_s, factor=factor
        )
        ensemble = run_ensemble(self.city, scenario, self.settings.seeds, self.store, self.executor)
        for run in ensemble.runs:
            if not run.valid:
                why = joined(run.reasons)
                self.say(now, f"member {run.seed} left out: {why['en']}", f"成员{run.seed}被排除：{why['zh']}")
        if not ensemble.valid:
            self.say(now, "no member is usable: the picture before stands", "没有可用成员：沿用上一结果")
            return
        fields = fields_of(self.city, ensemble, self.store)
        took_s = (datetime.now(UTC) - began).total_seconds()
        self.picture = Picture(now, scenario, ensemble, fields, factor, correction, took_s)
        self.version += 1
        self._tell(now, took_s)
        self._keep_score(now, fields)

    def correct(self, now: datetime) -> DemandCorrection | None:
        """Compare the last half hour's counts with what the last picture had there; None before there is one."""
        if self.picture is None or not self.detectors:
            return None
        end = now - timedelta(seconds=LATENCY_S)
        begin = max(end - timedelta(seconds=WINDOW_S), self.plan.start.astimezone(UTC))
        totals = self.feeds.table.totals("vehicle_count", begin, end)
        fields, used = self.picture.fields, self.picture.factor
        modelled: dict[str, float] = {}
        for sensor, column in self.detectors.items():
            spans = totals[sensor].spans if sensor in totals else ((begin, end),)
            modelled[sensor] = sum(fields.counted(column, *span) for span in spans) / used
        observed = {sensor: total.total for sensor, total in totals.items() if sensor in self.detectors}
        return correct_demand(observed, modelled)

    def _tell(self, now: datetime, took_s: float) -> None:
        picture = self.picture
        assert picture is not None
        members = f"{len(picture.ensemble.valid)} of {len(picture.ensemble.runs)}"
        minutes = self.settings.horizon_s / 60
        self.say(
            now,
            f"forecast for {minutes:.0f} min from {members} members in {took_s:.0f} s; demand x {picture.factor:.2f}",
            f"{minutes:.0f}分钟预测，{members}个成员，用时{took_s:.0f}秒；需求系数{picture.factor:.2f}",
        )
        for sensor, reason in (picture.correction.left_out if picture.correction else {}).items():
            if "silent" not in reason["en"] and "no model" not in reason["en"]:
                self.say(now, f"sensor {sensor} left out: {reason['en']}", f"传感器{sensor}未采用：{reason['zh']}")

    def _keep_score(self, now: datetime, fields: LiveFields) -> None:
        """Settle old forecasts of counts and issue new ones, in steps of five minutes."""
        if self.skill is None or not self.detectors:
            return
        step = timedelta(seconds=BIN_S)
        begins = [now + k * step for k in range(int(self.settings.horizon_s // BIN_S))]
        said = [
            [fields.counted_by_member(self.detectors[sensor], begin, begin + step) for begin in begins]
            for sensor in self.skill.sensors
        ]
        self.skill.keep(self.feeds.table, now, np.moveaxis(np.array(said), 2, 0))

    def open_calls(self, now: datetime) -> tuple[str, ...]:
        """Calls heard that nobody has reached by now, as the first member sees it."""
        if self.picture is None:
            return ()
        now_s = (now - self.picture.fields.start).total_seconds()
        return tuple(c.call_id for c in self.picture.fields.calls if c.time_s <= now_s and not c.arrival_s <= now_s)

    def _search(self, now: datetime) -> None:
        picture = self.picture
        if picture is None or picture.made_at != now or self.stopping:
            return
        self.outbox.work()
        moment = Moment(now, picture.scenario, picture.ensemble, picture.fields, self.open_calls(now))
        advice = self.recommender.advise(moment)
        for recommendation in advice.recommendations:
            document: dict[str, Any] = recommendation.to_json()
            self.desk.propose(document, by="live loop")
            for letter in self.outbox.publish(document):
                if letter.state != "taken":
                    why, name = letter.last.detail, letter.message.channel
                    self.say(now, f"not delivered ({name}), tried again: {why}", f"推送失败（{name}），将重试：{why}")
        for en, zh in advice.said:
            self.say(now, en, zh)

    def say(self, now: datetime, en: str, zh: str) -> None:
        """Add a line to the log that operators see."""
        self.log = (*self.log[-199:], LogLine(now, en, zh))
