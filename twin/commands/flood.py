"""`twin flood`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

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


@click.group(
    "flood", cls=LazyGroup, table=SUBCOMMANDS, short_help="Rain now and next, official rain signals, and what floods."
)
def flood_command() -> None:
    """Rain now and next, official rain signals, and what floods."""
