"""Parts of buildings: towers, wings and roofs on stilts, each with its own height, found in the building they make up.

How parts and outlines are meant: OpenStreetMap wiki, "Simple 3D Buildings".
"""

from __future__ import annotations

from dataclasses import dataclass

from shapely import STRtree, union_all

from networks.osm.areas import Area, Areas
from networks.osm.extract import Tags
from networks.osm.values import read_length, read_number

LEVEL_M = 3.2
"""Height of a storey where the map gives storeys alone, m."""
_BARE = 0.2


@dataclass(frozen=True)
class Part:
    """A part with its heights above the ground, m; `top_m` is 0 and `told` empty where the map does not say."""

    area: Area
    top_m: float
    bottom_m: float
    told: str

    @property
    def levels(self) -> float:
        """Storeys between bottom and top."""
        return max(0.0, self.top_m - self.bottom_m) / LEVEL_M


@dataclass(frozen=True)
class Massing:
    """What the parts of a building say together.

    Attributes:
        top_m: The highest top, m; 0 where no part says.
        told: `osm height` or `osm levels`: where the highest top comes from.
        floor_area_m2: Floor area of the parts that say, m2.
        bare_m2: Ground of the building that no such part covers, m2; a fifth of it or less counts as nothing.
        mean_levels: Storeys of the parts, weighted by ground.
    """

    top_m: float
    told: str
    floor_area_m2: float
    bare_m2: float
    mean_levels: float


def levels_of(tags: Tags) -> float | None:
    """`building:levels`."""
    return read_number(tags.get("building:levels"), least=0.5, most=200.0).value


def bottom_of(tags: Tags) -> float:
    """Height of the underside above the ground, m: `min_height`, else `building:min_level`, else 0."""
    stated = read_length(tags.get("min_height"), least=0.0, most=1000.0).value
    if stated is not None:
        return stated
    level = read_number(tags.get("building:min_level"), least=0.0, most=200.0).value
    return 0.0 if level is None else level * LEVEL_M


class Parts:
    """All parts of a map, by the building that holds them."""

    def __init__(self, areas: Areas, buildings: list[Area]) -> None:
        found = [_part(a) for a in areas.having("building:part") if _is_part(a.tags)]
        self._of: dict[str, list[Part]] = {}
        self.alone: list[Area] = []
        tree = STRtree([b.shape for b in buildings])
        for part in found:
            point = part.area.shape.representative_point()
            holders = [buildings[i] for i in sorted(tree.query(point, predicate="intersects"))]
            if holders:
                smallest = min(holders, key=lambda b: (b.shape.area, b.osm_id))
                self._of.setdefault(smallest.osm_id, []).append(part)
            else:
                self.alone.append(part.area)

    def massing(self, building: Area) -> Massing | None:
        """What a building's parts say; None where it has none that say anything."""
        told = [part for part in self._of.get(building.osm_id, ()) if part.told]
        if not told:
            return None
        top = max(told, key=lambda part: (part.top_m, part.told == "osm height"))
        ground = sum(part.area.shape.area for part in told)
        floors = sum(part.area.shape.area * part.levels for part in told)
        bare = building.shape.area - union_all([part.area.shape for part in told]).intersection(building.shape).area
        bare = bare if bare > _BARE * building.shape.area else 0.0
        return Massing(top.top_m, top.told, floors, bare, floors / ground)


def _is_part(tags: Tags) -> bool:
    return tags["building:part"] != "no" and tags.get("building", "no") == "no"


def _part(area: Area) -> Part:
    height, levels = read_length(area.tags.get("height")).value, levels_of(area.tags)
    top, told = (height, "osm height") if height else (levels * LEVEL_M, "osm levels") if levels else (0.0, "")
    return Part(area, top, min(bottom_of(area.tags), top), told)
