"""The live twin as a whole: a hidden evening plays the street through MQTT; the cycles correct, forecast, advise."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from calibration import ObservationTable
from calibration.skill import Ledger, measure
from networks.errors import BadInput
from networks.sentence import Sentence
from twin import Desk, EmbeddedBroker
from twin.alarms import AlarmBook
from twin.live.advisor import Advice, Moment, Recommender, flooded_in_use
from twin.live.cycles import Cycles
from twin.live.evening_now import EveningNow
from twin.live.nowcast import Losses, planned, rain_now, scenario_now
from twin.live.playing import play_through
from twin.live.recording import Recording, hidden_truth, record
from twin.live.town_state import TownState
from twin.out.ways.lines import read_lines
from twin.serving import ReplaySession
from twin.serving.opening_evening import OpenedEvening
from twin.store import FeedStore

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
class Replayed:
    """A hidden evening that was followed for two cycles."""

    session: ReplaySession
    recording: Recording
    opened: OpenedEvening
    desk: Desk
    lines: list[Sentence]
    published: int

    @property
    def scenario(self) -> Scenario:
        return self.session.scenario


class OneCycleOfAdvice:
    """The real adviser, asked only once: the test's time is short."""

    def __init__(self, real: Recommender) -> None:
        self.real, self.moments = real, list[Moment]()

    def advise(self, moment: Moment) -> Advice:
        self.moments.append(moment)
        return self.real.advise(moment) if len(self.moments) == 1 else Advice()


async def _played(opened: OpenedEvening) -> int:
    """To the end of the evening, and what was published by then and after it."""
    async with EmbeddedBroker() as broker:
        door = {"user": "citytwin", "pass_phrase": broker.pass_phrase}
        feeds = opened.feeds
        listening = asyncio.create_task(feeds.listen(broker.host, broker.port, **door))  # type: ignore[arg-type]
        await asyncio.wait_for(feeds.connected.wait(), 20)
        playing = asyncio.create_task(
            play_through(opened.recording, opened.clock, broker.host, broker.port, **door)  # type: ignore[arg-type]
        )
        await opened.now.run()
        opened.clock.hold_at(None)
        published = await asyncio.wait_for(playing, 60)
        while len(feeds.table) + feeds.dead_count < published:
            await asyncio.sleep(0.02)
        opened.storing.keep()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return published


@pytest.fixture(scope="module")
def evening(helsinki: City, ray_executor: RayExecutor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    from scenarios import Store, parse_scenario

    out = tmp_path_factory.mktemp("live")
    scenario, store = parse_scenario(EVENING), Store(out / "runs")
    recording = record(helsinki, scenario, store, ray_executor)
    session = ReplaySession(helsinki, scenario, store, ray_executor, out, speed=600.0, members=2, horizon_s=600.0)
    with ExitStack() as stack:
        desk = Desk.open(out / "desk.sqlite")
        stack.callback(desk.close)
        lines = list[Sentence]()
        opened = OpenedEvening(session, recording, desk, stack, lines.append)
        real: Any = opened.searching.recommender
        real._done["emergency_route call-1"] = scenario.period.begin  # the water first: it is the shorter search
        opened.searching.recommender = OneCycleOfAdvice(real)
        published = asyncio.run(_played(opened))
        yield Replayed(session, recording, opened, desk, lines, published)


def test_every_message_of_the_recording_is_heard_once_and_marked_synthetic(evening: Replayed) -> None:
    assert evening.published == len(evening.recording.observations) == len(evening.opened.feeds.table)
    assert evening.opened.feeds.dead_count == 0
    assert all(seen.synthetic for seen in evening.opened.feeds.table)
    kinds = {seen.measure for seen in evening.opened.feeds.table}
    assert {"vehicle_count", "rain_intensity", "emergency_call"} <= kinds
    counted = sum(seen.result or 0 for seen in evening.opened.feeds.table.series("vehicle_count"))
    assert counted > 200


def test_the_gauge_tells_the_rain_to_a_tip(evening: Replayed) -> None:
    told = evening.opened.feeds.table.series("rain_intensity")
    depth_mm = sum((seen.result or 0) * seen.period_s / 3600 for seen in told)
    fallen_mm = (150 + 180 + 120) * 300 / 3600
    assert depth_mm == pytest.approx(fallen_mm, abs=0.1)


def test_a_recording_is_the_same_the_second_time(evening: Replayed, helsinki: City, ray_executor: RayExecutor) -> None:
    again = record(helsinki, evening.scenario, evening.session.store, ray_executor)
    assert again.observations == evening.recording.observations


def test_the_twin_is_not_told_what_the_street_is(evening: Replayed) -> None:
    from scenarios import DemandChange, EmergencyCall, Rainfall

    hidden = hidden_truth(evening.scenario)
    plan, losses = planned(evening.scenario)
    assert plan.of(Rainfall) == () and plan.of(EmergencyCall) == () and plan.of(DemandChange) == ()
    assert losses.drain_capacity_mm_h == 12.0
    assert hidden.of(DemandChange)[0].scale != 1.0
    assert evening.opened.evening.plan.digest == plan.digest


def test_what_was_heard_is_in_the_store_once(evening: Replayed) -> None:
    with FeedStore(evening.session.out / "feeds") as store:
        assert store.read("observations").num_rows == evening.published


def test_each_cycle_forecasts_with_what_came_in(evening: Replayed) -> None:
    from scenarios import EmergencyCall, Rainfall

    cycle = evening.opened.evening.cycle
    begin = evening.scenario.period.begin
    assert cycle is not None and cycle.made_at == begin + timedelta(minutes=5)
    assert cycle.scenario.period.end == begin + timedelta(minutes=15)
    assert [call.call_id for call in cycle.scenario.of(EmergencyCall)] == ["call-1"]
    rain = cycle.scenario.of(Rainfall)[0].hyetograph
    assert rain is not None and max(rain.intensity_mm_h) > 100
    assert cycle.correction is not None and len(cycle.correction.sensors) > 10
    assert 0.4 <= cycle.factor[0] <= cycle.factor[1] <= cycle.factor[2] <= 2.5
    assert float(cycle.fields.depth_m.max()) > 0.1


def test_its_cycles_are_those_of_any_served_city(evening: Replayed) -> None:
    """Kept in the book with run ids and seconds by stage, told in lines, found by the finders, put into an hour."""
    now, begin = evening.opened.now, evening.scenario.period.begin.astimezone(UTC)
    lived = Cycles(evening.desk.book).last(9)
    assert [one.moment for one in lived] == [begin + timedelta(minutes=5), begin]
    assert {"traffic", "alarms", "plans", "hour", "advice"} <= lived[0].seconds.keys()
    assert now.picture is not None and lived[0].run_id == now.picture.run_id
    assert now.over and "over" in now.log[-1].en
    assert not [told["en"] for one in lived for told in one.left_out if "the picture before stands" in told["en"]]
    assert "2 members" in evening.lines[0]["en"] and "10 min ahead" in evening.lines[0]["en"]
    alarms = AlarmBook(evening.desk.book).alarms()
    assert {"ponding"} <= {one.kind for alarm in alarms for one in alarm.findings}
    hour = evening.opened.seen.hours.hour
    assert hour is not None and hour.hour_id == now.picture.run_id
    told = hour.told()
    assert told["steps"] == 2 and told["depth"] is not None and len(told["closed"]) == 2
    assert all(row["lon"] is not None for row in told["rows"]["ponds"]) and told["rows"]["ponds"]


def test_water_on_roads_in_use_leads_to_a_recommendation_or_to_a_reason_why_not(evening: Replayed) -> None:
    adviser: Any = evening.opened.searching.recommender
    assert flooded_in_use(evening.session.city, adviser.moments[0])
    entries = evening.desk.entries()
    if not entries:
        assert any("nothing is recommended" in line.en for line in evening.opened.now.log)
        return
    entry = entries[0]
    assert entry.kind == "road_closure" and entry.document["effect"]["verdict"] == "better"
    assert entry.document["effect"]["measure"] == "vehicles_in_water" and entry.document["effect"]["high"] < 0
    assert entry.document["run_id"] in {one.run_id for one in Cycles(evening.desk.book).last(9)}
    lines = evening.session.out / "outbox" / "recommendations.jsonl"
    assert [row["rec_id"] for row in read_lines(lines)] == [entry.rec_id]


def test_the_state_is_json_that_a_page_can_draw(evening: Replayed, helsinki: City) -> None:
    opened = evening.opened
    beside = EveningNow(opened.evening, opened.feeds, opened.clock, lambda: True)
    maker = TownState(helsinki, opened.now, opened.evening, evening.desk, hours=opened.seen.hours, beside=beside.state)
    state = json.loads(json.dumps(maker.state(), allow_nan=False))
    edges = len(helsinki.layer("edges"))
    assert len(state["roads"]["speed_ratio"]) == len(state["depth_m"]) == edges
    assert len(state["forecast"]["depth_m"]) == edges
    assert any(value is not None and 0 < value <= 1.2 for value in state["roads"]["speed_ratio"])
    figures = {figure["key"]: figure["value"] for figure in state["figures"]}
    assert figures["vehicles"] > 10 and figures["rain_mm_h"] >= 0 and figures["max_depth_m"] > 0.1
    assert len(state["roads"]["closed"]) == figures["closed_roads"]
    assert state["labels"] == "synthetic replay" and "synthetic" in state["mode"]
    assert state["run_id"] == state["hour"]["id"] and state["ladder"] and state["desk"]["alarms"]
    (unit,) = state["units"]
    assert 24.9 < unit["lon"] < 25.0 and 60.1 < unit["lat"] < 60.2
    assert {feed["name"]: feed["status"] for feed in state["feeds"]}["vehicle_count"] in ("ok", "late", "silent")


def test_forecasts_are_scored_against_persistence(evening: Replayed) -> None:
    rows = measure(Ledger(evening.session.out / "skill").settled()).rows["horizon"]
    assert rows and all(row.cases > 0 and math.isfinite(row.error["served"]) for row in rows)


def test_a_second_start_goes_on_and_refuses_an_evening_that_is_over(evening: Replayed, tmp_path: Path) -> None:
    from dataclasses import replace

    begin, minutes = evening.scenario.period.begin, timedelta(minutes=1)
    text = evening.scenario.model_dump(mode="json")
    text["period"]["end"] = (begin + 20 * minutes).isoformat()
    longer = replace(evening.session, scenario=type(evening.scenario).model_validate(text), out=tmp_path)
    with ExitStack() as stack:
        opened = OpenedEvening(longer, evening.recording, evening.desk, stack, lambda _: None)
        assert opened.clock.now() >= begin + 10 * minutes
        with pytest.raises(BadInput, match="the last cycle here was of 2026-07-17T14:05"):
            OpenedEvening(evening.session, evening.recording, evening.desk, stack, lambda _: None)


def test_a_cycle_whose_engine_fails_is_told_and_the_picture_before_stands(evening: Replayed) -> None:
    class Broken:
        def map(self, *_: Any) -> list[Any]:
            raise RuntimeError("the engine fell over")

        def close(self) -> None:
            pass

    stage, now = evening.opened.evening, evening.opened.now
    before, executor, stage.executor = now.picture, stage.executor, Broken()
    try:
        after = now.cycle(evening.scenario.period.begin.astimezone(UTC) + timedelta(minutes=10))
    finally:
        stage.executor = executor
    assert before is not None and after is not None and now.busy == ""
    assert after.of("speed") is before.of("speed")
    assert any("the engine fell over" in told["en"] for told in after.left_out)


def test_rain_goes_on_as_the_nowcast_says(evening: Replayed) -> None:
    now = evening.scenario.period.begin.astimezone(UTC)
    rain = rain_now(evening.opened.feeds.table, Losses(12.0, 0.0), now, now + timedelta(minutes=30))
    assert rain is not None and "halved every 15 minutes" in rain["source"]
    steps = rain["hyetograph"]["intensity_mm_h"]
    ahead = steps[-30:]
    assert ahead[0] > 0 and ahead == sorted(ahead, reverse=True)
    assert ahead[20] == pytest.approx(ahead[5] / 2, rel=0.02)
    assert rain_now(ObservationTable(), Losses(), now, now + timedelta(minutes=30)) is None


def test_what_lies_beyond_the_horizon_is_not_simulated(evening: Replayed) -> None:
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
