"""Figures of the twin, read from the facts at the moment they are asked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from twin.api.figure import Figure
from twin.desk.tables import audit

if TYPE_CHECKING:
    from twin.api.behind import Behind


def figures_of(behind: Behind) -> list[Figure]:
    """What the desk holds, what happened, and who listens."""
    states = Counter(entry.status for entry in behind.desk.entries())
    figures = [
        Figure("twin_recommendations", "Recommendations by state.", float(states[state]), {"state": state})
        for state in ("proposed", "approved", "rejected", "expired", "withdrawn")
    ]
    with behind.book.read() as link:
        counted = link.execute(select(audit.c.action, func.count()).group_by(audit.c.action)).all()
    figures += [
        Figure("twin_audit_entries_total", "Entries of the audit by action.", float(n), {"action": action}, "counter")
        for action, n in sorted(counted)
    ]
    streams = float(behind.streams.open.total())
    return [
        *figures,
        *behind.figures(),
        Figure("twin_event_streams", "Event streams that are open.", streams),
        Figure("twin_ready", "1 when the twin can be relied on.", 0.0 if behind.ready() else 1.0),
    ]
