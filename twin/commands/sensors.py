"""`twin sensors`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "read": ("sensors_read", "Read counts, name what is wrong with them, and write them clean."),
    "health": ("sensors_health", "Say which sensors lie, how, and what stands in for them."),
    "issue": ("sensors_issue", "List what sensors need; change an issue's state and owner."),
    "site": ("sensors_site", "Say where more sensors would help most, on a map."),
    "passings": ("sensors_passings", "Turn number-plate passings into times, ways and turns, and forget the plates."),
}
"""Command -> (module in twin.commands that holds it as `<command>`, one line of help)."""


@click.group("sensors", cls=LazyGroup, table=SUBCOMMANDS, short_help="What counters say, and which of them to believe.")
def sensors_command() -> None:
    """What counters on the street say, and which of them to believe."""
