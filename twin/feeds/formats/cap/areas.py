"""Where a warning holds: polygons and circles of CAP (OASIS CAP 1.2, section 3.2.4) as GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from twin.feeds.formats.markup import Part, circle, gathered, number, polygon


def area_of(areas: Iterable[Part], corners: int) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """All areas as one geometry, and what each says of itself.

    Args:
        areas: `area` elements, or Atom entries, which have the same children.
        corners: Of a circle.

    Returns:
        Geometry (None: none told), and one mapping an area: `name`, `geocodes`, `circles` (lon, lat, radius m), and
        `drawn`: whether any of the geometry is its.
    """
    shapes: list[dict[str, Any]] = []
    told = []
    for area in areas:
        circles = [found for part in area.all("circle") if (found := _circle(part)) is not None]
        mine = [polygon(ring) for part in area.all("polygon") if (ring := _ring(part)) is not None]
        mine += [circle(*found, corners) for found in circles]
        shapes += mine
        one: dict[str, Any] = {"name": area.text("areaDesc"), "drawn": bool(mine)}
        if geocodes := dict(_pairs(area.all("geocode"))):
            one["geocodes"] = geocodes
        if circles:
            one["circles"] = [list(found) for found in circles]
        for name in ("altitude", "ceiling"):
            height_ft = area.number(name)
            if height_ft is not None:
                one[f"{name}_m"] = round(height_ft * 0.3048, 3)
        told.append(one)
    return gathered(shapes), told


def _pairs(parts: Iterable[Part]) -> Iterator[tuple[str, list[str]]]:
    """Names with all their values: geocodes repeat a name, and some feeds put several pairs into one element."""
    found: dict[str, list[str]] = {}
    for part in parts:
        for name, value in zip(part.all("valueName"), part.all("value"), strict=False):
            found.setdefault(name.own_text, []).append(value.own_text)
    yield from found.items()


def pairs(parts: Iterable[Part]) -> dict[str, list[str]]:
    """`valueName` -> its values, in order."""
    return dict(_pairs(parts))


def _ring(part: Part) -> list[tuple[float, float]] | None:
    texts = part.own_text.split()
    ring = [_corner(text) for text in texts]
    expected = "four or more points lat,lon, the last equal to the first"
    if not texts:
        part.fault("it is empty", expected)
        return None
    whole = [corner for corner in ring if corner is not None]
    if len(whole) < len(ring):
        wrong = next(text for text, corner in zip(texts, ring, strict=True) if corner is None)
        part.fault(f"{wrong[:60]!r} is no point", "lat,lon in degrees")
        return None
    if len(whole) < 4 or whole[0] != whole[-1]:
        part.fault(f"its {len(whole)} points are no closed ring", expected)
        return None
    return whole


def _circle(part: Part) -> tuple[float, float, float] | None:
    centre, _, radius_km = part.own_text.partition(" ")
    corner = _corner(centre)
    try:
        radius_m = 1000 * number(radius_km.strip(), 0, 20_016)
    except ValueError:
        corner = None
    if corner is None:
        part.fault(f"{part.own_text[:60]!r} is no circle", "lat,lon in degrees, a space, the radius in km")
        return None
    return (*corner, radius_m)


def _corner(text: str) -> tuple[float, float] | None:
    lat, comma, lon = text.partition(",")
    try:
        return (number(lon, -180, 180), number(lat, -90, 90)) if comma else None
    except ValueError:
        return None
