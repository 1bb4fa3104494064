"""What actions brought, and the periods in which one is switched on and off to find out."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, String, Table

from twin.desk.tables.base import metadata

outcomes = Table(
    "outcomes",
    metadata,
    Column("rec_id", String(80), primary_key=True),
    Column("method", String(20), primary_key=True),
    Column("until", String(40), primary_key=True),
    Column("since", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("measure", String(40), nullable=False),
    Column("unit", String(20), nullable=False),
    Column("difference", Float, nullable=True),
    Column("low", Float, nullable=True),
    Column("high", Float, nullable=True),
    Column("level", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("base", Float, nullable=True),
    Column("promised", Float, nullable=True),
)

trial_periods = Table(
    "trial_periods",
    metadata,
    Column("rec_id", String(80), primary_key=True),
    Column("begin", String(40), primary_key=True),
    Column("counts_from", String(40), nullable=False),
    Column("end", String(40), nullable=False),
    Column("on", Boolean, nullable=False),
)
