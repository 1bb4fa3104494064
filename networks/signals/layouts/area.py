"""Signals that somebody names: one by one, or by a circle on the map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from networks.coordinates.net_plane import net_plane
from networks.errors import BadInput
from networks.safe_xml import read_xml
from networks.signals.layouts.layout import Layout, read_layouts

_EXPECTED = "ID,ID,... or LON,LAT,RADIUS_M (X,Y,RADIUS_M in the metres of a network without geo reference)"


def read_area(words: str, net_file: Path) -> tuple[str, ...]:
    """The signals of an area in a SUMO network, sorted.

    Args:
        words: Signals by their ids; or three numbers that are not all ids, a circle: longitude and latitude in degrees
            (WGS 84) and a radius in m. In a network without geo reference, and where they are no degrees, the first two
            are the network's own x and y in m.
        net_file: The network.

    Raises:
        BadInput: No signal lies in the circle, its radius is not above 0, or the words are neither.
    """
    parts = [part.strip() for part in words.split(",") if part.strip()]
    layouts = read_layouts(net_file)
    circle = _numbers(parts)
    if circle is None or all(part in layouts for part in parts):
        return tuple(sorted(set(parts)))
    x, y, radius_m = circle
    if radius_m <= 0:
        raise BadInput(f"a circle of {radius_m:g} m", place="--area", expected="a radius above 0 m")
    at = _in_net(net_file, x, y)
    places = {tls: middle_of(layout) for tls, layout in layouts.items()}
    found = tuple(sorted(tls for tls, place in places.items() if math.dist(place, at) <= radius_m))
    if not found:
        raise BadInput(
            f"no signal lies within {radius_m:g} m of {x:g}, {y:g}",
            file=net_file,
            place="--area",
            expected=_EXPECTED,
            remedy=_nearest(places, at),
        )
    return found


def middle_of(layout: Layout) -> tuple[float, float]:
    """The middle of a signal's stop lines, in the network's metres."""
    points = [movement.path[0] for movement in layout.movements]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _numbers(parts: list[str]) -> tuple[float, float, float] | None:
    try:
        x, y, radius_m = (float(part) for part in parts)
    except ValueError:
        return None
    return (x, y, radius_m) if all(map(math.isfinite, (x, y, radius_m))) else None


def _in_net(net_file: Path, x: float, y: float) -> tuple[float, float]:
    """A point in the network's own metres."""
    location = read_xml(net_file, roots=("net",)).find("location")
    said = {} if location is None else location.attrib
    projection = said.get("projParameter", "!").strip()
    if projection in ("!", "-", "") or abs(x) > 180 or abs(y) > 90:
        return x, y
    from pyproj import Transformer

    offset = [float(part) for part in said.get("netOffset", "0,0").split(",")]
    low_x, low_y, high_x, high_y = (float(part) for part in said.get("convBoundary", "0,0,0,0").split(","))
    try:
        plane = net_plane(projection, (offset[0], offset[1]), ((low_x + high_x) / 2, (low_y + high_y) / 2))
    except ValueError as error:
        raise BadInput(
            f"its projection cannot be used: {error}",
            file=net_file,
            place="<location projParameter netOffset>",
            remedy="name the signals one by one, or give the network's own x and y",
        ) from error
    east, north = Transformer.from_crs("EPSG:4326", plane.crs, always_xy=True).transform(x, y)
    return float(east), float(north)


def _nearest(places: Mapping[str, tuple[float, float]], at: tuple[float, float]) -> str:
    near = min(places, key=lambda tls: (math.dist(places[tls], at), tls), default="")
    return f"the nearest, {near}, is {math.dist(places[near], at):.0f} m away" if near else "it has no signal at all"
