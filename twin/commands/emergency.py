"""`twin emergency`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "coverage": ("emergency_coverage", "How soon somebody is at any road, now and later, dry or in a flood."),
    "dispatch": ("emergency_dispatch", "Ways to send and to place units, compared on the same calls."),
    "evacuate": ("emergency_evacuate", "Bring the people of an area out, on foot and by bus, and say who is left."),
    "incident": ("emergency_incident", "Order units of several agencies to an incident."),
    "orders": ("emergency_orders", "Follow the orders of an incident: acknowledged, there, done, or gone to others."),
    "route": ("emergency_route", "The way of a vehicle, past water that is coming, and other ways."),
    "comply": ("emergency_comply", "Hold the track of a vehicle against what binds it."),
    "site": ("emergency_site", "Where stations should stand: the best of all choices."),
    "validate": ("emergency_validate", "Hold it all to answers that are known, and say which gate is missed."),
    "greenwave": ("emergency_greenwave", "Let the signals of a way hand over to a blue light, and say what it costs."),
}
"""Command -> (module in twin.commands that holds it as `<command>`, one line of help)."""


@click.group(
    "emergency",
    cls=LazyGroup,
    table=SUBCOMMANDS,
    short_help="Routes, coverage, sites and dispatch of rescue services, past roads that jam and flood.",
)
def emergency_command() -> None:
    """Routes, coverage, sites and dispatch of rescue services, past roads that jam and flood."""
