"""One NGSI-LD entity, however it is written (ETSI GS CIM 009, 4.5): normalized, concise, or simplified (key-values).

Also as NGSI v2 writes it, and with a DateTime wrapped as JSON-LD does. Names may be short or whole addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from networks.errors import BadInput
from twin.feeds.formats.checks import items, members, moment, position, text
from twin.feeds.formats.json_in import shown

_MOST_POINTS = 10_000
_TIME_IN_ID = re.compile(r"[-_:.]?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,20}Z?$")
_LONGEST = timedelta(days=31)
_WRAPPERS = frozenset({"value", "object", "languageMap", "json", "vocab"})
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
Box = tuple[float, float, float, float]


class Entity:
    """Attributes by name; `id` as told, `sensor` without the time that some write into it with each observation.

    Args:
        said: The JSON object.
        received: When its message came.
        zone: Of times without one.

    Raises:
        BadInput: It has no id or no type.
    """

    def __init__(self, said: Mapping[str, Any], received: datetime, zone: tzinfo | None) -> None:
        self._said = {_short(name): value for name, value in said.items() if name != "@context"}
        self._received, self._zone = received, zone
        self.id = text(self._said.get("id", self._said.get("@id")), "id", 400)
        self.sensor = _TIME_IN_ID.sub("", self.id) or self.id
        types = self._said.get("type", self._said.get("@type"))
        self.types = [_short(text(one, "type", 300)) for one in (types if isinstance(types, list) else [types])]
        self.read = {"id", "@id", "type", "@type"}

    def left(self) -> list[str]:
        """Names of attributes that nobody asked for."""
        return [shown(name) for name in self._said if name not in self.read]

    def has(self, name: str) -> bool:
        """Whether it has this attribute, and not as null."""
        return self.value(name) is not None

    def value(self, name: str) -> Any:
        """The value of an attribute, None where there is none."""
        self.read.add(name)
        attribute = self._attribute(name)
        if isinstance(attribute, dict):
            for key in ("value", "object", "json", "vocab", "languageMap"):
                if key in attribute:
                    return attribute[key]
        return attribute

    def member(self, name: str, key: str) -> Any:
        """A member of an attribute (`unitCode`, `observedAt`), None where it is not told."""
        attribute = self._attribute(name)
        inside = attribute if isinstance(attribute, dict) and _WRAPPERS & attribute.keys() else {}
        told = inside.get(key)
        if told is None and isinstance(inside.get("metadata"), dict):
            told = inside["metadata"].get(key)
        return told.get("value") if isinstance(told, dict) else told

    def time(self, name: str, ahead: timedelta = timedelta(0)) -> datetime | None:
        """An attribute that is a time, UTC; it may lie a day and `ahead` after the message came.

        Raises:
            BadInput: It is none.
        """
        value = _unwrapped(self.value(name))
        return None if value is None else moment(value, name, self._received + ahead, self._zone)

    def period(self, names: tuple[str, ...]) -> tuple[datetime, float]:
        """Begin (UTC) and length (s) of what was observed; 0 s for a moment.

        Args:
            names: Attributes with a moment or an interval `begin/end`, the best first.

        Raises:
            BadInput: None is told, or it is none.
        """
        begin, end = self.time("dateObservedFrom"), self.time("dateObservedTo")
        if begin is not None and end is not None:
            self.read.update(names)
            return begin, _length(begin, end, "dateObservedTo")
        for name in names:
            value = _unwrapped(self.value(name))
            if isinstance(value, str) and "/" in value:
                parts = value.split("/", 1)
                first, last = (moment(part, name, self._received, self._zone) for part in parts)
                return first, _length(first, last, name)
            if value is not None:
                return moment(value, name, self._received, self._zone), 0.0
        seen = next((told for name in self._said if (told := self.member(name, "observedAt")) is not None), None)
        if seen is None:
            raise BadInput("it does not say when", place=names[0], expected=f"{names[0]}, or observedAt")
        return moment(seen, "observedAt", self._received, self._zone), 0.0

    def geometry(self, within: Box | None) -> dict[str, Any] | None:
        """Its `location` as GeoJSON, with every position checked; None where it has none.

        Raises:
            BadInput: It is none, or lies elsewhere.
        """
        value = self.value("location")
        if value is None:
            return None
        told = members(value, "location")
        sort = told.get("type")
        if not isinstance(sort, str) or sort not in _DEPTH:
            raise BadInput(f"{shown(sort)!r} is no geometry", place="location.type", expected=", ".join(_DEPTH))
        counted: list[tuple[float, float]] = []
        return {"type": sort, "coordinates": _points(told.get("coordinates"), _DEPTH[sort], within, counted)}

    def _attribute(self, name: str) -> Any:
        attribute = self._said.get(name)
        if isinstance(attribute, list) and attribute and all(isinstance(one, dict) for one in attribute):
            return next((one for one in attribute if "datasetId" not in one), attribute[0])
        return attribute


def middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Longitude and latitude of the middle of a checked geometry's frame."""
    flat: list[tuple[float, float]] = []
    waiting = [geometry["coordinates"]]
    while waiting:
        one = waiting.pop()
        if isinstance(one[0], float):
            flat.append((one[0], one[1]))
        else:
            waiting.extend(one)
    lon, lat = zip(*flat, strict=True)
    return (min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2


def _points(value: object, depth: int, within: Box | None, counted: list[tuple[float, float]]) -> list[Any]:
    told = items(value, "location.coordinates", _MOST_POINTS)
    if depth == 0:
        if not 2 <= len(told) <= 4:
            raise BadInput(f"{len(told)} coordinates", place="location.coordinates", expected="longitude, latitude")
        counted.append(position(told[0], told[1], "location.", within))
        if len(counted) > _MOST_POINTS:
            raise BadInput("it has far too many points", place="location.coordinates", expected=f"{_MOST_POINTS}")
        return list(counted[-1])
    if not told:
        raise BadInput("it has no points", place="location.coordinates", expected="GeoJSON")
    return [_points(one, depth - 1, within, counted) for one in told]


def _unwrapped(value: Any) -> Any:
    """A time as JSON-LD or NGSI v2 wrap it, bare."""
    if isinstance(value, dict):
        return value.get("@value", value.get("value"))
    return value


def _length(begin: datetime, end: datetime, place: str) -> float:
    length = end - begin
    if not timedelta(0) <= length <= _LONGEST:
        raise BadInput(f"an interval of {length}", place=place, expected="0 s to 31 days")
    return length.total_seconds()


def _short(name: str) -> str:
    """The last word of an address."""
    if name.startswith(("http://", "https://")):
        return name.rstrip("/#").replace("#", "/").rpartition("/")[2] or name
    return name
