"""`DeskEntry`: one recommendation as the desk sees it now; its state follows from rows and is never stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from networks.errors import NotThere
from twin.desk.book import Book, text_of, time_of
from twin.desk.changing import Version, proposed
from twin.desk.tables import approvals, decisions, recommendations, versions, withdrawals

STATES = ("proposed", "approved", "rejected", "expired", "withdrawn")


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when and why.

    Attributes:
        decision: "approved" or "rejected".
        who: The operator who made it whole, or "bound:ID".
        why: The reason given.
        decided_at: Wall time, UTC.
        clock_at: The desk's time: the wall's, or a study's or replay's moment.
        bound: The bound that allowed it; None: people did.
        changed: How what was approved differs from what was proposed; empty where it does not.
    """

    decision: str
    who: str
    why: str
    decided_at: datetime
    clock_at: datetime
    bound: str | None = None
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes, of as many as are needed.

    Attributes:
        who: The person.
        role: In which role.
        version: To which action.
        why: The reason given.
        at: When, by the desk's clock.
    """

    who: str
    role: str
    version: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One recommendation on the desk: its document as proposed, its state now, and the decision if there is one.

    Attributes:
        versions: What may be approved: what was proposed first, then what people made of it, oldest first.
        approvals: Who said yes so far.
        action: What was approved, or else what was proposed.
        withdrawn: Why it was taken back; None: it was not.
    """

    rec_id: str
    kind: str
    created: datetime
    valid_until: datetime
    status: str
    document: Mapping[str, Any]
    decision: Decision | None
    versions: tuple[Version, ...] = ()
    approvals: tuple[Approval, ...] = ()
    action: tuple[Mapping[str, Any], ...] = ()
    withdrawn: str | None = None

    @property
    def pending(self) -> Version | None:
        """The newest version that somebody made of it, while nothing is decided."""
        return self.versions[-1] if self.decision is None and len(self.versions) > 1 else None


def card(entry: DeskEntry) -> dict[str, Any]:
    """A recommendation as a screen shows it: its document, its state, who said what, and the version shown."""
    pending = entry.pending
    told = dict(entry.document) | {"status": entry.status, "version": (pending or entry.versions[0]).version}
    if entry.decision is not None:
        made = entry.decision
        told |= {"who": made.who, "reason": made.why, "decided_at": made.decided_at.isoformat()}
    told["changed"] = pending.told if pending else entry.decision.changed if entry.decision else ""
    told["approved_by"] = [one.who for one in entry.approvals if one.version == told["version"]]
    told["withdrawn"] = entry.withdrawn
    return told


def read(
    link: Connection, book: Book, rec_id: str | None = None, *, valid_at: datetime | None = None,
    since: datetime | None = None,
) -> list[DeskEntry]:  # fmt: skip
    """Recommendations, newest first; or those whose id begins so, valid at a moment, or made since then."""
    query = select(recommendations).order_by(recommendations.c.created.desc(), recommendations.c.rec_id)
    if rec_id is not None:
        query = query.where(recommendations.c.rec_id.startswith(rec_id, autoescape=True))
    if valid_at is not None:
        query = query.where(recommendations.c.valid_until >= text_of(valid_at))
    if since is not None:
        query = query.where(recommendations.c.created >= text_of(since))
    now = book.clock(link)
    rows = [row for row in link.execute(query) if row.rec_id.startswith(rec_id or "")]  # SQLite's LIKE knows no case
    told = [_rows(link, table, rec_id) if rows else {} for table in (decisions, versions, approvals, withdrawals)]
    return [_entry(row, now, *(by_id.get(row.rec_id, []) for by_id in told)) for row in rows]


def one(link: Connection, book: Book, rec_id: str, *, exactly: bool = False) -> DeskEntry:
    """One by its id, or by the beginning of its id when only one begins so.

    Raises:
        NotThere: None, or more than one, begins so.
    """
    found = read(link, book, rec_id) if rec_id else []
    whole = [entry for entry in found if entry.rec_id == rec_id]
    found = whole if whole or exactly else found
    if len(found) != 1:
        what = "no recommendation with this id" if not found else f"{len(found)} recommendations begin with this"
        raise NotThere(what, file=book.place, place=rec_id, remedy="twin desk list shows the ids")
    return found[0]


def _rows(link: Connection, table: Any, rec_id: str | None) -> dict[str, list[Row[Any]]]:
    query = select(table)
    if rec_id is not None:
        query = query.where(table.c.rec_id.startswith(rec_id, autoescape=True))
    by_id: dict[str, list[Row[Any]]] = {}
    for row in link.execute(query):
        by_id.setdefault(row.rec_id, []).append(row)
    return by_id


def _entry(
    row: Row[Any],
    now: datetime,
    decided: Sequence[Row[Any]],
    made: Sequence[Row[Any]],
    said: Sequence[Row[Any]],
    taken_back: Sequence[Row[Any]],
) -> DeskEntry:
    document, valid_until = json.loads(row.document), time_of(row.valid_until)
    whole = [Version(v.version, tuple(json.loads(v.action)), v.told) for v in sorted(made, key=lambda v: v.at)]
    whole.insert(0, proposed(document))
    standing, decision = whole[0], None
    status = "expired" if now > valid_until else "proposed"
    for d in decided:
        standing = next((v for v in whole if v.version == d.version), whole[0])
        times = (time_of(d.decided_at), time_of(d.clock_at))
        decision = Decision(d.decision, d.who, d.why, *times, d.bound, standing.told)
        status = d.decision
    withdrawn = next((f"{w.who}: {w.why}" for w in taken_back), None)
    yes = [Approval(a.who, a.role, a.version, a.why, time_of(a.clock_at)) for a in sorted(said, key=lambda a: a.at)]
    return DeskEntry(
        rec_id=row.rec_id,
        kind=row.kind,
        created=time_of(row.created),
        valid_until=valid_until,
        status=status if withdrawn is None else "withdrawn",
        document=document,
        decision=decision,
        versions=tuple(whole),
        approvals=tuple(yes),
        action=standing.action,
        withdrawn=withdrawn,
    )
