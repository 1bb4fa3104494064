"""Desks that earlier versions of this program left behind (`old/`, written by them), opened by this one."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from twin.desk import Desk
from twin.desk.tables import SCHEMA, metadata

OLD = sorted((Path(__file__).parent / "old").glob("desk-*.sql"))


@pytest.mark.parametrize("dump", OLD, ids=lambda dump: dump.stem)
def test_what_an_earlier_version_kept_is_there_and_goes_on(dump: Path, tmp_path: Path) -> None:
    place = tmp_path / "desk.sqlite"
    with sqlite3.connect(place) as link:
        link.executescript(dump.read_text(encoding="utf-8"))
    link.close()
    desk = Desk.open(place, now=lambda: datetime(2026, 12, 1, tzinfo=UTC))
    assert {e.rec_id: e.status for e in desk.entries()} == {
        "rec-0": "approved",
        "rec-1": "rejected",
        "rec-2": "proposed",
    }
    assert desk.entry("rec-0").decision is not None and desk.entry("rec-0").document["title"]["zh"] == "封闭码头"
    assert desk.decide("rec-2", "reject", who="Bo", why="too late").status == "rejected"
    assert desk.book.broken() == []
    desk.close()
    with sqlite3.connect(place) as link:
        for table in metadata.sorted_tables:
            there = {row[1] for row in link.execute(f"PRAGMA table_info({table.name})")}
            assert there == {column.name for column in table.columns}, (
                f"{table.name} has other columns than a desk of version {dump.stem[-1]}: count SCHEMA up, write a step "
                "in twin/desk/migrating.py, and keep what this version leaves behind in tests/twin/desk/old"
            )
    link.close()


def test_the_present_version_is_among_them() -> None:
    assert f"desk-{SCHEMA}" in [dump.stem for dump in OLD]
    tables = (OLD[-1]).read_text(encoding="utf-8")
    assert all(f"CREATE TABLE {table.name} (" in tables for table in metadata.sorted_tables), "write the dump anew"
