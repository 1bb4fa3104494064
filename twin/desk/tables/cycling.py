"""Cycles that were lived through: a moment is its own key, so that none is lived through twice."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from twin.desk.tables.base import metadata

cycles = Table(
    "cycles",
    metadata,
    Column("moment", String(40), primary_key=True),
    Column("run_id", String(80), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("rung", Integer, nullable=False),
    # JSON: wall seconds by stage; what the cycle did without, in both languages.
    Column("seconds", Text, nullable=False),
    Column("left_out", Text, nullable=False),
    Column("ended_at", String(40), nullable=False),
)
