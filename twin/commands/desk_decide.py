"""`twin desk approve|change|reject|rollback|withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_place import WHO, WHY, identify, open_desk
from twin.commands.desk_told import line, what_next

if TYPE_CHECKING:
    from twin import Desk, DeskEntry

REC = click.argument("rec")
VERSION = click.option("--version", help="Which version, where somebody changed it before: twin desk show tells.")


@click.command("approve")
@REC
@VERSION
@WHO
@WHY
@click.pass_obj
def approve_command(place: str, rec: str, version: str | None, who: str | None, why: str) -> None:
    """Approve a recommendation; what is dangerous takes several people."""
    desk = open_desk(place)
    _tell(desk, desk.decide(rec, "approve", who=identify(desk, who), why=why, version=version))


@click.command("change")
@REC
@click.option("--alternative", help="Approve this listed alternative instead, by its name.")
@click.option("--set", "figures", multiple=True, metavar="PLACE=FIGURE", help="Another figure; may be repeated.")
@click.option("--action", "file", type=click.Path(path_type=Path), help="A YAML or JSON file with the whole action.")
@WHO
@WHY
@click.pass_obj
def change_command(
    place: str,
    rec: str,
    alternative: str | None,
    figures: tuple[str, ...],
    file: Path | None,
    who: str | None,
    why: str,
) -> None:
    """Approve something else: an alternative, or other figures; what was proposed is kept beside it."""
    change = _change(alternative, figures, file)
    desk = open_desk(place)
    _tell(desk, desk.decide(rec, "change", change=change, who=identify(desk, who), why=why))


@click.command("reject")
@REC
@WHO
@WHY
@click.pass_obj
def reject_command(place: str, rec: str, who: str | None, why: str) -> None:
    """Reject a recommendation; one person is enough."""
    desk = open_desk(place)
    click.echo(line(desk.decide(rec, "reject", who=identify(desk, who), why=why)))


@click.command("rollback")
@REC
@WHO
@WHY
@click.pass_obj
def rollback_command(place: str, rec: str, who: str | None, why: str) -> None:
    """Go back to the plan before: nothing more of it leaves, and the old plan is ordered."""
    desk = open_desk(place)
    back = desk.rollback(rec, who=identify(desk, who), why=why)
    click.echo(line(desk.exactly(str(back.document["undoes"]))))
    _tell(desk, back)


@click.command("withdraw")
@REC
@WHO
@WHY
@click.pass_obj
def withdraw_command(place: str, rec: str, who: str | None, why: str) -> None:
    """Take a recommendation back: what has not left yet does not leave any more."""
    desk = open_desk(place)
    click.echo(line(desk.withdraw(rec, who=identify(desk, who), why=why)))


def _tell(desk: Desk, entry: DeskEntry) -> None:
    click.echo(line(entry))
    for sentence in what_next(desk, entry):
        click.echo(f"  {sentence}")


def _change(alternative: str | None, figures: tuple[str, ...], file: Path | None) -> dict[str, Any]:
    from networks.errors import BadInput

    ways = [bool(alternative), bool(figures), file is not None]
    if sum(ways) != 1:
        raise BadInput("say what to change, in one way", expected="--alternative, --set or --action")
    if alternative:
        return {"alternative": alternative}
    return {"set": dict(_figure(one) for one in figures)} if file is None else {"action": _read(file)}


def _figure(text: str) -> tuple[str, float]:
    from networks.errors import BadInput

    place, _, figure = text.rpartition("=")
    try:
        return place.strip(), float(figure)
    except ValueError as error:
        raise BadInput(
            f"{text!r} sets no figure", place="--set", expected="PLACE=FIGURE, as 0.plans.0.phases.2.duration_s=25"
        ) from error


def _read(file: Path) -> Any:
    import yaml

    from networks.errors import BadInput, why_unread

    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the action cannot be read: {why_unread(error)}", file=file) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInput("the action is no YAML and no JSON", file=file, expected="a list of interventions") from error
