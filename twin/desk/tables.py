"""The desk's tables, and a connection that loses nothing: one schema for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from networks.errors import BadInput, StorageFailed

SCHEMA = "2"

metadata = MetaData()

recommendations = Table(
    "recommendations",
    metadata,
    Column("rec_id", String(80), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("created", String(40), nullable=False),
    Column("valid_until", String(40), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("proposed_at", String(40), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    # The primary key is the rule: one recommendation, one decision, whoever comes first.
    Column("rec_id", String(80), ForeignKey("recommendations.rec_id"), primary_key=True),
    Column("decision", String(10), nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("decided_at", String(40), nullable=False),
    Column("clock_at", String(40), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("clock_at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("rec_id", String(80), nullable=True),
    Column("detail", Text, nullable=False),
    Column("seal", String(64), nullable=False),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("channel", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("rec_id", String(80), nullable=False, index=True),
    Column("allowed_by", String(200), nullable=False),
    Column("not_after", String(40), nullable=False),
    Column("run_id", String(80), nullable=False),
)

outgoing_steps = Table(
    "outgoing_steps",
    metadata,
    # What happened to a message, in order; its state is that of its last step.
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("key", String(80), ForeignKey("outgoing.key"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("due", String(40), nullable=True),
    Column("detail", Text, nullable=False),
)

facts = Table("facts", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))


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
        event.listen(engine, "begin", _begin_immediate)
    with telling(place), engine.begin() as connection:
        metadata.create_all(connection)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


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
