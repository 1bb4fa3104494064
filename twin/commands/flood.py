"""`twin flood`: the group, whose commands are imported when they are called."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "nowcast": ("flood_nowcast", "Forecast the rain of the next hour from radar frames."),
    "run": ("flood_run", "Let a storm fall on a city: depths, closures, the duty officer's list."),
    "place": ("flood_place", "Find where mobile pumps and crews help most in a storm."),
    "ponding": ("flood_ponding", "List a city's ponding points, with chances under a storm."),
    "review": ("flood_review", "Hold a flood run against what was seen: hits, misses, lead time."),
    "signals": ("flood_signals", "Say which official rain signals hold, or will."),
    "structures": ("flood_structures", "Check a file of pumps, gates, barriers, pipes, levels and soil."),
    "validate": ("flood_validate", "Run the flood solver on cases whose answer is known."),
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


@click.group("flood", cls=LazyCommands, short_help="Rain now and next, official rain signals, and what floods.")
def flood_command() -> None:
    """Rain now and next, official rain signals, and what floods."""
