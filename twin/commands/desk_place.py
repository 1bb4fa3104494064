"""Which desk, and who sits at it: shared by the commands of the operators' desk."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twin import Desk

TOKEN = "TWIN_TOKEN"

DESK = click.option(
    "--desk",
    "place",
    default="out/desk.sqlite",
    envvar="TWIN_DESK",
    show_default=True,
    help="The desk's database: a SQLite file or any SQLAlchemy URL. Also from TWIN_DESK.",
)
WHO = click.option(
    "--who", help=f"Who you are. Where the desk knows people, {TOKEN} holds your token and says it by itself."
)
WHY = click.option("--why", required=True, help="The reason.")


def open_desk(place: str) -> Desk:
    """The desk at a place.

    Raises:
        NotThere: There is none.
    """
    from networks.errors import NotThere
    from twin import Desk

    if "://" not in place and not Path(place).is_file():
        raise NotThere(
            "no desk here", file=place, remedy="twin demo or twin serve make one; --desk names another place"
        )
    return Desk.open(place)


def allowed(desk: Desk, who: str | None, act: str) -> str:
    """Whose hand this is, of somebody whose role may do this (one of `twin.desk.ACTS`); a refusal is in the audit.

    Raises:
        BadInput: No name was given.
        Refused: As for `identify`; or the role may not.
    """
    from twin.desk import check_may

    name = identify(desk, who)
    with desk.acting(name, act, None) as link:
        check_may(link, desk.book, name, None, act)
    return name


def identify(desk: Desk, who: str | None) -> str:
    """Whose hand this is: proved by a token where the desk knows people, else the name that was given.

    Raises:
        BadInput: No name was given.
        Refused: No token, nobody's, or somebody else's.
    """
    from networks.errors import BadInput, Refused
    from twin.desk import same_person

    if not desk.people.all():
        if not who:
            raise BadInput("nobody says who decides", place="--who", expected="a name", remedy='add --who "your name"')
        return who
    token = os.environ.get(TOKEN) or (_asked() if sys.stdin.isatty() else None)
    if not token:
        raise Refused(
            "this desk knows people, and nothing says who you are",
            remedy=f"put your token into {TOKEN}; an administrator gives a new one with twin desk people renew NAME",
        )
    person = desk.people.who(token.strip())
    if who and same_person(who) != same_person(person.name):
        raise Refused(f"this token is {person.name}'s, not {who}'s", remedy=f"leave --who out, or use {who}'s token")
    return person.name


def _asked() -> str:
    said: str = click.prompt("your token", hide_input=True, err=True)
    return said
