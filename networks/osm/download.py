"""Downloads the map of a place by its name, through osmnx."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from networks.errors import BadInput, EngineFailed
from networks.landing import landing_file

OVERPASS_VARIABLE, NOMINATIM_VARIABLE = "CITYTWIN_OVERPASS_URL", "CITYTWIN_NOMINATIM_URL"
_LARGEST_KM2 = 400.0


def download_place(place: str, out: Path, *, overpass_url: str | None = None, nominatim_url: str | None = None) -> Path:
    """Ask Nominatim where `place` is and Overpass for everything in its box; write it to `out` as an `.osm` file.

    The services are OpenStreetMap's public ones, or those of the arguments, or of the environment variables
    CITYTWIN_OVERPASS_URL and CITYTWIN_NOMINATIM_URL. Ways come with all their nodes.

    Raises:
        BadInput: Nobody knows the place, it has no area, or is larger than 400 km2.
        EngineFailed: A service does not answer or answers nonsense.
        StorageFailed: The disk is full or may not be written.
    """
    import osmnx
    import requests

    overpass = overpass_url or os.environ.get(OVERPASS_VARIABLE)
    nominatim = nominatim_url or os.environ.get(NOMINATIM_VARIABLE)
    before = {
        k: getattr(osmnx.settings, k) for k in ("overpass_url", "nominatim_url", "use_cache", "overpass_rate_limit")
    }
    osmnx.settings.use_cache = False
    if overpass:
        osmnx.settings.overpass_url, osmnx.settings.overpass_rate_limit = overpass, False
    if nominatim:
        osmnx.settings.nominatim_url = nominatim
    try:
        west, south, east, north = _box(place)
        from osmnx import _overpass

        query = f"[out:json][timeout:180];(node({south},{west},{north},{east});way({south},{west},{north},{east});>;"
        query += f"relation({south},{west},{north},{east}););out body;"
        answer = _overpass._overpass_request({"data": query})
    except (requests.RequestException, osmnx._errors.ResponseStatusCodeError, ValueError, KeyError) as error:
        raise EngineFailed(
            f"the map of {place!r} could not be downloaded: {error}",
            remedy=f"check the network, or set {OVERPASS_VARIABLE} and {NOMINATIM_VARIABLE} to services within reach",
        ) from error
    finally:
        for key, value in before.items():
            setattr(osmnx.settings, key, value)
    if not answer.get("elements"):
        raise BadInput(f"the map of {place!r} is empty", remedy="try the name of a larger area")
    out = Path(out)
    with landing_file(out) as beside:
        _write_osm(answer["elements"], (west, south, east, north), beside)
    return out


def _box(place: str) -> tuple[float, float, float, float]:
    import osmnx

    try:
        found = osmnx.geocode_to_gdf(place)
    except (osmnx._errors.InsufficientResponseError, TypeError) as error:
        raise BadInput(
            f"nobody knows the place {place!r}: {error}",
            expected="a place with an area, e.g. 'Monaco'",
            remedy="check the spelling",
        ) from error
    west, south, east, north = (round(float(v), 7) for v in found.total_bounds)
    area = (east - west) * (north - south) * 111.32**2 * 0.7
    if area > _LARGEST_KM2:
        raise BadInput(
            f"{place!r} covers about {area:.0f} km2",
            expected=f"at most {_LARGEST_KM2:.0f} km2",
            remedy="name a district, or download an extract and use: twin build FILE",
        )
    return west, south, east, north


def _write_osm(elements: list[dict[str, Any]], box: tuple[float, float, float, float], file: Path) -> None:
    """OSM XML with nodes, ways, relations in the order of their ids, as every reader expects."""
    west, south, east, north = box
    order = {"node": 0, "way": 1, "relation": 2}
    unique = {(order[e["type"]], e["id"]): e for e in elements if e.get("type") in order}
    with file.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="citytwin">\n')
        out.write(f'  <bounds minlat="{south}" minlon="{west}" maxlat="{north}" maxlon="{east}"/>\n')
        for key in sorted(unique):
            item = unique[key]
            place = f' lat="{item["lat"]}" lon="{item["lon"]}"' if item["type"] == "node" else ""
            out.write(f'  <{item["type"]} id="{item["id"]}" version="1"{place}>\n')
            out.writelines(f'    <nd ref="{ref}"/>\n' for ref in item.get("nodes", ()))
            for m in item.get("members", ()):
                out.write(f'    <member type="{m["type"]}" ref="{m["ref"]}" role={quoteattr(m.get("role", ""))}/>\n')
            for name, value in sorted(item.get("tags", {}).items()):
                out.write(f"    <tag k={quoteattr(name)} v={quoteattr(value)}/>\n")
            out.write(f"  </{item['type']}>\n")
        out.write("</osm>\n")
