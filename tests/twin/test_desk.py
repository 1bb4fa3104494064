"""The desk: one decision per recommendation, whatever happens."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from networks.errors import BadInput, NotThere, Refused
from twin import Desk

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)


def recommendation(rec_id: str = "rec-1", **more: Any) -> dict[str, Any]:
    document = {
        "rec_id": rec_id,
        "kind": "signal_timing",
        "created": NOON.isoformat(),
        "valid_until": (NOON + timedelta(minutes=30)).isoformat(),
        "title": {"en": "Longer green", "zh": "延长绿灯"},
        "status": "proposed",
    }
    return document | more


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.open(tmp_path / "desk.sqlite", now=lambda: NOON)


def test_a_decision_keeps_who_when_and_why(desk: Desk) -> None:
    assert desk.propose(recommendation()).status == "proposed"
    entry = desk.decide("rec-1", "approve", who="operator 1", why="the queue is growing")
    assert entry.status == "approved" and entry.decision is not None
    assert (entry.decision.who, entry.decision.why) == ("operator 1", "the queue is growing")
    assert entry.decision.decided_at == NOON and entry.decision.clock_at == NOON
    assert entry.document["title"]["zh"] == "延长绿灯"
    assert [a.action for a in desk.audit("rec-1")] == ["propose", "approve"]


def test_the_first_decision_stands_and_the_second_is_told_by_whom(desk: Desk) -> None:
    desk.propose(recommendation())
    desk.decide("rec-1", "reject", who="operator 1", why="a demonstration is there")
    with pytest.raises(Refused, match="operator 1 has already rejected it") as refused:
        desk.decide("rec-1", "approve", who="operator 2", why="looks good")
    assert refused.value.exit_status == 4
    assert desk.entry("rec-1").status == "rejected"
    assert desk.audit("rec-1")[-1].action == "refused approve"


def test_after_its_time_nothing_is_approved(tmp_path: Path) -> None:
    now = [NOON]
    desk = Desk.open(tmp_path / "desk.sqlite", now=lambda: now[0])
    desk.propose(recommendation())
    now[0] += timedelta(minutes=31)
    assert desk.entry("rec-1").status == "expired"
    with pytest.raises(Refused, match="valid until"):
        desk.decide("rec-1", "approve", who="operator 1", why="late")
    assert desk.entry("rec-1").decision is None
    assert [e.rec_id for e in desk.entries("expired")] == ["rec-1"] and desk.entries("proposed") == []


def test_a_study_keeps_its_own_time(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path / "desk.sqlite", now=lambda: NOON + timedelta(days=120))
    desk.propose(recommendation())
    desk.set_clock(NOON + timedelta(minutes=5))
    desk.close()
    again = Desk.open(tmp_path / "desk.sqlite", now=lambda: NOON + timedelta(days=120))
    decision = again.decide("rec-1", "approve", who="operator 1", why="in time").decision
    assert decision is not None and decision.clock_at == NOON + timedelta(minutes=5)
    again.set_clock(None)
    assert again.clock() == NOON + timedelta(days=120)


def test_the_same_recommendation_is_kept_once_and_another_under_its_id_is_refused(desk: Desk) -> None:
    desk.propose(recommendation())
    desk.propose(recommendation(status="approved"))  # the state is the desk's, not the document's
    assert len(desk.entries()) == 1 and len(desk.audit()) == 1
    with pytest.raises(Refused, match="another recommendation"):
        desk.propose(recommendation(kind="emergency_route"))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"valid_until": "soon"}, "valid_until"),
        ({"created": "2026-07-17T12:00:00"}, "time zone"),
        ({"rec_id": " "}, "rec_id"),
        ({"kind": None}, "kind"),
    ],
)
def test_what_is_no_recommendation_is_named(desk: Desk, change: dict[str, Any], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        desk.propose(recommendation() | change)


def test_who_and_why_are_needed_and_ids_may_be_short(desk: Desk) -> None:
    desk.propose(recommendation("abc-1"))
    desk.propose(recommendation("abd-2"))
    for who, why in [("", "x"), ("x", "  "), ("x" * 201, "y")]:
        with pytest.raises(BadInput):
            desk.decide("abc-1", "approve", who=who, why=why)
    with pytest.raises(BadInput, match="approve or reject"):
        desk.decide("abc-1", "postpone", who="operator 1", why="y")
    with pytest.raises(NotThere, match="2 recommendations"):
        desk.entry("ab")
    with pytest.raises(NotThere, match="no recommendation"):
        desk.decide("zzz", "approve", who="operator 1", why="y")
    assert desk.entry("abd").rec_id == "abd-2"


def test_a_file_that_is_no_desk_and_an_address_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("not a database, but long enough to be looked at as one\n" * 40)
    with pytest.raises(BadInput, match="no SQLite"):
        Desk.open(tmp_path / "x.sqlite")
    with pytest.raises(BadInput, match="address"):
        Desk.open("nosuchdatabase://host/db")


def _decide(place: Path, who: str, at: float, answers: Any) -> None:
    desk = Desk.open(place, now=lambda: NOON)
    time.sleep(max(0.0, at - time.time()))
    for number in range(12):
        try:
            desk.decide(f"rec-{number}", "approve" if who == "operator 1" else "reject", who=who, why="at once")
            answers.put((number, who))
        except Refused:
            answers.put((number, None))


def test_two_operators_at_once_exactly_one_wins(tmp_path: Path) -> None:
    place = tmp_path / "desk.sqlite"
    desk = Desk.open(place, now=lambda: NOON)
    for number in range(12):
        desk.propose(recommendation(f"rec-{number}"))
    desk.close()
    spawn = multiprocessing.get_context("spawn")
    answers, at = spawn.Queue(), time.time() + 3.0
    people = [spawn.Process(target=_decide, args=(place, f"operator {n}", at, answers)) for n in (1, 2)]
    for person in people:
        person.start()
    got = [answers.get(timeout=60) for _ in range(24)]
    for person in people:
        person.join()
    wins = {number: who for number, who in got if who is not None}
    assert len([1 for _, who in got if who is not None]) == 12 and len(wins) == 12
    kept = {e.rec_id: e.decision.who for e in Desk.open(place).entries() if e.decision}
    assert kept == {f"rec-{number}": who for number, who in wins.items()}


def test_the_audit_shows_where_an_entry_was_changed_taken_out_or_put_in(tmp_path: Path) -> None:
    place = tmp_path / "desk.sqlite"
    desk = Desk.open(place, now=lambda: NOON)
    for number in range(5):
        desk.note("operator 1", "look", None, f"entry {number}")
    assert desk.book.broken() == []
    for change, seq in (
        ("UPDATE audit SET who = 'operator 2' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 2", 3),
        ("UPDATE audit SET detail = 'x', seal = (SELECT seal FROM audit WHERE seq = 4) WHERE seq = 5", 5),
    ):
        copy = tmp_path / "copy.sqlite"
        copy.unlink(missing_ok=True)
        with sqlite3.connect(place) as one, sqlite3.connect(copy) as other:
            one.backup(other)
            other.execute(change)
        found = Desk.open(copy, now=lambda: NOON).book.broken()
        assert found and found[0].seq == seq, change
