"""Who is at the sites of the live city: followed from what is heard; alarms, gaps, late words, failures."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from calibration import Observation, ObservationTable
from calibration.occupancy import Layout, read_counters
from models.crowd.sites import AlarmLevels, Approved, Sites, VisitSite
from networks.errors import BadInput
from twin import Feeds, ReplayClock
from twin.feeds import to_wire, topic_of
from twin.live.crowd_feed import read_crowd_feed
from twin.live.recording import Recording
from twin.live.site_watch import SiteWatch, keep_watch

OPENED = datetime(2026, 7, 17, 10, tzinfo=timezone(timedelta(hours=3)))
COUNTERS = """\
sensor_id,measure,from,to,zone,per_person,error,source
in,person_count,outside,park,,,,us
out,person_count,park,outside,,,,us
cam,presence,,,street,,,us
"""
PARK = VisitSite("park", "Old park", "park", 0, 0, 0, 0, 5000.0, "", None, (), None, (), Approved(400, None, {}, "us"),
                 1.0, "us")  # fmt: skip


def layout(folder: Path) -> Layout:
    (folder / "counters.csv").write_text(COUNTERS, encoding="utf-8")
    return read_counters(folder / "counters.csv")


def told(sensor: str, minute: float, result: float, *, period_s: float = 300.0) -> Observation:
    begin = (OPENED + timedelta(minutes=minute)).astimezone(UTC)
    measure = "presence" if sensor == "cam" else "person_count"
    length = 0.0 if sensor == "cam" else period_s
    said = begin + timedelta(seconds=length)
    return Observation(sensor, measure, begin, length, result, "good", said, synthetic=True)


def watch_of(folder: Path) -> SiteWatch:
    return SiteWatch(layout(folder), Sites((PARK,), AlarmLevels()), OPENED)


def at(minute: float) -> datetime:
    return (OPENED + timedelta(minutes=minute)).astimezone(UTC)


def filled(watch: SiteWatch, periods: int) -> None:
    for seen in counts(periods):
        watch.hear(seen)


def counts(periods: int) -> list[Observation]:
    """Every five minutes some 40 in, some 5 out, some 60 seen in the street; a number that never moves is stuck."""
    found = []
    for one in range(periods):
        wave = (0, 2, -1, -1)[one % 4]
        found += [told("in", 5 * one, 40 + wave), told("out", 5 * one, 5 + wave), told("cam", 5 * one + 4, 60 + wave)]
    return found


def zone(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in state["zones"] if one["zone"] == name)


def test_nothing_is_said_before_a_count_or_a_whole_period(tmp_path: Path) -> None:
    watch = watch_of(tmp_path)
    assert not watch.due(at(30)) and watch.state(at(0))["zones"] == [] and watch.state(at(0))["at"] is None
    watch.hear(replace(told("in", 0, 4), sensor_id="stranger"))
    assert not watch.due(at(30))
    watch.hear(told("in", 0, 4))
    assert watch.due(at(5)) and watch.look(at(5)) == []
    assert watch.state(at(5))["zones"] == [] and watch.state(at(5))["counters"] == 3


def test_people_are_followed_and_an_alarm_rises_and_ends_once(tmp_path: Path) -> None:
    watch = watch_of(tmp_path)
    filled(watch, 6)
    assert watch.look(at(31)) == []
    state = json.loads(json.dumps(watch.state(at(31)), allow_nan=False))
    park, street = zone(state, "park"), zone(state, "street")
    assert park["people"] == pytest.approx(210, abs=10) and park["low"] < 210 < park["high"]
    assert (park["name"], park["holds"], park["basis"], park["level"]) == ("Old park", 400, "approved", 0)
    assert park["share"] == pytest.approx(park["people"] / 400, abs=0.01)
    assert park["next"]["level"] == 1 and park["next"]["earliest"] > state["at"] and park["soon"] > park["people"]
    assert street["holds"] is None and street["share"] is None and street["people"] == pytest.approx(60, abs=10)
    assert state["synthetic"] and state["error"] is None and state["at"] == (OPENED + timedelta(minutes=30)).isoformat()
    assert not watch.due(at(35.9)) and watch.due(at(36)), "the next period is whole, and a minute's patience over"
    filled(watch, 11)
    (rose,) = watch.look(at(56))
    assert "Old park: alarm" in rose["en"] and "400, approved" in rose["en"] and "级预警" in rose["zh"]
    assert watch.alarms == 1 and watch.look(at(56)) == []
    for minute in range(55, 85, 5):
        watch.hear(told("in", minute, 0))
        watch.hear(told("out", minute, 60 + minute % 3))
    (over,) = watch.look(at(86))
    assert "alarm over" in over["en"] and watch.alarms == 0


def test_a_late_word_counts_and_silence_is_told(tmp_path: Path) -> None:
    watch = watch_of(tmp_path)
    filled(watch, 3)
    watch.look(at(16))
    before = zone(watch.state(at(16)), "park")
    watch.hear(replace(told("in", 10, 80), result_time=at(15.9)))
    assert watch.due(at(16))
    watch.look(at(16))
    assert zone(watch.state(at(16)), "park")["people"] > before["people"] + 10
    assert [zone(watch.state(at(minute)), "park")["status"] for minute in (16, 30, 90)] == ["ok", "late", "silent"]


def test_a_look_that_fails_is_told_and_the_figures_before_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watch_of(tmp_path)
    filled(watch, 3)
    watch.look(at(16))
    monkeypatch.setattr("twin.live.site_watch.foresee", lambda *_, **__: 1 / 0)
    filled(watch, 4)
    assert watch.look(at(21)) == []
    state = watch.state(at(21))
    assert "ZeroDivisionError" in state["error"]["en"] and len(state["zones"]) == 2
    monkeypatch.undo()
    watch.look(at(26))
    assert watch.state(at(26))["error"] is None


def test_messages_become_a_picture_on_the_clock_and_are_never_dead(tmp_path: Path) -> None:
    watch = watch_of(tmp_path)
    clock = ReplayClock(at(60), 1.0)
    feeds = Feeds(ObservationTable(), clock.now, sensors=watch.layout.counters)
    feeds.when_heard(watch.hear)
    said: list[str] = []

    async def live() -> None:
        watching = asyncio.create_task(keep_watch(watch, clock, lambda _, en, __: said.append(en), pause_s=0.01))
        for seen in counts(11):
            feeds.take(topic_of(seen.sensor_id), to_wire(seen))
        for _ in range(500):
            await asyncio.sleep(0.02)
            if said:
                break
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(live())
    assert feeds.dead_count == 0 and len(said) >= 1 and "Old park: alarm" in said[0]


def test_counts_of_a_file_are_played_beside_the_evening_when_they_are_over(tmp_path: Path) -> None:
    layout(tmp_path)
    rows = ["sensor_id,measure,begin,period_s,result,synthetic"]
    rows += [f"in,person_count,{(OPENED + timedelta(minutes=5 * one)).isoformat()},300,7,true" for one in range(20)]
    rows.append(f"cam,presence,{(OPENED - timedelta(days=1)).isoformat()},0,9,true")
    (tmp_path / "counts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "sites.yaml").write_text("sites: []\n", encoding="utf-8")
    feed = feed_of(tmp_path, begin=OPENED + timedelta(hours=1))
    assert feed.opened == OPENED and len(feed.observations) == 18, "till 11:30"
    assert all(one.result_time == one.end for one in feed.observations)
    evening = Recording("r", at(60), at(90), (told("gauge", 61, 1),))
    times = [one.result_time for one in feed.beside(evening).observations]
    assert len(times) == 19 and times == sorted(times)
    with pytest.raises(BadInput, match="nothing of these counters on the day"):
        feed_of(tmp_path, begin=OPENED + timedelta(days=3))


def feed_of(folder: Path, *, begin: datetime) -> Any:
    from types import SimpleNamespace

    period = SimpleNamespace(begin=begin, end=begin + timedelta(minutes=30))
    scenario: Any = SimpleNamespace(start=begin - timedelta(minutes=10), period=period)
    city: Any = SimpleNamespace()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("twin.live.crowd_feed.sites_of", lambda *_: Sites((), AlarmLevels()))
        return read_crowd_feed(folder / "counters.csv", folder / "counts.csv", None, city, scenario)
