"""A hot spot as a city's map has it: ground, buildings on it, doors, and the links that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry import Polygon
from shapely.ops import unary_union

from models.crowd.hotspot.area import Door, ground
from models.crowd.hotspot.map_doors import MapDoor, doors_of, inner_links
from models.crowd.hotspot.map_ground import ground_of
from models.crowd.hotspot.walking import Walking
from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

KEPT = 0.8
"""A place of which buildings leave less than this in one piece is not one place."""


@dataclass(frozen=True)
class MapSpot:
    """A place as `HotSpot` takes it.

    Attributes:
        name: Its name on the map.
        polygon: Its outline in the city's plane (m).
        area: What of it people can stand on: without buildings.
        doors: Where ways for walkers cross its edge.
        links: Links of the walk graph that lie on it, bool, shape (links,): they are walked in the hot spot.
        notes: What was left out or guessed.
    """

    name: str
    polygon: Polygon
    area: Polygon
    doors: tuple[MapDoor, ...]
    links: np.ndarray
    notes: tuple[Sentence, ...]

    @property
    def gates(self) -> list[Door]:
        """The doors as `HotSpot` takes them."""
        return [one.door for one in self.doors]


def hot_spot_of(city: City, place: str, *, walking: Walking | None = None) -> MapSpot:
    """A place of the map as a hot spot.

    Args:
        city: The city.
        place: See `ground_of`.
        walking: How people walk.

    Raises:
        BadInput: See `ground_of` and `doors_of`; or buildings that leave no single ground.
        NotThere: No such place.
    """
    name, polygon, lone = ground_of(city, place)
    houses = city.layer("buildings")
    on = houses[(houses["min_height_m"] <= 0) & houses.geometry.intersects(polygon)]
    area, notes = _free(polygon, [shape for shape in on.geometry.to_numpy() if shape.intersection(polygon).area > 0.5])
    doors, left_out = doors_of(city, polygon, area, walking or Walking(), lone=lone)
    if len(doors) == 1:
        notes.append(say("it has a single door: nobody can pass through it", "仅有一个出入口：无法穿行"))
    return MapSpot(name, polygon, area, tuple(doors), inner_links(city, polygon), (*notes, *left_out))


def _free(polygon: Polygon, houses: list[Polygon]) -> tuple[Polygon, list[Sentence]]:
    if not houses:
        return ground(polygon), []
    left = polygon.difference(unary_union(houses)).buffer(-0.15).buffer(0.15)
    parts = sorted(getattr(left, "geoms", [left]), key=lambda part: -part.area)
    if not parts or parts[0].area < KEPT * left.area or left.is_empty:
        sizes = ", ".join(f"{part.area:.0f} m2" for part in parts[:5])
        raise BadInput(
            "buildings on it leave no single ground",
            place=f"pieces of {sizes}",
            expected=f"one piece with {KEPT:.0%} of what is free",
            remedy="draw the piece that you mean, and give that file (.geojson)",
        )
    told = [
        say(
            f"{len(houses)} buildings stand on it: {parts[0].area:.0f} of {polygon.area:.0f} m2 are free",
            f"其上有{len(houses)}座建筑：{polygon.area:.0f}平方米中{parts[0].area:.0f}平方米可通行",
        )
    ]
    return ground(Polygon(parts[0].simplify(0.1))), told
