"""What stands at signals, as options of commands: `--countdown` and `--equipment`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from networks import Equipment, SignalPlan

_Command = TypeVar("_Command", bound=Callable[..., Any])


def equipment_options(command: _Command) -> _Command:
    """Adds the options that say what stands at signals."""
    file = click.option(
        "--equipment",
        "equipment_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A TOML file with countdown displays, waiting areas and refuges by signal.",
    )
    shown = click.option(
        "--countdown", metavar="SIGNAL,...|all", help="Signals whose displays count down: greens of known length only."
    )
    return shown(file(command))


def read_standing(countdown: str | None, file: Path | None, known: Collection[str]) -> dict[str, Equipment]:
    """What the options say of each signal.

    Args:
        countdown: As given.
        file: As given.
        known: Ids of the network's signals.

    Raises:
        NotThere: There is no such signal.
        BadInput: The file is broken.
    """
    from networks import Equipment, NotThere, read_equipment

    found = read_equipment(file, known) if file is not None else {}
    named = list(known) if countdown == "all" else list(filter(None, (countdown or "").split(",")))
    if strange := sorted(set(named) - set(known)):
        raise NotThere(
            f"there is no signal {strange[0]!r}", place="--countdown", expected=", ".join(sorted(known)[:8]) or "none"
        )
    for tls in named:
        found[tls] = found.get(tls, Equipment()) | Equipment(countdown=True)
    return found


def with_equipment(plans: list[SignalPlan], standing: dict[str, Equipment]) -> list[SignalPlan]:
    """The plans with what the options say of their signals."""
    from networks import carrying

    return [carrying(one, standing[one.tls_id]) if one.tls_id in standing else one for one in plans]
