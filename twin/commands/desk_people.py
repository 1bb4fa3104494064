"""`twin desk people list|add|renew|remove`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from twin.commands.desk_place import TOKEN, WHO, allowed, open_desk

if TYPE_CHECKING:
    from twin import Desk

NAME = click.argument("name")


@click.group("people")
def people_command() -> None:
    """Who may sit at the desk, in which role, and their tokens."""


@people_command.command("list")
@click.pass_obj
def list_people(place: str) -> None:
    """List everybody, and what each role may do."""
    from twin.desk import ACTS, may

    people = open_desk(place).people.all()
    if not people:
        click.echo(
            "this desk knows nobody: names are taken at their word, and nobody can be a second pair of eyes; "
            'to begin: twin desk people add "NAME" --role administrator',
            err=True,
        )
    for person in people:
        acts = ", ".join(act for act in ACTS if may(person.role, act))
        click.echo(f"{person.name}  {person.role}: {acts}")


@people_command.command("add")
@NAME
@click.option("--role", required=True, help="viewer, operator, engineer, planner or administrator.")
@WHO
@click.pass_obj
def add(place: str, name: str, role: str, who: str | None) -> None:
    """Let somebody in. Prints their token, which is told here and nowhere else."""
    desk = open_desk(place)
    by = _administrator(desk, who or name)
    _hand_out(desk.people.add(name, role, by=by), f"{name} is {role} at this desk")


@people_command.command("renew")
@NAME
@WHO
@click.pass_obj
def renew(place: str, name: str, who: str | None) -> None:
    """A new token for somebody; the old one opens nothing any more."""
    desk = open_desk(place)
    by = _administrator(desk, who)
    _hand_out(desk.people.renew(name, by=by), f"{name} has a new token")


@people_command.command("remove")
@NAME
@WHO
@click.pass_obj
def remove(place: str, name: str, who: str | None) -> None:
    """Somebody leaves; what they did stays in the audit."""
    desk = open_desk(place)
    desk.people.remove(name, by=_administrator(desk, who))
    click.echo(f"{name} is at this desk no more")


def _administrator(desk: Desk, who: str | None) -> str:
    """Whoever may add people; at a desk that knows nobody, whoever begins."""
    if not desk.people.all():
        return who or "the first"
    return allowed(desk, None, "people")


def _hand_out(token: str, told: str) -> None:
    click.echo(f"{told}; their token, shown once ({TOKEN} holds it for the commands):", err=True)
    click.echo(token)
