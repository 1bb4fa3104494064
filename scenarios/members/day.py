"""One of the repeated days of a member whose drivers learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.members.inputs import facts, member_inputs
from scenarios.members.simulation import simulate
from scenarios.results.run import Run
from scenarios.results.store import address

if TYPE_CHECKING:
    from networks import City
    from scenarios.results.store import Store
    from scenarios.schema import Scenario


def run_day(city: City, scenario: Scenario, seed: int, store: Store, forecast_id: str | None, ways_id: str) -> Run:
    """Run one of the repeated days of a member on the ways of the store, or look it up; its kind is `day`."""
    inputs = member_inputs(city, scenario, seed, store, forecast_id) | {"ways": ways_id}
    day_id = address(inputs)
    if store.find("day", day_id) is None:
        with store.landing("day", day_id) as landing:
            landing.manifest |= facts(inputs, scenario, seed)
            simulate(city, scenario, seed, store, forecast_id, inputs["flood"], landing, ways_id=ways_id)
    return Run.open(store.place("day", day_id))
