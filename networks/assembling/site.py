"""What every step of a build shares: the map, its plane and frame, and what was noted on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import Polygon

from networks.coordinates.driving_side import drives_left
from networks.coordinates.projection import Plane, utm_epsg
from networks.doubts import Doubt
from networks.imports.own_net import OwnNet
from networks.osm.extract import Extract
from networks.places.map_places import MapPlace
from networks.repairs import Repair


@dataclass
class Site:
    """What every step of a build shares.

    Attributes:
        extract: The map.
        plane: Degrees to metres.
        frame: The city's extent, m.
        left_hand: Driving on the left.
        notes: For the manifest.
        repairs: What was mended so far.
        doubts: What an engineer should look at.
        own: The net that the city is built from, if it is one's own.
        border_links: Ways out of the map are joined to ways in.
        places: What is remembered of places beside the layers.
    """

    extract: Extract
    plane: Plane
    frame: Polygon
    left_hand: bool
    notes: dict[str, Any]
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    own: OwnNet | None = None
    border_links: bool = True
    places: list[MapPlace] = field(default_factory=list)


def site_of(extract: Extract, own: OwnNet | None) -> Site:
    """The site of a map, or of one's own net with a map."""
    if own is not None:
        return Site(extract, Plane(extract.lonlat, own.plane.crs), own.frame, own.left_hand, {}, own=own)
    plane = Plane(extract.lonlat, utm_epsg(*extract.center_lonlat))
    left_hand = drives_left(*extract.center_lonlat)
    return Site(extract, plane, plane.frame(extract.box), left_hand, {})
