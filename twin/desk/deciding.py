"""A decision, made in one transaction: what is asked of it first, then the rows that say so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from networks.errors import Refused
from twin.desk.assets import assets_of, changed_meanwhile
from twin.desk.book import Book, text_of
from twin.desk.changing import Version
from twin.desk.entries import DeskEntry, read
from twin.desk.people import any_people, same_person
from twin.desk.ruling import Ruling
from twin.desk.tables import approvals, decisions, versions, withdrawals

DECISIONS = {"approve": "approved", "change": "approved", "reject": "rejected"}

_NOTHING = "nothing was changed; ask for a new recommendation"
_JUMP = timedelta(seconds=5)
"""A clock may be set right by this much without anybody noticing."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody wants of a recommendation.

    Attributes:
        decision: "approve", "change" or "reject".
        who: The person.
        role: In which role; None: the desk knows nobody.
        why: The reason.
        version: What is approved; None where it is rejected.
    """

    decision: str
    who: str
    role: str | None
    why: str
    version: Version | None


def chosen(entry: DeskEntry, version: str | None) -> Version:
    """What somebody approves, by the version that they saw.

    Raises:
        Refused: Somebody changed it meanwhile, or there is no such version.
    """
    pending = entry.pending
    if version is None and pending is not None:
        raise _no(
            entry,
            f"{pending.told} was wanted instead of what was proposed, and one of them must be chosen",
            f"look at twin desk show {entry.rec_id}, then approve with --version {pending.version} "
            f"(as it was changed) or --version {entry.versions[0].version} (as it was proposed)",
        )
    found = [one for one in entry.versions if version is None or (version and one.version.startswith(version))]
    if not found:
        known = ", ".join(one.version for one in entry.versions)
        raise _no(entry, f"it has no version {version}", f"twin desk show {entry.rec_id} shows what it has: {known}")
    return found[0]


def enter(link: Connection, book: Book, entry: DeskEntry, ruling: Ruling, vote: Vote) -> None:
    """Write a vote and, when it is the last that was needed, the decision.

    Raises:
        Refused: It is decided, withdrawn or expired; or (for a yes) the clock jumped back, an asset changed or another
            approved recommendation touches it, it is in shadow, or this person said yes already.
    """
    _check_open(link, book, entry, vote.decision)
    if vote.version is None:
        _decide(link, book, entry, vote)
        book.note(link, vote.who, vote.decision, entry.rec_id, vote.why)
        return
    _check_street(link, book, entry, ruling, vote.version)
    count = _count_in(link, book, entry, vote, vote.version)
    needed = needed_of(link, entry, ruling, vote.version, vote.role)
    told = f"{vote.why} (changed: {vote.version.told})" if vote.version.told else vote.why
    if count < needed:
        book.note(link, vote.who, f"{vote.decision}, {count} of {needed}", entry.rec_id, told)
        return
    _decide(link, book, entry, vote)
    book.note(link, vote.who, vote.decision, entry.rec_id, told)


def needed_of(
    link: Connection, entry: DeskEntry, ruling: Ruling, version: Version | None = None, role: str | None = None
) -> int:
    """How many people must say yes; one where names are taken at their word and no rules were given."""
    if not (ruling.told or role is not None or any_people(link)):
        return 1
    action = entry.action if version is None else version.action
    return ruling.rules.needed(ruling.mode, entry.kind, action)


def conflict_of(link: Connection, book: Book, entry: DeskEntry) -> str | None:
    """What happened meanwhile to the assets that a recommendation was made for, in words; None: nothing."""
    moved = changed_meanwhile(link, entry.document, entry.action)
    if moved is not None:
        by = f"recommendation {moved.rec_id}" if moved.rec_id else moved.who
        return f"{moved.asset} was changed meanwhile by {by} at {text_of(moved.at)}: this was made for another plan"
    rival = _rival(link, book, entry)
    if rival is not None:
        return f"{rival.rec_id} was approved meanwhile and changes {', '.join(sorted(_shared(entry, rival)))} too"
    return None


def enter_bound(link: Connection, book: Book, entry: DeskEntry, bound: str) -> None:
    """Write that a bound allows this."""
    now = text_of(book.clock(link))
    row = {"rec_id": entry.rec_id, "decision": "approved", "who": f"bound:{bound}", "why": "within its limits"}
    times = {"decided_at": text_of(book.wall()), "clock_at": now}
    link.execute(insert(decisions).values(**row, **times, version=entry.versions[0].version, bound=bound))
    book.note(link, f"bound:{bound}", "approve", entry.rec_id, "within its limits")


def take_back(link: Connection, book: Book, entry: DeskEntry, who: str, why: str) -> None:
    """Write that nothing of this may leave any more."""
    times = {"at": text_of(book.wall()), "clock_at": text_of(book.clock(link))}
    link.execute(insert(withdrawals).values(rec_id=entry.rec_id, who=who, why=why, **times))
    book.note(link, who, "withdraw", entry.rec_id, why)


def clock_jumped(link: Connection, book: Book) -> timedelta | None:
    """How far the machine's clock stands behind what the audit has seen; None: it is right."""
    behind = book.behind(link)
    return behind if behind > _JUMP else None


def _check_open(link: Connection, book: Book, entry: DeskEntry, decision: str) -> None:
    done, now = entry.decision, book.clock(link)
    if done is not None:
        when = text_of(done.decided_at)
        raise _no(entry, f"{done.who} has already {done.decision} it at {when}: {done.why}", _NOTHING, decision)
    if entry.withdrawn is not None:
        raise _no(entry, f"it was withdrawn by {entry.withdrawn}", _NOTHING, decision)
    if now > entry.valid_until:
        late = f"it was valid until {text_of(entry.valid_until)}, and the desk's clock says {text_of(now)}"
        raise _no(entry, late, _NOTHING, decision)


def _check_street(link: Connection, book: Book, entry: DeskEntry, ruling: Ruling, version: Version) -> None:
    behind = clock_jumped(link, book)
    if behind is not None:
        raise _no(
            entry,
            f"this machine's clock stands {behind.total_seconds():.0f} s behind what the audit has seen, "
            "so nobody can tell what has expired",
            'set the clock right, or say that it is: twin desk clock --trust --who NAME --why "..."',
        )
    level, asset = ruling.level(assets_of(entry.document, version.action))
    if level == "shadow":
        remedy = f"it is kept for comparison only; twin desk autonomy show says why {asset or 'it'} is in shadow"
        raise _no(entry, f"{asset or 'all of this desk'} is in shadow: nothing of it leaves the twin", remedy)
    conflict = conflict_of(link, book, entry)
    if conflict is not None:
        raise _no(entry, conflict, "ask for a new recommendation, made for what runs there now")


def _rival(link: Connection, book: Book, entry: DeskEntry) -> DeskEntry | None:
    """Another recommendation, approved since this one was made, that touches one of its assets."""
    since = select(decisions.c.rec_id).where(
        decisions.c.decision == "approved", decisions.c.clock_at >= text_of(entry.created)
    )
    for name in link.execute(since).scalars().all():
        for other in read(link, book, name):
            if other.rec_id == name != entry.rec_id and other.status == "approved" and _shared(entry, other):
                return other
    return None


def _shared(entry: DeskEntry, other: DeskEntry) -> frozenset[str]:
    return assets_of(entry.document, entry.action) & assets_of(other.document, other.action)


def _count_in(link: Connection, book: Book, entry: DeskEntry, vote: Vote, version: Version) -> int:
    """Enter this person's yes; how many different people have now said it to this version."""
    person = same_person(vote.who)
    if any(same_person(one.who) == person and one.version == version.version for one in entry.approvals):
        what = f"{vote.who} has approved it already: it needs another person's eyes as well"
        raise _no(entry, what, f"another operator: twin desk approve {entry.rec_id} --version {version.version}")
    if version.version not in {one.version for one in entry.versions}:
        action = json.dumps(list(version.action), ensure_ascii=False)
        row = {"version": version.version, "action": action, "told": version.told, "who": vote.who}
        link.execute(insert(versions).values(rec_id=entry.rec_id, **row, at=text_of(book.wall())))
    times = {"at": text_of(book.wall()), "clock_at": text_of(book.clock(link))}
    row = {"version": version.version, "person": person, "who": vote.who, "role": vote.role or "", "why": vote.why}
    link.execute(insert(approvals).values(rec_id=entry.rec_id, **row, **times))
    return 1 + sum(one.version == version.version for one in entry.approvals)


def _decide(link: Connection, book: Book, entry: DeskEntry, vote: Vote) -> None:
    times = {"decided_at": text_of(book.wall()), "clock_at": text_of(book.clock(link))}
    name = vote.version.version if vote.version is not None else None
    row = {"decision": DECISIONS[vote.decision], "who": vote.who, "why": vote.why, "version": name}
    link.execute(insert(decisions).values(rec_id=entry.rec_id, **row, **times))
    undone = entry.document.get("undoes") if vote.version is not None else None
    for one in read(link, book, str(undone)) if undone else ():
        if one.rec_id == undone and one.status == "approved":
            take_back(link, book, one, vote.who, f"rolled back by {entry.rec_id}: {vote.why}")


def _no(entry: DeskEntry, what: str, remedy: str, decision: str = "approve") -> Refused:
    return Refused(f"not {DECISIONS[decision]}: {what}", place=entry.rec_id, remedy=remedy)
