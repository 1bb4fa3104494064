"""Governing: every message once into the store, whatever stops it, and no format stops a feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import Observation
from networks.errors import BadInput, NotThere, StorageFailed
from twin.feeds import Dead, Fault, Message, Told, Understood
from twin.feeds.governing import Governing
from twin.feeds.health import Watch, judged, spoken_s
from twin.feeds.inbox import standing_for
from twin.feeds.log import LogReader, LogWriter, blank
from twin.feeds.understanding import FIRST_RECEIVED, MENDS, understood

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


class Plain:
    """A number a message; "bad" has a fault, "ugly" cannot be read, the rest is not for it."""

    def understand(self, message: Message) -> Understood:
        text = message.payload.decode()
        if text == "ugly":
            raise BadInput("is ugly", place="all of it", expected="a number")
        if text == "boom":
            raise ZeroDivisionError("division by zero")
        if text == "strange":
            return Understood((object(),))  # type: ignore[arg-type]
        row = Observation("s", "speed", message.received, 0.0, float(len(text)), "good", message.received)
        return Understood((row,), (Fault("x", "is bad"),) if text == "bad" else (), {"spare": 1})


class Kept:
    """A store in memory that takes a span at once or not at all; `fail` is raised before or after that."""

    def __init__(self) -> None:
        self.at, self.rows, self.dead, self.fail, self.after = 0, list[Told](), list[Dead](), list[Any](), False
        self.settled: list[tuple[int, str]] = []

    def position(self, feed: str) -> int:  # noqa: ARG002
        return self.at

    def take(self, feed: str, first: int, end: int, rows: Sequence[Told], dead: Sequence[Dead]) -> None:
        assert first <= self.at < end and feed == "f"
        fail = self.fail.pop(0) if self.fail else None
        if fail is not None and not self.after:
            raise fail
        self.rows += [told for told in rows if told[0] >= self.at]
        self.dead += [one for one in dead if one.number >= self.at]
        self.at = end
        if fail is not None:
            raise fail

    def settle(self, feed: str, number: int, why: str) -> None:  # noqa: ARG002
        if any(number == one for one, _ in self.settled):
            raise NotThere("it is settled")
        self.settled.append((number, why))


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(f"os.{name}", lambda _: None)


def logged(folder: Path, texts: Sequence[str | Message]) -> int:
    with LogWriter(folder) as log:
        for text in texts:
            one = text if isinstance(text, Message) else Message(text.encode(), "t", NOW + timedelta(seconds=log.end))
            log.append([one])
        return log.end


def governed(folder: Path, store: Kept, end: int) -> Governing:
    one = Governing("f", LogReader(folder), Plain(), store, store.settle)
    while one.step(end):
        pass
    return one


def test_rows_dead_letters_and_what_is_left_out_are_counted(tmp_path: Path) -> None:
    end, store = logged(tmp_path, ["a", "bad", "ugly", "boom", "strange", "bb"]), Kept()
    one = governed(tmp_path, store, end)
    assert [number for number, _ in store.rows] == [0, 1, 5]
    words = ["is bad", "is ugly", "ZeroDivisionError", "unknown kind: object"]
    assert [dead.number for dead in store.dead] == [1, 2, 3, 4]
    assert all(word in dead.faults[0].what for word, dead in zip(words, store.dead, strict=True))
    assert store.dead[1].received == NOW + timedelta(seconds=2) and store.dead[1].faults[0].place == "all of it"
    assert one.tally.rows == {"observations": 3} and one.tally.dead == 4 and one.tally.left_out == {"spare": 3}
    assert one.tally.messages == end == one.position


@given(texts=st.lists(st.sampled_from(["a", "bad", "ugly", "boom"]), max_size=8), data=st.data())
@settings(max_examples=30)
def test_a_stop_between_any_two_steps_loses_and_doubles_nothing(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: Any
) -> None:
    folder = tmp_path_factory.mktemp("log")
    end, whole, broken = logged(folder, texts), Kept(), Kept()
    governed(folder, whole, end)
    broken.after = data.draw(st.booleans())
    broken.fail = [KeyboardInterrupt(), StorageFailed("away"), None, SystemExit()][data.draw(st.integers(0, 3)) :]
    while broken.at < end or broken.fail:  # each round is a new process
        upto = data.draw(st.integers(0, end))
        try:
            governed(folder, broken, max(upto, min(end, broken.at + 1)))
        except (KeyboardInterrupt, SystemExit, StorageFailed):
            continue
        if broken.at >= end:
            break
    assert broken.rows == whole.rows and broken.dead == whole.dead


def test_a_store_that_is_away_gets_the_same_span_again(tmp_path: Path) -> None:
    end, store = logged(tmp_path, ["a", "b"]), Kept()
    store.fail = [StorageFailed("away"), OSError("gone")]
    one = Governing("f", LogReader(tmp_path), Plain(), store, None)
    for wrong in (StorageFailed, OSError):
        with pytest.raises(wrong):
            one.step(end)
    assert one.step(end) == 2 and one.step(end) == 0 and len(store.rows) == 2


def test_rows_that_a_store_cannot_keep_cost_their_own_message_alone(tmp_path: Path) -> None:
    class Picky(Kept):
        def take(self, feed: str, first: int, end: int, rows: Sequence[Told], dead: Sequence[Dead]) -> None:
            if any(number == 3 for number, _ in rows):
                raise OverflowError("too large for a column")
            super().take(feed, first, end, rows, dead)

    end, store = logged(tmp_path, ["a", "bad", "c", "d", "bad", "f", "g"]), Picky()
    one = governed(tmp_path, store, end)
    assert [number for number, _ in store.rows] == [0, 1, 2, 4, 5, 6]
    assert [dead.number for dead in store.dead] == [1, 3, 4] and "OverflowError" in store.dead[1].faults[0].what
    assert one.tally.rows == {"observations": 6} and one.tally.dead == 3


def test_a_mended_message_keeps_its_time_and_settles_the_dead_letter(tmp_path: Path) -> None:
    end = logged(tmp_path, ["ugly", "b"])
    old = LogReader(tmp_path).message(0)
    mended = standing_for(old, 0, b"abc")
    again = standing_for(mended, 0, b"ugly")
    assert mended.headers[MENDS] == "0" and again.headers[FIRST_RECEIVED] == NOW.isoformat()
    store, at_once = Kept(), Kept()
    governed(tmp_path, store, end)
    end = logged(tmp_path, [again, mended, mended])
    governed(tmp_path, store, end)
    governed(tmp_path, at_once, end)
    assert store.settled == [(0, "by message 3")]
    assert [(number, row.begin) for number, row in store.rows if isinstance(row, Observation) and number > 1] == [
        (3, NOW),
        (4, NOW),
    ]
    assert [dead.number for dead in store.dead] == [0, 2]
    assert [(dead.number, dead.state) for dead in at_once.dead] == [(0, "mended"), (2, "waiting")]
    assert at_once.rows == store.rows and at_once.settled == [(0, "by message 4")]


def test_what_is_blank_says_nothing_and_what_is_damaged_is_told(tmp_path: Path) -> None:
    end, store = logged(tmp_path, ["a", "ugly", "QQ", "d"]), Kept()
    blank(tmp_path, {1})
    path = next(tmp_path.glob("*.log"))
    content = bytearray(path.read_bytes())
    content[content.rindex(b"QQ")] ^= 1
    path.write_bytes(bytes(content))
    governed(tmp_path, store, end)
    assert [number for number, _ in store.rows] == [0, 3]
    assert [dead.number for dead in store.dead] == [2] and store.dead[0].faults[0].place == "messages 2 to 2"


def test_a_message_that_ended_the_process_twice_is_put_aside_unread(tmp_path: Path) -> None:
    end, store, seen = logged(tmp_path, ["a", "b"]), Kept(), []
    one = Governing("f", LogReader(tmp_path), Plain(), store, None)
    one.skip, one.reading = {1}, seen.append
    one.step(end)
    assert seen == [0, None] and [dead.number for dead in store.dead] == [1]


def test_a_format_that_gives_anything_else_is_a_fault() -> None:
    class Nothing:
        def understand(self, message: Message) -> Any:  # noqa: ARG002
            return None

    class Deep:
        def understand(self, message: Message) -> Any:
            return self.understand(message)

    for one, word in ((Nothing(), "AttributeError"), (Deep(), "RecursionError")):
        assert word in understood(one, Message(b"", "", NOW)).faults[0].what


@pytest.mark.parametrize(
    ("silent_s", "every_s", "away", "state"),
    [
        (0.0, 60.0, "", "ok"),
        (120.0, 60.0, "", "ok"),
        (120.1, 60.0, "", "late"),
        (600.0, 60.0, "", "late"),
        (600.1, 60.0, "", "down"),
        (1e9, None, "", "ok"),
        (0.0, 60.0, "no route", "down"),
        (0.0, None, "no route", "down"),
    ],
)
def test_health_follows_from_silence_and_rhythm(silent_s: float, every_s: float | None, away: str, state: str) -> None:
    assert judged(silent_s, every_s, away).state == state


def test_a_change_of_health_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    watch = Watch("loops", 10.0, 0.0)
    with caplog.at_level("INFO", "twin.feeds.health"):
        for now_s in range(0, 130, 5):
            watch.look(float(now_s))
        for _ in range(3):
            watch.away("no route", 130.0)
        watch.heard(131.0)
        watch.heard(132.0)
    said = [record.message for record in caplog.records]
    assert [line.split(":")[0] for line in said] == [
        "feed loops is late",
        "feed loops is down",
        "feed loops is ok again",
    ]
    assert "silent for 25 s, its rhythm is 10 s" in said[0]
    assert [spoken_s(s) for s in (0.5, 119.0, 120.0, 5400.0, 8640000.0)] == [
        "0.5 s",
        "119 s",
        "2 min",
        "90 min",
        "100 d",
    ]
