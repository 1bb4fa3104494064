"""Warnings and rain of the feeds as the live loop asks for them: a silent feed is not "no warning"."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calibration import Observation
from models.flood.rain import read_signal_table, shipped_multiples
from networks.claim import claimed
from twin.cycle import MODES, Picture, Turn
from twin.desk import Desk
from twin.feeds import Situation, read_feeds
from twin.feeds.log import LogWriter, folder_of
from twin.live.planning import Planning
from twin.live.rain_now import RainNow
from twin.live.warnings_now import WarningsNow
from twin.plans import Here, PlanBook
from twin.store import FeedStore

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
FEEDS = """\
feeds:
  - {id: weather, source: {kind: http, url: "http://127.0.0.1:1/"}, format: cap, every_s: 60}
  - {id: loops, source: {kind: http, url: "http://127.0.0.1:1/"}, format: sensorthings}
"""


@pytest.fixture
def store(tmp_path: Path) -> FeedStore:
    return FeedStore(tmp_path / "data")


def told(store: FeedStore, *rows: Any) -> None:
    at = store.position("all")
    store.take("all", at, at + 1, [(at, row) for row in rows], [])


def rained(end: datetime, mm_h: float | None, gauge: str = "Reno") -> Observation:
    begin = end - timedelta(minutes=10)
    return Observation(gauge, "rain_intensity", begin, 600.0, mm_h, "good" if mm_h is not None else "missing", end)


def test_a_feed_of_warnings_that_nobody_records_or_that_is_silent_is_told(tmp_path: Path, store: FeedStore) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(FEEDS, encoding="utf-8")
    warnings = WarningsNow(store, None, read_feeds(file))

    def states() -> tuple[str, ...]:
        assert warnings.look(NOON) == []
        return tuple(one["en"].split("(")[1].split(")")[0] for one in warnings.told)

    assert states() == ("never recorded",) and warnings.silent == ("weather",)
    folder = folder_of(tmp_path / "data", "weather")
    with LogWriter(folder):
        pass
    assert states() == ("nobody records it",)
    with claimed(folder) as ours:
        assert ours
        (folder / "state.json").write_text(json.dumps({"state": "late", "why": "silent for 3 min"}))
        assert states() == ("silent for 3 min",)
        assert warnings.row() == {"name": "warnings", "last_s_ago": None, "count": 0, "status": "silent"}
        (folder / "state.json").write_text(json.dumps({"state": "ok", "why": ""}))
        assert states() == () and warnings.silent == ()


def test_warnings_of_another_place_are_not_of_this_city(store: FeedStore) -> None:
    corners = [[20.0, 50.0], [21.0, 50.0], [21.0, 51.0], [20.0, 50.0]]
    far: dict[str, Any] = {"type": "Polygon", "coordinates": [corners]}
    told(store, Situation("far", "", NOON, "weather", NOON, area=far, words={"": "暴雨"}),
         Situation("here", "", NOON, "weather", NOON, words={"": "暴雨"}))  # fmt: skip
    assert [one.signal_id for one in WarningsNow(store, Here((11.0, 44.0, 12.0, 45.0))).look(NOON)] == ["here"]
    assert len(WarningsNow(store).look(NOON)) == 2


def test_rain_of_gauges_is_held_against_levels(store: FeedStore) -> None:
    rain = RainNow(store, read_signal_table("cma"))
    told(store, *(rained(NOON - timedelta(minutes=10 * k), 20.0) for k in range(12)))
    assert rain.look(NOON) == [], "40 mm in two hours"
    told(store, *(rained(NOON - timedelta(minutes=120 + 10 * k), 20.0) for k in range(4)), rained(NOON, None, "mute"))
    (one,) = rain.look(NOON)
    assert one.level == "II" and not one.official and one.signal_id == "own:Reno:orange"
    assert rain.silent == () and rain.unheard == ()
    later = NOON + timedelta(hours=3)
    rain.look(later)
    assert rain.silent == ("Reno", "mute") and rain.unheard == ("Reno",) and "Reno" in rain.told()[0]["en"]


def test_rain_that_a_gauge_alone_makes_likely_is_a_signal_that_says_how_likely(store: FeedStore) -> None:
    """47 mm within 140 minutes: 3.3 mm more make the 50 mm of three hours, and 20 mm/h seldom stop at once."""
    rows = [rained(NOON - timedelta(minutes=10 * k), 20.0) for k in range(14)]
    told(store, *rows)
    assert RainNow(store, read_signal_table("cma")).look(NOON) == []
    (one,) = RainNow(store, read_signal_table("cma"), shipped_multiples()).look(NOON)
    assert one.level == "II" and not one.official and one.says(["暴雨"])
    assert "60% likely" in one.head()["en"] and "60%" in one.head()["zh"] and "likely" not in one.head()["zh"]
    stopped = RainNow(store, read_signal_table("cma"), shipped_multiples())
    told(store, *(rained(NOON + timedelta(minutes=10 * k), 0.0) for k in (1, 2)))
    assert stopped.look(NOON + timedelta(minutes=20)) == [], "it rains no more"


def test_a_silent_gauge_of_heavy_rain_ends_no_case(tmp_path: Path, store: FeedStore) -> None:
    class Nothing:
        findings = ()

    class Plans(PlanBook):
        unseen: Any = None

        def take(self, *given: Any, **more: Any) -> Any:
            self.unseen = set(more["unseen"])
            return super().take(*given, **more)

    told(store, *(rained(NOON - timedelta(minutes=10 * k), 40.0) for k in range(9)))
    desk = Desk.open(tmp_path / "desk.sqlite")
    plans, rain = Plans(desk.book, ()), RainNow(store, read_signal_table("cma"))
    planning = Planning(plans, Nothing(), WarningsNow(store), rain)  # type: ignore[arg-type]
    for minutes, blind in ((0, False), (60, True)):
        now = NOON + timedelta(minutes=minutes)
        picture = planning.run(Turn("r", now, MODES["normal"], 8, 1800.0, 60.0, None), Picture("r", now, NOON))
        assert ("signal" in plans.unseen) is blind and bool(picture.left_out) is blind
    desk.close()
