"""`Book`: the desk's one database: transactions, the clock that expiry is judged by, and the chained audit.

Recommendations, alarms, cases and people each keep their tables in it (`tables.py`); what changes one of them and the
entry in the audit that says so are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, text, update

from networks.digest import digest_json
from twin.desk.audit import AuditEntry, Broken, append, broken_links
from twin.desk.migrating import migrate
from twin.desk.tables import READING, SCHEMA, connect, telling
from twin.desk.tables.keeping import audit, facts


class Book:
    """One database.

    Args:
        engine: From `tables.connect`.
        place: The file or URL, for messages.
        now: The wall clock.
    """

    def __init__(self, engine: Engine, place: Path | str, *, now: Callable[[], datetime] | None = None) -> None:
        self._engine, self.place = engine, place
        self.wall = now or (lambda: datetime.now(UTC))

    @classmethod
    def open(cls, place: Path | str, *, now: Callable[[], datetime] | None = None) -> Book:
        """Open or make one in a SQLite file, or at any SQLAlchemy URL.

        Raises:
            BadInput: Not a desk, or one of a newer citytwin; older ones are brought up to date.
            StorageFailed: The database cannot be made or reached.
        """
        book = cls(connect(place), place, now=now)
        with book.work() as link:
            version = _fact(link, "schema")
            if version is None:
                _keep(link, "schema", SCHEMA)
            elif version != SCHEMA:
                migrate(link, version, place)
                _keep(link, "schema", SCHEMA)
                book.note(link, "twin", "migrate", None, f"from version {version} to {SCHEMA}")
        return book

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def work(self) -> Iterator[Connection]:
        """One transaction that holds the writing lock; the database's own words become the twin's errors."""
        with telling(self.place), self._engine.begin() as link:
            yield link

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One look at everything as it was committed at one moment: it waits for nobody and keeps nobody waiting.

        Whoever writes through it is refused by the database.
        """
        with telling(self.place), self._engine.execution_options(**{READING: True}).begin() as link:
            yield link

    @contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        """True while nobody else holds this lock of a PostgreSQL database; other databases have none, and say True."""
        if self._engine.dialect.name != "postgresql":
            yield True
            return
        number = int(digest_json(name)[:15], 16)
        # A transaction would hold the writing lock for as long.
        alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with telling(self.place), alone.connect() as link:
            got = bool(link.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}).scalar())
            try:
                yield got
            finally:
                if got:
                    link.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})

    def set_clock(self, moment: datetime | None) -> None:
        """Judge expiry by this moment (of a study or a replay) from now on; None goes back to the wall clock."""
        with self.work() as link:
            _keep(link, "clock", "" if moment is None else text_of(moment))

    def clock(self, link: Connection | None = None) -> datetime:
        """The time by which expiry is judged; within a transaction where one is given."""
        if link is None:
            with self.read() as link:
                return self.clock(link)
        held = _fact(link, "clock")
        return time_of(held) if held else self.wall()

    def behind(self, link: Connection) -> timedelta:
        """How far the wall clock is behind the latest time that the audit knows; zero where the clock is set by hand.

        More than a moment means that the machine's clock jumped back, or was ahead: what has expired cannot be told.
        """
        seen = _fact(link, "seen")
        if not seen or _fact(link, "clock"):
            return timedelta()
        return max(timedelta(), time_of(seen) - self.wall())

    def trust_clock(self, link: Connection) -> None:
        """Take the wall clock as right, wherever it stands."""
        _keep(link, "seen", text_of(self.wall()))

    def note(self, link: Connection, who: str, action: str, rec_id: str | None, detail: str) -> int:
        """Write what happened into the audit, in the transaction of what happened; its number."""
        at, clock_at = text_of(self.wall()), text_of(self.clock(link))
        if at > (_fact(link, "seen") or ""):
            _keep(link, "seen", at)
        return append(link, at=at, clock_at=clock_at, who=who, action=action, rec_id=rec_id, detail=detail)

    def audit(self, rec_id: str | None = None) -> list[AuditEntry]:
        """All that happened, oldest first; or what happened to one thing."""
        query = select(audit).order_by(audit.c.seq)
        if rec_id is not None:
            query = query.where(audit.c.rec_id == rec_id)
        with self.read() as link:
            rows = link.execute(query).all()
        return [
            AuditEntry(r.seq, time_of(r.at), time_of(r.clock_at), r.who, r.action, r.rec_id, r.detail) for r in rows
        ]

    def last_seal(self) -> tuple[int, str]:
        """How many entries the audit has, and the seal of the last; (0, "") without any."""
        with self.read() as link:
            row = link.execute(select(audit.c.seq, audit.c.seal).order_by(audit.c.seq.desc()).limit(1)).first()
        return (row.seq, row.seal) if row else (0, "")

    def holds_seal(self, seal: str) -> bool:
        """Whether an entry has this seal: then all up to it is as it was when the seal was written down."""
        with self.read() as link:
            return link.execute(select(audit.c.seq).where(audit.c.seal == seal)).first() is not None

    def broken(self) -> list[Broken]:
        """Where the audit's chain does not hold."""
        with self.read() as link:
            return broken_links(link)


def _fact(link: Connection, name: str) -> str | None:
    return link.execute(select(facts.c.value).where(facts.c.name == name)).scalar()


def _keep(link: Connection, name: str, value: str) -> None:
    if link.execute(update(facts).where(facts.c.name == name).values(value=value)).rowcount == 0:
        link.execute(insert(facts).values(name=name, value=value))


def text_of(moment: datetime) -> str:
    """A time as the tables keep it: UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def time_of(text: str) -> datetime:
    """A time as the tables keep it."""
    return datetime.fromisoformat(text)
