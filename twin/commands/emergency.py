"""`twin emergency`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "route": ("emergency_route", "The way of a vehicle, past water that is coming, and other ways."),
    "comply": ("emergency_comply", "Hold the track of a vehicle against what binds it."),
}
"""Command -> (module in twin.commands that holds it as `<command>`, one line of help)."""


@click.group(
    "emergency",
    cls=LazyGroup,
    table=SUBCOMMANDS,
    short_help="Ways of emergency vehicles that are still open when they get there.",
)
def emergency_command() -> None:
    """Ways of emergency vehicles that are still open when they get there."""
