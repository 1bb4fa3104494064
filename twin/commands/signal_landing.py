"""Where the plans found by `twin signals optimise` are written: as what is offered, or under a name that warns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import SignalPlan
    from scenarios.signals.trying.offer import Offer

PLAN, TODAY, FOUND = "plan.add.xml", "today.add.xml", "found.add.xml"
FAILING, WORSE = "plan.failing.add.xml", "worse.plan.add.xml"
TODAYS = "today"
"""Programme of today's plans in `TODAY`: the network's own name is taken."""


def land_plans(
    out: Path, write: Callable[[Path], None], today: Mapping[str, SignalPlan], offer: Offer, *, failing: bool
) -> Path:
    """Write the plans found and today's; gives the file of the plans found.

    `PLAN` holds what may run: the plans found where they are offered; today's, where nothing better was found, as after
    `twin signals back`; it is not there where the plans found are worse than today's or fail a rule.

    Args:
        out: The folder; what an earlier answer left under these names goes.
        write: Writes the plans found into a file.
        today: What runs today.
        offer: Whether the plans found may take its place.
        failing: Whether they fail a rule without leave.
    """
    from networks import write_signal_plans

    out.mkdir(parents=True, exist_ok=True)
    for name in (PLAN, FAILING, WORSE, FOUND):
        (out / name).unlink(missing_ok=True)
    running = {tls: replace(one, program_id=TODAYS) for tls, one in today.items()}
    write_signal_plans(running, out / TODAY)
    place = out / _name(offer, failing=failing)
    write(place)
    if place.name == FOUND:
        write_signal_plans(running, out / PLAN)
    return place


def landed(out: Path) -> Path:
    """The file of a folder that holds the plans to run, whatever its name; the offered one where there is none."""
    return next((out / name for name in (PLAN, WORSE, FAILING) if (out / name).is_file()), out / PLAN)


def _name(offer: Offer, *, failing: bool) -> str:
    if failing:
        return FAILING
    if offer.advised_against:
        return WORSE
    return PLAN if offer.offered else FOUND
