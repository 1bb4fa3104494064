"""What features look like (RFC 7946 with the members of OGC 17-069r4), for the description."""

from __future__ import annotations

from typing import Any

from twin.api.features.documents import GEOJSON
from twin.api.features.openapi import MEDIA_TYPE

LINKS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
}
FEATURE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"anyOf": [{"type": "object", "required": ["type", "coordinates"]}, {"type": "null"}]},
        "properties": {"type": "object"},
        "links": LINKS,
    },
}
PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": FEATURE},
        "links": LINKS,
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
    },
}


def answers(media_type: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The answer 200 of an address, for its description."""
    return {200: {"description": "As asked.", "content": {media_type: {"schema": schema}}}}


ONE_PAGE, ONE_FEATURE = answers(GEOJSON, PAGE), answers(GEOJSON, FEATURE)
ADDRESSES = answers(MEDIA_TYPE, {"type": "object", "required": ["openapi", "info", "paths"]})
