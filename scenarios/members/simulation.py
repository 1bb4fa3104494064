"""One simulation: the models built from a scenario and a seed, run on the clock, and written down."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.sentence import say
from networks.walking.along import links_along
from scenarios.measures import Tables, evaluate
from scenarios.members.dispatching import calls_of, closures_of, emergency_of, plans_of
from scenarios.members.flood_run import FloodOnRoads, load_flood, no_flood, water_words
from scenarios.members.inputs import COUPLING_S
from scenarios.members.trapped import trapped_by_place
from scenarios.rain.rain_run import rain_on_drivers, rain_words
from scenarios.response.response import Informed, NoResponse
from scenarios.results.store import Landing, Store
from scenarios.travel.car_places import car_parks_of
from scenarios.travel.demand import Demand, draw_demand
from scenarios.travel.riding import ridden_words
from scenarios.travel.transit import Transit, draw_transit, priority_of
from scenarios.travel.visitors import Visitors, draw_visitors
from scenarios.travel.waiting import visits_of
from scenarios.travel.ways import on_known_ways, on_ways

if TYPE_CHECKING:
    import pandas as pd

    from models.clock import Model
    from networks import City
    from scenarios.schema import Scenario

INTERVAL_S = 60
NOTICE_S = 60.0
"""Visitors learn within a minute which paths are under water (assumed)."""
OUTPUT_WORDS = {
    "emissions": say(
        "emissions: HBEFA 4.2 through SUMO; European vehicles of one class each (petrol car Euro 4, lorry and bus Euro "
        "VI), whatever the city's own fleet is",
        "排放：经SUMO采用HBEFA 4.2；每类车辆仅用一种欧洲车型（欧4汽油小客车、欧VI货车与公交），与本地车队无关。",
    ),
    "safety": say(
        "conflicts: surrogate safety measures with SUMO's default thresholds; they rank places, and count no crashes",
        "冲突：采用SUMO默认阈值的替代安全指标；仅用于比较地点与方案，并非事故数。",
    ),
}
CROWDING_PM2 = (2.0, 3.5, 5.0)


def simulate(
    city: City,
    scenario: Scenario,
    seed: int,
    store: Store,
    forecast_id: str | None,
    flood_id: str | None,
    landing: Landing,
    *,
    known: str | None = None,
    ways_id: str | None = None,
) -> None:
    """Run all models of a scenario on the clock and write their tables.

    Args:
        city: Where.
        scenario: What to run.
        seed: Seed of every stream and of SUMO.
        store: Where the flood, the ways and the demand are kept.
        forecast_id: What dispatch of policy `forecast` goes by.
        flood_id: The flood that everybody meets, if any.
        landing: Where the run lands.
        known: The ways that drivers know from before, in the store.
        ways_id: The ways that they take today, in the store.

    Raises:
        BadScenario: Something named is not in the city, or a forecast is needed and not given.
        EngineFailed: An engine stopped.
    """
    from models.clock import Clock
    from models.traffic import Limits, Traffic

    began = time.perf_counter()
    visitors = draw_visitors(city, scenario, seed)
    demand = draw_demand(city, scenario, seed, store, visitors=visitors)
    trips = on_ways(on_known_ways(demand.trips, store, known), store, ways_id)
    transit = draw_transit(city, scenario, seed)
    flood = load_flood(store, flood_id) if flood_id else no_flood(city, scenario.end_s)
    drawn = time.perf_counter()
    edge_ids = tuple(city.layer("edges")["edge_id"])
    closures = closures_of(scenario)
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        visits = visits_of(visitors, trips)
        crowd = _crowd(city, visitors, edge_ids, traffic=True, held=visits.held, goals=visits.goals)
        traffic = Traffic(
            city.net_file,
            edge_ids,
            (*trips, *transit.trips),
            seed=seed,
            end_s=scenario.end_s,
            folder=Path(scratch),
            plans=plans_of(scenario),
            closures=closures,
            interval_s=INTERVAL_S,
            rain=rain_on_drivers(scenario, city, seed),
            priority=priority_of(scenario),
            limits=Limits(**scenario.validity.model_dump()),
            outputs=scenario.outputs,
            car_parks=car_parks_of(city, scenario),
            **_at_closure(scenario),
        )
        emergency = emergency_of(city, scenario, store, forecast_id)
        models: list[Model] = [_replay(flood), crowd, visits, emergency, traffic]
        Clock(models, step_s=COUPLING_S).run(scenario.end_s)
        tables = {
            **traffic.tables(),
            **emergency.tables(),
            **_crowd_tables(crowd, visitors),
        }
        if visitors.cars:
            tables["parties"] = visits.table()
        validity = asdict(traffic.validity())
    seconds = {"draw": drawn - began, "run": time.perf_counter() - drawn}
    _write(city, scenario, landing, tables, validity, demand, visitors, seconds, transit)


def _at_closure(scenario: Scenario) -> dict[str, Any]:
    """What they do who meet a shut road: as the response says; on repeated days they turn, by free-flow times."""
    response = scenario.response
    if isinstance(response, NoResponse):
        return {"at_closure": response.at_closure, "hear_of_jams": False}
    return {"hear_of_jams": isinstance(response, Informed)}


def simulate_crowd(
    city: City, scenario: Scenario, seed: int, store: Store, flood_id: str | None, landing: Landing
) -> None:
    """Run flood and visitors alone and write the crowd's tables: see `simulate`."""
    from models.clock import Clock

    began = time.perf_counter()
    visitors = draw_visitors(city, scenario, seed)
    flood = load_flood(store, flood_id) if flood_id else no_flood(city, scenario.end_s)
    crowd = _crowd(city, visitors, tuple(city.layer("edges")["edge_id"]))
    Clock([_replay(flood), crowd], step_s=COUPLING_S).run(scenario.end_s)
    validity: dict[str, Any] = {"valid": True, "reasons": []}
    seconds = {"run": time.perf_counter() - began}
    _write(city, scenario, landing, _crowd_tables(crowd, visitors), validity, None, visitors, seconds)


def _replay(flood: FloodOnRoads) -> Any:
    from models.flood import FloodReplay

    return FloodReplay(**vars(flood))


def _crowd(city: City, visitors: Visitors, edge_ids: tuple[str, ...], *, traffic: bool = False, **more: Any) -> Any:
    """The crowd; beside `traffic` it waits for the lights as they run, and says where it has no room along roads."""
    from models.crowd import CoupledCrowd

    graph = city.walk_graph()
    beside: dict[str, Any] = {}
    if traffic:
        roads, links = city.road_graph(), city.layer("walk_links")
        along = links_along(list(links.geometry), graph.kind, list(city.layer("edges").geometry))
        beside = {"ends": (roads.from_xy, roads.to_xy), "along": along}
    return CoupledCrowd(graph, visitors.plans, edge_ids=edge_ids, notice_s=NOTICE_S, **beside, **more)


def _crowd_tables(crowd: Any, visitors: Visitors) -> dict[str, pd.DataFrame]:
    import numpy as np
    import pandas as pd

    tables: dict[str, pd.DataFrame] = dict(crowd.tables())
    ends = np.array(visitors.event_end_s or (0.0,))
    walkers = tables["walkers"]
    walkers["event_end_s"] = ends[walkers["group"].to_numpy(dtype=int)] if len(walkers) else []
    begins = np.array(visitors.event_begin_s or (np.nan,))
    walkers["event_begin_s"] = begins[walkers["group"].to_numpy(dtype=int)] if len(walkers) else []
    walkers["target"] = visitors.target[crowd.city.order]
    walkers["inward"] = visitors.inward[crowd.city.order]
    rows = [
        {"above_pm2": limit, "person_s": float(crowd.city.person_seconds_above(limit).sum())} for limit in CROWDING_PM2
    ]
    tables["crowding"] = pd.DataFrame(rows)
    return tables


def _write(
    city: City,
    scenario: Scenario,
    landing: Landing,
    tables: dict[str, pd.DataFrame],
    validity: dict[str, Any],
    demand: Demand | None,
    visitors: Visitors,
    seconds: dict[str, float],
    transit: Transit | None = None,
) -> None:
    for name in sorted(tables):
        landing.write_table(name, tables[name])
    facts = {
        "warm_up_s": scenario.warm_up_s,
        "end_s": scenario.end_s,
        "interval_s": INTERVAL_S,
        "start": scenario.start.isoformat(),
        "validity": {**validity, "reasons": list(validity["reasons"])},
    }
    transit = transit or Transit()
    told = (water_words(city, scenario), rain_words(scenario), ridden_words(scenario.demand), *transit.words)
    told += tuple(OUTPUT_WORDS[name] for name in scenario.outputs)
    landing.manifest |= {
        **facts,
        "measures": evaluate(city, Tables(tables, {**facts, "end_s": validity.get("stopped_s") or scenario.end_s})),
        "demand": demand.summary if demand else {},
        "transit": dict(transit.summary or {}),
        "visitors": visitors.summary,
        "targets": list(visitors.targets),
        "trapped": trapped_by_place(city, tables.get("trips")),
        "calls": [call.call_id for call in calls_of(scenario)],
        "guesses": [*city.guesses, *filter(None, told)],
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }
