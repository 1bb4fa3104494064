"""The rows of a city's layers, as its map gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapely import union_all

from networks.assembling.site import Site
from networks.imports.net_map import around, own_rows
from networks.osm.areas import Areas
from networks.places.buildings import building_rows
from networks.places.cameras import camera_rows
from networks.places.destinations import (
    NearestEdge,
    NearestNode,
    all_places,
    attraction_rows,
    car_park_rows,
    facility_rows,
    stop_rows,
)
from networks.places.land import landuse_rows, water_rows, waterway_rows
from networks.places.map_places import map_places
from networks.places.zones import sensor_rows, zone_rows
from networks.roads.net_file import OUTSIDE
from networks.roads.network import Roads, edge_rows, gateway_rows, signal_rows
from networks.walking.graph import build_walk, walk_doubts
from networks.walking.of_roads import walk_of_roads

Rows = list[dict[str, Any]]


def assemble_rows(site: Site, roads: Roads, tell: Callable[[str], None]) -> dict[str, Rows]:
    """Rows of all layers but those of the terrain, of transit and of the checks; notes and doubts go to the site."""
    extract, plane, frame = site.extract, site.plane, site.frame
    tell("assembling buildings, water and land use")
    areas = Areas(extract, plane)
    rows: dict[str, Rows] = {
        "edges": edge_rows(roads),
        "gateways": gateway_rows(roads),
        "signals": signal_rows(roads),
        "buildings": building_rows(areas),
        "water": water_rows(extract, areas, plane, frame),
        "waterways": waterway_rows(extract, plane, frame),
        "landuse": landuse_rows(areas, frame),
    }
    if site.own is not None:
        rows |= own_rows(rows, roads, plane, frame)
    tell("weaving the walk graph")
    paths = around(extract, plane, frame) if site.own else extract
    bare = site.own is not None and extract.file == site.own.file
    walk = walk_of_roads(roads.streets) if bare else build_walk(paths, plane, roads.streets, roads.source.ways)
    rows |= {"walk_nodes": walk.nodes, "walk_links": walk.links}
    site.doubts += walk_doubts(walk)
    tell("placing destinations, zones and sensors")
    tunnels = {e["edge_id"] for e in rows["edges"] if e["tunnel"]}
    near_edge, near_node = NearestEdge(roads.streets, tunnels), NearestNode(walk.nodes)
    places = all_places(extract, areas, plane, frame)
    site.places = map_places(places)
    rows |= {
        "attractions": attraction_rows(places),
        "facilities": facility_rows(places, near_edge),
        "stops": stop_rows(places, near_node),
        "car_parks": car_park_rows(places, near_edge),
    }
    land = frame.difference(union_all([w["geometry"] for w in rows["water"] if w["kind"] == "sea"]))
    rows["zones"] = zone_rows(frame, rows["buildings"], rows["attractions"], land, near_edge, near_node)
    rows["cameras"] = camera_rows(places)
    streets = [e for e in rows["edges"] if e["highway"] != OUTSIDE]
    rows["sensors"] = sensor_rows(streets, rows["signals"], rows["attractions"], frame)
    site.notes = {
        "ways": len(extract.ways),
        "clipped_ways": sum(not extract.whole(way) for way in extract.ways),
        "incomplete_multipolygons": areas.incomplete,
        "road_length_kept_share": round(roads.kept_share, 4),
        "walk_length_left_out_m": round(walk.dropped_m, 1),
        "osm_signal_nodes_on_roads": len(roads.source.signal_nodes),
    }
    return rows
