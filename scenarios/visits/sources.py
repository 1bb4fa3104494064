"""Where a day's visitors come from: stations, stops, car parks and hotels of the city's own map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.crowd.sites.walk_places import FAR_M, WalkPlaces
from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

KIND_SHARE = {"station": 0.35, "stop": 0.25, "car_park": 0.25, "hotel": 0.15}
"""Shares of the visitors by where they come from, of those kinds that the map has; guesses."""
_STATIONS = {"rail": 4.0, "subway": 2.0}
_STOPS = {"ferry": 3.0, "tram": 1.5, "bus": 1.0, "aerialway": 1.0}
"""Relative numbers of people by kind of stop; guesses."""
_BEDS = ("hotel", "hostel", "motel", "guest_house")


@dataclass(frozen=True)
class DaySource:
    """Where people come from and go back to.

    Attributes:
        source_id: Its id on the map or in the file.
        name: Perhaps empty.
        kind: station, stop, car_park, hotel, or gateway (a road that leaves the map).
        x, y: Metres in the city's plane.
        node: The nearest node of the walk graph.
        people: How many come from it.
        provenance: Where all of that comes from.
    """

    source_id: str
    name: str
    kind: str
    x: float
    y: float
    node: int
    people: int
    provenance: str


def sources_on_map(city: City, people: int) -> tuple[tuple[DaySource, ...], tuple[Sentence, ...]]:
    """Sources of the map and what is guessed about them; `people` are shared out by kind and size.

    Raises:
        BadInput: The map has none near a way for walkers.
    """
    places = WalkPlaces(city)
    found = [*_stops(city), *_car_parks(city), *_hotels(city)] or _gateways(city)
    rows: list[tuple[DaySource, float]] = []
    for kind, osm_id, name, point, weight, said in found:
        node, away = places.to(point.x, point.y)
        if away <= FAR_M:
            source = f"OpenStreetMap {osm_id}; {said}" if kind != "gateway" else said
            rows.append((DaySource(osm_id, name, kind, float(point.x), float(point.y), node, 0, source), weight))
    if not rows:
        raise BadInput(
            f"{city.name} has no station, stop, car park or hotel near a way for walkers",
            remedy="say where people come from: sources: in the day's file",
        )
    kinds = {row.kind for row, _ in rows}
    whole = sum(KIND_SHARE.get(kind, 1.0) for kind in kinds)
    totals = {kind: sum(weight for row, weight in rows if row.kind == kind) for kind in kinds}
    wanted = [people * KIND_SHARE.get(row.kind, 1.0) / whole * weight / totals[row.kind] for row, weight in rows]
    told = tuple(replace(row, people=n) for (row, _), n in zip(rows, whole_numbers(wanted), strict=True) if n)
    return told, (_told(told, people),)


def whole_numbers(wanted: Sequence[float]) -> list[int]:
    """Whole numbers with the same sum, each within one of what is wanted: the largest remainders are rounded up."""
    floors = np.floor(np.asarray(wanted) + 1e-9).astype(np.int64)
    short = round(sum(wanted)) - int(floors.sum())
    order = np.argsort(-(np.asarray(wanted) - floors), kind="stable")
    floors[order[:short]] += 1
    return [int(one) for one in floors]


_Found = tuple[str, str, str, Any, float, str]


def _stops(city: City) -> list[_Found]:
    """Stops by name: platforms that share one are one source, at the first of them."""
    found: dict[tuple[str, str], _Found] = {}
    for row in city.layer("stops").sort_values("osm_id").itertuples():
        kind = "station" if row.kind in _STATIONS else "stop"
        weight = {**_STATIONS, **_STOPS}.get(str(row.kind), 1.0)
        key = (kind, str(row.name) or str(row.osm_id))
        if key not in found:
            found[key] = (kind, str(row.osm_id), str(row.name), row.geometry, weight, f"{row.kind}, weight guessed")
    return list(found.values())


def _car_parks(city: City) -> list[_Found]:
    return [
        ("car_park", str(row.osm_id), str(row.name), row.geometry.representative_point(), float(row.capacity),
         f"{row.capacity} cars ({row.capacity_source})")
        for row in city.layer("car_parks").sort_values("osm_id").itertuples() if row.capacity > 0
    ]  # fmt: skip


def _hotels(city: City) -> list[_Found]:
    return [
        ("hotel", str(row.osm_id), str(row.name), row.geometry.representative_point(), 1.0, "beds not known")
        for row in city.layer("attractions").sort_values("osm_id").itertuples() if row.kind in _BEDS
    ]  # fmt: skip


def _gateways(city: City) -> list[_Found]:
    """Roads that enter the map, where it has no places at all."""
    from shapely.geometry import Point

    rows = city.layer("gateways")
    return [
        ("gateway", str(row.edge_id), "", Point(row.geometry.coords[0]) if row.geometry.geom_type == "LineString"
         else row.geometry.representative_point(), float(max(row.lanes, 1)), "a road that enters the map; guessed")
        for row in rows[rows["direction"] == "in"].sort_values("edge_id").itertuples()
    ]  # fmt: skip


def _told(sources: Sequence[DaySource], people: int) -> Sentence:
    count = {kind: sum(one.people for one in sources if one.kind == kind) for kind in (*KIND_SHARE, "gateway")}
    en = ", ".join(
        f"{n} from {sum(s.kind == k for s in sources)} {k.replace('_', ' ')}s" for k, n in count.items() if n
    )
    names = {"station": "车站", "stop": "公交站", "car_park": "停车场", "hotel": "酒店", "gateway": "进城道路"}
    zh = "，".join(f"{sum(s.kind == k for s in sources)}处{names[k]}{n}人" for k, n in count.items() if n)
    return say(
        f"where the {people} people come from is guessed from the map: {en}",
        f"{people}人的来源由地图推测：{zh}",
    )
