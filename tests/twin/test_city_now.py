"""Cycles of a served city: what the log of the operators says, and that a failed cycle is told and not the end."""

from __future__ import annotations

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
