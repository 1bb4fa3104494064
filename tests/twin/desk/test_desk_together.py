"""Several operators at once, in threads and processes, on SQLite and PostgreSQL; and desks of earlier versions."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from papers import NOON, at_light, closure, paper
from postgres_server import Postgres
from sqlalchemy import create_engine, text

from networks.errors import BadInput, Refused
from twin import Desk

PEOPLE = ("Ann", "Bo", "Cy", "Di")
WORDS = {"Ann": "approve", "Bo": "approve", "Cy": "reject", "Di": "approve"}


def opened(place: str) -> Desk:
    return Desk.open(place, now=lambda: NOON + timedelta(minutes=1))


def full_desk(place: str, count: int) -> None:
    """A staffed desk with plain plans and dangerous closures."""
    desk = opened(place)
    desk.people.add("Root", "administrator")
    for name in PEOPLE:
        desk.people.add(name, "operator")
    for number in range(count):
        desk.propose(paper(f"p{number}", **at_light(f"A{number}")))
        desk.propose(closure(f"c{number}"))
    desk.close()


def decide_all(desk: Desk, who: str, count: int) -> list[tuple[str, str, str]]:
    """What this person was told was done: recommendation, person, its state afterwards."""
    done = []
    for number in range(count):
        for rec_id in (f"p{number}", f"c{number}"):
            try:
                done.append((rec_id, who, desk.decide(rec_id, WORDS[who], who=who, why="at once").status))
            except Refused:
                continue
    return done


def check(place: str, done: list[tuple[str, str, str]], count: int) -> None:
    desk = opened(place)
    assert desk.book.broken() == []
    for number in range(count):
        plain, dangerous = desk.exactly(f"p{number}"), desk.exactly(f"c{number}")
        assert plain.decision is not None and dangerous.decision is not None
        assert [who for rec_id, who, _ in done if rec_id == plain.rec_id] == [plain.decision.who]
        finals = [who for rec_id, who, status in done if rec_id == dangerous.rec_id and status != "proposed"]
        assert finals == [dangerous.decision.who]
        assert len({one.who for one in dangerous.approvals}) == len(dangerous.approvals) <= 2
        assert (len(dangerous.approvals) == 2) == (dangerous.status == "approved")
        final = [a for a in desk.audit(dangerous.rec_id) if a.action in ("approve", "reject")]
        assert len(final) == 1
    desk.close()


def test_four_operators_in_threads(new_place: Callable[[], str]) -> None:
    place, count = new_place(), 6
    full_desk(place, count)
    desk, together, done = opened(place), threading.Barrier(len(PEOPLE)), []

    def sit_down(who: str) -> None:
        together.wait()
        done.extend(decide_all(desk, who, count))

    seats = [threading.Thread(target=sit_down, args=(who,)) for who in PEOPLE]
    for seat in seats:
        seat.start()
    for seat in seats:
        seat.join()
    desk.close()
    check(place, done, count)


def _sit_down(place: str, who: str, count: int, together: Any, answers: Any) -> None:
    desk = opened(place)
    together.wait()
    answers.put(decide_all(desk, who, count))


def test_two_operators_in_processes(postgres_here: Postgres) -> None:
    """On SQLite: tests/twin/test_desk.py."""
    place, count = postgres_here.database(), 6
    full_desk(place, count)
    spawn = multiprocessing.get_context("spawn")
    together, answers = spawn.Barrier(2), spawn.Queue()
    seats = [spawn.Process(target=_sit_down, args=(place, who, count, together, answers)) for who in ("Ann", "Bo")]
    for seat in seats:
        seat.start()
    done = [one for _ in seats for one in answers.get(timeout=120)]
    for seat in seats:
        seat.join()
    check(place, done, count)


OLD_AUDIT = (
    "seq INTEGER PRIMARY KEY, at VARCHAR(40), clock_at VARCHAR(40), who VARCHAR(200), action VARCHAR(40), "
    "rec_id VARCHAR(80), detail TEXT"
)
OLD = (
    "CREATE TABLE recommendations (rec_id VARCHAR(80) PRIMARY KEY, kind VARCHAR(40), created VARCHAR(40), "
    "valid_until VARCHAR(40), digest VARCHAR(64), document TEXT, proposed_at VARCHAR(40))",
    "CREATE TABLE decisions (rec_id VARCHAR(80) PRIMARY KEY REFERENCES recommendations(rec_id), decision VARCHAR(10), "
    "who VARCHAR(200), why TEXT, decided_at VARCHAR(40), clock_at VARCHAR(40))",
    "CREATE TABLE facts (name VARCHAR(40) PRIMARY KEY, value TEXT)",
    f"INSERT INTO recommendations VALUES ('old', 'signal_timing', '{NOON.isoformat()}', "
    f"'{(NOON + timedelta(hours=1)).isoformat()}', 'x', '{{\"created\": \"{NOON.isoformat()}\"}}', "
    f"'{NOON.isoformat()}')",
    f"INSERT INTO decisions VALUES ('old', 'approved', 'Ann', 'seen', '{NOON.isoformat()}', '{NOON.isoformat()}')",
)


@pytest.mark.parametrize("version", ["1", "2", "99"])
def test_a_desk_of_an_earlier_version_is_brought_up_to_date(new_place: Callable[[], str], version: str) -> None:
    place = new_place()
    seal = ", seal VARCHAR(64)" if version != "1" else ""
    url = place if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url)
    with engine.begin() as link:
        for statement in (*OLD, f"CREATE TABLE audit ({OLD_AUDIT}{seal})"):
            link.execute(text(statement))
        link.execute(text(f"INSERT INTO facts VALUES ('schema', '{version}')"))
        for seq in (3, 7) if version == "1" else ():  # PostgreSQL left gaps where something was refused
            row = f"{seq}, '{NOON.isoformat()}', '{NOON.isoformat()}', 'Ann', 'approve', 'old', 'seen'"
            link.execute(text(f"INSERT INTO audit VALUES ({row})"))
    engine.dispose()
    if version == "99":
        with pytest.raises(BadInput, match="version 99") as told:
            Desk.open(place)
        assert "to do: install" in str(told.value)
        return
    desk = opened(place)
    entry = desk.entry("old")
    assert entry.status == "approved" and entry.decision is not None and entry.decision.bound is None
    assert desk.permission("old") is not None
    assert [a.action for a in desk.audit()] == ["approve", "approve", "migrate"][0 if version == "1" else 2 :]
    assert desk.book.broken() == []
    desk.propose(paper())
    assert desk.decide("rec-1", "reject", who="Bo", why="x").status == "rejected"
    desk.close()
    again = opened(place)
    assert len([a for a in again.audit() if a.action == "migrate"]) == 1
    again.close()
