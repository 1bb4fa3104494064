"""All gates of the rescue services: those that need no data, and those on a city that is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from models.check import Check
from models.routing import Router
from networks import City, build_city, demo_extract
from scenarios.emergency.validation.faults import faults
from scenarios.emergency.validation.rooms import rooms
from scenarios.emergency.validation.searches import searches, streets
from scenarios.emergency.validation.waters import waters

EXTRACTS = ("osm/monaco.osm.pbf", "osm/shanghai_center.osm.gz")
"""Cities that a folder of data may hold."""


def validate(progress: Callable[[Check], None]) -> list[Check]:
    """Closed forms and searches, then the demo's streets; half a minute of one core."""
    checks = list[Check]()
    for case in (rooms, searches, _demo):
        for check in case():
            checks.append(check)
            progress(check)
    return checks


def on_cities(data: Path, left_out: Callable[[str], None]) -> Iterator[Check]:
    """The same on the cities in a folder of data; those that are missing are told."""
    for place in EXTRACTS:
        if not (data / place).exists():
            left_out(place)
            continue
        with TemporaryDirectory() as folder:
            yield from _on_city(build_city(data / place, Path(folder) / "city"))


def _demo() -> Iterator[Check]:
    with TemporaryDirectory() as folder:
        city = build_city(demo_extract(), Path(folder) / "helsinki", name="Helsinki")
        yield from _on_city(city)
        yield from faults(city, Path(folder))


def _on_city(city: City) -> Iterator[Check]:
    yield streets(city.name, Router(city.road_graph("emergency")))
    yield from waters(city)
