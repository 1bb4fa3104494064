"""Water and land use: the sea from the coastline, lakes and basins, parks and quarters."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from shapely import contains_xy, get_coordinates, multipoints, set_precision, union_all
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, nearest_points, polygonize

from networks.coordinates.projection import Plane
from networks.osm.areas import Areas, as_area
from networks.osm.extract import Extract, Tags
from networks.osm.values import read_length

_RIVER_WIDTH_M = {"river": 12.0, "canal": 8.0, "stream": 2.0, "drain": 1.0, "ditch": 1.0}
_OTHER_LINES = ("coastline", "tidal_channel", "wadi", "dam", "weir", "pressurised")
_PARKS = {"park": "park", "garden": "garden", "pitch": "pitch", "playground": "playground"}
_NATURAL = {
    "wood": "wood",
    "scrub": "scrub",
    "heath": "heath",
    "wetland": "wetland",
    "beach": "beach",
    "bare_rock": "rock",
}


def coastlines(extract: Extract, plane: Plane) -> list[LineString]:
    """Coastlines as lines with the land on their left, joined where they meet."""
    lines = [
        LineString([plane.xy[n] for n in run])
        for way in extract.ways
        if way.tags.get("natural") == "coastline"
        for run in extract.runs(way)
    ]
    if not lines:
        return []
    merged = linemerge(lines, directed=True)
    return [merged] if merged.geom_type == "LineString" else list(merged.geoms)


def sea_polygons(lines: list[LineString], frame: Polygon, settled: MultiPoint) -> list[Polygon]:
    """The sea inside `frame`, from coastlines (land on the left, water on the right, as OpenStreetMap draws them).

    Lines that end inside the frame are led to its nearest point, as in a clipped extract. Each face between lines and
    frame is sea when most of the coast along it has the face on its right, unless it holds more than a tenth of the
    `settled` points: then the extract lacks the coast between them and the sea.
    """
    inside = [part for line in lines for part in _lines(line.intersection(frame))]
    inside = [_to_border(line, frame) for line in inside if line.length > 0]
    if not inside:
        return []
    faces = polygonize(union_all([*inside, frame.exterior]))
    most = 0.1 * len(settled.geoms)
    return [
        face
        for face in faces
        if _right_share(face, inside) > 0 and int(contains_xy(face, get_coordinates(settled)).sum()) <= most
    ]


def settled_points(extract: Extract, plane: Plane) -> MultiPoint:
    """Corners of buildings and points of streets off bridges: they stand on land."""
    refs = {
        ref: None
        for way in extract.ways
        if ("highway" in way.tags and way.tags.get("bridge", "no") == "no") or "building" in way.tags
        for ref in way.nodes
        if ref in plane.xy
    }
    return multipoints(np.array([plane.xy[ref] for ref in refs]).reshape(-1, 2))


def _lines(shape: BaseGeometry) -> list[LineString]:
    if shape.geom_type == "LineString":
        return [shape]
    parts = [p for p in getattr(shape, "geoms", []) if p.geom_type == "LineString"]
    if len(parts) < 2:
        return parts
    merged = linemerge(parts, directed=True)
    return [merged] if merged.geom_type == "LineString" else list(merged.geoms)


def _to_border(line: LineString, frame: Polygon) -> LineString:
    """The line with its loose ends led a little past the frame's nearest point."""
    points = list(line.coords)
    if points[0] == points[-1]:
        return line
    for end in (0, -1):
        here = Point(points[end])
        border = nearest_points(frame.exterior, here)[0]
        gap = here.distance(border)
        if gap > 1e-6:
            stretch = (gap + 0.05) / gap
            beyond = (here.x + (border.x - here.x) * stretch, here.y + (border.y - here.y) * stretch)
            points = [beyond, *points] if end == 0 else [*points, beyond]
    return LineString(points)


def _right_share(face: Polygon, lines: list[LineString]) -> float:
    """Length of coast with the face on its right minus that with the face on its left (m)."""
    near = face.buffer(0.5)
    score = 0.0
    for line in lines:
        if not line.intersects(near):
            continue
        points = list(line.coords)
        for (x0, y0), (x1, y1) in pairwise(points):
            length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
            if length < 1e-6:
                continue
            mx, my, ox, oy = (x0 + x1) / 2, (y0 + y1) / 2, (y1 - y0) / length * 0.2, -(x1 - x0) / length * 0.2
            if face.contains(Point(mx + ox, my + oy)):
                score += length
            if face.contains(Point(mx - ox, my - oy)):
                score -= length
    return score


def water_rows(extract: Extract, areas: Areas, plane: Plane, frame: Polygon) -> list[dict[str, Any]]:
    """Rows of the layer `water`, cut at the frame: sea, standing water, rivers and streams that are not in pipes."""
    rows: list[dict[str, Any]] = []

    def add(kind: str, shape: BaseGeometry) -> None:
        cut = as_area(shape.intersection(frame))
        if cut is not None and cut.area >= 1.0:
            rows.append({"kind": kind, "geometry": cut})

    for face in sea_polygons(coastlines(extract, plane), frame, settled_points(extract, plane)):
        add("sea", face)
    for area in areas.having("natural", "waterway", "landuse", "leisure"):
        tags = area.tags
        if tags.get("natural") == "water" or tags.get("waterway") == "riverbank":
            add(tags.get("water", "lake"), area.shape)
        elif tags.get("landuse") in ("basin", "reservoir", "pond"):
            add("basin", area.shape)
    for row in waterway_rows(extract, plane, frame):
        if row["kind"] in _RIVER_WIDTH_M and not row["tunnel"]:
            add(row["kind"], row["geometry"].buffer(row["width_m"] / 2))
    return rows


def waterway_rows(extract: Extract, plane: Plane, frame: Polygon) -> list[dict[str, Any]]:
    """Rows of the layer `waterways`: streams and coastlines as lines in the direction of the map, cut at the frame."""
    rows: list[dict[str, Any]] = []
    for way in extract.ways:
        kind = "coastline" if way.tags.get("natural") == "coastline" else way.tags.get("waterway", "")
        if kind not in _RIVER_WIDTH_M and kind not in _OTHER_LINES:
            continue
        width, source = _water_width(way.tags, kind)
        lines = [LineString([plane.xy[n] for n in run]) for run in extract.runs(way)]
        for line in (part for whole in lines for part in _lines(whole.intersection(frame)) if part.length > 0):
            rows.append(
                {
                    "osm_id": f"w{way.osm_id}",
                    "name": way.tags.get("name", ""),
                    "kind": kind,
                    "width_m": width,
                    "width_source": source,
                    "tunnel": way.tags.get("tunnel", "no") != "no" or way.tags.get("location") == "underground",
                    "geometry": set_precision(line, 0.001),
                }
            )
    return rows


def _water_width(tags: Tags, kind: str) -> tuple[float, str]:
    """(Width m, source)."""
    if kind == "coastline":
        return 0.0, "osm"
    stated = read_length(tags.get("width"), least=0.1, most=5000.0).value
    return (_RIVER_WIDTH_M.get(kind, 1.0), "guessed") if stated is None else (round(stated, 3), "osm")


def landuse_rows(areas: Areas, frame: Polygon) -> list[dict[str, Any]]:
    """Rows of the layer `landuse`, cut at the frame, large areas first so that small ones are drawn on top."""
    rows: list[dict[str, Any]] = []
    for area in areas.having("landuse", "leisure", "natural"):
        tags = area.tags
        kind = _PARKS.get(tags.get("leisure", "")) or _NATURAL.get(tags.get("natural", "")) or tags.get("landuse")
        if kind is None or kind in ("basin", "reservoir", "pond") or "building" in tags:
            continue
        cut = as_area(set_precision(area.shape.intersection(frame), 0.001))
        if cut is not None:
            rows.append({"kind": kind, "geometry": cut})
    return sorted(rows, key=lambda row: -row["geometry"].area)
