"""`twin crowd`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "run": ("crowd_run", "A day of visitors: sites against their capacity, where and when it gets too dense."),
    "advise": ("crowd_advise", "What to do about a visitor day, found by simulating it; or that nothing is best."),
    "calibrate": ("crowd_calibrate", "What visitors choose and how long they stay, fitted to a day's counts."),
    "forecast": ("crowd_forecast", "A site's visitors in the days to come, and how good such forecasts were."),
    "validate": ("crowd_validate", "Hold people in continuous space to RiMEA, closed forms and laboratory runs."),
    "spot": ("crowd_spot", "A square or bridge person by person: density, crush index, alarms, evacuation."),
    "now": ("crowd_now", "Who is where now, from aggregate counts; capacity alarms and when they come."),
    "sites": ("crowd_sites", "Sites of a city and how many people each holds, from a file or the map."),
}
"""Command -> (module in twin.commands that holds it as `<command>`, one line of help)."""


@click.group("crowd", cls=LazyGroup, table=SUBCOMMANDS, short_help="Visitors: how many will come.")
def crowd_command() -> None:
    """Visitors: how many will come."""
