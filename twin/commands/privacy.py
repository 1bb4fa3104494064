"""`twin privacy`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "audit": ("privacy_audit", "Look for identifiers of persons in logs and store."),
    "export": ("privacy_export", "Positions as counts in cells of enough movers."),
}
"""Command -> (module in twin.commands that holds it as `<command>_command`, one line of help)."""


@click.group("privacy", cls=LazyGroup, table=SUBCOMMANDS, ending="_command",
             short_help="Look for identifiers of persons; export in cells of enough movers.")  # fmt: skip
def privacy_command() -> None:
    """Nobody is to be known again from what the twin keeps: look for it, and hand on only what hides everybody."""
