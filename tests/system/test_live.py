"""The live twin as a whole: a hidden evening plays the street through MQTT; the loop corrects, forecasts, advises."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from calibration import ObservationTable
from calibration.skill import Ledger, measure
from twin import Desk, EmbeddedBroker, Feeds, Proposals, ReplayClock
from twin.live.advisor import Advice, Moment, SearchRecommender, flooded_in_use
from twin.live.count_skill import CountSkill
from twin.live.loop import LiveLoop, LoopSettings
from twin.live.nowcast import Losses, planned, rain_now, scenario_now
from twin.live.playing import play_through
from twin.live.recording import CALLS_SENSOR, Recording, hidden_truth, record
from twin.live.state import StateMaker
from twin.out.ways.lines import read_lines

if TYPE_CHECKING:
    from networks import City
    from scenarios import RayExecutor, Scenario

pytestmark = pytest.mark.ray

EVENING = """
name: live-test
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:10:00+03:00, warm_up_s: 300}
demand: {profile: weekday_evening, scale: 1.0}
dispatch:
  units: [{unit_id: ambulance-1, at: {attraction: Erottajan paloasema}}]
interventions:
  - kind: rainfall
    hyetograph: {begin: 2026-07-17T16:55:00+03:00, step_s: 300, intensity_mm_h: [150, 180, 120]}
    drain_capacity_mm_h: 12
    assume_depths: true
    source: assumed, for a test
  - kind: emergency_call
    call_id: call-1
    time: 2026-07-17T16:58:00+03:00
    at: {attraction: Rautatientori}
"""


@dataclass
class Evening:
    """A live loop that has seen two cycles of the hidden evening."""

    scenario: Scenario
    recording: Recording
    loop: LiveLoop
    feeds: Feeds
    out: Path
    published: int


class OneCycleOfAdvice:
    """The real adviser, asked only once: the test's time is short."""

    def __init__(self, real: SearchRecommender) -> None:
        self.real, self.moments = real, list[Moment]()

    def advise(self, moment: Moment) -> Advice:
        self.moments.append(moment)
        return self.real.advise(moment) if len(self.moments) == 1 else Advice()


async def _two_cycles(loop: LiveLoop, feeds: Feeds, recording: Recording) -> int:
    async with EmbeddedBroker() as broker:
        door = {"user": "citytwin", "pass_phrase": broker.pass_phrase}
        listening = asyncio.create_task(feeds.listen(broker.host, broker.port, **door))  # type: ignore[arg-type]
        await asyncio.wait_for(feeds.connected.wait(), 20)
        loop.clock.hold_at(loop.clock.now())
        playing = asyncio.create_task(play_through(recording, loop.clock, broker.host, broker.port, **door))  # type: ignore[arg-type]
        heard = sum(o.result_time <= loop.clock.now() for o in recording.observations)
        while len(feeds.table) < heard:
            await asyncio.sleep(0.02)
        await loop.run(cycles=2)
        loop.clock.hold_at(None)
        published = await asyncio.wait_for(playing, 60)
        while len(feeds.table) + feeds.dead_count < published:
            await asyncio.sleep(0.02)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return published


@pytest.fixture(scope="module")
def evening(helsinki: City, ray_executor: RayExecutor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    from scenarios import Store, parse_scenario

    out = tmp_path_factory.mktemp("live")
    scenario, store = parse_scenario(EVENING), Store(out / "runs")
    recording = record(helsinki, scenario, store, ray_executor)
    clock = ReplayClock(scenario.period.begin.astimezone(UTC), 600.0)
    sensors = [str(name) for name in helsinki.layer("sensors")["sensor_id"]]
    feeds = Feeds(ObservationTable(), clock.now, sensors=[*sensors, CALLS_SENSOR])
    desk = Desk.open(out / "desk.sqlite")
    adviser = OneCycleOfAdvice(SearchRecommender(helsinki, store, ray_executor))
    adviser.real._done["emergency_route call-1"] = scenario.period.begin  # the water first: it is the shorter search
    settings = LoopSettings(horizon_s=600.0, seeds=(81_001, 81_002))
    outbox = Proposals(desk.book, out / "outbox")
    loop = LiveLoop(
        helsinki, scenario, clock, feeds, desk, outbox, adviser, store, ray_executor, settings,
        skill=CountSkill(out / "skill"),
    )  # fmt: skip
    published = asyncio.run(_two_cycles(loop, feeds, recording))
    yield Evening(scenario, recording, loop, feeds, out, published)
    desk.close()


def test_every_message_of_the_recording_is_heard_once_and_marked_synthetic(evening: Evening) -> None:
    assert evening.published == len(evening.recording.observations) == len(evening.feeds.table)
    assert evening.feeds.dead_count == 0
    assert all(seen.synthetic for seen in evening.feeds.table)
    kinds = {seen.measure for seen in evening.feeds.table}
    assert {"vehicle_count", "rain_intensity", "emergency_call"} <= kinds
    counted = sum(seen.result or 0 for seen in evening.feeds.table.series("vehicle_count"))
    assert counted > 200


def test_the_gauge_tells_the_rain_to_a_tip(evening: Evening) -> None:
    told = evening.feeds.table.series("rain_intensity")
    depth_mm = sum((seen.result or 0) * seen.period_s / 3600 for seen in told)
    fallen_mm = (150 + 180 + 120) * 300 / 3600
    assert depth_mm == pytest.approx(fallen_mm, abs=0.1)


def test_a_recording_is_the_same_the_second_time(evening: Evening, helsinki: City, ray_executor: RayExecutor) -> None:
    again = record(helsinki, evening.scenario, evening.loop.store, ray_executor)
    assert again.observations == evening.recording.observations


def test_the_twin_is_not_told_what_the_street_is(evening: Evening) -> None:
    from scenarios import DemandChange, EmergencyCall, Rainfall

    hidden = hidden_truth(evening.scenario)
    plan, losses = planned(evening.scenario)
    assert plan.of(Rainfall) == () and plan.of(EmergencyCall) == () and plan.of(DemandChange) == ()
    assert losses.drain_capacity_mm_h == 12.0
    assert hidden.of(DemandChange)[0].scale != 1.0
    assert evening.loop.plan.digest == plan.digest


def test_each_cycle_forecasts_with_what_came_in(evening: Evening) -> None:
    from scenarios import EmergencyCall, Rainfall

    picture = evening.loop.picture
    assert picture is not None and evening.loop.cycles == 2
    begin = evening.scenario.period.begin
    assert picture.made_at == begin + timedelta(minutes=5)
    assert picture.scenario.period.end == begin + timedelta(minutes=15)
    assert [call.call_id for call in picture.scenario.of(EmergencyCall)] == ["call-1"]
    rain = picture.scenario.of(Rainfall)[0].hyetograph
    assert rain is not None and max(rain.intensity_mm_h) > 100
    assert picture.correction is not None and len(picture.correction.sensors) > 10
    assert 0.4 <= picture.correction.overall.low <= picture.factor <= picture.correction.overall.high <= 2.5
    assert any("failed" in line.en for line in evening.loop.log) is False
    assert float(picture.fields.depth_m.max()) > 0.1


def test_water_on_roads_in_use_leads_to_a_recommendation_or_to_a_reason_why_not(evening: Evening) -> None:
    adviser: Any = evening.loop.recommender
    first = adviser.moments[0]
    assert flooded_in_use(evening.loop.city, first)
    entries = evening.loop.desk.entries()
    if not entries:
        assert any("nothing is recommended" in line.en for line in evening.loop.log)
        return
    entry = entries[0]
    assert entry.kind == "road_closure" and entry.document["effect"]["verdict"] == "better"
    assert entry.document["effect"]["measure"] == "vehicles_in_water" and entry.document["effect"]["high"] < 0
    assert [row["rec_id"] for row in read_lines(evening.out / "outbox" / "recommendations.jsonl")] == [entry.rec_id]


def test_the_state_is_json_that_a_page_can_draw(evening: Evening, helsinki: City) -> None:
    state = json.loads(json.dumps(StateMaker(evening.loop).state(), allow_nan=False))
    edges = len(helsinki.layer("edges"))
    assert len(state["roads"]["speed_ratio"]) == len(state["depth_m"]) == edges
    assert len(state["forecast"]["depth_m"]) == edges
    assert any(value is not None and 0 < value <= 1.2 for value in state["roads"]["speed_ratio"])
    figures = {figure["key"]: figure["value"] for figure in state["figures"]}
    assert figures["vehicles"] > 10 and figures["rain_mm_h"] >= 0 and figures["max_depth_m"] > 0.1
    assert len(state["roads"]["closed"]) == figures["closed_roads"]
    assert state["labels"] == "synthetic replay" and "synthetic" in state["mode"]
    (unit,) = state["units"]
    assert 24.9 < unit["lon"] < 25.0 and 60.1 < unit["lat"] < 60.2
    assert {feed["name"]: feed["status"] for feed in state["feeds"]}["vehicle_count"] in ("ok", "late", "silent")


def test_forecasts_are_scored_against_persistence(evening: Evening) -> None:
    skill = evening.loop.skill
    assert skill is not None
    skill.settle(evening.feeds.table, evening.scenario.period.begin.astimezone(UTC) + timedelta(minutes=10))
    rows = measure(Ledger(evening.out / "skill").settled()).rows["horizon"]
    assert rows and all(row.cases > 0 and math.isfinite(row.error["served"]) for row in rows)


def test_a_cycle_whose_engine_fails_is_told_and_the_picture_before_stands(evening: Evening) -> None:
    class Broken:
        def map(self, *_: Any) -> list[Any]:
            raise RuntimeError("the engine fell over")

        def close(self) -> None:
            pass

    loop = evening.loop
    before, executor, loop.executor = loop.picture, loop.executor, Broken()
    try:
        loop.cycle(evening.scenario.period.begin.astimezone(UTC) + timedelta(minutes=7))
    finally:
        loop.executor = executor
    assert loop.picture is before and "the engine fell over" in loop.log[-1].en and loop.busy == ""


def test_rain_goes_on_as_the_nowcast_says(evening: Evening) -> None:
    now = evening.scenario.period.begin.astimezone(UTC)
    rain = rain_now(evening.feeds.table, Losses(12.0, 0.0), now, now + timedelta(minutes=30))
    assert rain is not None and "halved every 15 minutes" in rain["source"]
    steps = rain["hyetograph"]["intensity_mm_h"]
    ahead = steps[-30:]
    assert ahead[0] > 0 and ahead == sorted(ahead, reverse=True)
    assert ahead[20] == pytest.approx(ahead[5] / 2, rel=0.02)
    assert rain_now(ObservationTable(), Losses(), now, now + timedelta(minutes=30)) is None


def test_what_lies_beyond_the_horizon_is_not_simulated(evening: Evening) -> None:
    from scenarios import Event, VisitorGuidance

    late = {"kind": "event", "name": "late", "at": {"attraction": "Kauppatori"}, "people": 10}
    guidance = {"kind": "visitor_guidance", "event": "late", "stagger_s": 60}
    begin = evening.scenario.period.begin
    plan = planned(evening.scenario)[0].with_interventions(
        late | {"ends": (begin + timedelta(minutes=9)).isoformat()}, guidance
    )
    for minutes, there in ((5, 0), (10, 1)):
        made = scenario_now(plan, Losses(), ObservationTable(), begin, horizon_s=60.0 * minutes, factor=1.0)
        assert len(made.of(Event)) == len(made.of(VisitorGuidance)) == there
