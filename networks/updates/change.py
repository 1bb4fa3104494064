"""One change of the map, and how much it matters to a model of the city."""

from __future__ import annotations

from dataclasses import dataclass

from networks.osm.extract import Tags
from networks.osm.objects import MapObject

WHATS = ("added", "removed", "moved", "retagged")
_CLASS = {
    "motorway": 1.0,
    "trunk": 1.0,
    "primary": 0.9,
    "secondary": 0.75,
    "tertiary": 0.6,
    "unclassified": 0.4,
    "residential": 0.4,
    "living_street": 0.3,
    "busway": 0.5,
    "service": 0.2,
}
_KIND = {
    "road": 0.3,
    "path": 0.12,
    "rail": 0.2,
    "signal": 0.7,
    "crossing": 0.2,
    "stop": 0.25,
    "facility": 0.7,
    "car_park": 0.3,
    "attraction": 0.15,
    "building": 0.1,
    "water": 0.3,
    "restriction": 0.6,
}
_KEY = {
    "oneway": 1.0,
    "access": 1.0,
    "motor_vehicle": 1.0,
    "vehicle": 1.0,
    "highway": 1.0,
    "junction": 0.8,
    "lanes": 0.8,
    "bridge": 0.8,
    "tunnel": 0.8,
    "layer": 0.6,
    "maxspeed": 0.6,
    "restriction": 1.0,
    "members": 1.0,
    "amenity": 1.0,
    "capacity": 0.8,
    "height": 0.5,
    "building:levels": 0.5,
    "name": 0.1,
    "ref": 0.1,
}
_SAY = (
    "highway",
    "lanes",
    "oneway",
    "maxspeed",
    "amenity",
    "building",
    "railway",
    "natural",
    "waterway",
    "restriction",
)
_FAMILIES = {"turn": 0.7, "lanes": 0.5, "maxspeed": 0.4}
_OTHER_KEY = 0.2
_WHOLE_LENGTH_M = 100.0


@dataclass(frozen=True)
class Change:
    """One object of the map that is not as it was.

    Attributes:
        kind: What sort of object, see `networks.osm.objects.KINDS`.
        what: added, removed, moved or retagged.
        osm: The object: on the newer map, or on the older one where it was removed.
        osm_before: Its id on the older map; "" where it was added.
        name: Its name, or its class.
        before, after: What differs, in the words of the map.
        lon, lat: Where, degrees.
        size_m: Length of what was added, removed or moved (lines), or how far a point moved, m; 0 for tags.
        importance: 0 to 1: how much a model may change with it, a judgement by class, tag and length.
    """

    kind: str
    what: str
    osm: str
    osm_before: str
    name: str
    before: str
    after: str
    lon: float
    lat: float
    size_m: float
    importance: float


def weight(one: MapObject) -> float:
    """How much an object of this kind and class matters, 0 to 1."""
    if one.kind == "road":
        return _CLASS.get(one.tags.get("highway", "").removesuffix("_link"), _KIND["road"])
    return _KIND.get(one.kind, 0.1)


def named(one: MapObject) -> str:
    """Its name, or what it is."""
    keys = ("name", "highway", "amenity", "building", "railway", "waterway", "natural", "restriction", "tourism")
    return next((one.tags[key] for key in keys if key in one.tags), one.kind)


def tag_difference(before: Tags, after: Tags) -> tuple[str, str, float]:
    """(Before, after, how much it matters) of the tags that differ; empty texts where none does."""
    keys = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    most = max((_KEY.get(key, _FAMILIES.get(key.split(":")[0], _OTHER_KEY)) for key in keys), default=0.0)
    return _listed(before, keys), _listed(after, keys), most


def _listed(tags: Tags, keys: list[str]) -> str:
    return "; ".join(f"{key}={tags[key]}" if key in tags else f"no {key}" for key in keys)


def appeared(one: MapObject, size_m: float) -> Change:
    """It is new."""
    return _whole(one, "added", "", "", said(one), size_m)


def vanished(one: MapObject, size_m: float) -> Change:
    """It is gone."""
    return _whole(one, "removed", one.osm, said(one), "", size_m)


def said(one: MapObject) -> str:
    """The tags that say what it is."""
    return "; ".join(f"{key}={one.tags[key]}" for key in _SAY if key in one.tags)


def _whole(one: MapObject, what: str, osm_before: str, before: str, after: str, size_m: float) -> Change:
    lon, lat = one.middle
    share = min(1.0, size_m / _WHOLE_LENGTH_M) ** 0.5 if size_m else 1.0
    rank = round(weight(one) * share, 3)
    return Change(one.kind, what, one.osm, osm_before, named(one), before, after, lon, lat, round(size_m, 1), rank)


def carried(old: MapObject, new: MapObject, before: str, after: str, size_m: float) -> Change:
    """It lies elsewhere, or has another shape."""
    lon, lat = new.middle
    rank = round(0.5 * weight(new) * min(1.0, size_m / _WHOLE_LENGTH_M) ** 0.5, 3)
    return Change(new.kind, "moved", new.osm, old.osm, named(new), before, after, lon, lat, round(size_m, 1), rank)


def retagged(old: MapObject, new: MapObject) -> Change | None:
    """Its tags differ; None where they do not."""
    before, after, most = tag_difference(old.tags, new.tags)
    if not before:
        return None
    lon, lat = new.middle
    rank = round(max(weight(old), weight(new)) * most, 3)
    return Change(new.kind, "retagged", new.osm, old.osm, named(new), before, after, lon, lat, 0.0, rank)
