"""Who may do what: people, the file of authority, and switches of mode and autonomy; the last row counts."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from twin.desk.tables.base import metadata

people = Table(
    "people",
    metadata,
    Column("person", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("added_at", String(40), nullable=False),
)

authorities = Table(
    "authorities",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

switches = Table(
    "switches",
    metadata,
    # `what`: "mode", or "autonomy:ASSET"; `value`: its new value, empty for what the file says.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("what", String(220), nullable=False, index=True),
    Column("value", String(20), nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("clock_at", String(40), nullable=False),
)
