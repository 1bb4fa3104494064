"""What if: scenario files, runs, ensembles on Ray, measures, comparison, and the nouns of the searches.

Loaded on first use, so that the command line answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.checking import check_scenario as check_scenario
    from scenarios.comparison import Comparison as Comparison
    from scenarios.comparison import Row as Row
    from scenarios.comparison import compare as compare
    from scenarios.ensembles.ensemble import Ensemble as Ensemble
    from scenarios.ensembles.ensemble import forecast_of as forecast_of
    from scenarios.ensembles.ensemble import run_ensemble as run_ensemble
    from scenarios.ensembles.ensemble import run_ensembles as run_ensembles
    from scenarios.ensembles.ensemble import run_members as run_members
    from scenarios.ensembles.executor import Executor as Executor
    from scenarios.ensembles.executor import RayExecutor as RayExecutor
    from scenarios.ensembles.executor import SerialExecutor as SerialExecutor
    from scenarios.interventions import BusPriority as BusPriority
    from scenarios.interventions import DemandChange as DemandChange
    from scenarios.interventions import EmergencyCall as EmergencyCall
    from scenarios.interventions import Event as Event
    from scenarios.interventions import Place as Place
    from scenarios.interventions import Rainfall as Rainfall
    from scenarios.interventions import RoadClosure as RoadClosure
    from scenarios.interventions import SignalPlanChange as SignalPlanChange
    from scenarios.interventions import TransitFleet as TransitFleet
    from scenarios.interventions import TransitHeadway as TransitHeadway
    from scenarios.interventions import VisitorGuidance as VisitorGuidance
    from scenarios.library import library_scenarios as library_scenarios
    from scenarios.measures import MEASURES as MEASURES
    from scenarios.measures import Measure as Measure
    from scenarios.measures import NetRoads as NetRoads
    from scenarios.measures import Tables as Tables
    from scenarios.measures import ValueOfTime as ValueOfTime
    from scenarios.measures import evaluate as evaluate
    from scenarios.measures import user_benefit as user_benefit
    from scenarios.members.dispatching import calls_in as calls_in
    from scenarios.members.dispatching import units_in as units_in
    from scenarios.members.flood_run import FloodOnRoads as FloodOnRoads
    from scenarios.members.flood_run import flood_of as flood_of
    from scenarios.members.flood_run import load_flood as load_flood
    from scenarios.members.flood_run import load_flood_grid as load_flood_grid
    from scenarios.members.flood_run import water_words as water_words
    from scenarios.members.forecast_run import edge_forecast as edge_forecast
    from scenarios.members.forecast_run import forecast_from as forecast_from
    from scenarios.members.forecast_run import load_forecast as load_forecast
    from scenarios.members.member import run_crowd_only as run_crowd_only
    from scenarios.members.member import run_member as run_member
    from scenarios.places import locate as locate
    from scenarios.plan_text import plan_text as plan_text
    from scenarios.rain.rain_run import hyetograph_of as hyetograph_of
    from scenarios.rain.rainfall import HyetographText as HyetographText
    from scenarios.reading import parse_scenario as parse_scenario
    from scenarios.reading import read_scenario as read_scenario
    from scenarios.response.side_by_side import Column as Column
    from scenarios.response.side_by_side import SideBySide as SideBySide
    from scenarios.response.side_by_side import days_in_words as days_in_words
    from scenarios.response.side_by_side import read_responses as read_responses
    from scenarios.response.side_by_side import run_side_by_side as run_side_by_side
    from scenarios.results.keeping import Bounds as Bounds
    from scenarios.results.keeping import Kept as Kept
    from scenarios.results.keeping import chosen as chosen
    from scenarios.results.keeping import kept as kept
    from scenarios.results.keeping import prune as prune
    from scenarios.results.keeping import sweep as sweep
    from scenarios.results.replay import Replay as Replay
    from scenarios.results.replay import find_result as find_result
    from scenarios.results.replay import repeat as repeat
    from scenarios.results.run import Run as Run
    from scenarios.results.store import Store as Store
    from scenarios.schema import Scenario as Scenario
    from scenarios.schema import scenario_schema as scenario_schema
    from scenarios.searches.bench import TRAINING_SEEDS as TRAINING_SEEDS
    from scenarios.searches.bench import Bench as Bench
    from scenarios.searches.proposal import Proposal as Proposal
    from scenarios.searches.proposal import propose_dispatch as propose_dispatch
    from scenarios.searches.proposal import propose_guidance as propose_guidance
    from scenarios.searches.proposal import propose_signals as propose_signals
    from scenarios.searches.recommendation import Alternative as Alternative
    from scenarios.searches.recommendation import Effect as Effect
    from scenarios.searches.recommendation import Recommendation as Recommendation
    from scenarios.searches.recommendation import recommend as recommend
    from scenarios.searches.study import Judged as Judged
    from scenarios.searches.study import Study as Study
    from scenarios.searches.study import judge as judge
    from scenarios.searches.study import search as search
    from scenarios.travel.assignment import assignment_of as assignment_of
    from scenarios.travel.demand import Demand as Demand
    from scenarios.travel.demand import draw_demand as draw_demand
    from scenarios.travel.visitors import Visitors as Visitors
    from scenarios.travel.visitors import draw_visitors as draw_visitors

_ROOMS: dict[str, tuple[str, ...]] = {
    "travel.assignment": ("assignment_of",),
    "searches.bench": ("TRAINING_SEEDS", "Bench"),
    "checking": ("check_scenario",),
    "comparison": ("Comparison", "Row", "compare"),
    "travel.demand": ("Demand", "draw_demand"),
    "members.dispatching": ("calls_in", "units_in"),
    "ensembles.ensemble": ("Ensemble", "forecast_of", "run_ensemble", "run_ensembles", "run_members"),
    "ensembles.executor": ("Executor", "RayExecutor", "SerialExecutor"),
    "members.flood_run": ("FloodOnRoads", "flood_of", "load_flood", "load_flood_grid", "water_words"),
    "rain.rain_run": ("hyetograph_of",),
    "rain.rainfall": ("HyetographText",),
    "members.forecast_run": ("edge_forecast", "forecast_from", "load_forecast"),
    "interventions": (
        "DemandChange",
        "EmergencyCall",
        "Event",
        "Place",
        "Rainfall",
        "RoadClosure",
        "SignalPlanChange",
        "BusPriority",
        "TransitFleet",
        "TransitHeadway",
        "VisitorGuidance",
    ),
    "results.keeping": ("Bounds", "Kept", "chosen", "kept", "prune", "sweep"),
    "library": ("library_scenarios",),
    "measures": ("MEASURES", "Measure", "NetRoads", "Tables", "ValueOfTime", "evaluate", "user_benefit"),
    "members.member": ("run_crowd_only", "run_member"),
    "places": ("locate",),
    "plan_text": ("plan_text",),
    "searches.proposal": ("Proposal", "propose_dispatch", "propose_guidance", "propose_signals"),
    "reading": ("parse_scenario", "read_scenario"),
    "searches.recommendation": ("Alternative", "Effect", "Recommendation", "recommend"),
    "results.replay": ("Replay", "find_result", "repeat"),
    "results.run": ("Run",),
    "schema": ("Scenario", "scenario_schema"),
    "response.side_by_side": ("Column", "SideBySide", "days_in_words", "read_responses", "run_side_by_side"),
    "results.store": ("Store",),
    "searches.study": ("Judged", "Study", "judge", "search"),
    "travel.visitors": ("Visitors", "draw_visitors"),
}
_HOME = {name: module for module, names in _ROOMS.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
