"""The documents of OGC API Features: landing page, collections, features, and the links between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from shapely.geometry import mapping

from twin.api.features.asking import Asked
from twin.api.features.collection import Collection, Feature, Table
from twin.api.features.openapi import MEDIA_TYPE

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
JSON, GEOJSON = "application/json", "application/geo+json"
Document = dict[str, Any]


def link(base: str, path: str, rel: str, title: str, kind: str = JSON) -> Document:
    """A link; its address is whole, as clients of the trade expect."""
    return {"href": f"{base}{path}", "rel": rel, "type": kind, "title": title}


def landing(base: str) -> Document:
    """Where everything is (/req/core/root-success)."""
    return {
        "title": "citytwin",
        "description": "Streets, sensors, water on streets and alarms of the twin.",
        "links": [
            link(base, "/ogc", "self", "this document"),
            link(base, "/ogc/api", "service-desc", "the addresses of these features", MEDIA_TYPE),
            link(base, "/ogc/conformance", "conformance", "what this server conforms to"),
            link(base, "/ogc/collections", "data", "the collections"),
        ],
    }


def conformance() -> Document:
    """What this server conforms to."""
    return {"conformsTo": list(CONFORMS)}


def described(base: str, name: str, one: Collection, table: Table) -> Document:
    """One collection (/req/core/fc-md-*, /req/core/sfc-md-success)."""
    path = f"/ogc/collections/{name}"
    said: Document = {
        "id": name,
        "title": one.title,
        "description": one.description,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(base, path, "self", one.title),
            link(base, f"{path}/items", "items", f"features of {one.title}", GEOJSON),
        ],
    }
    extent: Document = {}
    if table.bounds is not None:
        extent["spatial"] = {"bbox": [list(table.bounds)], "crs": CRS84}
    if table.times is not None:
        first, last = table.times
        extent["temporal"] = {"interval": [[_time(first), _time(last)]], "trs": GREGORIAN}
    return said | ({"extent": extent} if extent else {})


def collections(base: str, given: Mapping[str, Collection]) -> Document:
    """All of them (/req/core/fc-md-success)."""
    return {
        "links": [link(base, "/ogc/collections", "self", "this document")],
        "collections": [described(base, name, one, one.table()) for name, one in given.items()],
    }


def items(base: str, name: str, table: Table, asking: Asked, given: Mapping[str, str]) -> Document:
    """A page of features (/req/core/fc-response, fc-links, fc-timeStamp, fc-numberMatched, fc-numberReturned)."""
    chosen = table.during(asking.begin, asking.end)
    if asking.bounds is not None:
        chosen = chosen & table.within(asking.bounds)
    rows = chosen.nonzero()[0].tolist()
    page = rows[asking.offset : asking.offset + asking.limit]
    path = f"/ogc/collections/{name}"
    links = [
        link(base, f"{path}/items{_query(given)}", "self", "this page", GEOJSON),
        link(base, path, "collection", "the collection"),
    ]
    after = asking.offset + asking.limit
    if after < len(rows):
        query = _query({**given, "offset": str(after), "limit": str(asking.limit)})
        links.append(link(base, f"{path}/items{query}", "next", "the next page", GEOJSON))
    if asking.offset:
        before = {**given, "offset": str(max(0, asking.offset - asking.limit)), "limit": str(asking.limit)}
        links.append(link(base, f"{path}/items{_query(before)}", "prev", "the page before", GEOJSON))
    return {
        "type": "FeatureCollection",
        "timeStamp": _time(datetime.now(UTC)),
        "numberMatched": len(rows),
        "numberReturned": len(page),
        "links": links,
        "features": [geojson(table.features[row]) for row in page],
    }


def item(base: str, name: str, one: Feature, quoted: str) -> Document:
    """One feature (/req/core/f-success, f-links)."""
    path = f"/ogc/collections/{name}"
    links: Sequence[Document] = [
        link(base, f"{path}/items/{quoted}", "self", "this feature", GEOJSON),
        link(base, path, "collection", "the collection"),
    ]
    return geojson(one) | {"links": links}


def geojson(one: Feature) -> Document:
    """A feature as GeoJSON (RFC 7946)."""
    properties = dict(one.properties)
    if one.begins is not None or one.ends is not None:
        properties |= {"begins": _time(one.begins), "ends": _time(one.ends)}
    place = None if one.geometry is None or one.geometry.is_empty else mapping(one.geometry)
    return {"type": "Feature", "id": one.feature_id, "geometry": place, "properties": properties}


def _query(given: Mapping[str, str]) -> str:
    return "?" + urlencode(given) if given else ""


def _time(moment: datetime | None) -> str | None:
    if moment is None or moment.year == 1:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
