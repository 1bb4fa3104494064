"""`twin out`: what left, what did not, once more, and a file of receivers tried out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from twin.cli import run
from twin.desk import Book
from twin.out import Mailroom, OutMessage, read_receivers

FILE = """receivers:
  - {id: drop, takes: [task, warning], way: {kind: folder, folder: drop}, words: {format: wecom}}
  - {id: cap, takes: [warning, vms], way: {kind: folder, folder: cap}, words: {format: cap, sender: a@b}}
  - {id: down, takes: [task], way: {kind: webhook, url: "http://127.0.0.1:9/hook"}}
"""


@pytest.fixture
def desk(tmp_path: Path) -> str:
    (tmp_path / "receivers.yaml").write_text(FILE)
    book = Book.open(tmp_path / "desk.sqlite")
    until = datetime.now(UTC) + timedelta(hours=1)

    class Leave:
        allowed_by, not_after = "decision:r1", until

    room = Mailroom(book, read_receivers(tmp_path / "receivers.yaml").channels(book.clock), lambda _: Leave())
    room.hand_in([OutMessage("k1", "drop", "task", {"title": "Pump"}, "r1", "decision:r1", until)])
    room.hand_in([OutMessage("k2", "cap", "warning", {"title": "no time"}, "r2", "decision:r2", until)])
    room.work()
    return str(tmp_path / "desk.sqlite")


def test_list_show_dead_and_retry(desk: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["out", "--desk", desk, "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and "taken     task to drop for r1" in lines[0] and "refused" in lines[1]
    assert run(["out", "--desk", desk, "list", "--rec", "r1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "taken"
    assert run(["out", "--desk", desk, "list", "--state", "lost"]) == 2
    assert "no such state" in capsys.readouterr().err
    assert run(["out", "--desk", desk, "dead"]) == 0
    assert "it cannot be told: 'at' is missing" in capsys.readouterr().out
    assert run(["out", "--desk", desk, "show", "k1"]) == 0
    assert "written as task-k1.json" in capsys.readouterr().out
    assert run(["out", "--desk", desk, "retry", "k1", "--who", "Li", "--why", "again"]) == 4
    assert "no dead letter" in capsys.readouterr().err
    assert run(["out", "--desk", desk, "retry", "k2", "--who", "Li", "--why", "mended"]) == 0
    assert "waiting" in capsys.readouterr().out
    assert Book.open(desk).audit()[-1].action == "send again"
    assert run(["out", "--desk", desk, "show", "nothing"]) == 2
    assert run(["out", "--desk", "nowhere.sqlite", "list"]) == 2


def test_a_file_of_receivers_is_tried_out(desk: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "receivers.yaml")
    assert run(["out", "--desk", desk, "test", file]) == 0
    said = capsys.readouterr().out
    assert "cap  folder  cap" in said and "bytes of application/xml" in said
    assert run(["out", "--desk", desk, "test", file, "--send", "drop"]) == 2
    capsys.readouterr()
    assert run(["out", "--desk", desk, "test", file, "--send", "drop", "--who", "Li"]) == 0
    assert "drop: taken: written as task-" in capsys.readouterr().out
    assert run(["out", "--desk", desk, "test", file, "--send", "down", "--who", "Li"]) == 0
    assert "down: unknown: no answer: ConnectError" in capsys.readouterr().out
    told = [one for one in Book.open(desk).audit() if one.action == "test message"]
    assert [one.who for one in told] == ["Li", "Li"]
    sent = [one.read_text() for one in (tmp_path / "drop").iterdir()]
    assert sum("演练" in one for one in sent) == 1
