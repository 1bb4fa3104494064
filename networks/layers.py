"""The layers of a city: this table is the single truth of every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """A column of a layer.

    Attributes:
        dtype: `str`, `int64`, `float64` or `bool`.
        unit: `m`, `m/s`, ... or "" where there is none.
        meaning: What it says, in a sentence.
    """

    dtype: str
    unit: str
    meaning: str


def _text(meaning: str) -> Column:
    return Column("str", "", meaning)


def _whole(meaning: str, unit: str = "") -> Column:
    return Column("int64", unit, meaning)


def _real(meaning: str, unit: str) -> Column:
    return Column("float64", unit, meaning)


def _flag(meaning: str) -> Column:
    return Column("bool", "", meaning)


_OSM_ID = _text("type and number in OpenStreetMap: n1, w1, r1")
_NAME = _text("the name on the map, empty where it has none")
_EDGE = _text("id of the nearest road edge that cars may use, no tunnel; empty where there is none")

LAYERS: Mapping[str, Mapping[str, Column]] = {
    "edges": {
        "edge_id": _text("id in roads.net.xml; rows keep that file's order"),
        "name": _NAME,
        "highway": _text("OpenStreetMap road class; outside: a fictional road beyond the border, no part of the city"),
        "lanes": _whole("lanes that motor vehicles may use"),
        "cycle_lanes": _whole("lanes for bicycles and e-bikes alone"),
        "speed_mps": _real("speed limit", "m/s"),
        "length_m": _real("length", "m"),
        "from_node": _text("junction where it begins"),
        "to_node": _text("junction where it ends"),
        "passenger": _flag("cars may use it"),
        "bus": _flag("buses may use it"),
        "emergency": _flag("ambulances may use it"),
        "bicycle": _flag("bicycles and e-bikes may use it"),
        "bridge": _flag("most of it is a bridge"),
        "tunnel": _flag("most of it is a tunnel"),
        "level": _whole("OpenStreetMap layer, 0 on the ground"),
        "lanes_source": _text("osm or guessed"),
        "speed_source": _text("osm or guessed"),
    },
    "signals": {
        "tls_id": _text("id of the signal controller in roads.net.xml"),
        "kind": _text("junction, crossing (of people or rails, between junctions) or ramp (a ramp meter)"),
        "plan_source": _text("where its plan comes from: guessed, osm, or a file"),
        "osm_nodes": _text("ids of the signal nodes that it stands for, space between"),
    },
    "walk_nodes": {"node_id": _whole("row number of the node")},
    "walk_links": {
        "link_id": _whole("row number of the link"),
        "from_node": _whole("node where it begins"),
        "to_node": _whole("node where it ends; links are walked both ways"),
        "length_m": _real("length", "m"),
        "width_m": _real("width that people can use", "m"),
        "kind": _text("footway, crossing, steps, square, path or sidewalk"),
        "width_source": _text("osm or guessed"),
        "crossing_edges": _text("ids of the road edges that a crossing crosses, space between"),
    },
    "buildings": {
        "osm_id": _OSM_ID,
        "height_m": _real("height above the ground", "m"),
        "height_source": _text("osm height, osm levels or guessed"),
        "min_height_m": _real("height of its underside above the ground, 0 where it stands on it", "m"),
        "levels": _real("storeys: floor area over ground area", ""),
        "use": _text("home, work, shop, school, health, hotel, culture, other or mixed"),
        "floor_area_m2": _real("floor area of all storeys and parts", "m2"),
        "population": _real("people living there, guessed from floor area", "people"),
    },
    "water": {"kind": _text("sea, lake, river, basin, ...")},
    "waterways": {
        "osm_id": _OSM_ID,
        "name": _NAME,
        "kind": _text("river, canal, stream, drain, ditch, ... or coastline (land on its left)"),
        "width_m": _real("width of the water, 0 for a coastline", "m"),
        "width_source": _text("osm or guessed"),
        "tunnel": _flag("it runs in a pipe or under the ground"),
    },
    "landuse": {"kind": _text("park, grass, residential, commercial, ...")},
    "attractions": {
        "osm_id": _OSM_ID,
        "name": _NAME,
        "kind": _text("museum, hotel, square, pier, park, ..."),
        "area_m2": _real("ground area, 0 for a point", "m2"),
        "weight": _real("share of the visitors it draws, relative, guessed", ""),
    },
    "facilities": {
        "osm_id": _OSM_ID,
        "name": _NAME,
        "kind": _text("hospital, clinic, fire_station, police or ambulance_station"),
        "edge_id": _EDGE,
    },
    "stops": {
        "osm_id": _OSM_ID,
        "name": _NAME,
        "kind": _text("bus, tram, subway, ferry, rail or aerialway"),
        "walk_node": _whole("nearest node of the walk graph, -1 where there is none"),
    },
    "car_parks": {
        "osm_id": _OSM_ID,
        "name": _NAME,
        "capacity": _whole("cars", "cars"),
        "capacity_source": _text("osm or guessed"),
        "edge_id": _EDGE,
    },
    "gateways": {
        "edge_id": _text("road edge that leaves or enters the map"),
        "direction": _text("in or out"),
        "highway": _text("OpenStreetMap road class"),
        "lanes": _whole("lanes"),
    },
    "zones": {
        "zone_id": _text("column and row of the grid, e.g. z03_07; or the id in an imported file"),
        "population": _real("people living there, guessed, or from an imported file", "people"),
        "jobs": _real("jobs, guessed from floor area, or from an imported file", "jobs"),
        "attraction": _real("visitors it draws, relative, guessed", ""),
        "walk_node": _whole("nearest node of the walk graph, -1 where there is none"),
        "edge_id": _EDGE,
        "source": _text("grid (of our making), imported (lies on the map) or outside (imported, beyond the map)"),
        "connectors": _text(
            "ids of the road edges where its car trips begin and end, space between; of a zone outside, gateways"
        ),
    },
    "sensors": {
        "sensor_id": _text("its id, also its name in feeds"),
        "kind": _text("detector, rain_gauge, gate_counter, ..."),
        "measures": _text("what it observes"),
        "unit": _text("unit of its results"),
        "period_s": _real("time between results", "s"),
        "edge_id": _text("road edge that it watches, empty where none"),
        "owner": _text("who runs it"),
        "source": _text("registered or guessed"),
    },
    "transit_stops": {
        "stop_id": _text("id in the timetable (GTFS stop_id)"),
        "name": _text("its name, empty where it has none"),
        "edge_id": _EDGE,
        "walk_node": _whole("nearest node of the walk graph, -1 where there is none"),
    },
    "transit_routes": {
        "route_id": _text("id in the timetable (GTFS route_id) and direction, e.g. 4/0"),
        "name": _text("short name, or the long one"),
        "mode": _text(
            "tram, subway, rail, bus, ferry, cable_tram, aerial_lift, funicular, trolleybus, monorail, other"
        ),
        "headway_s": _real("time between departures in its busiest hour of the busiest day; -1 where it has none", "s"),
        "day": _text("that day, YYYY-MM-DD"),
        "stops": _text("ids of its stops on the map in their order, on its most frequent course, as a JSON list"),
        "edges": _text("ids of the road edges that a bus follows, in order, space between; empty where not matched"),
    },
    "cameras": {
        "camera_id": _text("its id"),
        "name": _NAME,
        "heading_deg": _real("where it looks, clockwise from north; -1 where nobody said", "degree"),
        "field_of_view_deg": _real("how wide it looks; 360 all round", "degree"),
        "range_m": _real("how far it shows what happens on a street", "m"),
        "stream": _text("address of its picture, empty where none is known"),
        "owner": _text("who runs it"),
        "source": _text("registered or osm"),
    },
    "structures": {
        "structure_id": _text("kind and lowest way, e.g. bridge_w12"),
        "osm": _text("its ways on the map, space between"),
        "name": _NAME,
        "kind": _text("bridge, tunnel, underpass or passage (through or beneath a building at ground level)"),
        "use": _text("what runs on or in it: road, foot, rail or water"),
        "level": _whole("layer in OpenStreetMap; 1 on a bridge, -1 in a tunnel where the map says none"),
        "length_m": _real("length of its axes", "m"),
        "width_m": _real("width, from lanes or use where the map says none", "m"),
        "clearance_m": _real("headroom over the road in it, or beneath a bridge; 0 where no road needs any", "m"),
        "clearance_source": _text("osm, guessed or none"),
        "edges": _text("ids of the road edges on or in it, space between"),
        "crossed_by": _text("ids of the road edges beneath a bridge or above a tunnel, space between"),
    },
    "underpasses": {
        "underpass_id": _text("underpass_w and its lowest way"),
        "osm": _text("its covered ways on the map, space between"),
        "name": _NAME,
        "kind": _text("underpass, sag_tunnel (longer, only ramps and mouths are in the terrain) or dip"),
        "edges": _text("ids of the road edges through it, ramps included, space between"),
        "lowest_m": _real("height of the road's lowest point, which is the geometry", "m"),
        "depth_m": _real("how deep water stands there before it runs off over the ground", "m"),
        "covered_m": _real("length beneath the roof", "m"),
        "ramp_lengths_m": _text("length of each way down, m, space between"),
        "ramp_grades": _text("mean grade of each way down, rise over run, space between"),
        "clearance_m": _real("headroom", "m"),
        "catchment_m2": _real("ground and roofs that drain into it", "m2"),
        "pump_m3s": _real("what its pumps lift", "m3/s"),
        "profile_source": _text("measured, guessed (headroom and grades) or terrain"),
        "clearance_source": _text("osm or guessed"),
        "catchment_source": _text("terrain, or screening where the terrain is good for relative statements alone"),
        "pump_source": _text("measured or guessed"),
    },
    "drains": {
        "zone_id": _text("the zone, which is the geometry"),
        "capacity_mm_h": _real("what the drains take there; 0 where there are none", "mm/h"),
        "return_period_y": _real("the storm that they were designed for comes once in so many years", "years"),
        "source": _text("stated, guessed, or derived (no street and no building: no drains)"),
        "storm_source": _text("where the storm's intensity comes from"),
    },
    "drain_nodes": {
        "node_id": _text("its name in the SWMM file"),
        "kind": _text("junction, outfall, storage or divider"),
        "invert_m": _real("height of its bottom", "m"),
        "depth_m": _real("from its bottom to the ground, 0 where the file says none", "m"),
        "catchment_m2": _real("area of the subcatchments that drain into it", "m2"),
    },
    "drain_links": {
        "link_id": _text("its name in the SWMM file"),
        "kind": _text("conduit, pump, orifice, weir or outlet"),
        "from_node": _text("node where it begins"),
        "to_node": _text("node where it ends"),
        "length_m": _real("length", "m"),
        "shape": _text("SWMM's word for its cross-section, none where it has none"),
        "height_m": _real("height of its cross-section, 0 where the shape has none", "m"),
        "roughness": _real("Manning's n of a conduit, else 0", "s/m^(1/3)"),
    },
    "repairs": {
        "rule": _text("the rule that changed what the map or the converter said"),
        "osm": _text("objects on the map: n1, w1, r1, space between; empty where there is none"),
        "net": _text("edge, junction or signal in roads.net.xml; empty where it is about something else"),
        "why_en": _text("the reason, in English"),
        "why_zh": _text("the reason, in Chinese"),
        "before": _text("what was there"),
        "after": _text("what is there now"),
    },
    "doubts": {
        "kind": _text("what sort of doubt"),
        "osm": _text("objects on the map: n1, w1, r1, space between; empty where there is none"),
        "net": _text("edge, junction, signal or layer row; empty where it is about something else"),
        "what_en": _text("what is doubtful, in English"),
        "what_zh": _text("what is doubtful, in Chinese"),
        "remedy_en": _text("what would settle it, in English"),
        "remedy_zh": _text("what would settle it, in Chinese"),
        "influence": _real("how much results may hang on it, 0 to 1", ""),
    },
}


TABLES: Mapping[str, Mapping[str, Column]] = {
    "od": {
        "origin": _text("zone where the trips begin"),
        "destination": _text("zone where they end"),
        "trips": _real("trips in the period", "trips"),
        "begin_s": _real("begin of the period, after local midnight", "s"),
        "end_s": _real("end of the period, after local midnight", "s"),
        "vclass": _text("car, truck, ... as in the imported file"),
    },
    "timetable": {
        "route_id": _text("id of the layer transit_routes"),
        "trip": _text("GTFS trip_id; of trips repeated by frequencies.txt, the departure's number behind a #"),
        "stop_id": _text("id of the layer transit_stops"),
        "sequence": _whole("place of the stop among those on the map, from 0"),
        "second": _real("planned departure on the busiest day, after local midnight, beyond 86400 for the night", "s"),
    },
}
"""Tables without geometry, which a city only has when they were imported: `tables/NAME.parquet`."""


def make_table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table of TABLES with exactly its columns, in their order and types.

    Raises:
        KeyError: A column is missing.
    """
    return table[list(TABLES[name])].astype(
        {key: column.dtype if column.dtype != "str" else "object" for key, column in TABLES[name].items()}
    )


def make_layer(name: str, rows: Sequence[Mapping[str, Any]], crs: str) -> gpd.GeoDataFrame:
    """A layer's table with exactly its columns and types, also when `rows` is empty.

    Raises:
        ValueError: A row lacks a column or brings one that the table does not know.
    """
    import geopandas as gpd
    import pandas as pd

    columns = LAYERS[name]
    wanted = {*columns, "geometry"}
    for row in rows:
        if set(row) != wanted:
            raise ValueError(f"layer {name}: a row has {sorted(set(row) ^ wanted)} too much or too little")
    data = {
        key: pd.Series([row[key] for row in rows], dtype=column.dtype if column.dtype != "str" else "object")
        for key, column in columns.items()
    }
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=crs), crs=crs)


def write_layer(table: gpd.GeoDataFrame, file: Path) -> None:
    """Write a layer's table as the build does: the same table gives the same bytes."""
    table.to_parquet(file, index=False, compression="zstd", write_covering_bbox=False)
