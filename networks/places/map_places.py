"""What a city remembers of places on its map beside its layers: outlines of ground to stand on, and opening hours."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shapely import from_wkb, to_wkb
from shapely.geometry.base import BaseGeometry

from networks.osm.extract import Tags
from networks.places.destinations import Place

PLACES_FILE = "osm_places.parquet"
_PLATFORM_KEYS = ("railway", "public_transport", "highway")
_ON_FOOT = ("pedestrian", "footway", "steps", "path", "corridor")


@dataclass(frozen=True)
class MapPlace:
    """A place.

    Attributes:
        osm: n1, w1 or r1.
        name: Its name on the map, perhaps empty.
        ground: platform, square or walkway where people stand on it and it has an outline, else empty.
        hours: Its `opening_hours` as on the map, perhaps empty.
        shape: Its shape in the city's plane (m).
    """

    osm: str
    name: str
    ground: str
    hours: str
    shape: BaseGeometry


def ground_kind(tags: Tags) -> str:
    """What sort of ground an area of the map is: platform, square or walkway; "" where people do not stand on it."""
    if any(tags.get(key) == "platform" for key in _PLATFORM_KEYS):
        return "platform"
    if tags.get("place") == "square":
        return "square"
    on_foot = tags.get("highway") in _ON_FOOT or tags.get("area:highway") in _ON_FOOT
    return "walkway" if on_foot else ""


def map_places(places: Iterable[Place]) -> list[MapPlace]:
    """The places to remember: areas that people stand on, and whatever has opening hours."""
    found = []
    for one in places:
        ground = ground_kind(one.tags) if one.shape.area > 0 else ""
        hours = one.tags.get("opening_hours", "").strip()
        if ground or hours:
            found.append(MapPlace(one.osm_id, one.tags.get("name", ""), ground, hours, one.shape))
    return found


def write_map_places(places: Iterable[MapPlace], file: Path) -> None:
    """Write them as Parquet, in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    items = list(places)
    columns = {name: pa.array([getattr(one, name) for one in items], pa.string()) for name in _TEXTS}
    columns["shape"] = pa.array([to_wkb(one.shape) for one in items], pa.binary())
    pq.write_table(pa.table(columns), file, compression="zstd")


_TEXTS = ("osm", "name", "ground", "hours")


def read_map_places(folder: Path) -> dict[str, MapPlace]:
    """What the city in `folder` remembers of places, by number on the map; nothing where an older version built it."""
    import pyarrow.parquet as pq

    file = folder / PLACES_FILE
    if not file.is_file():
        return {}
    rows = pq.read_table(file).to_pylist()
    return {
        row["osm"]: MapPlace(row["osm"], row["name"], row["ground"], row["hours"], from_wkb(row["shape"]))
        for row in rows
    }


def grounds_near(places: Mapping[str, MapPlace], point: BaseGeometry, most: int = 5) -> str:
    """The nearest grounds to a point in the city's plane (m), told: `Kauppatori (r2919185, square, 40 m off)`."""
    grounds = [one for one in places.values() if one.ground]
    near = sorted(grounds, key=lambda one: (one.shape.distance(point), one.osm))[:most]
    told = [
        f"{one.name or one.ground} ({one.osm}, {one.ground}, {one.shape.distance(point):.0f} m off)" for one in near
    ]
    return "; ".join(told)


def grounds_called_like(places: Mapping[str, MapPlace], name: str, most: int = 8) -> list[str]:
    """Names of grounds, the most alike first."""
    names = sorted({one.name for one in places.values() if one.ground and one.name})
    alike = difflib.get_close_matches(name, names, n=most, cutoff=0.5)
    return [*alike, *[one for one in names if one not in alike]][:most]
