"""Dead letters that say the same again are one line, and can be dismissed together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from twin.cli import run
from twin.feeds import Dead, Fault, alike, likeness
from twin.store import FeedStore

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)


def letter(number: int, *faults: tuple[str, str], feed: str = "buses") -> Dead:
    return Dead(feed, number, NOW + timedelta(seconds=number), "v.pb", tuple(Fault(*fault) for fault in faults))


NOWHERE = [letter(n, (f"entity {100 + n} (id 'b{n}'), position", "it is at 0, 0")) for n in (3, 7, 9)]


def test_numbers_and_quoted_values_make_no_difference_words_do() -> None:
    twice = letter(
        11, ("entity 5 (id 'b1'), position", "it is at 0, 0"), ("entity 9 (id '4'), position", "it is at 0, 0")
    )
    other = letter(12, ("entity 5 (id 'b1'), position", "it is at 91.5, 0"))
    words = letter(13, ("entity 5 (id 'b1'), speed", "it is at 0, 0"))
    elsewhere = letter(3, ("entity 100 (id 'b3'), position", "it is at 0, 0"), feed="trams")
    assert len({likeness(one) for one in [*NOWHERE, twice, other]}) == 1
    assert len({likeness(one) for one in (NOWHERE[0], words, elsewhere)}) == 3
    assert likeness(letter(1, ("payload", "no utf8"))) != likeness(letter(1, ("payload", "no utf16le")))


def test_the_largest_group_comes_first_and_nobody_is_in_two() -> None:
    letters = [letter(1, ("", "no XML")), *NOWHERE[::-1]]
    groups = alike(letters)
    assert [[one.number for one in group.letters] for group in groups] == [[3, 7, 9], [1]]
    assert groups[0].last.number == 9


def test_one_line_for_all_and_one_word_dismisses_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(
        "feeds:\n  - id: buses\n    source: {kind: folder, path: in}\n    format: gtfs-rt\n", encoding="utf-8"
    )
    with FeedStore(tmp_path / "data") as store:
        store.take("buses", 0, 20, (), [*NOWHERE, letter(12, ("", "no protobuf"))])

    def told(*words: str) -> list[str]:
        assert run(["feeds", "dead", str(file), *words]) == 0
        return capsys.readouterr().out.splitlines()

    lines = told()
    assert len(lines) == 3
    assert lines[1].split()[:3] == ["buses", "3...9", "3"] and "it is at 0, 0" in lines[1]
    assert len(told("--each")) == 5
    assert told("dismiss", "buses", "7", "--alike", "--why", "it has no receiver") == [
        "buses, message 7: dismissed, and 2 like it"
    ]
    assert [line.split()[1] for line in told()[1:]] == ["12"]
    with FeedStore(tmp_path / "data") as store:
        assert {one.number for one in store.dead_letters("buses", "dismissed")} == {3, 7, 9}
