"""Figures for Prometheus, read from the facts at the moment they are asked for.

Written as text by ourselves: nothing is counted twice in a registry beside the book, and the format is a page long
(https://prometheus.io/docs/instrumenting/exposition_formats/); a test reads it with Prometheus' own client.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from twin.desk.tables import audit

if TYPE_CHECKING:
    from twin.api.behind import Behind


@dataclass(frozen=True, slots=True)
class Figure:
    """One number.

    Attributes:
        name: With unit, and `_total` where it only grows.
        what: In a few words.
        value: The number.
        labels: What tells it from others of the same name.
        kind: "gauge" or "counter".
    """

    name: str
    what: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: str = "gauge"


def exposition(figures: Iterable[Figure]) -> str:
    """The figures in the text format 0.0.4; those of one name stand together."""
    groups: dict[str, list[Figure]] = {}
    for one in figures:
        groups.setdefault(one.name, []).append(one)
    lines = []
    for name, group in groups.items():
        lines += [f"# HELP {name} {_escaped(group[0].what)}", f"# TYPE {name} {group[0].kind}"]
        lines += [f"{name}{_labelled(one.labels)} {one.value!r}" for one in group]
    return "\n".join(lines) + "\n"


def figures_of(behind: Behind) -> list[Figure]:
    """What the desk holds, what happened, and who listens."""
    states = Counter(entry.status for entry in behind.desk.entries())
    figures = [
        Figure("twin_recommendations", "Recommendations by state.", float(states[state]), {"state": state})
        for state in ("proposed", "approved", "rejected", "expired", "withdrawn")
    ]
    with behind.book.work() as link:
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


def _labelled(labels: Mapping[str, str]) -> str:
    said = ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in labels.items())
    return f"{{{said}}}" if said else ""


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text
