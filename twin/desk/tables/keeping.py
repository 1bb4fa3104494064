"""What the book itself keeps: the chained audit, and facts about the desk."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from twin.desk.tables.base import metadata

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

facts = Table("facts", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))
