"""Alarms as they follow from what the book has kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from twin.alarms.alarm import Alarm, Judgement
from twin.alarms.finding import LEVELS, Finding
from twin.alarms.grouping import ordered
from twin.alarms.thresholds import Grouping
from twin.alarms.writing import finding_of
from twin.desk.book import time_of
from twin.desk.tables.alarming import (
    alarm_cycles,
    alarm_findings,
    alarm_judgements,
    alarm_marks,
    alarm_shelvings,
    alarms,
)


def cycles_of(link: Connection, count: int) -> list[int]:
    """Numbers of the last cycles, the newest first."""
    rows = select(alarm_cycles.c.seq).order_by(alarm_cycles.c.seq.desc()).limit(count)
    return list(link.execute(rows).scalars())


def kept_alarms(
    link: Connection, rules: Grouping, now: datetime, *, standing: bool = False, only: Sequence[str] | None = None
) -> list[Alarm]:
    """Alarms, oldest first.

    Args:
        link: Within a transaction.
        rules: How long a level holds, and from which level on somebody has to act.
        now: By which shelving is judged.
        standing: Only those that are not over.
        only: Only these.
    """
    chosen = select(alarms).order_by(alarms.c.seq, alarms.c.alarm_id)
    if standing:
        over = select(alarm_marks.c.alarm_id).where(alarm_marks.c.mark == "cleared")
        chosen = chosen.where(alarms.c.alarm_id.not_in(over))
    if only is not None:
        chosen = chosen.where(alarms.c.alarm_id.in_(only))
    rows = link.execute(chosen).all()
    names = [row.alarm_id for row in rows]
    words, marks = _words(link, names), _marks(link, names)
    said, shelved = _judgements(link, names), _shelvings(link, names)
    levels = _levels(link, names, words, int(rules.lower_after.value))
    newest = max(cycles_of(link, 1), default=0)
    found = []
    for row in rows:
        name = row.alarm_id
        told, mark = words[name], marks[name]
        findings = ordered([one for _, one in told]) if "cleared" in mark else _findings(told, rules, newest)
        shelf = shelved.get(name)
        quiet = shelf is not None and time_of(shelf.until) > now and levels[name] <= shelf.severity
        judged = said.get(name)
        asks = levels[name] >= rules.actionable_level.value and "raised" in mark and "cleared" not in mark
        found.append(Alarm(
            name,
            findings,
            LEVELS[levels[name] - 1],
            time_of(row.at),
            max(one.at for one in findings),
            time_of(row.begins),
            mark.get("raised"),
            mark.get("asked"),
            mark.get("there"),
            mark.get("cleared"),
            time_of(shelf.until) if shelf is not None else None,
            judged,
            asks and not quiet and (judged is None or judged.verdict != "false"),
        ))  # fmt: skip
    return found


def _findings(told: Sequence[tuple[int, Finding]], rules: Grouping, newest: int) -> tuple[Finding, ...]:
    """Those that were heard of lately by rank, then the others."""
    recent = [one for seq, one in told if newest - seq < rules.clear_after.value]
    others = [one for seq, one in told if newest - seq >= rules.clear_after.value]
    return (*ordered(recent), *ordered(others))


def _words(link: Connection, names: Sequence[str]) -> dict[str, list[tuple[int, Finding]]]:
    """The newest word of each finding of each alarm, and the number of its cycle."""
    table = alarm_findings.c
    last = (
        select(table.alarm_id, table.key, func.max(table.seq).label("seq"))
        .where(table.alarm_id.in_(names))
        .group_by(table.alarm_id, table.key)
        .subquery()
    )
    same = (table.alarm_id == last.c.alarm_id) & (table.key == last.c.key) & (table.seq == last.c.seq)
    found: dict[str, list[tuple[int, Finding]]] = defaultdict(list)
    for row in link.execute(select(table.alarm_id, table.seq, table.document).join(last, same)):
        found[row.alarm_id].append((row.seq, finding_of(row.document)))
    return found


def _levels(
    link: Connection, names: Sequence[str], words: dict[str, list[tuple[int, Finding]]], cycles: int
) -> dict[str, int]:
    """The worst severity of each alarm in its last cycles."""
    table = alarm_findings.c
    last = {name: max(seq for seq, _ in words[name]) for name in names}
    oldest = min(last.values(), default=0) - cycles
    rows = (
        select(table.alarm_id, table.seq, func.max(table.severity).label("severity"))
        .where(table.alarm_id.in_(names) & (table.seq > oldest))
        .group_by(table.alarm_id, table.seq)
    )
    found: dict[str, int] = defaultdict(lambda: 1)
    for row in link.execute(rows):
        if row.seq > last[row.alarm_id] - cycles:
            found[row.alarm_id] = max(found[row.alarm_id], row.severity)
    return found


def _marks(link: Connection, names: Sequence[str]) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in link.execute(select(alarm_marks).where(alarm_marks.c.alarm_id.in_(names))):
        found[row.alarm_id][row.mark] = time_of(row.at)
    return found


def _judgements(link: Connection, names: Sequence[str]) -> dict[str, Judgement]:
    table = alarm_judgements
    rows = link.execute(select(table).where(table.c.alarm_id.in_(names)).order_by(table.c.number))
    return {row.alarm_id: Judgement(row.verdict, row.who, row.why, time_of(row.at)) for row in rows}


def _shelvings(link: Connection, names: Sequence[str]) -> dict[str, Row[Any]]:
    table = alarm_shelvings
    rows = link.execute(select(table).where(table.c.alarm_id.in_(names)).order_by(table.c.number))
    return {row.alarm_id: row for row in rows}
