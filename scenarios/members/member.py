"""One member of an ensemble: run, or looked up if the same was run before."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from scenarios.members.inputs import facts, member_inputs
from scenarios.members.simulation import simulate, simulate_crowd
from scenarios.response.repeated_days import respond, settled_before
from scenarios.results.run import Run
from scenarios.results.store import Store, address

if TYPE_CHECKING:
    from networks import City
    from scenarios.schema import Scenario


@lru_cache(maxsize=2)
def open_city(folder: Path) -> City:
    """The city at a folder, opened once per process."""
    from networks import City

    return City.open(folder)


def run_member(
    city_folder: Path, scenario: Scenario, seed: int, store_root: Path, *, forecast_id: str | None = None
) -> Run:
    """Run one member, or look it up if the same was run before.

    Args:
        city_folder: The City folder.
        scenario: What to run.
        seed: Seed of every stream and of SUMO.
        store_root: Where the run lands.
        forecast_id: What dispatch of policy `forecast` goes by; from `forecast_of`.

    Raises:
        BadScenario: Something named is not in the city, or a forecast is needed and not given.
        EngineFailed: An engine stopped.
    """
    city, store = open_city(Path(city_folder)), Store(store_root)
    inputs = member_inputs(city, scenario, seed, store, forecast_id)
    run_id = address(inputs)
    found = store.find("run", run_id)
    if found is None:
        known = _known_ways_id(city, scenario, seed, store)
        days = respond(city, scenario, seed, store, forecast_id, known)
        with store.landing("run", run_id) as landing:
            landing.manifest |= facts(inputs, scenario, seed) | ({"known_ways": known} if known else {})
            if days is not None:
                days.land(scenario, landing)
            else:
                simulate(city, scenario, seed, store, forecast_id, inputs["flood"], landing, known=known)
        found = store.place("run", run_id)
    return Run.open(found)


def _known_ways_id(city: City, scenario: Scenario, seed: int, store: Store) -> str | None:
    """The ways that drivers know from before where they are settled: those without the interventions; else None."""
    before = settled_before(scenario)
    if before is None:
        return None
    ways_id = str(run_member(city.folder, before, seed, store.root).manifest["response"]["ways"])
    if store.find("ways", ways_id) is None:  # pruned, while the member was kept
        days = respond(city, before, seed, store, None, None)
        assert days is not None and days.ways_id == ways_id
    return ways_id


def run_crowd_only(city: City, scenario: Scenario, seed: int, store: Store) -> Run:
    """Run flood and visitors without traffic: a cheap screening of visitor guidance, with the crowd's measures."""
    inputs = member_inputs(city, scenario, seed, store, None, models="crowd")
    run_id = address(inputs)
    if store.find("run", run_id) is None:
        with store.landing("run", run_id) as landing:
            landing.manifest |= facts(inputs, scenario, seed)
            simulate_crowd(city, scenario, seed, store, inputs["flood"], landing)
    return Run.open(store.place("run", run_id))
