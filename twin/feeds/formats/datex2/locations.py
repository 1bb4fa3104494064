"""Where something of DATEX II is (CEN/TS 16157-2; EN 16157-2): geometry where told, references as they stand."""

from __future__ import annotations

from typing import Any

from twin.feeds.formats.datex2.publication import Publication
from twin.feeds.formats.markup import Part, gathered, line, number, point, polygon

Corner = tuple[float, float]
_WGS84 = ("4326", "wgs84", "wgs_84", "crs84", "4258", "etrs89")
"""Names of coordinate systems that are WGS84 to within a metre."""
_POINTS = ("pointByCoordinates", "tpegPointLocation", "tpegLinearLocation", "tpegAreaLocation")


def location_of(
    owner: Part, publication: Publication, *, need: bool = False
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Where the owner of a location is.

    Args:
        owner: Has a child `groupOfLocations` (version 2), `locationReference` (3) or one named for its purpose.
        publication: With the feed's options.
        need: Its absence is a fault.

    Returns:
        Geometry (None: only references, or nothing), and details: `alert_c`, `openlr`, `location_from`.
    """
    names = ("groupOfLocations", "locationReference", "measurementSiteLocation", "pertinentLocation")
    location = next((found for name in names if (found := owner.one(name)) is not None), None)
    if location is None:
        if need:
            owner.fault("it is missing", "where it is, even if empty", names[0])
        return None, {}
    turned = publication.options.positions == "lon lat"
    lines = [line(corners) for part in location.deep("gmlLineString") if len(corners := _corners(part, turned)) > 1]
    areas = [
        area for name in ("gmlPolygon", "Polygon") for part in location.deep(name) if (area := _area(part, turned))
    ]
    shapes, details = lines + areas, _references(location)
    if not shapes:
        shapes = [
            point(*at) for name in _POINTS for part in location.deep(name) for at in _points(part, "pointCoordinates")
        ]
    if not shapes:
        shown = [at for name in ("locationForDisplay", "coordinatesForDisplay") for at in _points(location, name)]
        shapes = [point(*at) for at in shown]
        if shapes:
            details["location_from"] = "display"
    return gathered(shapes), details


def _points(part: Part, name: str) -> list[Corner]:
    found = []
    for one in part.deep(name):
        lat = one.number("latitude", low=-90, high=90, need=True)
        lon = one.number("longitude", low=-180, high=180, need=True)
        if lat is not None and lon is not None:
            found.append((lon, lat))
    return found


def _corners(part: Part, turned: bool) -> list[Corner]:
    """Corners of all lists of positions in a part (OGC 07-036, posList)."""
    corners: list[Corner] = []
    for positions in part.deep("posList"):
        system = (part.attribute("srsName") or positions.attribute("srsName")).lower().replace(" ", "")
        if system and not any(known in system for known in _WGS84):
            positions.fault(f"its coordinate system is {system[:60]!r}", "WGS84, EPSG:4326")
            continue
        step = 3 if "3" in (part.attribute("srsDimension"), positions.attribute("srsDimension")) else 2
        texts = positions.own_text.split()
        try:
            if len(texts) < 2 * step or len(texts) % step:
                raise ValueError(f"{len(texts)} numbers are no list of positions")
            pairs = [(texts[at + turned], texts[at + 1 - turned]) for at in range(0, len(texts), step)]
            corners.extend((number(lon, -180, 180), number(lat, -90, 90)) for lat, lon in pairs)
        except ValueError as error:
            positions.fault(str(error), "latitudes and longitudes in turn, in degrees")
            return []
    return corners


def _area(part: Part, turned: bool) -> dict[str, Any] | None:
    outer = part.one("exterior")
    if outer is None:
        return None
    rings = [_corners(ring, turned) for ring in (outer, *part.all("interior"))]
    for ring in rings:
        if ring and (len(ring) < 4 or ring[0] != ring[-1]):
            part.fault("its ring is not closed", "four or more positions, the last equal to the first")
            return None
    return polygon(rings[0], [hole for hole in rings[1:] if hole]) if rings[0] else None


def _references(location: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("alertCLinear", "alertCPoint", "alertCArea"):
        for part in location.deep(name):
            found.setdefault("alert_c", []).append(_alert_c(part))
    openlr = [list(at) for at in _points(location, "openlrCoordinate")]
    if openlr:
        found["openlr"] = openlr
    predefined = [part.attribute("id") for part in location.deep("predefinedLocationReference")]
    if any(predefined):
        found["predefined"] = [one for one in predefined if one]
    return found


def _alert_c(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {
        "country": part.text("alertCLocationCountryCode"),
        "table": part.text("alertCLocationTableNumber"),
        "version": part.text("alertCLocationTableVersion"),
        "direction": part.text("alertCDirection", "alertCDirectionCoded"),
    }
    for child in part.element:
        end = "primary" if "Primary" in child.tag else "secondary" if "Secondary" in child.tag else ""
        if end:
            place = Part(child, part.reading, "", part)
            code = place.number("alertCLocation", "specificLocation", low=0, high=99_999, whole=True, need=True)
            told[end] = None if code is None else int(code)
            offset_m = place.number("offsetDistance", "offsetDistance", low=0, high=1e6, whole=True)
            if offset_m is not None:
                told[f"{end}_offset_m"] = offset_m
    return {name: value for name, value in told.items() if value not in ("", None)}
