"""A desk on each database, at a time that a test sets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from papers import Watch

from twin import Desk

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from postgres_server import Postgres, postgres_programs


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def desk(tmp_path: Path, watch: Watch) -> Iterator[Desk]:
    """A desk that knows nobody yet."""
    opened = Desk.open(tmp_path / "desk.sqlite", now=watch)
    yield opened
    opened.close()


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """A desk that knows Root, Ann and Bo (operators), Eva (engineer), Pia (planner) and Vic (viewer)."""
    desk.people.add("Root", "administrator")
    for name, role in [("Ann", "operator"), ("Bo", "operator"), ("Eva", "engineer"), ("Pia", "planner")]:
        desk.people.add(name, role)
    desk.people.add("Vic", "viewer")
    return desk


@pytest.fixture(scope="session")
def postgres_here() -> Iterator[Postgres]:
    """A PostgreSQL server; tests that need it are skipped, saying how to install it, where it is absent."""
    pytest.importorskip("psycopg", reason='the driver is not here: pip install "citytwin[postgres]"')
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not here: apt-get install postgresql")
    server = Postgres(programs)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the place of a new desk on either database."""
    if request.param == "sqlite":
        return lambda: str(tmp_path / "desk.sqlite")
    server: Postgres = request.getfixturevalue("postgres_here")
    return server.database
