"""A connection to the desk's database that loses nothing, SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from networks.errors import BadInput, StorageFailed
from twin.desk.tables.base import metadata

_ONE_AT_A_TIME = 0x6465736B
"""PostgreSQL's advisory lock that a writing transaction of the desk holds; SQLite locks the file."""
READING = "reading"
"""Option of a connection whose transactions only read: they see one moment, and take no lock."""


def connect(place: Path | str) -> Engine:
    """An engine for a SQLite file or any SQLAlchemy URL, its tables made when they are missing.

    SQLite runs in WAL mode with `synchronous=FULL`: what was acknowledged survives a crash of process or machine.

    Raises:
        BadInput: Not a database, or a URL that SQLAlchemy does not know.
        StorageFailed: The file cannot be made.
    """
    url = str(place) if "://" in str(place) else f"sqlite:///{Path(place).absolute()}"
    try:
        if url.startswith("sqlite:///") and not url.endswith(":memory:"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadInput(
            f"not a database address: {error}",
            place=url,
            expected="a file, or a URL such as postgresql+psycopg://host/db",
        ) from error
    except OSError as error:
        raise StorageFailed(f"the desk cannot be kept here: {error.strerror}", file=place) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _wait_for_turn)
    with telling(place), engine.begin() as connection:
        metadata.create_all(connection)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """In WAL mode who reads sees the last commit and blocks nobody."""
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _wait_for_turn(connection: Connection) -> None:
    if connection.get_execution_options().get(READING, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


@contextmanager
def telling(place: Path | str) -> Iterator[None]:
    """Turn a database's own words into the twin's errors; constraint violations pass through."""
    try:
        yield
    except OperationalError as error:
        raise StorageFailed(
            f"the desk's database did not answer: {error.orig}",
            file=place,
            remedy="is the disk full or another program using it?",
        ) from error
    except DatabaseError as error:
        if "not a database" in str(error.orig):
            raise BadInput(
                "not a desk: this file is no SQLite database",
                file=place,
                expected="a desk that twin demo or twin serve made",
                remedy="--desk names another place",
            ) from error
        raise
