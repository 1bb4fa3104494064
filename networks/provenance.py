"""Where a city's figures come from, by layer and column, and which of them are guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from networks.ground.terrain import Terrain
from networks.places.buildings import FLOOR_M2_PER_PERSON
from networks.places.zones import FLOOR_M2_PER_JOB
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import geopandas as gpd

ATTRIBUTION = "© OpenStreetMap contributors"
LICENCES = {"OpenStreetMap": "ODbL 1.0, https://www.openstreetmap.org/copyright"}
_IMPORTED = "OpenStreetMap"
_COLUMNS = {
    "edges.length_m": "netconvert, from OpenStreetMap geometry",
    "edges.lanes": "OpenStreetMap where lanes_source says osm, else guessed from the road class (SUMO's type tables)",
    "edges.cycle_lanes": "OpenStreetMap's cycleway tags",
    "edges.bicycle": "OpenStreetMap's bicycle and cycleway tags, else the road class",
    "edges.level": "OpenStreetMap's layer, else bridge and tunnel",
    "edges.speed_mps": "OpenStreetMap where speed_source says osm, else guessed from the road class (SUMO's tables)",
    "signals.geometry": "the middle of the junctions that the controller controls",
    "signals.plan_source": "guessed from the conflict matrix: legal stages, intergreens, time for people on foot",
    "walk_links.width_m": "OpenStreetMap where width_source says osm, else guessed by kind",
    "waterways.width_m": "OpenStreetMap where width_source says osm, else guessed by kind",
    "buildings.height_m": "OpenStreetMap where height_source says osm, else guessed from this city's median storeys",
    "buildings.population": f"guessed: {FLOOR_M2_PER_PERSON:.0f} m2 of floor per person, by use",
    "attractions.weight": "guessed, from kind and area",
    "car_parks.capacity": "OpenStreetMap where capacity_source says osm, else guessed from area",
    "gateways.direction": "derived: roads that the map's border cuts, and dead ends of main roads",
    "zones.population": "guessed: sum over buildings",
    "zones.jobs": f"guessed: {FLOOR_M2_PER_JOB:.0f} m2 of floor per job, by use",
    "zones.attraction": "guessed: sum over attractions",
    "zones.source": "grid: cells of 200 m, of our making",
    "zones.connectors": "derived: the nearest road edge that cars may use",
    "structures.clearance_m": "OpenStreetMap where clearance_source says osm, else guessed",
    "structures.width_m": "OpenStreetMap's width, else guessed from lanes or use",
    "structures.edges": "derived: edges made from its ways",
    "structures.crossed_by": "derived: edges that cross it on another level",
    "underpasses.lowest_m": "as profile_source says: measured, the terrain, or guessed from headroom and grades",
    "underpasses.depth_m": "derived from the profile",
    "underpasses.catchment_m2": "derived: ways of water on the terrain",
    "underpasses.pump_m3s": "measured where pump_source says so, else guessed from a design storm",
    "drains.capacity_mm_h": "as source says: stated or guessed, from the design storm of storm_source",
    "drains.return_period_y": "stated by whoever built the city, else guessed",
    "sensors.geometry": "guessed: plausible places, no real devices",
}
_LAYERS = {
    "underpasses": "derived from OpenStreetMap and the terrain",
    "drains": "derived from zones, streets and buildings",
    "drain_nodes": "the SWMM file that was given",
    "drain_links": "the SWMM file that was given",
}


def provenance(tables: Mapping[str, gpd.GeoDataFrame]) -> dict[str, dict[str, str]]:
    """Layer -> column -> where it comes from."""
    return {
        layer: {str(c): _COLUMNS.get(f"{layer}.{c}", _LAYERS.get(layer, _IMPORTED)) for c in table.columns}
        for layer, table in tables.items()
    }


def guesses(tables: Mapping[str, gpd.GeoDataFrame], terrain: Terrain | None) -> list[Sentence]:
    """Sentences that say what is guessed, with shares; nothing is said of empty layers."""
    said = []
    for layer, column, what, zh in (
        ("edges", "lanes_source", "lanes", "车道数"),
        ("edges", "speed_source", "speed limits", "限速"),
        ("walk_links", "width_source", "walking widths", "步行道宽度"),
        ("buildings", "height_source", "building heights", "建筑高度"),
        ("car_parks", "capacity_source", "car park capacities", "停车场泊位数"),
    ):
        table = tables[layer]
        count = int((table[column] == "guessed").sum())
        if count:
            said.append(say(f"{what}: {count} of {len(table)} guessed", f"{zh}：{len(table)}项中有{count}项为推测"))
    table = tables["signals"]
    count = int((table["plan_source"] == "guessed").sum())
    if count:
        said.append(
            say(
                f"signal plans: {count} of {len(table)} guessed from the conflict matrix with legal stages",
                f"信号配时方案：{len(table)}处中有{count}处由冲突矩阵推测，阶段合规",
            )
        )
    if len(tables["buildings"]):
        people = float(tables["zones"]["population"].sum())
        said.append(
            say(
                f"population: {people:.0f} people, guessed from building volume",
                f"人口：{people:.0f}人，由建筑体量推测",
            )
        )
        said.append(say("jobs: guessed from building volume", "就业岗位：由建筑体量推测"))
    if len(tables["attractions"]):
        said.append(say("attraction of places: guessed from kind and area", "场所吸引力：由类型与面积推测"))
    said.append(say("sensors: guessed positions, no real devices", "传感器：位置为推测，并非真实设备"))
    if terrain is not None:
        known = terrain.vertical_error_m == terrain.vertical_error_m
        error = say("; vertical error not known", "；高程误差未知")
        if known:
            error = say(
                f", RMSE {terrain.vertical_error_m:.2f} m ({terrain.error_source['en']})",
                f"，均方根误差{terrain.vertical_error_m:.2f}米（{terrain.error_source['zh']}）",
            )
        limits = say("", "")
        if terrain.screening:
            limits = say(
                "; for screening alone: relative susceptibility, no depths to rely on",
                "；仅供筛查：反映相对易涝程度，积水深度不可作为依据",
            )
        said.append(
            say(
                f"terrain: {terrain.source['en']}{error['en']}{limits['en']}",
                f"地形：{terrain.source['zh']}{error['zh']}{limits['zh']}",
            )
        )
    return said
