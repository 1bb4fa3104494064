"""Buildings with heights and uses, and a guessed population from their floor area."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import Any

from networks.osm.areas import Area, Areas
from networks.osm.extract import Tags
from networks.osm.values import read_length
from networks.places.building_parts import LEVEL_M, Massing, Parts, bottom_of, levels_of

FLOOR_M2_PER_PERSON = 45.0
"""Gross floor area per inhabitant, m2: a guess in the range that European housing statistics report (35-50)."""

_NO_BUILDINGS = ("no", "demolished", "construction", "razed", "proposed")
_DEFAULT_LEVELS = 3.0
_SMALL = (
    "garage",
    "garages",
    "shed",
    "hut",
    "kiosk",
    "roof",
    "carport",
    "toilets",
    "container",
    "service",
    "greenhouse",
)
_USES = {
    "home": "apartments residential house detached terrace dormitory semidetached_house bungalow villa block",
    "work": "office commercial industrial warehouse government public civic townhall bank factory",
    "shop": "retail supermarket kiosk mall",
    "school": "school university college kindergarten",
    "health": "hospital clinic",
    "hotel": "hotel hostel",
    "culture": "museum church cathedral theatre chapel synagogue mosque temple library stadium train_station",
}
_USE_OF = {word: use for use, words in _USES.items() for word in words.split()}
_HOME_SHARE = {"home": 0.85, "mixed": 0.35}


def building_rows(areas: Areas) -> list[dict[str, Any]]:
    """Rows of the layer `buildings`: outlines, their heights raised by their parts, then parts that stand alone."""
    found = [a for a in areas.having("building") if a.tags["building"] not in _NO_BUILDINGS]
    parts = Parts(areas, found)
    found += [replace(part, tags=part.tags | {"building": part.tags["building:part"]}) for part in parts.alone]
    known = [levels for a in found if (levels := levels_of(a.tags)) and not _small(a)]
    usual = float(median(known)) if len(known) >= 10 else _DEFAULT_LEVELS
    return [_row(area, usual, parts.massing(area)) for area in found]


def _row(area: Area, usual_levels: float, massing: Massing | None) -> dict[str, Any]:
    height, levels, source = _height(area, usual_levels)
    floor_area = area.shape.area * levels
    if massing is not None:
        floor_area = massing.floor_area_m2 + massing.bare_m2 * (massing.mean_levels if source == "guessed" else levels)
        levels = floor_area / area.shape.area
        if source == "guessed" or (massing.top_m > height and "height" not in area.tags):
            height, source = massing.top_m, massing.told
    use = _use(area.tags)
    return {
        "osm_id": area.osm_id,
        "height_m": round(height, 2),
        "height_source": source,
        "min_height_m": round(min(bottom_of(area.tags), height), 2),
        "levels": round(levels, 2),
        "use": use,
        "floor_area_m2": round(floor_area, 1),
        "population": round(floor_area * _HOME_SHARE.get(use, 0.0) / FLOOR_M2_PER_PERSON, 2),
        "geometry": area.shape,
    }


def _height(area: Area, usual_levels: float) -> tuple[float, float, str]:
    """(height m, levels, source)."""
    height = read_length(area.tags.get("height")).value
    levels = levels_of(area.tags)
    if height:
        return height, levels or max(1.0, (height - bottom_of(area.tags)) / LEVEL_M), "osm height"
    if levels:
        return levels * LEVEL_M, levels, "osm levels"
    guess = 1.0 if _small(area) else usual_levels
    return guess * LEVEL_M, guess, "guessed"


def _small(area: Area) -> bool:
    return area.tags.get("building") in _SMALL or area.shape.area < 40.0


def _use(tags: Tags) -> str:
    for key in ("amenity", "tourism", "building:use", "building"):
        if tags.get(key) in _USE_OF:
            return _USE_OF[tags[key]]
    if any(key in tags for key in ("shop",)):
        return "shop"
    if "office" in tags:
        return "work"
    return "mixed" if tags["building"] == "yes" else "other"
