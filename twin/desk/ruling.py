"""The rules in force: the file of authority, the mode and the autonomy of assets, as they were last switched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sqlalchemy import Connection, insert, select

from networks.errors import BadInput, Refused
from twin.cycle import MODES
from twin.desk.authority import AUTONOMY, USUAL, Authority, digest_of, read_rules, usual_rules
from twin.desk.book import Book, text_of
from twin.desk.people import ACTS, People, any_people, may
from twin.desk.tables import authorities, switches

_AUTONOMY = "autonomy:"


@dataclass(frozen=True)
class Ruling:
    """What holds at this moment.

    Attributes:
        rules: The file of authority.
        told: Somebody gave the desk this file; else it is the usual one.
        mode: "normal" or "emergency".
        lowered: Levels that people set by patterns of assets; they only ever lower what the file says.
    """

    rules: Authority
    told: bool
    mode: str
    lowered: dict[str, str]

    def level(self, assets: Iterable[str]) -> tuple[str, str]:
        """The least autonomy of some assets, and the asset it comes from; without assets never "bounded"."""
        found = [(self._level(asset), asset) for asset in sorted(assets)] or [(self._level(""), "")]
        return min(found, key=lambda pair: AUTONOMY.index(pair[0]))

    def _level(self, asset: str) -> str:
        set_ = [level for pattern, level in self.lowered.items() if fnmatchcase(asset, pattern)]
        file = self.rules.level(asset)
        return min((file, *set_), key=AUTONOMY.index)


def in_force(link: Connection) -> Ruling:
    """What holds now, in this transaction."""
    row = link.execute(select(authorities).order_by(authorities.c.number.desc()).limit(1)).first()
    rules = usual_rules() if row is None else read_rules(row.text, "authority.yaml")
    mode, lowered = "normal", {}
    for switch in link.execute(select(switches).order_by(switches.c.number)):
        if switch.what == "mode":
            mode = switch.value
        elif switch.what.startswith(_AUTONOMY):
            lowered[switch.what.removeprefix(_AUTONOMY)] = switch.value
    return Ruling(rules, row is not None, mode, {asset: level for asset, level in lowered.items() if level})


def text_in_force(link: Connection) -> str:
    """The file of rules that holds now, as it was written."""
    query = select(authorities.c.text).order_by(authorities.c.number.desc()).limit(1)
    return link.execute(query).scalar() or USUAL.read_text(encoding="utf-8")


def role_of(link: Connection, book: Book, who: str, role: str | None) -> str | None:
    """In which role somebody acts: the desk's own word, else the caller's; None: the desk knows nobody.

    Raises:
        Refused: The desk knows people, and nobody of this name.
    """
    person = People(book).named(who, link)
    if person is not None:
        return person.role
    if role is None and any_people(link):
        raise Refused(
            f"nobody at this desk is called {who}",
            remedy="twin desk people list shows who is; an administrator adds people",
        )
    return role


def check_may(link: Connection, book: Book, who: str, role: str | None, act: str) -> str | None:
    """The role in which somebody may do this.

    Raises:
        Refused: They may not.
    """
    acting = role_of(link, book, who, role)
    if acting is not None and not may(acting, act):
        raise Refused(f"{who} is {acting} here, and may not do this ({act})", remedy=f"ask {_those_who(act)}")
    return acting


def take_file(link: Connection, book: Book, text: str, file: str, who: str, why: str) -> Authority:
    """Judge by this file from now on.

    Raises:
        BadInput: It cannot be read.
    """
    rules = read_rules(text, file)
    row = {"digest": digest_of(text), "text": text, "who": who, "why": why, "at": text_of(book.wall())}
    link.execute(insert(authorities).values(**row))
    book.note(link, who, "authority", None, f"{file}, {row['digest'][:12]}: {why}")
    return rules


def switch_mode(link: Connection, book: Book, mode: str, who: str, why: str) -> None:
    """Usual days, or an emergency.

    Raises:
        BadInput: No such mode.
        Refused: It is the mode already.
    """
    if mode not in MODES:
        raise BadInput(f"no such mode: {mode}", expected=", ".join(MODES))
    if in_force(link).mode == mode:
        raise Refused(f"the mode is {mode} already", remedy="nothing was changed")
    _switch(link, book, "mode", mode, who, why)
    book.note(link, who, f"mode {mode}", None, why)


def set_level(link: Connection, book: Book, assets: str, level: str, who: str, why: str) -> None:
    """Lower the autonomy of assets, or give back what the file says ("file").

    Raises:
        BadInput: No such level.
    """
    if level != "file" and level not in AUTONOMY:
        raise BadInput(f"no such level: {level}", expected=", ".join((*AUTONOMY, "file")))
    value = "" if level == "file" else level
    _switch(link, book, f"{_AUTONOMY}{assets}", value, who, why)
    book.note(link, who, "autonomy", None, f"{assets}: {level}: {why}")


def _switch(link: Connection, book: Book, what: str, value: str, who: str, why: str) -> None:
    times = {"at": text_of(book.wall()), "clock_at": text_of(book.clock(link))}
    link.execute(insert(switches).values(what=what, value=value, who=who, why=why, **times))


def _those_who(act: str) -> str:
    return "somebody who is " + " or ".join(ACTS[act])
