"""What leaves: each message once, and what happened to it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from twin.desk.tables.base import metadata

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
