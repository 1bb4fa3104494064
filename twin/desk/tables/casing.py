"""Cases of response plans: steps, calls and answers; rows are added and never changed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from twin.desk.tables.base import metadata

cases = Table(
    "cases",
    metadata,
    # The number in it counts the cases of one plan and subject, so that two who open the same one collide here.
    Column("case_id", String(120), primary_key=True),
    Column("plan", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("exercise", Integer, nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("document", Text, nullable=False),
)

case_steps = Table(
    "case_steps",
    metadata,
    Column("case_id", String(120), ForeignKey("cases.case_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("what", String(20), nullable=False),
    Column("detail", Text, nullable=False),
)

case_calls = Table(
    "case_calls",
    metadata,
    # The primary key is the rule: nobody is called twice for the same reason.
    Column("case_id", String(120), ForeignKey("cases.case_id"), primary_key=True),
    Column("task", String(80), primary_key=True),
    Column("reason", String(20), primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("receiver", String(64), nullable=False),
    Column("called_at", String(40), nullable=False),
    Column("answer_by", String(40), nullable=False),
    Column("detail", Text, nullable=False),
)

case_answers = Table(
    "case_answers",
    metadata,
    # The first answer of each sort stands, of each who answers.
    Column("case_id", String(120), ForeignKey("cases.case_id"), primary_key=True),
    Column("task", String(80), primary_key=True),
    Column("state", String(20), primary_key=True),
    Column("who", String(200), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("words", Text, nullable=False),
)
