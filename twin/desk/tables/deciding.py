"""Recommendations, and what people did about them; rows are added and never changed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from twin.desk.tables.base import metadata

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

versions = Table(
    "versions",
    metadata,
    # Another action than the proposed one, as somebody changed it; the proposed one stays in its document.
    Column("rec_id", String(80), ForeignKey("recommendations.rec_id"), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("action", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", String(40), nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    # The primary key is the rule: one person is one pair of eyes, however the name is written.
    Column("rec_id", String(80), ForeignKey("recommendations.rec_id"), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("who", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("clock_at", String(40), nullable=False),
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
    Column("version", String(64), nullable=True),
    Column("bound", String(80), nullable=True),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("rec_id", String(80), ForeignKey("recommendations.rec_id"), primary_key=True),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("clock_at", String(40), nullable=False),
)

asset_changes = Table(
    "asset_changes",
    metadata,
    # What an asset runs, each time that somebody told; the last row of an asset is what it runs now.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("asset", String(200), nullable=False, index=True),
    Column("digest", String(80), nullable=False),
    Column("rec_id", String(80), nullable=True),
    Column("who", String(200), nullable=False),
    Column("at", String(40), nullable=False),
    Column("clock_at", String(40), nullable=False),
)
