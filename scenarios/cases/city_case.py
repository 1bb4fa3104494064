"""A city and its own demand as a SUMO case: what `twin fork` and other tools of cases take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo import SumoCase
from scenarios.library import library_scenarios
from scenarios.reading import read_scenario
from scenarios.travel.demand import draw_demand

if TYPE_CHECKING:
    from networks import City
    from scenarios.results.store import Store
    from scenarios.schema import Scenario

TELEPORT_S = 180.0


def plain_evening(city: City, length_s: float) -> Scenario:
    """An ordinary weekday evening in a city, from 17:00 on, nothing changed.

    Args:
        city: Its name is the scenario's city.
        length_s: How long it lasts, at most a day.
    """
    scenario = read_scenario(library_scenarios()["plain_evening"])
    begin = scenario.period.begin
    period = scenario.period.model_copy(update={"end": begin + timedelta(seconds=length_s), "warm_up_s": 0.0})
    return scenario.replacing(city=city.name, period=period)


def city_case(city: City, scenario: Scenario, seed: int, store: Store, folder: Path) -> SumoCase:
    """Write a member's trips as a route file and give the case; closures, water, crowds and calls are not in it.

    Args:
        city: Where.
        scenario: Its period and demand count.
        seed: Draws the demand.
        store: Holds the assignment that routes come from.
        folder: Where the route file lands; made if need be.

    Raises:
        BadScenario: The demand is not possible in this city.
    """
    from models.traffic.inputs import net_without_comma, write_routes
    from models.traffic.model import JUNCTION_BLOCKER_S, REROUTING

    folder.mkdir(parents=True, exist_ok=True)
    routes = folder / "trips.rou.xml"
    write_routes(draw_demand(city, scenario, seed, store).trips, routes)
    options = {name.removeprefix("--"): value for name, value in zip(REROUTING[::2], REROUTING[1::2], strict=True)}
    options |= {
        "time-to-teleport": f"{TELEPORT_S:g}",
        "ignore-junction-blocker": f"{JUNCTION_BLOCKER_S:g}",
        "ignore-route-errors": "true",
    }
    net = net_without_comma(city.net_file, folder)
    return SumoCase(folder / "city.sumocfg", net, (routes,), end_s=scenario.end_s, options=options)
