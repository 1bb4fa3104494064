"""The audit: everything that happened, each entry sealed with the one before, so that nothing can be changed unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from networks.digest import digest_json
from twin.desk.tables.keeping import audit

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that happened, in order.

    Attributes:
        seq: Its number; without gaps.
        at: Wall time, UTC.
        clock_at: The desk's time.
        who: Operator, agency or part of the twin.
        action: What was done.
        rec_id: What it was done to: a recommendation, an alarm, a case, a user; None for the desk itself.
        detail: In words or JSON.
    """

    seq: int
    at: datetime
    clock_at: datetime
    who: str
    action: str
    rec_id: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the chain does not hold."""

    seq: int
    what: str


def seal(row: Mapping[str, Any], before: str) -> str:
    """The seal of an entry: a digest (SHA-256) of all it says and of the seal before."""
    said = {name: row[name] for name in ("seq", "at", "clock_at", "who", "action", "rec_id", "detail")}
    return digest_json({**said, "before": before})


def append(link: Connection, *, at: str, clock_at: str, who: str, action: str, rec_id: str | None, detail: str) -> int:
    """Write an entry in the caller's transaction, which must hold the database's writing lock.

    Returns:
        Its number.
    """
    last = link.execute(select(audit.c.seq, audit.c.seal).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, before = (last.seq + 1, last.seal) if last else (1, FIRST)
    row = {"seq": seq, "at": at, "clock_at": clock_at, "who": who, "action": action, "rec_id": rec_id, "detail": detail}
    link.execute(insert(audit).values(**row, seal=seal(row, before)))
    return seq


def broken_links(link: Connection) -> list[Broken]:
    """Entries that were changed, taken out or put in between; empty when the chain holds."""
    found, before, expected = [], FIRST, 1
    for row in link.execute(select(audit).order_by(audit.c.seq)):
        if row.seq != expected:
            found.append(Broken(row.seq, f"entries {expected} to {row.seq - 1} are missing"))
        if row.seal != seal(dict(row._mapping), before):
            found.append(Broken(row.seq, "it does not fit its seal, or the entry before was changed"))
        before, expected = row.seal, row.seq + 1
    return found


def entry_json(entry: AuditEntry) -> dict[str, Any]:
    """JSON-ready."""
    return asdict(entry) | {"at": entry.at.isoformat(), "clock_at": entry.clock_at.isoformat()}


def entries_after(link: Connection, seq: int, limit: int) -> list[AuditEntry]:
    """Entries after this number, oldest first, `limit` at most."""
    rows = link.execute(select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(limit))
    moment = datetime.fromisoformat
    return [AuditEntry(r.seq, moment(r.at), moment(r.clock_at), r.who, r.action, r.rec_id, r.detail) for r in rows]
