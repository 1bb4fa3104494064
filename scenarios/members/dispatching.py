"""From a scenario's words to the models' inputs: closures, signal plans, calls, ambulances and who sends them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from networks.errors import BadScenario
from scenarios.interventions import EmergencyCall, RoadClosure, SignalPlanChange
from scenarios.places import locate, nearest_edge

if TYPE_CHECKING:
    from models.emergency import Call, Emergency, Unit
    from models.traffic import Closure
    from networks import City, SignalPlan
    from scenarios.results.store import Store
    from scenarios.schema import Scenario

# Where an ambulance stands when the scenario names none, by kind of facility: guessed.
BASES = ("ambulance_station", "fire_station", "hospital")


def closures_of(scenario: Scenario) -> tuple[Closure, ...]:
    """Closed roads in run time."""
    from models.traffic import Closure

    closures = []
    for item in scenario.of(RoadClosure):
        begin = scenario.seconds(item.begin) if item.begin else 0.0
        end = scenario.seconds(item.end) if item.end else math.inf
        closures += [Closure(edge, max(0.0, begin), min(end, scenario.end_s)) for edge in item.edges]
    return tuple(closures)


def plans_of(scenario: Scenario) -> tuple[SignalPlan, ...]:
    """Signal programs, one for each set of lights: the last that is written wins."""
    plans = {plan.tls_id: plan for item in scenario.of(SignalPlanChange) for plan in item.plans}
    return tuple(plans[tls].plan() for tls in sorted(plans))


def calls_of(scenario: Scenario) -> tuple[EmergencyCall, ...]:
    """The calls within the run, by time."""
    calls = [call for call in scenario.of(EmergencyCall) if 0 <= scenario.seconds(call.time) < scenario.end_s]
    return tuple(sorted(calls, key=lambda call: (call.time, call.call_id)))


def calls_in(city: City, scenario: Scenario) -> tuple[Call, ...]:
    """Calls as the emergency model takes them, each at the edge nearest to its place."""
    from models.emergency import Call

    calls = []
    for call in calls_of(scenario):
        x, y = locate(city, call.at, what=f"emergency call {call.call_id}")
        edge = call.at.edge or nearest_edge(city, x, y, vclass="emergency")
        calls.append(Call(call.call_id, scenario.seconds(call.time), edge, call.call_kind, call.priority))
    return tuple(calls)


def units_in(city: City, scenario: Scenario) -> tuple[Unit, ...]:
    """The scenario's units, or one ambulance at each base on the map.

    Raises:
        BadScenario: There are calls and nobody who could answer.
    """
    from models.emergency import Unit

    units = []
    for text in scenario.dispatch.units:
        x, y = locate(city, text.at, what=f"unit {text.unit_id}")
        edge = text.at.edge or nearest_edge(city, x, y, vclass="emergency")
        units.append(Unit(text.unit_id, text.unit_kind, edge, text.at.attraction or ""))
    if not units:
        bases = city.layer("facilities")
        bases = bases[bases["kind"].isin(BASES)].sort_values("osm_id")
        for row in bases.itertuples():
            where = row.geometry.representative_point()
            edge = nearest_edge(city, where.x, where.y, vclass="emergency")
            units.append(Unit(f"ambulance {row.osm_id}", "ambulance", edge, str(row.name)))
    if not units and calls_of(scenario):
        raise BadScenario(
            f"there are emergency calls and {city.name} has no ambulance station, fire station or hospital",
            remedy="name units under dispatch: units:",
        )
    return tuple(units)


def emergency_of(city: City, scenario: Scenario, store: Store, forecast_id: str | None) -> Emergency:
    """The emergency model of a member.

    Raises:
        BadScenario: The policy is `forecast` and there is none, or a call names a unit that does not exist.
    """
    from models.emergency import Emergency
    from scenarios.members.forecast_run import load_forecast

    if scenario.dispatch.policy == "forecast" and forecast_id is None:
        raise BadScenario("dispatch by forecast needs a forecast", remedy="run it through run_ensemble, or make one")
    units = units_in(city, scenario)
    assigned = {call.call_id: (call.unit, call.route) for call in calls_of(scenario) if call.unit}
    known = {unit.unit_id for unit in units}
    for call_id, (unit, _) in assigned.items():
        if unit not in known:
            raise BadScenario(f"emergency call {call_id}: there is no unit {unit!r}", expected=", ".join(sorted(known)))
    return Emergency(
        city.road_graph("emergency"),
        units,
        calls_in(city, scenario),
        policy=scenario.dispatch.policy,
        forecast=load_forecast(store, forecast_id) if forecast_id else None,
        assignments=assigned,
        closures=closures_of(scenario),
        turnout_s=scenario.dispatch.turnout_s,
        on_scene_s=scenario.dispatch.on_scene_s,
    )
