"""Zones: a 200 m grid that sums up people, jobs and attraction; and sensors at guessed places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapely import STRtree, prepare
from shapely.geometry import Point, Polygon, box

from networks.osm.areas import as_area, inner_point
from networks.places.destinations import NearestEdge, NearestNode

ZONE_M = 200.0
FLOOR_M2_PER_JOB = 30.0
"""Gross floor area per job, m2: a guess, near the 20-40 of office and mixed use."""
_JOB_SHARE = {"work": 0.8, "shop": 0.5, "school": 0.35, "health": 0.6, "hotel": 0.15, "culture": 0.2, "mixed": 0.45}
_JOB_SHARE |= {"other": 0.1}
Rows = list[dict[str, Any]]


def zone_rows(
    frame: Polygon, buildings: Rows, attractions: Rows, land: Polygon, edges: NearestEdge, nodes: NearestNode
) -> Rows:
    """Rows of the layer `zones`: cells of the grid cut at the frame, on dry land, in rows from the south west."""
    west, south, east, north = frame.bounds
    dry = frame.intersection(land)
    prepare(dry)
    homes = STRtree([inner_point(b["geometry"]) for b in buildings])
    draws = STRtree([a["geometry"] for a in attractions])
    rows: Rows = []
    for row in range(int((north - south) // ZONE_M) + 1):
        for column in range(int((east - west) // ZONE_M) + 1):
            x, y = west + column * ZONE_M, south + row * ZONE_M
            cell = box(x, y, x + ZONE_M, y + ZONE_M)
            shape = as_area(cell if dry.contains(cell) else cell.intersection(dry)) if dry.intersects(cell) else None
            if shape is None or shape.area < 400.0:
                continue
            inside = [buildings[i] for i in sorted(homes.query(cell, predicate="contains"))]
            seen = [attractions[i] for i in sorted(draws.query(cell, predicate="contains"))]
            middle = inner_point(shape)
            edge = edges.to(middle)
            rows.append(
                {
                    "zone_id": f"z{column:02d}_{row:02d}",
                    "population": round(sum(b["population"] for b in inside), 2),
                    "jobs": round(sum(jobs_in(b) for b in inside), 2),
                    "attraction": round(sum(a["weight"] for a in seen), 3),
                    "walk_node": nodes.to(middle),
                    "edge_id": edge,
                    "source": "grid",
                    "connectors": edge,
                    "geometry": shape,
                }
            )
    return rows


def jobs_in(building: Mapping[str, Any]) -> float:
    """Jobs in a building (a row of the layer `buildings`), guessed from its floor area and use."""
    share = _JOB_SHARE.get(str(building["use"]), 0.0)
    return float(building["floor_area_m2"]) * share / FLOOR_M2_PER_JOB


_WATCHED = ("motorway", "trunk", "primary", "secondary", "tertiary")


def sensor_rows(edge_rows: Rows, signals: Rows, attractions: Rows, frame: Polygon, most: int = 40) -> Rows:
    """Rows of the layer `sensors`, all guessed: where a city would put them, not where it has.

    Loop detectors on the longest approaches of main roads to signals (or of main roads at all, where there are no
    signals), one rain gauge in the middle, gate counters at the attractions that draw most.
    """
    near = STRtree([s["geometry"] for s in signals])
    main = [e for e in edge_rows if str(e["highway"]).removesuffix("_link") in _WATCHED and e["passenger"]]

    def at_signal(edge: dict[str, Any]) -> bool:
        end = Point(edge["geometry"].coords[-1])
        return not signals or bool(len(near.query(end.buffer(40.0), predicate="intersects")))

    approaches = [e for e in main if float(e["length_m"]) >= 30.0 and at_signal(e)]
    chosen = sorted(approaches, key=lambda e: (-int(e["lanes"]), -float(e["length_m"]), e["edge_id"]))[:most]
    rows = [
        _sensor(
            f"det-{i:03d}", "detector", "vehicles", "veh", 60.0, str(e["edge_id"]),
            e["geometry"].interpolate(0.7, normalized=True),
        )
        for i, e in enumerate(sorted(chosen, key=lambda e: str(e["edge_id"])))
    ]  # fmt: skip
    rows.append(_sensor("rain-000", "rain_gauge", "rain intensity", "mm/h", 60.0, "", frame.centroid))
    big = sorted(attractions, key=lambda a: (-float(a["weight"]), str(a["osm_id"])))[:8]
    for i, place in enumerate(big):
        rows.append(_sensor(f"gate-{i:03d}", "gate_counter", "visitors leaving", "people", 60.0, "", place["geometry"]))
    return rows


def _sensor(
    sensor_id: str, kind: str, measures: str, unit: str, period_s: float, edge_id: str, point: Point
) -> dict[str, Any]:
    return {
        "sensor_id": sensor_id,
        "kind": kind,
        "measures": measures,
        "unit": unit,
        "period_s": period_s,
        "edge_id": edge_id,
        "owner": "",
        "source": "guessed",
        "geometry": Point(round(point.x, 3), round(point.y, 3)),
    }
