"""What the commands of a rescue service share: whose units, on which roads, from when on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from networks import City
    from networks.errors import BadInput
    from scenarios.emergency.service import Service

FIRST_MONDAY = "2026-01-05T08:00"
"""When a run begins that no flood and nobody dates: shifts need a day of the week."""


traffic_option = click.option(
    "--traffic", type=click.Path(path_type=Path, exists=True), help="Folder: twin assign, or a run."
)
"""What others make of the roads."""


def service_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say which service."""
    for option in (
        click.option("--hours", type=click.FloatRange(0.1, 168), default=8.0, show_default=True, help="Its length."),
        click.option("--begin", help="ISO, by the local clock; else the storm's, the traffic's, a Monday 8:00."),
        click.option("--alarm", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Shut in so many."),
        traffic_option,
        click.option("--flood", type=click.Path(path_type=Path, exists=True), help="A folder of twin flood run."),
        click.option("--class", "class_", default="ambulance", show_default=True, help="Whose units, see vehicles."),
        click.option("--resources", type=click.Path(path_type=Path), help="resources.yaml; the map's by default."),
    ):
        command = option(command)
    return command


def service_of(city: City, given: dict[str, Any]) -> Service:
    """The service that was asked for.

    Raises:
        BadInput: There is no unit of that class, or no moment as told.
    """
    from datetime import datetime

    from models.emergency.resources import read_resources, resources_on_map
    from models.routing import vehicle
    from networks.errors import BadInput
    from scenarios.emergency.journey import Roads
    from scenarios.emergency.service import Service
    from scenarios.emergency.traffic import read_traffic
    from scenarios.emergency.water import water_ahead

    who = vehicle(given["class_"])
    water = water_ahead(given["flood"], city, who) if given["flood"] else None
    traffic = read_traffic(given["traffic"], city) if given["traffic"] else None
    truth = water_ahead(given["truth"], city, who) if given.get("truth") else None
    if truth is not None and water is None:
        raise BadInput("a hidden flood without a forecast", place="--truth", remedy="give the forecast: --flood DIR")
    file = given["resources"]
    resources = read_resources(file, city) if file else resources_on_map(city)
    try:
        dated = (water.begin if water else None) or (traffic.begin if traffic else None)
        told = given["begin"] or (dated.isoformat() if dated else FIRST_MONDAY)
        begin = datetime.fromisoformat(told)
    except ValueError as error:
        expected = "an ISO time like 2026-07-17T17:00"
        raise BadInput(f"no moment: {given['begin']!r}", place="--begin", expected=expected) from error
    roads = Roads(city, who, water=water, alarm=given["alarm"], traffic=traffic)
    service = Service(city, resources, roads, begin, given["hours"], truth, given.get("closures", 0))
    if not service.units:
        raise _nobody(service, file)
    return service


def _nobody(service: Service, file: Path | None) -> BadInput:
    """No unit of the class is on duty: of which there are, and when the run is."""
    from networks.errors import BadInput

    who, crews = service.roads.vehicle.name, service.resources.crews
    known = sorted({crew.kind for crew in crews})
    window = f"{service.begin:%a %Y-%m-%d %H:%M} and {service.hours:g} h from then"
    if who in known:
        told, expected = f"no {who} of the roster is on duty in the run", f"a shift that meets {window}"
        remedy = "another --begin or --hours, or other shifts"
    else:
        told = f"there is no {who} in {service.city.name}"
        expected = f"units of {', '.join(known)}" if known else "a resources file with units"
        remedy = "name stations and units in resources.yaml, see docs/how-to.md"
    return BadInput(told, file=file, place="--begin" if who in known else "--class", expected=expected, remedy=remedy)


def services_of(city: City, given: dict[str, Any]) -> list[Service]:
    """One for each class that was asked for: --class A,B, or all that have a unit on duty.

    Raises:
        BadInput: There is no unit of a class.
    """
    from models.emergency.resources import read_resources, resources_on_map
    from networks.errors import BadInput

    asked = [name.strip() for name in given["class_"].split(",")]
    if asked == ["all"]:
        file = given["resources"]
        resources = read_resources(file, city) if file else resources_on_map(city)
        known = dict.fromkeys(crew.kind for crew in resources.crews)
        asked = [name for name in known if _answers(name)]
    if len(set(asked)) != len(asked) or not asked:
        raise BadInput(f"classes {given['class_']!r}", place="--class", expected="each once, or all")
    return [service_of(city, given | {"class_": name}) for name in asked]


def check_answered(kinds: Iterable[str], services: list[Service]) -> None:
    """Some class that was asked for goes to calls of each kind.

    Raises:
        BadInput: None does.
    """
    from models.emergency.resources import call_kind
    from networks.errors import BadInput

    classes = {one.roads.vehicle.name for one in services}
    for kind in kinds:
        able = call_kind(kind).classes
        if not classes & set(able):
            raise BadInput(
                f"no {' or '.join(sorted(classes))} answers calls of the kind {kind}", place="--class",
                expected=", ".join(able), remedy="name such a class, or --class all",
            )  # fmt: skip


def _answers(class_: str) -> bool:
    from models.emergency.resources import call_kinds

    return any(class_ in classes for one in call_kinds().values() for classes in one.asks)


def kind_for(class_: str) -> str:
    """The first kind of call that a class answers."""
    from models.emergency.resources import call_kinds
    from networks.errors import NotThere

    found = next((one.name for one in call_kinds().values() if class_ in one.classes), None)
    if found is None:
        raise NotThere(f"no kind of call is answered by a {class_}", expected="ambulance, fire_engine, pump_crew, ...")
    return found


def signs_of(service: Service, *, new: tuple[int, ...] = (), keep: bool = True) -> list[tuple[str, str, float, float]]:
    """Signs for a map: numbered stations, proposed ones, hospitals."""
    stations = [one for one in service.resources.stations if not one.mutual_aid] if keep else []
    used = {unit.station_id for unit in service.units}
    signs = [("station", str(i + 1), s.x, s.y) for i, s in enumerate(s for s in stations if s.site_id in used)]
    xy = service.roads.router.turns.xy
    signs += [("new", str(i + 1), float(xy[edge][0]), float(xy[edge][1])) for i, edge in enumerate(new)]
    return signs + [("hospital", "H", one.x, one.y) for one in service.resources.hospitals]


def tell_notes(service: Service) -> None:
    """What it rests on, on the terminal."""
    for note in service.notes():
        click.echo(f"  {note['en']}")
