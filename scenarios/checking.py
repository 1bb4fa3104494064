"""Does a scenario fit a city? Everything that it names must be there, before anything is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from networks.errors import BadInput, BadScenario, NotThere
from scenarios.interventions import (
    BusPriority,
    DemandChange,
    EmergencyCall,
    Event,
    Rainfall,
    RoadClosure,
    SignalPlanChange,
    TransitFleet,
    TransitHeadway,
    VisitorGuidance,
)
from scenarios.members.dispatching import calls_in, units_in
from scenarios.places import locate
from scenarios.rain.rain_run import rain_of
from scenarios.reading import place_in
from scenarios.travel.car_places import car_parks_of, car_places
from scenarios.travel.demand import ROOM
from scenarios.travel.timed_trips import check_hours
from scenarios.travel.transit import check_priority, check_transit
from scenarios.travel.visitors import exits_of, stop_weights

if TYPE_CHECKING:
    from networks import City
    from scenarios.schema import Scenario

Kind = TypeVar("Kind")


def check_scenario(scenario: Scenario, city: City, *, file: Path | str | None = None) -> None:
    """Refuse a scenario that names something the city does not have, or that happens outside its period.

    Args:
        scenario: What to check.
        city: Against which city.
        file: The scenario's file, named in errors with the line.

    Raises:
        BadScenario: An edge, stop, exit, unit or signal is not there; a time is outside the period; too much demand.
    """
    try:
        _check_edges(scenario, city)
        _check_times(scenario)
        _check_demand(scenario)
        check_hours(city, scenario)
        _check_rain(scenario, city)
        _check_events(scenario, city)
        _check_calls(scenario, city)
        _check_plans(scenario, city)
        _check_transit(scenario, city)
    except BadScenario as error:
        if file is not None and error.file is None:
            error.file = str(file)
            error.place = place_in(Path(file), error.place)
        raise


@contextmanager
def _at(field: str) -> Iterator[None]:
    """Mistakes found in here are at this field of the scenario, such as `interventions.0.edges`."""
    try:
        yield
    except BadScenario as error:
        error.place = error.place or field
        raise


def _each(scenario: Scenario, kind: type[Kind]) -> Iterator[tuple[str, Kind]]:
    """Interventions of one kind, each with its field."""
    for index, item in enumerate(scenario.interventions):
        if isinstance(item, kind):
            yield f"interventions.{index}", item


def _check_edges(scenario: Scenario, city: City) -> None:
    edges = list(city.layer("edges")["edge_id"])
    known = set(edges)
    named = [
        (f"{field}.edges.{i}", f"road_closure: edge {e!r}", e)
        for field, closure in _each(scenario, RoadClosure)
        for i, e in enumerate(closure.edges)
    ]
    for field, change in _each(scenario, DemandChange):
        for end in ("origins", "destinations"):
            named += [(f"{field}.{end}", f"demand_change: edge {e!r}", e) for e in getattr(change, end)]
    named += [("demand.factors", f"demand.factors: edge {e!r}", e) for e in scenario.demand.factors]
    for field, call in _each(scenario, EmergencyCall):
        named += [(f"{field}.route", f"emergency_call {call.call_id}: route edge {e!r}", e) for e in call.route]
    for field, what, edge in named:
        if edge not in known:
            near = get_close_matches(edge, edges, n=3)
            raise BadScenario(
                f"{what} is not in the city {city.name}",
                place=field,
                expected="an edge_id of its layer edges" + (f", such as {', '.join(near)}" if near else ""),
                remedy=f"ids are in {city.folder}/layers/edges.parquet; another map of the city has other ids",
            )


def _check_times(scenario: Scenario) -> None:
    end, expected = scenario.end_s, "a time within period"
    for field, event in _each(scenario, Event):
        if not 0 <= scenario.seconds(event.ends) < end:
            raise BadScenario(f"event {event.name} ends outside the period", place=f"{field}.ends", expected=expected)
        if event.begins is not None and scenario.seconds(event.begins) - event.arrival_s < 0:
            raise BadScenario(
                f"the first visitors of event {event.name} come before the period", place=f"{field}.begins",
                expected=f"begins at least {event.arrival_s / 60:g} min (arrival_s) after the warm-up's start",
            )  # fmt: skip
    for field, call in _each(scenario, EmergencyCall):
        if not 0 <= scenario.seconds(call.time) < end:
            raise BadScenario(
                f"emergency_call {call.call_id} comes outside the period", place=f"{field}.time", expected=expected
            )
    timed_items: list[tuple[str, RoadClosure | DemandChange]]
    timed_items = [*_each(scenario, RoadClosure), *_each(scenario, DemandChange)]
    for field, timed in timed_items:
        if timed.begin and scenario.seconds(timed.begin) >= end:
            raise BadScenario(f"{timed.kind} begins after the period", place=f"{field}.begin", expected=expected)
        if timed.end and scenario.seconds(timed.end) <= 0:
            raise BadScenario(f"{timed.kind} ends before the period", place=f"{field}.end", expected=expected)


def _check_demand(scenario: Scenario) -> None:
    most = scenario.demand.scale * max([1.0, *scenario.demand.factors.values()])
    for change in scenario.of(DemandChange):
        most *= max(1.0, change.scale)
    if most > ROOM:
        raise BadScenario(
            f"demand of {most:.2f} times the city's own is more than can be drawn",
            place="demand",
            expected=f"scale, factors and demand changes that multiply to at most {ROOM:g}",
        )


def _check_rain(scenario: Scenario, city: City) -> None:
    for field, rain in _each(scenario, Rainfall):
        if rain.on_roads or rain.radar is not None:
            try:
                city.terrain()
            except NotThere as error:
                raise BadScenario(
                    f"rainfall needs a terrain: {error.what}", place=field, remedy=error.remedy
                ) from error
        try:
            falls = rain_of(scenario, city)
        except BadInput as error:
            raise BadScenario(
                f"its rain cannot be used: {error}", place=field, expected=error.expected, remedy=error.remedy
            ) from error
        if falls is not None and not (falls.times_s[0] < scenario.end_s and falls.times_s[-1] > 0):
            first, last = (scenario.moment(float(falls.times_s[at])).isoformat() for at in (0, -1))
            raise BadScenario(
                f"its rain, {first} to {last}, falls outside the period", place=field, expected="rain within period"
            )


def _check_events(scenario: Scenario, city: City) -> None:
    exits: dict[str, list[str]] = {}
    for field, event in _each(scenario, Event):
        with _at(f"{field}.at"):
            locate(city, event.at, what=f"event {event.name}")
        exits[event.name] = exits_of(city, event)
        if event.parking is not None:
            with _at(f"{field}.parking.capacity"):
                car_places(city, event)
    with _at("interventions"):
        car_parks_of(city, scenario)
    for field, guidance in _each(scenario, VisitorGuidance):
        with _at(field):
            _check_guidance(guidance, exits)
            if guidance.stop_shares:
                stop_weights(city, guidance)


def _check_guidance(guidance: VisitorGuidance, exits: dict[str, list[str]]) -> None:
    if guidance.event is not None and guidance.event not in exits:
        raise BadScenario(f"visitor_guidance: there is no event {guidance.event!r}", expected=", ".join(exits))
    for name, known in exits.items():
        if guidance.event not in (None, name):
            continue
        for way in guidance.exit_shares:
            if way not in known:
                raise BadScenario(f"visitor_guidance: {name} has no exit {way!r}", expected=", ".join(known))


def _check_calls(scenario: Scenario, city: City) -> None:
    for field, call in _each(scenario, EmergencyCall):
        with _at(f"{field}.at"):
            locate(city, call.at, what=f"emergency call {call.call_id}")
    calls_in(city, scenario)
    with _at("dispatch"):
        units = {unit.unit_id for unit in units_in(city, scenario)}
    for field, call in _each(scenario, EmergencyCall):
        if call.unit and call.unit not in units:
            raise BadScenario(
                f"emergency_call {call.call_id}: there is no unit {call.unit!r}",
                place=f"{field}.unit",
                expected=", ".join(sorted(units)),
            )


def _check_transit(scenario: Scenario, city: City) -> None:
    changes: list[tuple[str, TransitHeadway | TransitFleet]]
    changes = [*_each(scenario, TransitHeadway), *_each(scenario, TransitFleet)]
    for field, change in changes:
        with _at(f"{field}.line"):
            check_transit(city, scenario, change.line)
    for field, wish in _each(scenario, BusPriority):
        with _at(f"{field}.signals"):
            check_priority(city, scenario, wish.signals)


def _check_plans(scenario: Scenario, city: City) -> None:
    if not scenario.of(SignalPlanChange):
        return
    from networks import plan_faults, read_layouts, read_signal_plans

    reference, layouts = read_signal_plans(city.net_file), read_layouts(city.net_file)
    for field, item in _each(scenario, SignalPlanChange):
        for index, text in enumerate(item.plans):
            with _at(f"{field}.plans.{index}"):
                if text.tls_id not in reference:
                    raise BadScenario(f"signal_plan: there are no lights {text.tls_id!r} in {city.name}")
                faults = plan_faults(text.plan(), reference[text.tls_id], layouts.get(text.tls_id))
                if faults:
                    raise BadScenario(f"signal_plan {text.tls_id}: {faults[0]}", remedy="; ".join(faults[1:]) or None)
