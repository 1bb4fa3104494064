"""`twin alarms`: what stands, who judged it, and the ledger, from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from networks.sentence import say
from twin.alarms import SHIPPED, AlarmBook, Finding
from twin.cli import run
from twin.desk import Book, People

T = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk at which an incident stands, and one is over."""
    place = tmp_path / "desk.sqlite"
    monkeypatch.setenv("TWIN_DESK", str(place))
    book = Book.open(place, now=lambda: T)
    book.set_clock(T + timedelta(hours=1))
    alarms = AlarmBook(book)
    for number in range(4):
        now = T + timedelta(minutes=5 * number)
        edges = ("north", "south") if number == 0 else ("north",)
        told = [
            Finding("incident", edge, "III", say(f"lane 0 of {edge} blocked", f"{edge} 受阻"), now, T, edges=(edge,))
            for edge in edges
        ]
        alarms.take(told, now, f"run-{number}")
    book.close()
    return place


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert run(["alarms", *words]) == status
    both = capsys.readouterr()
    return both.out + both.err


@pytest.mark.usefixtures("desk")
def test_what_stands_is_listed_and_what_is_over_only_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = said(capsys, "list").splitlines()
    assert line.startswith("! ")
    assert "lane 0 of north blocked" in line
    assert len(said(capsys, "list", "--all").splitlines()) == 2
    told = json.loads(said(capsys, "list", "--json"))
    assert (told["subject"], told["actionable"], told["text"]["zh"]) == ("north", True, "north 受阻")


@pytest.mark.usefixtures("desk")
def test_judged_shelved_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    name = said(capsys, "list").split()[1]
    assert "[confirm by Li]" in said(capsys, "judge", name, "confirm", "--who", "Li", "--why", "camera 4")
    assert not said(capsys, "shelve", name, "--minutes", "30", "--who", "Li", "--why", "known").startswith("!")
    (row,) = (json.loads(line) for line in said(capsys, "ledger", "--json").splitlines())
    assert (row["kind"], row["alarms"], row["confirmed"], row["came"]) == ("incident", 2, 1, 1)
    assert "judge confirm: camera 4" in said(capsys, "show", name)
    table = said(capsys, "ledger")
    assert "incident" in table
    assert "stayed away" in table


def test_where_the_desk_knows_people_a_token_says_who(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book.open(desk)
    People(book).add("Chen", "administrator")
    token = People(book).add("Li", "operator")
    book.close()
    name = said(capsys, "list").split()[1]
    said(capsys, "judge", name, "false", "--who", "Li", "--why", "camera 4", status=4)
    monkeypatch.setenv("TWIN_TOKEN", token)
    assert "[false by Li]" in said(capsys, "judge", name, "false", "--why", "camera 4")


def test_thresholds_are_printed_and_ones_own_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "thresholds")
    assert text == SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    assert "can be used" in said(capsys, "thresholds", str(own))
    own.write_text(text.replace("filled: {value: 0.5", "filled: {value: 5"), encoding="utf-8")
    assert "line 7" in said(capsys, "thresholds", str(own), status=2)


def test_no_desk_and_no_such_alarm_are_told(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no alarm with this id" in said(capsys, "show", "zzz", status=2)
    monkeypatch.setenv("TWIN_DESK", str(desk.with_name("other.sqlite")))
    assert "no desk here" in said(capsys, "list", status=2)
