"""Reads of the desk's book: at once while somebody writes, of one moment, and never a write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DatabaseError

from networks.errors import StorageFailed
from twin import Desk
from twin.desk import People
from twin.desk.tables import audit, facts

PATIENCE_S = 20.0
"""Less than SQLite's wait for a lock: who waited for the writer is found out."""


@pytest.fixture
def shared(new_place: Callable[[], str]) -> tuple[Desk, Desk]:
    """Two desks on one database, as two processes have them."""
    place = new_place()
    one, other = Desk.open(place), Desk.open(place)
    People(one.book).add("Root", "administrator")
    return one, other


def test_nobody_who_looks_waits_for_one_who_writes(shared: tuple[Desk, Desk]) -> None:
    one, other = shared
    looks: list[Callable[[], object]] = [
        other.entries, other.allowed, other.mode, other.ruling, other.audit, other.clock, other.clock_behind,
        other.people.all, lambda: other.permission("none"), other.book.broken,
    ]  # fmt: skip
    before = len(other.audit())
    with ThreadPoolExecutor(len(looks)) as pool, one.book.work() as link:
        one.book.note(link, "Root", "look", None, "not committed yet")
        asked = [pool.submit(look) for look in looks]
        found = [future.result(PATIENCE_S) for future in asked]
        assert len(found[4]) == before, "what is not committed is not seen"  # type: ignore[arg-type]
    assert len(other.audit()) == before + 1
    for desk in shared:
        desk.close()


def test_one_look_is_of_one_moment(shared: tuple[Desk, Desk]) -> None:
    one, other = shared
    count = select(func.count()).select_from(audit)
    with other.book.read() as link:
        first = link.execute(count).scalar()
        written = threading.Thread(target=one.note, args=("Root", "look", None, "meanwhile"), daemon=True)
        written.start()
        written.join(PATIENCE_S)
        assert not written.is_alive(), "who looks keeps no writer waiting"
        assert link.execute(count).scalar() == first
    with other.book.read() as link:
        assert link.execute(count).scalar() == (first or 0) + 1
    for desk in shared:
        desk.close()


def test_who_looks_cannot_write_and_who_writes_after_that_can(shared: tuple[Desk, Desk]) -> None:
    one, _ = shared
    with pytest.raises((DatabaseError, StorageFailed)), one.book.read() as link:
        link.execute(insert(facts).values(name="x", value="1"))
    for number in range(8):  # the same connections come back from the pool
        with one.book.work() as link:
            link.execute(insert(facts).values(name=f"x{number}", value="1"))
        assert one.mode().name == "normal"
    for desk in shared:
        desk.close()
