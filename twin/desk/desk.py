"""The operators' desk: what is recommended, who decided, when and why.

The state of a recommendation follows from facts and is never stored: *approved* or *rejected* once a decision is
there, *expired* when its time has passed without one, else *proposed*. A decision is made once; whoever comes second
is refused in words. Everything that happened, refusals too, stays in the audit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from networks.digest import digest_json
from networks.errors import BadInput, NotThere, Refused
from twin.desk.audit import AuditEntry
from twin.desk.book import Book, text_of, time_of
from twin.desk.permission import Permission
from twin.desk.tables.deciding import decisions, recommendations

STATES = ("proposed", "approved", "rejected", "expired")
_WORDS = {"approve": "approved", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when and why.

    Attributes:
        decision: "approved" or "rejected".
        who: The operator.
        why: The reason given.
        decided_at: Wall time, UTC.
        clock_at: The desk's time: the wall's, or a study's or replay's moment.
    """

    decision: str
    who: str
    why: str
    decided_at: datetime
    clock_at: datetime


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One recommendation on the desk: its document as proposed, its state now, and the decision if there is one."""

    rec_id: str
    kind: str
    created: datetime
    valid_until: datetime
    status: str
    document: Mapping[str, Any]
    decision: Decision | None


class Desk:
    """Recommendations and decisions.

    Args:
        book: The database they are kept in.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.place = book.place

    @classmethod
    def open(cls, place: Path | str, *, now: Callable[[], datetime] | None = None) -> Desk:
        """Open or make a desk in a SQLite file, or at any SQLAlchemy URL.

        Raises:
            BadInput: Not a desk, or one of another version.
            StorageFailed: The database cannot be made or reached.
        """
        return cls(Book.open(place, now=now))

    def close(self) -> None:
        """Give the connections back."""
        self.book.close()

    def set_clock(self, moment: datetime | None) -> None:
        """Judge expiry by this moment (of a study or a replay) from now on; None goes back to the wall clock."""
        self.book.set_clock(moment)

    def clock(self) -> datetime:
        """The time by which expiry is judged."""
        return self.book.clock()

    def propose(self, document: Mapping[str, Any], *, by: str = "twin") -> DeskEntry:
        """Put a recommendation on the desk; the same one twice is kept once.

        Args:
            document: A recommendation as JSON: rec_id, kind, created, valid_until and whatever else it says.
            by: Who proposes.

        Raises:
            BadInput: A field is missing or no time.
            Refused: Another recommendation has this id.
        """
        rec_id, kind = (_required(document, name) for name in ("rec_id", "kind"))
        created, valid_until = (_moment(document, name) for name in ("created", "valid_until"))
        body = {key: value for key, value in document.items() if key != "status"}
        row = {"rec_id": rec_id, "kind": kind, "created": text_of(created), "valid_until": text_of(valid_until)}
        row |= {"digest": digest_json(body), "document": json.dumps(body, ensure_ascii=False, sort_keys=True)}
        try:
            with self.book.work() as link:
                link.execute(insert(recommendations).values(**row, proposed_at=text_of(self.book.wall())))
                self.book.note(link, by, "propose", rec_id, "")
        except IntegrityError as error:
            with self.book.work() as link:
                known = link.execute(
                    select(recommendations.c.digest).where(recommendations.c.rec_id == rec_id)
                ).scalar()
            if known != row["digest"]:
                raise Refused("another recommendation has this id", place=rec_id) from error
        return self.entry(rec_id)

    def entries(self, status: str | None = None) -> list[DeskEntry]:
        """All recommendations, newest first; or those in one state.

        Raises:
            BadInput: No such state.
        """
        if status is not None and status not in STATES:
            raise BadInput(f"no such state: {status}", expected=", ".join(STATES))
        joined = recommendations.outerjoin(decisions)
        order = (recommendations.c.created.desc(), recommendations.c.rec_id)
        with self.book.work() as link:
            now = self.book.clock(link)
            rows = link.execute(select(recommendations, *_DECIDED).select_from(joined).order_by(*order)).all()
        found = [_entry(row, now) for row in rows]
        return [entry for entry in found if status is None or entry.status == status]

    def exactly(self, rec_id: str) -> DeskEntry:
        """One recommendation by its whole id.

        Raises:
            NotThere: There is none.
        """
        found = self.entry(rec_id)
        if found.rec_id != rec_id:
            raise NotThere("no recommendation with this id", file=self.place, place=rec_id)
        return found

    def entry(self, rec_id: str) -> DeskEntry:
        """One recommendation by its id, or by the beginning of its id when only one begins so.

        Raises:
            NotThere: None, or more than one, begins so.
        """
        found = [entry for entry in self.entries() if entry.rec_id == rec_id]
        found = found or [entry for entry in self.entries() if rec_id and entry.rec_id.startswith(rec_id)]
        if len(found) != 1:
            what = "no recommendation with this id" if not found else f"{len(found)} recommendations begin with this"
            raise NotThere(what, file=self.place, place=rec_id, remedy="twin desk list shows the ids")
        return found[0]

    def decide(self, rec_id: str, decision: str, *, who: str, why: str) -> DeskEntry:
        """Approve or reject; the first decision stands.

        Args:
            rec_id: The recommendation.
            decision: "approve" or "reject".
            who: The operator; not empty.
            why: The reason; not empty.

        Raises:
            BadInput: Another word than approve or reject; no name or no reason.
            NotThere: No such recommendation.
            Refused: It is decided already, or its time has passed.
        """
        if decision not in _WORDS:
            raise BadInput(f"no such decision: {decision}", expected="approve or reject")
        who, why = _said("who", who, 200), _said("why", why, 4000)
        entry = self.entry(rec_id)
        try:
            refusal = self._enter(entry, decision, who, why)
        except IntegrityError:
            refusal = "it was decided at the same moment by someone else"
        if refusal is None:
            return self.entry(entry.rec_id)
        standing = self.entry(entry.rec_id).decision
        if standing is not None:
            refusal = (
                f"{standing.who} has already {standing.decision} it at {text_of(standing.decided_at)}: {standing.why}"
            )
        with self.book.work() as link:
            self.book.note(link, who, f"refused {decision}", entry.rec_id, refusal)
        raise Refused(
            f"not {_WORDS[decision]}: {refusal}",
            place=entry.rec_id,
            remedy="nothing was changed; ask for a new recommendation",
        )

    def permission(self, rec_id: str) -> Permission | None:
        """What lets this leave, judged now; None: nothing of it may leave, or not any more."""
        entry = self.exactly(rec_id)
        if entry.status != "approved" or self.clock() > entry.valid_until:
            return None
        action = tuple(entry.document.get("action") or ())
        return Permission(f"decision:{entry.rec_id}", entry.valid_until, action)

    def _enter(self, entry: DeskEntry, decision: str, who: str, why: str) -> str | None:
        """Write a decision in one transaction, or say why it may not be."""
        with self.book.work() as link:
            now = self.book.clock(link)
            if now > entry.valid_until and entry.decision is None:
                return f"it was valid until {text_of(entry.valid_until)}, and the desk's clock says {text_of(now)}"
            times = {"decided_at": text_of(self.book.wall()), "clock_at": text_of(now)}
            link.execute(
                insert(decisions).values(rec_id=entry.rec_id, decision=_WORDS[decision], who=who, why=why, **times)
            )
            self.book.note(link, who, decision, entry.rec_id, why)
        return None

    def audit(self, rec_id: str | None = None) -> list[AuditEntry]:
        """All that happened, oldest first; or what happened to one recommendation."""
        return self.book.audit(rec_id)

    def note(self, who: str, action: str, rec_id: str | None, detail: str) -> None:
        """Write something that happened (a push, an export) into the audit."""
        with self.book.work() as link:
            self.book.note(link, who, action, rec_id, detail)


_DECIDED = (decisions.c.decision, decisions.c.who, decisions.c.why, decisions.c.decided_at, decisions.c.clock_at)


def _entry(row: Row[Any], now: datetime) -> DeskEntry:
    decision = None
    valid_until = time_of(row.valid_until)
    status = "expired" if now > valid_until else "proposed"
    if row.decision is not None:
        decision = Decision(row.decision, row.who, row.why, time_of(row.decided_at), time_of(row.clock_at))
        status = decision.decision
    document = json.loads(row.document)
    return DeskEntry(row.rec_id, row.kind, time_of(row.created), valid_until, status, document, decision)


def _required(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"a recommendation without {name}", place=name, expected="a text")
    return value


def _moment(document: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_required(document, name))
    except ValueError as error:
        raise BadInput(f"{name} is no time: {document[name]}", place=name, expected="ISO 8601 with a zone") from error
    if moment.tzinfo is None:
        raise BadInput(f"{name} has no time zone: {document[name]}", place=name, expected="ISO 8601 with a zone")
    return moment


def _said(name: str, value: str, longest: int) -> str:
    value = value.strip()
    if not value or len(value) > longest:
        raise BadInput(f"--{name} is empty or too long", place=name, expected=f"1 to {longest} characters")
    return value
