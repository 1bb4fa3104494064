"""The operators' desk: what is recommended, who decided, when and why, and what may leave.

The state of a recommendation follows from facts and is never stored: *approved* or *rejected* once a decision is
there, *withdrawn* once it was taken back, *expired* when its time has passed without a decision, else *proposed*. A
decision is made once, by as many people as the rules ask for or by a bound; whoever comes too late is refused in
words. Everything that happened, refusals too, stays in the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from networks.errors import BadInput, Refused
from networks.sentence import Sentence
from twin.desk import assets, deciding, entries, proposing, ruling
from twin.desk.audit import AuditEntry
from twin.desk.book import Book
from twin.desk.changing import changed
from twin.desk.controls import Controls, said
from twin.desk.entries import STATES, DeskEntry
from twin.desk.people import People
from twin.desk.permission import Permission, permitted
from twin.desk.way_back import way_back


class Desk(Controls):
    """Recommendations and decisions.

    Args:
        book: The database they are kept in.
    """

    def __init__(self, book: Book) -> None:
        super().__init__(book)
        self.place = book.place
        self.people = People(book)

    @classmethod
    def open(cls, place: Path | str, *, now: Callable[[], datetime] | None = None) -> Desk:
        """Open or make a desk in a SQLite file, or at any SQLAlchemy URL.

        Raises:
            BadInput: Not a desk, or one of a newer citytwin.
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
        """Put a recommendation on the desk; the same one twice is kept once. Where a bound allows it, it is approved.

        Args:
            document: A recommendation as JSON: rec_id, kind, created, valid_until and whatever else it says. With
                `rests_on_assets` ({asset: digest of its plan}) it is refused once an asset changed; with `before`
                (interventions that bring back what was) it can be rolled back; an alternative with an `action` of its
                own can be chosen instead.
            by: Who proposes.

        Raises:
            BadInput: A field is missing or no time.
            Refused: Another recommendation has this id.
        """
        with self.book.work() as link:
            return entries.one(link, self.book, proposing.put(link, self.book, document, by), exactly=True)

    def entries(self, status: str | None = None, *, since: datetime | None = None) -> list[DeskEntry]:
        """All recommendations, newest first; or those in one state, or made since then.

        Raises:
            BadInput: No such state.
        """
        if status is not None and status not in STATES:
            raise BadInput(f"no such state: {status}", expected=", ".join(STATES))
        with self.book.read() as link:
            found = entries.read(link, self.book, since=since)
        return [entry for entry in found if status is None or entry.status == status]

    def exactly(self, rec_id: str) -> DeskEntry:
        """One recommendation by its whole id.

        Raises:
            NotThere: There is none.
        """
        with self.book.read() as link:
            return entries.one(link, self.book, rec_id, exactly=True)

    def entry(self, rec_id: str) -> DeskEntry:
        """One recommendation by its id, or by the beginning of its id when only one begins so.

        Raises:
            NotThere: None, or more than one, begins so.
        """
        with self.book.read() as link:
            return entries.one(link, self.book, rec_id)

    def decide(
        self,
        rec_id: str,
        decision: str,
        *,
        who: str,
        why: str,
        role: str | None = None,
        change: Mapping[str, Any] | None = None,
        version: str | None = None,
    ) -> DeskEntry:
        """Approve, approve something else, or reject; the first decision stands.

        What is dangerous needs several people: the first ones' yes is kept in the entry's `approvals`, and it stays
        proposed until the last. One no is enough to reject.

        Args:
            rec_id: The recommendation.
            decision: "approve", "change" (approve another action, which `change` says) or "reject".
            who: The operator; not empty. Where the desk knows people it must be one of them.
            why: The reason; not empty.
            role: In which role, for somebody whom the caller knows and the desk does not.
            change: {"alternative": name}, {"set": {place: figure}} or {"action": interventions}; see `changing`.
            version: The version that was looked at, where somebody changed it before.

        Raises:
            BadInput: No such decision; no name or no reason; a change that is none or not allowed.
            NotThere: No such recommendation.
            Refused: Nobody of this name or not in this role; decided, withdrawn, expired; the clock jumped back; an
                asset changed meanwhile; the same person twice.
        """
        if decision not in deciding.DECISIONS:
            raise BadInput(f"no such decision: {decision}", expected="approve or reject, or change")
        if (change is not None) != (decision == "change"):
            raise BadInput("a change comes with the decision change", place="change", expected="both or neither")
        who, why = said("who", who, 200), said("why", why, 4000)
        rec_id = self.entry(rec_id).rec_id
        with self.acting(who, decision, rec_id) as link:
            acting = ruling.check_may(link, self.book, who, role, decision)
            entry, now = entries.one(link, self.book, rec_id, exactly=True), ruling.in_force(link)
            chosen = None
            if decision == "change":
                chosen = changed(entry.document, change, now.rules)
            elif decision == "approve":
                chosen = deciding.chosen(entry, version)
            deciding.enter(link, self.book, entry, now, deciding.Vote(decision, who, acting, why, chosen))
            return entries.one(link, self.book, rec_id, exactly=True)

    def permission(self, rec_id: str) -> Permission | None:
        """What lets this leave, judged now; None: nothing of it may leave, or not any more."""
        with self.book.read() as link:
            found = [entry for entry in entries.read(link, self.book, rec_id) if entry.rec_id == rec_id]
            return permitted(link, self.book, found[0], ruling.in_force(link)) if found else None

    def allowed(self) -> list[tuple[DeskEntry, Permission]]:
        """All that may leave now, and what lets it."""
        with self.book.read() as link:
            now = ruling.in_force(link)
            valid = entries.read(link, self.book, valid_at=self.book.clock(link))
            pairs = [(entry, permitted(link, self.book, entry, now)) for entry in valid]
        return [(entry, permission) for entry, permission in pairs if permission is not None]

    def rollback(self, rec_id: str, *, who: str, why: str, role: str | None = None) -> DeskEntry:
        """Go back to the plan before: nothing more of this leaves, and the way back is proposed and approved by `who`.

        Returns:
            The way back, a recommendation of kind `rollback`; still proposed where the rules want more people.

        Raises:
            NotThere: No such recommendation.
            Refused: Not in this role; it was not approved, does not say what was there before (`before`), or other
                hands changed an asset since.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        rec_id = self.entry(rec_id).rec_id
        with self.acting(who, "rollback", rec_id) as link:
            acting = ruling.check_may(link, self.book, who, role, "rollback")
            entry = entries.one(link, self.book, rec_id, exactly=True)
            document = way_back(link, self.book, entry, why)
            deciding.take_back(link, self.book, entry, who, f"rolled back by {document['rec_id']}: {why}")
            back = entries.one(link, self.book, proposing.put(link, self.book, document, who), exactly=True)
            if back.decision is None:
                vote = deciding.Vote("approve", who, acting, why, back.versions[0])
                deciding.enter(link, self.book, back, ruling.in_force(link), vote)
            return entries.one(link, self.book, back.rec_id, exactly=True)

    def offer_way_back(self, rec_id: str, *, why: Sentence, by: str = "twin") -> DeskEntry:
        """Propose to go back to the plan before; what is undone stands until people have decided so.

        Returns:
            The way back, a recommendation of kind `rollback`.

        Raises:
            NotThere: No such recommendation.
            Refused: As for `rollback`.
        """
        with self.book.work() as link:
            entry = entries.one(link, self.book, rec_id, exactly=True)
            document = way_back(link, self.book, entry, [why])
            return entries.one(link, self.book, proposing.put(link, self.book, document, by), exactly=True)

    def withdraw(self, rec_id: str, *, who: str, why: str, role: str | None = None) -> DeskEntry:
        """Take a recommendation back: a newer one replaces it, or what has not left yet must not leave any more.

        Args:
            rec_id: The recommendation.
            who: "twin" or one of its parts ("live loop"), or a person.
            why: The reason.
            role: As for `decide`; "twin" for the twin itself.

        Raises:
            NotThere: No such recommendation.
            Refused: Not in this role; it is rejected or withdrawn already.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        rec_id = self.entry(rec_id).rec_id
        with self.acting(who, "withdraw", rec_id) as link:
            if role != "twin":
                ruling.check_may(link, self.book, who, role, "reject")
            entry = entries.one(link, self.book, rec_id, exactly=True)
            if entry.status in ("rejected", "withdrawn"):
                raise Refused(f"not withdrawn: it is {entry.status}", place=rec_id, remedy="nothing of it leaves")
            deciding.take_back(link, self.book, entry, who, why)
            return entries.one(link, self.book, rec_id, exactly=True)

    def asset_changed(self, asset: str, digest: str, *, who: str = "twin", rec_id: str | None = None) -> bool:
        """Tell what an asset runs now.

        Args:
            asset: "signal:TLS", "road:EDGE", "sign:ID".
            digest: Of its plan.
            who: Who says so: a receiver, a feed.
            rec_id: The recommendation that put it there; None: other hands, so what rests on another plan is refused.

        Returns:
            Whether this was new.
        """
        with self.book.work() as link:
            return assets.take_change(link, self.book, asset, digest, who, rec_id)

    def needed(self, entry: DeskEntry) -> int:
        """How many people must approve a recommendation as it stands."""
        with self.book.read() as link:
            return deciding.needed_of(link, entry, ruling.in_force(link), entry.pending)

    def audit(self, rec_id: str | None = None) -> list[AuditEntry]:
        """All that happened, oldest first; or what happened to one recommendation."""
        return self.book.audit(rec_id)

    def note(self, who: str, action: str, rec_id: str | None, detail: str) -> None:
        """Write something that happened (a push, an export) into the audit."""
        with self.book.work() as link:
            self.book.note(link, who, action, rec_id, detail)
