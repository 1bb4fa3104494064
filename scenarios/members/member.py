"""One member of an ensemble: the models built from a scenario and a seed, run on the clock, and written down."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.sentence import say
from scenarios.measures import Tables, evaluate
from scenarios.members.dispatching import calls_of, closures_of, emergency_of, plans_of
from scenarios.members.flood_run import FloodOnRoads, flood_of, load_flood, no_flood, water_words
from scenarios.members.trapped import trapped_by_place
from scenarios.rain.rain_run import rain_on_drivers, rain_words
from scenarios.response.repeated_days import known_ways_id, respond
from scenarios.response.response import Informed, NoResponse
from scenarios.results.made_with import made_with
from scenarios.results.run import Run
from scenarios.results.store import Landing, Store, address
from scenarios.results.versions import code_version, engine_versions
from scenarios.travel.demand import Demand, draw_demand
from scenarios.travel.riding import ridden_words
from scenarios.travel.transit import Transit, draw_transit, priority_of
from scenarios.travel.visitors import Visitors, draw_visitors
from scenarios.travel.ways import on_known_ways, on_ways

if TYPE_CHECKING:
    import pandas as pd

    from models.clock import Model
    from networks import City
    from scenarios.schema import Scenario

COUPLING_S = 5.0
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
        known = known_ways_id(city, scenario, seed, store)
        days = respond(city, scenario, seed, store, forecast_id, known)
        with store.landing("run", run_id) as landing:
            landing.manifest |= _facts(inputs, scenario, seed) | ({"known_ways": known} if known else {})
            if days is not None:
                days.land(scenario, landing)
            else:
                _simulate(city, scenario, seed, store, forecast_id, inputs["flood"], landing, known=known)
        found = store.place("run", run_id)
    return Run.open(found)


def run_day(city: City, scenario: Scenario, seed: int, store: Store, forecast_id: str | None, ways_id: str) -> Run:
    """Run one of the repeated days of a member on the ways of the store, or look it up; its kind is `day`."""
    inputs = member_inputs(city, scenario, seed, store, forecast_id) | {"ways": ways_id}
    day_id = address(inputs)
    if store.find("day", day_id) is None:
        with store.landing("day", day_id) as landing:
            landing.manifest |= _facts(inputs, scenario, seed)
            _simulate(city, scenario, seed, store, forecast_id, inputs["flood"], landing, ways_id=ways_id)
    return Run.open(store.place("day", day_id))


def member_inputs(
    city: City, scenario: Scenario, seed: int, store: Store, forecast_id: str | None, *, models: str = "all"
) -> dict[str, Any]:
    """What a member's id is the hash of."""
    return {
        "city": city.digest,
        "scenario": scenario.digest,
        "seed": seed,
        "flood": flood_of(city, scenario, store, seed=seed),
        "forecast": forecast_id,
        "models": models,
        "coupling_s": COUPLING_S,
        "code": code_version(),
        "engines": engine_versions(),
    }


def _facts(inputs: dict[str, Any], scenario: Scenario, seed: int) -> dict[str, Any]:
    """What a replay needs."""
    return {
        "inputs": inputs,
        "seed": seed,
        "scenario": scenario.model_dump(mode="json"),
        "made_with": made_with(),
    }


def run_crowd_only(city: City, scenario: Scenario, seed: int, store: Store) -> Run:
    """Run flood and visitors without traffic: a cheap screening of visitor guidance, with the crowd's measures."""
    inputs = member_inputs(city, scenario, seed, store, None, models="crowd")
    run_id = address(inputs)
    if store.find("run", run_id) is None:
        with store.landing("run", run_id) as landing:
            landing.manifest |= _facts(inputs, scenario, seed)
            _simulate_crowd(city, scenario, seed, store, inputs["flood"], landing)
    return Run.open(store.place("run", run_id))


def _simulate(
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
        crowd = _crowd(city, visitors, edge_ids)
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
            **_at_closure(scenario),
        )
        emergency = emergency_of(city, scenario, store, forecast_id)
        models: list[Model] = [_replay(flood), crowd, emergency, traffic]
        Clock(models, step_s=COUPLING_S).run(scenario.end_s)
        tables = {
            **traffic.tables(),
            **emergency.tables(),
            **_crowd_tables(crowd, visitors),
        }
        validity = asdict(traffic.validity())
    seconds = {"draw": drawn - began, "run": time.perf_counter() - drawn}
    _write(city, scenario, landing, tables, validity, demand, visitors, seconds, transit)


def _at_closure(scenario: Scenario) -> dict[str, Any]:
    """What they do who meet a shut road: as the response says; on repeated days they turn, by free-flow times."""
    response = scenario.response
    if isinstance(response, NoResponse):
        return {"at_closure": response.at_closure, "hear_of_jams": False}
    return {"hear_of_jams": isinstance(response, Informed)}


def _simulate_crowd(
    city: City, scenario: Scenario, seed: int, store: Store, flood_id: str | None, landing: Landing
) -> None:
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


def _crowd(city: City, visitors: Visitors, edge_ids: tuple[str, ...]) -> Any:
    from models.crowd import VisitorCrowd

    return VisitorCrowd(city.walk_graph(), visitors.plans, edge_ids=edge_ids, notice_s=NOTICE_S)


def _crowd_tables(crowd: Any, visitors: Visitors) -> dict[str, pd.DataFrame]:
    import numpy as np
    import pandas as pd

    tables: dict[str, pd.DataFrame] = dict(crowd.tables())
    ends = np.array(visitors.event_end_s or (0.0,))
    walkers = tables["walkers"]
    walkers["event_end_s"] = ends[walkers["group"].to_numpy(dtype=int)] if len(walkers) else []
    walkers["target"] = visitors.target
    rows = [{"above_pm2": limit, "person_s": float(crowd.person_seconds_above(limit))} for limit in CROWDING_PM2]
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
