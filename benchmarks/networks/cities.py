"""The cities measured, and their drivable streets read straight from OSM."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from networks import demo_extract
from networks.coordinates.driving_side import drives_left
from networks.coordinates.projection import Plane, utm_epsg
from networks.osm.extract import Extract, read_osm

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CITYTWIN_DATA", ROOT.parent / "shared" / "data"))
STEP_M = 5.0
_ROADS = frozenset(["unclassified", "residential", "living_street", "service", "road"])
_LINKED = frozenset(["motorway", "trunk", "primary", "secondary", "tertiary"])
_CARS = _ROADS | _LINKED | {f"{kind}_link" for kind in _LINKED}
_CLOSED = {"no", "private", "delivery", "agricultural", "forestry", "military", "permit", "customers;private"}


def files() -> dict[str, Path]:
    """City name -> OSM file."""
    osm = DATA / "osm"
    found = {"helsinki": Path(demo_extract())}
    found |= {"monaco": osm / "monaco.osm.pbf", "shanghai": osm / "shanghai_center.osm.gz"}
    return found


@dataclass(frozen=True)
class Streets:
    """What cars may drive according to OSM alone, sampled every `STEP_M` metres in each allowed direction.

    Attributes:
        extract, epsg, left_hand: The map.
        xy: (n, 2) sampled points in metres.
        heading: (n,) direction of driving, radians.
        way: (n,) OSM way of each point.
        weight: (n,) metres that a point stands for.
        first: (n,) True for the first of a way's directions.
        lanes: Way -> its `lanes` tag where that is a number.
        signals: (m, 2) nodes highway=traffic_signals on these ways.
        crossings: (k, 2) nodes that are crossings, signals for walkers included.
    """

    extract: Extract
    epsg: str
    left_hand: bool
    xy: np.ndarray
    heading: np.ndarray
    way: np.ndarray
    weight: np.ndarray
    first: np.ndarray
    lanes: dict[int, int]
    signals: np.ndarray
    crossings: np.ndarray

    @property
    def length_m(self) -> float:
        """Metres of way, each counted once however many directions it has."""
        return float(self.weight[self.first].sum())

    @property
    def driven_m(self) -> float:
        """Metres of way, those of both directions counted twice."""
        return float(self.weight.sum())


def for_cars(tags: dict[str, str]) -> bool:
    """Whether OSM lets the public drive here; driveways and parking aisles count where they are not private."""
    if tags.get("highway") not in _CARS or tags.get("area") == "yes":
        return False
    access = next((tags[k] for k in ("motorcar", "motor_vehicle", "vehicle", "access") if k in tags), "yes")
    return access not in _CLOSED


def read_streets(file: Path) -> Streets:
    """Sample the drivable streets of an OSM file inside its frame."""
    extract = read_osm(file)
    epsg = utm_epsg(*extract.center_lonlat)
    plane = Plane(extract.lonlat, epsg)
    west, south, east, north = extract.box
    points: list[tuple[float, float, float, int, float, bool]] = []
    lanes: dict[int, int] = {}
    on_road: set[int] = set()
    for way in extract.ways:
        if not for_cars(way.tags):
            continue
        if way.tags.get("lanes", "").isdigit() and int(way.tags["lanes"]) > 0:
            lanes[way.osm_id] = int(way.tags["lanes"])
        on_road.update(way.nodes)
        for directions, reverse in _directions(way.tags):
            for run in extract.runs(way):
                refs = run[::-1] if reverse else run
                for a, b in pairwise(refs):
                    (x0, y0), (x1, y1) = plane.xy[a], plane.xy[b]
                    (lon0, lat0), (lon1, lat1) = extract.lonlat[a], extract.lonlat[b]
                    length = float(np.hypot(x1 - x0, y1 - y0))
                    count = max(1, round(length / STEP_M))
                    for i in range(count):
                        t = (i + 0.5) / count
                        lon, lat = lon0 + t * (lon1 - lon0), lat0 + t * (lat1 - lat0)
                        if west <= lon <= east and south <= lat <= north:
                            heading = float(np.arctan2(y1 - y0, x1 - x0))
                            at = (x0 + t * (x1 - x0), y0 + t * (y1 - y0))
                            points.append((*at, heading, way.osm_id, length / count, directions == 0))
    signals = [
        plane.xy[n.osm_id] for n in extract.nodes if n.tags.get("highway") == "traffic_signals" and n.osm_id in on_road
    ]
    crossings = [
        plane.xy[n.osm_id] for n in extract.nodes if n.tags.get("highway") == "crossing" or "crossing" in n.tags
    ]
    table = np.array([p[:5] for p in points])
    return Streets(
        extract=extract,
        epsg=epsg,
        left_hand=drives_left(*extract.center_lonlat),
        xy=table[:, :2],
        heading=table[:, 2],
        way=table[:, 3].astype(np.int64),
        weight=table[:, 4],
        first=np.array([p[5] for p in points]),
        lanes=lanes,
        signals=np.array(signals).reshape(-1, 2),
        crossings=np.array(crossings).reshape(-1, 2),
    )


def _directions(tags: dict[str, str]) -> list[tuple[int, bool]]:
    """(number, against the way's nodes?) of each direction that cars may drive."""
    oneway = tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return [(0, True)]
    ring = tags.get("junction") in ("roundabout", "circular") or tags["highway"] in ("motorway", "motorway_link")
    if oneway in ("yes", "true", "1") or (ring and oneway not in ("no", "false", "0")):
        return [(0, False)]
    return [(0, False), (1, True)]
