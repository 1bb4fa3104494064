"""The pumps that the depots of a resources file still have, for `twin flood place`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from networks import City
    from scenarios.flooding.placing.answer import Wish
    from scenarios.flooding.placing.lost_time import LostTime
    from scenarios.flooding.placing.pumps import Depot


def stocked(city: City, lost: LostTime, given: dict[str, Any], wish: Wish) -> tuple[tuple[Depot, ...], Wish]:
    """Depots with the pumps that nobody else has, and a wish for no more of them."""
    from models.emergency.resources import read_resources, stock_left
    from scenarios.emergency.committed import read_committed
    from scenarios.flooding.placing.pumps import stocked_depots

    left = stock_left(read_resources(given["resources"], city), read_committed(given["committed"]))
    for note in left.notes:
        click.echo(note["en"])
    depots = stocked_depots(lost.router, left.depots)
    there = sum(one.pumps or 0 for one in depots)
    if there < wish.pumps and not given["depot"]:
        click.echo(f"the depots have {there} pumps left; {wish.pumps} were asked for")
        wish = replace(wish, pumps=there)
    return depots, wish
