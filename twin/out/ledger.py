"""Rows of messages and of what happened to them, read and written within one transaction of the desk's book."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from networks.errors import Refused
from twin.desk.book import text_of, time_of
from twin.desk.tables import outgoing, outgoing_steps
from twin.out.letter import Letter, Step
from twin.out.message import OutMessage


def enter(link: Connection, message: OutMessage) -> bool:
    """Write a message down; False when it is there already.

    Raises:
        Refused: Another message has its key.
    """
    row = {
        "key": message.key,
        "channel": message.channel,
        "kind": message.kind,
        "body": json.dumps(dict(message.body), ensure_ascii=False, sort_keys=True),
        "rec_id": message.rec_id,
        "allowed_by": message.allowed_by,
        "not_after": text_of(message.not_after),
        "run_id": message.run_id,
    }
    known = link.execute(select(outgoing).where(outgoing.c.key == message.key)).first()
    if known is None:
        link.execute(insert(outgoing).values(**row))
        return True
    if any(getattr(known, name) != row[name] for name in ("channel", "kind", "body", "rec_id")):
        raise Refused("another message has this key", place=message.key, expected="a key of its own for each message")
    return False


def step(
    link: Connection, key: str, state: str, at: datetime, *, attempt: int = 0, due: datetime | None = None, detail: str
) -> None:
    """Write down what happened to a message."""
    row = {"key": key, "state": state, "attempt": attempt, "at": text_of(at), "detail": detail}
    link.execute(insert(outgoing_steps).values(**row, due=text_of(due) if due else None))


def last(link: Connection, key: str) -> Step | None:
    """What happened to a message last; None when there is no such message."""
    query = select(outgoing_steps).where(outgoing_steps.c.key == key).order_by(outgoing_steps.c.seq.desc()).limit(1)
    row = link.execute(query).first()
    return None if row is None else _step(row)


def letters(link: Connection, *, states: Iterable[str] = (), rec_id: str | None = None, key: str = "") -> list[Letter]:
    """Messages in the order in which they were handed in.

    Args:
        link: The transaction.
        states: Only those whose state is one of these; empty: all.
        rec_id: Only what carries this out.
        key: Only those whose keys begin so.
    """
    query = _ordered(tuple(states))
    if rec_id is not None:
        query = query.where(outgoing.c.rec_id == rec_id)
    if key:
        query = query.where(outgoing.c.key.startswith(key, autoescape=True))
    rows = link.execute(query).all()
    steps: dict[str, list[Step]] = {row.key: [] for row in rows}
    keys = list(steps)
    for begin in range(0, len(keys), 500):
        some = outgoing_steps.c.key.in_(keys[begin : begin + 500])
        for one in link.execute(select(outgoing_steps).where(some).order_by(outgoing_steps.c.seq)):
            steps[one.key].append(_step(one))
    return [Letter(_message(row), tuple(steps[row.key])) for row in rows]


def _ordered(states: tuple[str, ...]) -> Select[Any]:
    ends = (
        select(
            outgoing_steps.c.key,
            func.min(outgoing_steps.c.seq).label("first"),
            func.max(outgoing_steps.c.seq).label("last"),
        )
        .group_by(outgoing_steps.c.key)
        .subquery()
    )
    query = select(outgoing).join(ends, ends.c.key == outgoing.c.key).order_by(ends.c.first)
    if states:
        query = query.join(outgoing_steps, outgoing_steps.c.seq == ends.c.last)
        query = query.where(outgoing_steps.c.state.in_(states))
    return query


def _step(row: Row[Any]) -> Step:
    return Step(row.state, row.attempt, time_of(row.at), time_of(row.due) if row.due else None, row.detail)


def _message(row: Row[Any]) -> OutMessage:
    body = json.loads(row.body)
    not_after = time_of(row.not_after)
    return OutMessage(row.key, row.channel, row.kind, body, row.rec_id, row.allowed_by, not_after, row.run_id)
