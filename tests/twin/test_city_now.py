"""Cycles of a served city: what the log of the operators says, and that a failed cycle is told and not the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from networks.errors import StorageFailed
from networks.sentence import say
from twin.alarms import AlarmBook, Finding, shipped_thresholds
from twin.alarms.alarm_book import Change
from twin.alarms.streets import Streets
from twin.cycle import MODES, Picture, Turn
from twin.desk import Book
from twin.live.alarming import Alarming
from twin.live.city_now import CityNow
from twin.live.due import Due
from twin.live.round import Round
from twin.serving.lines import cycle_lines

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)


class NoCounts:
    """A store that is away."""

    def up_to(self, _now_s: float) -> None:
        raise StorageFailed("the disk is gone")


@dataclass
class Lacks:
    """A stage that does without something, as long as it is told to."""

    lacks: list[str] = field(default_factory=list)
    name: str = "lacks"

    def run(self, _turn: Turn, picture: Picture) -> Picture:
        if "crash" in self.lacks:
            raise SystemError("broken")
        return replace(picture, left_out=tuple(say(one, f"中{one}") for one in self.lacks))


def test_the_log_says_once_what_goes_on_and_again_what_came_back(tmp_path: Path) -> None:
    book, stage = Book.open(tmp_path / "desk.sqlite"), Lacks()
    city = CityNow(cast(Any, None), cast(Any, NoCounts()), Round((stage,)), book, NOON.replace(hour=0), Due(300.0))
    try:
        for number, lacks in enumerate((["a"], ["a"], ["a", "b"], ["b"], ["a", "b"])):
            stage.lacks = lacks
            assert city.cycle(NOON + number * FIVE) is not None
        assert [(line.time - NOON) // FIVE for line in city.log] == [0, 2, 4]
        assert [line.en for line in city.log] == ["a", "b", "a"]
    finally:
        book.close()


@dataclass
class SlowCounts:
    """Four sensors; each period is told some looks after its end, one that fell into an outage never."""

    outage: datetime
    looks: dict[datetime, int] = field(default_factory=dict)

    def told(self, end: datetime) -> float:
        self.looks[end] = self.looks.get(end, 0) + 1
        return 1.0 if self.looks[end] > 3 and end != self.outage else 0.0


def test_a_cycle_waits_for_sensors_again_after_an_outage(tmp_path: Path) -> None:
    """The one after the outage expects nothing; those after it wait for as many as spoke, by now, of the one before."""
    book, counts = Book.open(tmp_path / "desk.sqlite"), SlowCounts(NOON + FIVE)
    nothing, origin = cast(Any, None), NOON.replace(hour=0)
    city = CityNow(nothing, cast(Any, counts), Round(()), book, origin, Due(300.0), pause_s=0.001)
    try:
        heard = []
        counts.looks[NOON - FIVE] = 9
        for number in range(5):
            city.patience_s = 0.0 if number == 1 else 60.0
            asyncio.run(city._wait_for(NOON + number * FIVE))
            heard.append(counts.looks[NOON + number * FIVE] > 3)
            for moment in counts.looks:  # by the next cycle all that was said has come
                counts.looks[moment] += 9
        assert heard[0] and heard[3] and heard[4] and city.heard == NOON + 4 * FIVE
        assert not heard[2], "of the period before it nobody ever spoke"
    finally:
        book.close()


@pytest.mark.parametrize("what", ["raised", "worse", "better", "cleared"])
def test_a_line_of_an_alarm_is_in_one_language(what: str, tmp_path: Path) -> None:
    book = Book.open(tmp_path / "desk.sqlite")
    try:
        streets = Streets({})
        alarms = AlarmBook(book, streets, shipped_thresholds().alarms)
        finding = Finding("sensor", "s1", "III", say("s1 lies", "s1 异常"), NOON, NOON)
        alarms.take([finding], NOON, "r1")
        alarm = alarms.alarms()[0]
        stage = Alarming([], alarms, changes=[Change(what, alarm)])
        picture = Picture("r1", NOON, NOON.replace(hour=0))
        lines = cycle_lines(picture, MODES["normal"], cast(Any, type("T", (), {"cycle": None})()), [stage])
        assert what in lines[1]["en"] and what not in lines[1]["zh"]
    finally:
        book.close()
