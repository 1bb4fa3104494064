"""Where an event's visitors may park: the map's car parks, or those that the scenario names, with their places."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadScenario
from scenarios.interventions import Event, Parking
from scenarios.places import matching_stops

if TYPE_CHECKING:
    from models.traffic import CarPark
    from networks import City
    from scenarios.schema import Scenario

FROM_THE_BEGIN_M, FROM_THE_END_M = 12.0, 10.0
"""A barrier stands so far from either end of its road at least, where the road is long enough."""


def car_places(city: City, event: Event) -> np.ndarray:
    """Places for the visitors of an event, by row of the layer car_parks; 0: not for them.

    A name that several car parks bear (entrances, mostly) is shared evenly among them.

    Raises:
        BadScenario: No car park has that name or id, or there is no place at all.
    """
    parking, layer = event.parking or Parking(), city.layer("car_parks")
    if not parking.capacity:
        return np.asarray(layer["capacity"].to_numpy(dtype=int))
    places = np.zeros(len(layer), dtype=int)
    for name, number in sorted(parking.capacity.items()):
        rows = matching_stops(layer, name)
        if not len(rows):
            known = sorted({*layer["osm_id"], *layer["name"]} - {""})
            near = ", ".join(get_close_matches(name, known, n=3) or known[:5])
            raise BadScenario(
                f"event {event.name}: {city.name} has no car park {name!r}",
                expected=f"the name or OSM id of a row of the layer car_parks, such as {near}",
                remedy=f"twin export {city.folder} car_parks lists them",
            )  # fmt: skip
        share, rest = divmod(number, len(rows))
        places[rows] = share + (np.arange(len(rows)) < rest)
    if not places.sum():
        raise BadScenario(
            f"event {event.name}: no car park has a place for visitors",
            expected="at least one capacity above 0", remedy="without cars, say car_share: 0",
        )  # fmt: skip
    return places


def usable_places(city: City, event: Event) -> np.ndarray:
    """Places by row of the layer car_parks, 0 where no car can drive to the entrance; see `car_places`."""
    graph = city.road_graph("passenger")
    driven = {edge for edge, may in zip(graph.edge_ids, graph.allowed, strict=True) if may}
    there = city.layer("car_parks")["edge_id"].isin(driven).to_numpy()
    return np.where(there, car_places(city, event), 0)


def car_parks_of(city: City, scenario: Scenario) -> tuple[CarPark, ...]:
    """The car parks that fill during a scenario: those of events that visitors come to.

    Raises:
        BadScenario: Two events give one car park different capacities.
    """
    from models.traffic import CarPark

    given: dict[int, tuple[int, float, str]] = {}
    for event in scenario.of(Event):
        if event.begins is None:
            continue
        places, entry_s = usable_places(city, event), (event.parking or Parking()).entry_s
        for row in np.flatnonzero(places).tolist():
            number = int(places[row])
            before = given.setdefault(row, (number, entry_s, event.name))
            if before[0] != number:
                raise BadScenario(
                    f"events {before[2]} and {event.name} give one car park {before[0]} and {number} places",
                    expected="the same capacity in both",
                )  # fmt: skip
    layer = city.layer("car_parks")
    graph = city.road_graph("passenger")
    length = dict(zip(graph.edge_ids, np.asarray(graph.length_m, dtype=float).tolist(), strict=True))
    edges = city.layer("edges")
    lines = dict(zip(edges["edge_id"], edges.geometry, strict=True))
    parks = []
    for row, (number, entry_s, _) in sorted(given.items()):
        one = layer.iloc[row]
        along = float(lines[one["edge_id"]].project(one["geometry"].representative_point(), normalized=True))
        place = barrier_m(along, length[one["edge_id"]])
        parks.append(CarPark(str(one["osm_id"]), str(one["edge_id"]), place, number, str(one["name"]), entry_s))
    return tuple(parks)


def barrier_m(along: float, length_m: float) -> float:
    """Where a barrier stands on a road of this length (m): at the share `along`, with room before and behind it."""
    place = min(max(along * length_m, FROM_THE_BEGIN_M), length_m - FROM_THE_END_M)
    return round(max(place, 0.6 * length_m) if place < FROM_THE_BEGIN_M else place, 1)
