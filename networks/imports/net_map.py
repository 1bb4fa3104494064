"""What a net and a map have to do with each other: the part of the map around the net, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from shapely import STRtree, contains_xy, prepare
from shapely.geometry import LineString, Point, Polygon

from networks.coordinates.projection import Plane
from networks.datasets import source_dataset
from networks.errors import BadMap
from networks.imports.own_net import OwnNet
from networks.migration import ADDED
from networks.osm.extract import Extract, Tags
from networks.roads.network import Roads
from networks.roads.source import RoadSource, drivable
from networks.sentence import Sentence, say

AROUND_M = 200.0
NEAR_M = 15.0
LEAST_AGREEMENT = 0.5
_STEP_M = 25.0
_SIGNAL_REACH_M = 45.0


def bare_extract(own: OwnNet) -> Extract:
    """A map without objects, for a net without a map."""
    return Extract(own.file, {}, [], [], [], own.plane.box(own.frame), "road network", "")


def framed(extract: Extract, own: OwnNet) -> Extract:
    """The map, told that it ends where the net ends.

    Raises:
        BadMap: The net has no geo reference, so nothing of a map can be placed on it.
    """
    if not own.plane.georeferenced:
        raise BadMap(
            "the network has no geo reference, so no map can be laid on it",
            file=own.file,
            place="<location projParameter>",
            expected="a projection such as +proj=utm +zone=32 ...",
            remedy="build it without --osm, or write it again with its projection",
        )
    return replace(extract, box=own.plane.box(own.frame), box_source="road network")


def around(extract: Extract, plane: Plane, frame: Polygon) -> Extract:
    """The map without nodes more than 200 m beyond the frame: ways that leave it are clipped there."""
    near = frame.buffer(AROUND_M, join_style="mitre")
    prepare(near)
    ids = list(extract.lonlat)
    if not ids:
        return extract
    inside = contains_xy(near, np.array([plane.xy[ref] for ref in ids]))
    return replace(extract, lonlat={ref: extract.lonlat[ref] for ref, ok in zip(ids, inside, strict=True) if ok})


def agreement(own: OwnNet, extract: Extract, plane: Plane) -> float:
    """Share of the net's length for cars that lies within 15 m of a road of the map."""
    roads = [
        LineString([plane.xy[ref] for ref in run])
        for way in extract.ways
        if drivable(way.tags)
        for run in extract.runs(way)
    ]
    if not roads:
        return 0.0
    tree = STRtree(roads)
    lines = [LineString(edge.shape) for edge in own.net.edges if "passenger" in edge.allows]
    steps = [
        line.interpolate(along)
        for line in lines
        for along in np.arange(_STEP_M / 2, max(line.length, _STEP_M), _STEP_M)
    ]
    near = tree.query(steps, predicate="dwithin", distance=NEAR_M)[0]
    return float(len(np.unique(near)) / len(steps))


def own_roads(own: OwnNet, extract: Extract, plane: Plane) -> Roads:
    """The net as the city's roads; what the map says of the ways that it was made from comes with it.

    Raises:
        BadMap: A map was given, and less than half of the net lies on its roads.
    """
    ways: dict[int, Tags] = {}
    signals: tuple[int, ...] = ()
    if extract.ways:
        share = agreement(own, extract, plane)
        if share < LEAST_AGREEMENT:
            raise BadMap(
                f"only {share:.0%} of the network lies on roads of the map",
                file=extract.file,
                expected="a map of the same place, and a network whose <location> is right",
                remedy="give another --osm file, or build without",
            )
        ways = {way.osm_id: way.tags for way in extract.ways}
        signals = tuple(
            node.osm_id
            for node in extract.nodes
            if node.tags.get("highway") == "traffic_signals" and own.frame.covers(Point(plane.xy[node.osm_id]))
        )
    return Roads(own.net, RoadSource(own.file, ways, {}, frozenset(), signals), own.gateways, 1.0)


def own_rows(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], roads: Roads, plane: Plane, frame: Polygon
) -> dict[str, list[dict[str, Any]]]:
    """Layers `edges`, `signals` and `buildings` of a city with a net of its own: sources told, cut at the frame."""
    imported = {"lanes_source": "imported", "speed_source": "imported"}
    prepare(frame)
    return {
        "edges": [{**row, **imported} for row in rows["edges"]],
        "signals": _signal_rows(roads, plane),
        "buildings": [dict(row) for row in rows["buildings"] if frame.intersects(row["geometry"])],
    }


def _signal_rows(roads: Roads, plane: Plane) -> list[dict[str, Any]]:
    """One row for each controller of the net, in the middle of its stop lines, with the map's signals within 45 m."""
    ends = {edge.edge_id: edge.shape[-1] for edge in roads.net.edges}
    lines: dict[str, list[tuple[float, float]]] = {}
    for link in roads.net.links:
        if link.tls_id:
            lines.setdefault(link.tls_id, []).append(ends[link.from_edge])
    places = {tls: Point(np.round(np.mean(at, axis=0), 3)) for tls, at in sorted(lines.items())}
    tree, near = STRtree(list(places.values())), {tls: list[str]() for tls in places}
    for node in roads.source.signal_nodes if places else ():
        found = int(tree.nearest(Point(plane.xy[node])))
        tls = list(places)[found]
        if places[tls].distance(Point(plane.xy[node])) <= _SIGNAL_REACH_M:
            near[tls].append(str(node))
    unknown = {name.partition(".")[2]: value for name, value in ADDED.items() if name.startswith("signals.")}
    told = {"kind": "junction", "plan_source": "imported"}
    return [
        {**unknown, **told, "tls_id": tls, "osm_nodes": " ".join(near[tls]), "geometry": place}
        for tls, place in places.items()
    ]


def net_manifest(about: Mapping[str, Any], own: OwnNet, extract: Extract) -> dict[str, Any]:
    """The manifest of a city with a net of its own: what is missing, whose it is, where each column comes from."""
    mapped = extract.file != own.file
    origins = {
        layer: {column: _origin(layer, column, mapped) for column in columns}
        for layer, columns in about["provenance"].items()
        if layer in ("edges", "signals", "gateways")
    }
    datasets = [source_dataset("roads", own.file, note="a SUMO network, kept byte for byte")]
    owner = "road network: given by the city's owner"
    source = {"file": own.file.name, "sha256": datasets[0]["sha256"], "data_date": extract.data_date}
    return {
        **about,
        "plan_source": "imported",
        "georeferenced": own.plane.georeferenced,
        "attribution": f"{about['attribution']}; {owner}" if mapped else owner.capitalize(),
        "licences": {**(about["licences"] if mapped else {}), "road network": "not stated in its file"},
        "source": source,
        "datasets": datasets + [one for one in about["datasets"] if mapped or one["name"] != "map"],
        "provenance": {**about["provenance"], **origins},
        "guesses": [*net_guesses(own, mapped), *about["guesses"]],
        "told": {"roads": net_guesses(own, mapped)},
    }


def net_guesses(own: OwnNet, mapped: bool) -> list[Sentence]:
    """What is missing or guessed in a city that was built from a net, with or without a map."""
    told = []
    if own.guessed_classes:
        count, total = own.guessed_classes, len(own.net.edges)
        told.append(
            say(
                f"road classes: {count} of {total} guessed from speed and lanes, the network does not say them",
                f"道路等级：{total}条路段中有{count}条由限速与车道数推测，路网文件未注明",
            )
        )
    if not own.plane.georeferenced:
        told.append(
            say(
                "the network has no geo reference: the city is drawn at 0 E, 0 N, and degrees mean nothing in it",
                "路网无地理参考：地图上城市位于经纬度零点，经纬度坐标在该城市中无意义",
            )
        )
    if not mapped:
        told.append(
            say(
                "built from a road network alone: no buildings, people, water, places and car parks; traffic enters "
                "and leaves at the rim; people walk along its roads, sidewalks guessed, and cross at junctions",
                "仅由路网构建：无建筑、人口、水体、场所与停车场；交通仅由路网边缘进出；"
                "行人沿道路行走、在路口过街，人行道宽度为估计",
            )
        )
    return told


def _origin(layer: str, column: str, mapped: bool) -> str:
    if layer == "signals" and column == "plan_source":
        return "imported: the plans in the network file"
    if column in ("bridge", "tunnel", "level", "osm_nodes"):
        return "OpenStreetMap, where the network names its ways" if mapped else "unknown: taken as none, without a map"
    if column == "highway":
        return "imported: the network's edge types; guessed from speed and lanes where it has none"
    if layer == "gateways" and column == "direction":
        return "derived: ends of roads at the network's rim"
    return "imported: the network file of the city's owner"
