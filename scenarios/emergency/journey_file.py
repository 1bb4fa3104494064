"""Ways as GeoJSON, for any map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.landing import landing_file
from scenarios.emergency.ends import End
from scenarios.emergency.journey import Answer, Roads
from scenarios.emergency.moment import Moment
from scenarios.flooding.streets import Streets

if TYPE_CHECKING:
    from networks import City


def write_journeys(file: Path, roads: Roads, answer: Answer, start: End, end: End, moment: Moment) -> None:
    """Write one line for each way, the best first, the roads that water shuts, and both ends, in degrees (WGS 84).

    Raises:
        StorageFailed: It cannot be written.
    """
    city, streets = roads.city, Streets(roads.city)
    features = [_feature(city, _joined(city, one.edges), {
        "kind": "way", "rank": rank, "class": roads.vehicle.name, "time_s": round(one.time_s, 1),
        "length_m": round(one.length_m, 1), "signals": one.signals, "leaves": moment.later(0.0),
        "arrives": moment.later(one.time_s), "streets": streets.along(one.edges), "edges": list(one.edges),
    }) for rank, one in enumerate(answer.journeys, 1)]  # fmt: skip
    if roads.water is not None:
        edges, water = city.layer("edges"), roads.water
        for at in np.flatnonzero((water.chance >= roads.alarm) & (water.chance > 0.0)).tolist():
            told = {"kind": "shut", "edge_id": edges["edge_id"].iloc[at], "chance": round(float(water.chance[at]), 3)}
            told["shut_s"] = round(float(water.shut_s[at]), 0) if np.isfinite(water.shut_s[at]) else None
            features.append(_feature(city, edges.geometry.iloc[at], told))
    for kind, place in (("from", start), ("to", end)):
        from shapely.geometry import Point

        features.append(_feature(city, Point(place.x, place.y), {"kind": kind, "told": place.told}))
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False)
    with landing_file(file) as beside:
        beside.write_text(text + "\n", encoding="utf-8")


def _joined(city: City, ids: tuple[str, ...]) -> Any:
    from shapely.geometry import LineString

    edges = city.layer("edges")
    shapes = dict(zip(edges["edge_id"], edges.geometry, strict=True))
    points = [point for edge in ids for point in shapes[edge].coords]
    return LineString(points)


def _feature(city: City, shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    from pyproj import Transformer
    from shapely import transform
    from shapely.geometry import mapping

    if city.georeferenced:
        to_degrees = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)
        shape = transform(shape, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])).round(7))
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}
