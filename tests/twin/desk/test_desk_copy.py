"""`twin desk copy`: a desk copied while somebody works at it is whole, is one file, and a changed audit is told."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from papers import paper

from twin import Desk
from twin.cli import run


def test_a_copy_made_while_decisions_are_made_is_whole(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, number = threading.Event(), 0

    def work() -> None:
        nonlocal number
        while not ended.is_set():
            number += 1
            desk.propose(paper(f"rec-{number}"))
            desk.decide(f"rec-{number}", "reject", who="Ann", why="x")

    working = threading.Thread(target=work)
    working.start()
    copies = [tmp_path / "copies" / f"{at}.sqlite" for at in range(3)]
    try:
        for file in copies:
            assert run(["desk", "--desk", str(tmp_path / "desk.sqlite"), "copy", str(file)]) == 0
    finally:
        ended.set()
        working.join()
    assert "its chain holds" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == [file.name for file in copies]
    for file in copies:
        copy = Desk.open(file)
        audit = [(one.who, one.action, one.rec_id) for one in copy.audit()]
        assert audit == [(one.who, one.action, one.rec_id) for one in desk.audit()][: len(audit)]
        rejected = {one.rec_id for one in copy.entries("rejected")}
        assert rejected == {rec for _, action, rec in audit if action == "reject"}
        copy.close()


def test_an_audit_that_was_changed_is_no_copy(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.propose(paper())
    desk.decide("rec-1", "reject", who="Ann", why="x")
    place, file = tmp_path / "desk.sqlite", tmp_path / "copy.sqlite"
    words = ["desk", "--desk", str(place), "copy"]
    with sqlite3.connect(place) as link:
        link.execute("UPDATE audit SET who = 'Bo' WHERE action = 'reject'")
    link.close()
    assert run([*words, str(file)]) == 2 and not file.exists()
    assert "chain does not hold" in capsys.readouterr().err
    assert run([*words, str(place)]) == 2
    assert "the desk itself" in capsys.readouterr().err
    assert run(["desk", "--desk", "postgresql://x/y", "copy", str(file)]) == 2
    assert "pg_dump" in capsys.readouterr().err
    assert run(["desk", "--desk", str(tmp_path / "none"), "copy", str(file)]) != 0
    assert run([*words, "/proc/none/copy.sqlite"]) == 5
