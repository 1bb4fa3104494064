"""`People`: who may sit at the desk, in which role; a token is shown once and kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from networks.errors import BadInput, NotThere, Refused
from twin.desk.book import Book, text_of
from twin.desk.tables.ruling import people

ROLES = ("viewer", "operator", "engineer", "planner", "administrator")

ACTS = {
    "see": ROLES,
    "propose": ("operator", "engineer", "planner"),
    "approve": ("operator", "engineer"),
    "change": ("operator", "engineer"),
    "reject": ("operator", "engineer"),
    "rollback": ("operator", "engineer"),
    "judge": ("operator", "engineer"),
    "shelve": ("operator", "engineer"),
    "acknowledge": ("operator", "engineer"),
    "stand-down": ("operator", "engineer"),
    "signals": ("engineer",),
    "drill": ("operator", "engineer", "planner"),
    "mode": ("operator", "engineer"),
    "autonomy": ("operator", "engineer"),
    "thresholds": ("engineer", "planner"),
    "authority": ("administrator",),
    "people": ("administrator",),
    "clock": ("engineer", "administrator"),
    "what-if": ("engineer", "planner"),
    "audit": ("operator", "engineer", "planner", "administrator"),
}
"""Who may do what. Administrators say who may act, and do not act themselves."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the desk knows.

    Attributes:
        name: As it was written.
        role: One of ROLES.
    """

    name: str
    role: str


class People:
    """Everybody whom a desk knows.

    Args:
        book: The desk's database.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    def add(self, name: str, role: str, *, by: str = "twin") -> str:
        """Let somebody in; the first must be an administrator, who adds the others.

        Returns:
            The token that proves who it is. It is told here and nowhere else: the desk keeps its SHA-256.

        Raises:
            BadInput: No such role; no name.
            Refused: The name is taken; the first person is no administrator.
        """
        role, name = checked_role(role), _name(name)
        with self.book.work() as link:
            if _row(link, name) is not None:
                raise Refused(f"{name} is at this desk already", remedy="twin desk people renew gives a new token")
            if role != "administrator" and not any_people(link):
                raise Refused("the first person must be an administrator", remedy="add an administrator first")
            token = secrets.token_urlsafe(32)
            row = {"person": same_person(name), "name": name, "role": role, "token_hash": _hash(token)}
            link.execute(insert(people).values(**row, added_at=text_of(self.book.wall())))
            self.book.note(link, by, "add person", None, f"{name}, {role}")
        return token

    def renew(self, name: str, *, by: str = "twin") -> str:
        """A new token; the old one no longer opens anything.

        Raises:
            NotThere: No such person.
        """
        token = secrets.token_urlsafe(32)
        with self.book.work() as link:
            row = self._known(link, name)
            link.execute(update(people).where(people.c.person == row.person).values(token_hash=_hash(token)))
            self.book.note(link, by, "renew token", None, row.name)
        return token

    def remove(self, name: str, *, by: str = "twin") -> None:
        """Somebody leaves; what they did stays in the audit.

        Raises:
            NotThere: No such person.
            Refused: The last administrator: nobody could let anybody in any more.
        """
        with self.book.work() as link:
            row = self._known(link, name)
            count = select(func.count()).select_from(people).where(people.c.role == "administrator")
            if row.role == "administrator" and link.execute(count).scalar() == 1:
                raise Refused(f"{row.name} is the last administrator", remedy="add another administrator first")
            link.execute(delete(people).where(people.c.person == row.person))
            self.book.note(link, by, "remove person", None, f"{row.name}, {row.role}")

    def who(self, token: str) -> Person:
        """Whose token this is.

        Raises:
            Refused: Nobody's, or not any more.
        """
        with self.book.read() as link:
            row = link.execute(select(people).where(people.c.token_hash == _hash(token))).first()
        if row is None:
            raise Refused("nobody at this desk has this token", remedy="ask an administrator for a new one")
        return Person(row.name, row.role)

    def named(self, name: str, link: Connection | None = None) -> Person | None:
        """The person of this name, if the desk knows one."""
        if link is None:
            with self.book.read() as link:
                return self.named(name, link)
        row = _row(link, name)
        return None if row is None else Person(row.name, row.role)

    def all(self) -> list[Person]:
        """Everybody, by name; empty at a desk where names are taken at their word."""
        with self.book.read() as link:
            rows = link.execute(select(people).order_by(people.c.person)).all()
        return [Person(row.name, row.role) for row in rows]

    def _known(self, link: Connection, name: str) -> Any:
        row = _row(link, name)
        if row is None:
            raise NotThere(
                f"nobody at this desk is called {name}",
                file=self.book.place,
                remedy="twin desk people list shows who is",
            )
        return row


def may(role: str, act: str) -> bool:
    """Whether somebody of this role may do this.

    Raises:
        KeyError: No such act: a mistake of the program, not of a user.
    """
    return role in ACTS[act]


def same_person(name: str) -> str:
    """A name as people are told apart by: letters' shapes, cases and spaces make no second pair of eyes."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def any_people(link: Connection) -> bool:
    """Whether the desk knows anybody; else names are taken at their word."""
    return link.execute(select(people.c.person).limit(1)).first() is not None


def checked_role(role: str) -> str:
    """A role that there is.

    Raises:
        BadInput: There is none of this name.
    """
    if role not in ROLES:
        raise BadInput(f"no such role: {role}", expected=", ".join(ROLES))
    return role


def _row(link: Connection, name: str) -> Any:
    return link.execute(select(people).where(people.c.person == same_person(name))).first()


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise BadInput("a name is needed that can be read", place=name or None, expected="1 to 100 characters")
    return name


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
