"""Does a scenario fit a city? Everything that it names must be there, before anything is run."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadScenario, NotThere
from scenarios.demand import ROOM
from scenarios.dispatching import calls_in, calls_of, signal_plan, units_in
from scenarios.interventions import (
    DemandChange,
    EmergencyCall,
    Event,
    Rainfall,
    RoadClosure,
    SignalPlanChange,
    VisitorGuidance,
)
from scenarios.places import locate
from scenarios.visitors import exits_of, stop_weights

if TYPE_CHECKING:
    from networks import City
    from scenarios.schema import Scenario


def check_scenario(scenario: Scenario, city: City, *, file: Path | str | None = None) -> None:
    """Refuse a scenario that names something the city does not have, or that happens outside its period.

    Args:
        scenario: What to check.
        city: Against which city.
        file: The scenario's file, named in errors.

    Raises:
        BadScenario: An edge, stop, exit, unit or signal is not there; a time is outside the period; too much demand.
    """
    try:
        _check_edges(scenario, city)
        _check_times(scenario)
        _check_demand(scenario)
        _check_rain(scenario, city)
        _check_events(scenario, city)
        _check_calls(scenario, city)
        _check_plans(scenario, city)
    except BadScenario as error:
        if file is not None and error.file is None:
            error.file = str(file)
        raise


def _check_edges(scenario: Scenario, city: City) -> None:
    edges = list(city.layer("edges")["edge_id"])
    known = set(edges)
    named = [(f"road_closure: edge {e!r}", e) for item in scenario.of(RoadClosure) for e in item.edges]
    for change in scenario.of(DemandChange):
        named += [(f"demand_change: edge {e!r}", e) for e in (*change.origins, *change.destinations)]
    named += [(f"demand.factors: edge {e!r}", e) for e in scenario.demand.factors]
    named += [(f"emergency_call {c.call_id}: route edge {e!r}", e) for c in scenario.of(EmergencyCall) for e in c.route]
    for what, edge in named:
        if edge not in known:
            near = get_close_matches(edge, edges, n=3)
            raise BadScenario(
                f"{what} is not in the city {city.name}",
                expected=f"an edge_id of its layer edges, such as {', '.join(near)}" if near else "an edge_id",
                remedy="`twin city edges` lists them; ids change when a city is built from another map",
            )


def _check_times(scenario: Scenario) -> None:
    end = scenario.end_s
    for event in scenario.of(Event):
        if not 0 <= scenario.seconds(event.ends) < end:
            raise BadScenario(f"event {event.name} ends outside the period", expected="a time within period")
    for call in scenario.of(EmergencyCall):
        if not 0 <= scenario.seconds(call.time) < end:
            raise BadScenario(
                f"emergency_call {call.call_id} comes outside the period", expected="a time within period"
            )
    timed_items: list[RoadClosure | DemandChange] = [*scenario.of(RoadClosure), *scenario.of(DemandChange)]
    for timed in timed_items:
        if timed.begin and scenario.seconds(timed.begin) >= end:
            raise BadScenario(f"{timed.kind} begins after the period", expected="a time within period")
        if timed.end and scenario.seconds(timed.end) <= 0:
            raise BadScenario(f"{timed.kind} ends before the period", expected="a time within period")


def _check_demand(scenario: Scenario) -> None:
    most = scenario.demand.scale * max([1.0, *scenario.demand.factors.values()])
    for change in scenario.of(DemandChange):
        most *= max(1.0, change.scale)
    if most > ROOM:
        raise BadScenario(
            f"demand of {most:.2f} times the city's own is more than can be drawn",
            expected=f"scale, factors and demand changes that multiply to at most {ROOM:g}",
        )


def _check_rain(scenario: Scenario, city: City) -> None:
    if scenario.of(Rainfall):
        try:
            city.terrain()
        except NotThere as error:
            raise BadScenario(f"rainfall needs a terrain: {error.what}", remedy=error.remedy) from error


def _check_events(scenario: Scenario, city: City) -> None:
    exits: dict[str, list[str]] = {}
    for event in scenario.of(Event):
        locate(city, event.at, what=f"event {event.name}")
        exits[event.name] = exits_of(city, event)
    for guidance in scenario.of(VisitorGuidance):
        if guidance.event is not None and guidance.event not in exits:
            raise BadScenario(f"visitor_guidance: there is no event {guidance.event!r}", expected=", ".join(exits))
        for name, known in exits.items():
            if guidance.event not in (None, name):
                continue
            for way in guidance.exit_shares:
                if way not in known:
                    raise BadScenario(f"visitor_guidance: {name} has no exit {way!r}", expected=", ".join(known))
        if guidance.stop_shares:
            stop_weights(city, guidance)


def _check_calls(scenario: Scenario, city: City) -> None:
    calls_in(city, scenario)
    units = {unit.unit_id for unit in units_in(city, scenario)}
    for call in calls_of(scenario):
        if call.unit and call.unit not in units:
            raise BadScenario(
                f"emergency_call {call.call_id}: there is no unit {call.unit!r}", expected=", ".join(sorted(units))
            )


def _check_plans(scenario: Scenario, city: City) -> None:
    if not scenario.of(SignalPlanChange):
        return
    from networks import read_signal_plans

    reference = read_signal_plans(city.net_file)
    for item in scenario.of(SignalPlanChange):
        for text in item.plans:
            if text.tls_id not in reference:
                raise BadScenario(f"signal_plan: there are no lights {text.tls_id!r} in {city.name}")
            faults = signal_plan(text).check(reference[text.tls_id])
            if faults:
                raise BadScenario(f"signal_plan {text.tls_id}: {faults[0]}", remedy="; ".join(faults[1:]) or None)
