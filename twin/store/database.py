"""The store's database: SQLite that loses nothing, or PostgreSQL; its schema brought up to date when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from networks.errors import BadInput, StorageFailed

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = "2"
"""Of the schema that this program reads and writes."""

_ONE_AT_A_TIME = 0x7477696E
"""PostgreSQL's advisory lock while the schema changes."""


def connect(url: str) -> Engine:
    """An engine, its schema up to date.

    SQLite runs in WAL mode with `synchronous=FULL` (what was acknowledged survives a crash of process or machine) and
    `secure_delete` (what was removed is overwritten in the file).

    Raises:
        BadInput: No database address, no database, or one that a newer citytwin made.
        StorageFailed: It cannot be made, or does not answer.
    """
    try:
        options: dict[str, Any] = {"connect_args": {"connect_timeout": 5}} if url.startswith("postgresql") else {}
        engine = create_engine(url, pool_pre_ping=True, **options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadInput(
            f"this is no address of a database: {error}",
            place=url.split("@")[-1],
            expected="postgresql+psycopg://user:word@host/name, or nothing for SQLite",
            remedy='pip install "citytwin[postgres]" brings the driver for PostgreSQL',
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    with telling(engine):
        if version(engine) != VERSION:
            _upgrade(engine)
    return engine


def version(engine: Engine) -> str | None:
    """Of the schema in a database; None: it is empty."""
    with engine.begin() as connection:
        return _version(connection)


@contextmanager
def telling(engine: Engine) -> Iterator[None]:
    """Turn a database's own words into the twin's errors; constraint violations pass through."""
    where = engine.url.render_as_string(hide_password=True)
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise StorageFailed(
            f"the store's database did not answer: {str(getattr(error, 'orig', None) or error).strip()}",
            file=where,
            remedy="is it running, and the disk not full? Nothing was lost: what was not kept is taken again",
        ) from error
    except DatabaseError as error:
        if "not a database" in str(error.orig):
            raise BadInput("this file is no SQLite database", file=where, remedy="name another folder") from error
        raise


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise BadInput(
                f"this store has schema {_version(connection)}, this program knows {VERSION}",
                file=engine.url.render_as_string(hide_password=True),
                expected="a store of this citytwin or an older one",
                remedy="use the newer citytwin that made it",
            ) from error


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "secure_delete=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
