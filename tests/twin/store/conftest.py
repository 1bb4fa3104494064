"""Both databases for the store's tests: SQLite always, PostgreSQL as a real server where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import Postgres, postgres_programs

from twin.store import FeedStore


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; tests that need it are skipped, saying how to install it, where it is absent."""
    pytest.importorskip("psycopg", reason='the driver is not here: pip install "citytwin[postgres]"')
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not here: apt-get install postgresql")
    server = Postgres(programs)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Callable[[], str | None]:
    """Gives the address of a new, empty database; None: SQLite in the store's folder."""
    if request.param == "sqlite":
        return lambda: None
    server: Postgres = request.getfixturevalue("postgres")
    return server.database


@pytest.fixture
def store(new_database: Callable[[], str | None], tmp_path: Path) -> Iterator[FeedStore]:
    """An empty store on either database."""
    with FeedStore(tmp_path / "store", new_database()) as opened:
        yield opened
