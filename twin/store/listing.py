"""What is in the store, as SQL says it: positions of feeds, listed parts, dead letters."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from networks.errors import BadInput, NotThere
from twin.feeds import Dead, Fault
from twin.store.parts import Part
from twin.store.tables import dead_letters as letters
from twin.store.tables import parts as listed
from twin.store.tables import positions

STATES = ("waiting", "mended", "dismissed")
_AT_ONCE = 500
"""Values that one statement names."""


class Taken(Exception):
    """Somebody else moved the feed's position, or swapped the parts, in between."""


def now() -> str:
    """UTC, as the tables keep times."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def position(connection: Connection, feed: str) -> int:
    """Number of the first message that is not in the store yet."""
    found = connection.execute(select(positions.c.next).where(positions.c.feed == feed)).scalar()
    return 0 if found is None else int(found)


def move(connection: Connection, feed: str, first: int, end: int) -> None:
    """Set a feed's position from `first` to `end`.

    Raises:
        Taken: It does not stand at `first`.
    """
    values = {"next": end, "changed": now()}
    moved = connection.execute(
        update(positions).where(positions.c.feed == feed, positions.c.next == first).values(**values)
    )
    if moved.rowcount == 1:
        return
    if first != 0:
        raise Taken
    try:
        connection.execute(insert(positions).values(feed=feed, **values))
    except IntegrityError as error:
        raise Taken from error


def parts(
    connection: Connection, series: str | None, span: tuple[int, int] | None, feeds: Collection[str]
) -> list[Part]:
    """Listed parts, in order of their paths."""
    query = select(*(listed.c[one.name] for one in fields(Part))).order_by(listed.c.path)
    if series is not None:
        query = query.where(listed.c.series == series)
    if span is not None:
        query = query.where(listed.c.begin_us < span[1], listed.c.last_us >= span[0])
    if feeds:
        query = query.where(listed.c.feed.in_(list(feeds)))
    return [Part(*row) for row in connection.execute(query)]


def add(connection: Connection, new: Sequence[Part]) -> None:
    """List parts."""
    if new:
        connection.execute(insert(listed), [asdict(part) for part in new])


def drop(connection: Connection, old: Sequence[Part]) -> None:
    """Take parts off the list.

    Raises:
        Taken: One of them is not on it.
    """
    paths = [part.path for part in old]
    for begin in range(0, len(paths), _AT_ONCE):
        some = paths[begin : begin + _AT_ONCE]
        if connection.execute(delete(listed).where(listed.c.path.in_(some))).rowcount != len(some):
            raise Taken


def bury(connection: Connection, dead: Sequence[Dead]) -> None:
    """Keep dead letters."""
    if dead:
        connection.execute(insert(letters), [_letter(one) for one in dead])


def dead_letters(connection: Connection, feed: str | None, state: str | None) -> list[Dead]:
    """Dead letters by feed and number."""
    query = select(letters).order_by(letters.c.feed, letters.c.number)
    if feed is not None:
        query = query.where(letters.c.feed == feed)
    if state is not None:
        query = query.where(letters.c.state == state)
    return [
        Dead(
            row.feed,
            row.number,
            datetime.fromisoformat(row.received),
            row.topic,
            tuple(Fault(*fault) for fault in json.loads(row.faults)),
            row.state,
        )
        for row in connection.execute(query)
    ]


def settle(connection: Connection, feed: str, number: int, state: str, who: str, why: str) -> None:
    """Say what became of a waiting letter.

    Raises:
        BadInput: There is no such state.
        NotThere: No such letter is waiting.
    """
    if state not in STATES[1:]:
        raise BadInput(f"a dead letter cannot become {state!r}", expected=" or ".join(STATES[1:]))
    this = (letters.c.feed == feed, letters.c.number == number, letters.c.state == "waiting")
    changed = connection.execute(
        update(letters).where(*this).values(state=state, who=_text(who), why=_text(why), settled=now())
    )
    if changed.rowcount != 1:
        raise NotThere(f"no dead letter {number} of {feed} is waiting", remedy="twin feeds dead lists them")


def _letter(dead: Dead) -> dict[str, object]:
    faults = [[_text(fault.place), _text(fault.what), _text(fault.expected)] for fault in dead.faults]
    return {
        "feed": dead.feed,
        "number": dead.number,
        "received": dead.received.astimezone(UTC).isoformat(timespec="microseconds"),
        "topic": _text(dead.topic),
        "faults": json.dumps(faults, ensure_ascii=False),
        "state": dead.state,
        "who": "",
        "why": "",
        "settled": "",
    }


def _text(told: str) -> str:
    """As both databases keep it: PostgreSQL refuses U+0000, both refuse halves of surrogate pairs."""
    return told.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
