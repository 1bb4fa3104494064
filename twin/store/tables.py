"""The store's SQL tables: one schema for SQLite and PostgreSQL, made and kept up to date by `migrations/`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself in INTEGER columns alone

positions = Table(
    "positions",
    metadata,
    Column("feed", String(200), primary_key=True),
    Column("next", BigInteger, nullable=False),
    Column("changed", String(40), nullable=False),
)

parts = Table(
    "parts",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("path", String(500), nullable=False, unique=True),
    Column("series", String(40), nullable=False),
    Column("day", String(10), nullable=False),
    Column("feed", String(200), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("begin_us", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("merged", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Index("parts_by_time", "series", "begin_us", "last_us"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("feed", String(200), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("received", String(40), nullable=False),
    Column("topic", Text, nullable=False),
    Column("faults", Text, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("settled", String(40), nullable=False),
)

purges = Table(
    "purges",
    metadata,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
