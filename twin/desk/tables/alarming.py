"""Tables of alarms: cycles that were taken in, what each found, what became of an alarm, and what people made of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from twin.desk.tables.base import metadata

alarm_cycles = Table(
    "alarm_cycles",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # One run, one cycle: whoever takes it in again after a crash changes nothing.
    Column("run_id", String(80), nullable=False, unique=True),
    Column("at", String(40), nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("alarm_id", String(16), primary_key=True),
    Column("seq", Integer, ForeignKey("alarm_cycles.seq"), nullable=False),
    Column("at", String(40), nullable=False),
    Column("begins", String(40), nullable=False),
)

alarm_findings = Table(
    "alarm_findings",
    metadata,
    Column("alarm_id", String(16), ForeignKey("alarms.alarm_id"), primary_key=True),
    Column("key", String(16), primary_key=True),
    Column("seq", Integer, ForeignKey("alarm_cycles.seq"), primary_key=True, index=True),
    Column("severity", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

alarm_marks = Table(
    "alarm_marks",
    metadata,
    Column("alarm_id", String(16), ForeignKey("alarms.alarm_id"), primary_key=True),
    # "raised", "asked" (somebody to act), "there" (the trouble itself), "cleared": each happens once.
    Column("mark", String(10), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("seq", Integer, nullable=False),
)

alarm_shelvings = Table(
    "alarm_shelvings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("alarm_id", String(16), ForeignKey("alarms.alarm_id"), nullable=False),
    Column("until", String(40), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
)

alarm_judgements = Table(
    "alarm_judgements",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("alarm_id", String(16), ForeignKey("alarms.alarm_id"), nullable=False, index=True),
    Column("verdict", String(10), nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(40), nullable=False),
)
