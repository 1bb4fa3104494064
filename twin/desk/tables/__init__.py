"""The desk's tables, one module an owner: whoever keeps something in the book adds a module here and names it below."""

from twin.desk.tables.alarming import (
    alarm_cycles,
    alarm_findings,
    alarm_judgements,
    alarm_marks,
    alarm_shelvings,
    alarms,
)
from twin.desk.tables.base import SCHEMA, metadata
from twin.desk.tables.casing import case_answers, case_calls, case_steps, cases
from twin.desk.tables.connecting import READING, connect, telling
from twin.desk.tables.cycling import cycles
from twin.desk.tables.deciding import (
    approvals,
    asset_changes,
    decisions,
    recommendations,
    versions,
    withdrawals,
)
from twin.desk.tables.keeping import audit, facts
from twin.desk.tables.outcoming import outcomes, trial_periods
from twin.desk.tables.ruling import authorities, people, switches
from twin.desk.tables.sending import outgoing, outgoing_steps

__all__ = [
    "READING",
    "SCHEMA",
    "alarm_cycles",
    "alarm_findings",
    "alarm_judgements",
    "alarm_marks",
    "alarm_shelvings",
    "alarms",
    "approvals",
    "asset_changes",
    "audit",
    "authorities",
    "case_answers",
    "case_calls",
    "case_steps",
    "cases",
    "connect",
    "cycles",
    "decisions",
    "facts",
    "metadata",
    "outcomes",
    "outgoing",
    "outgoing_steps",
    "people",
    "recommendations",
    "switches",
    "telling",
    "trial_periods",
    "versions",
    "withdrawals",
]
