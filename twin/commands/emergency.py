"""`twin emergency`: the group, whose commands are imported when they are called."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "route": ("emergency_route", "The way of a vehicle, past water that is coming, and other ways."),
}
"""Command -> (module in twin.commands that holds it as `<command>`, one line of help)."""


class LazyCommands(click.Group):
    """Commands of SUBCOMMANDS, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one, or None."""
        if cmd_name not in SUBCOMMANDS:
            return None
        module = import_module(f"twin.commands.{SUBCOMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in SUBCOMMANDS.items()])


@click.group(
    "emergency", cls=LazyCommands, short_help="Ways of emergency vehicles that are still open when they get there."
)
def emergency_command() -> None:
    """Ways of emergency vehicles that are still open when they get there."""
