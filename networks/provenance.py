"""Where a city's figures come from, by layer and column, and which of them are guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from networks.buildings import FLOOR_M2_PER_PERSON
from networks.terrain import Terrain
from networks.zones import FLOOR_M2_PER_JOB

if TYPE_CHECKING:
    import geopandas as gpd

ATTRIBUTION = "© OpenStreetMap contributors"
LICENCES = {"OpenStreetMap": "ODbL 1.0, https://www.openstreetmap.org/copyright"}
_IMPORTED = "OpenStreetMap"
_COLUMNS = {
    "edges.length_m": "netconvert, from OpenStreetMap geometry",
    "edges.lanes": "OpenStreetMap where lanes_source says osm, else guessed from the road class (SUMO's type tables)",
    "edges.speed_mps": "OpenStreetMap where speed_source says osm, else guessed from the road class (SUMO's tables)",
    "signals.geometry": "OpenStreetMap signal nodes, grouped to junctions by netconvert",
    "signals.plan_source": "guessed: netconvert's default plans",
    "walk_links.width_m": "OpenStreetMap where width_source says osm, else guessed by kind",
    "buildings.height_m": "OpenStreetMap where height_source says osm, else guessed from this city's median storeys",
    "buildings.population": f"guessed: {FLOOR_M2_PER_PERSON:.0f} m2 of floor per person, by use",
    "attractions.weight": "guessed, from kind and area",
    "car_parks.capacity": "OpenStreetMap where capacity_source says osm, else guessed from area",
    "gateways.direction": "derived: roads that the map's border cuts, and dead ends of main roads",
    "zones.population": "guessed: sum over buildings",
    "zones.jobs": f"guessed: {FLOOR_M2_PER_JOB:.0f} m2 of floor per job, by use",
    "zones.attraction": "guessed: sum over attractions",
    "sensors.geometry": "guessed: plausible places, no real devices",
}


def provenance(tables: Mapping[str, gpd.GeoDataFrame]) -> dict[str, dict[str, str]]:
    """Layer -> column -> where it comes from."""
    return {
        layer: {str(c): _COLUMNS.get(f"{layer}.{c}", _IMPORTED) for c in table.columns}
        for layer, table in tables.items()
    }


def guesses(tables: Mapping[str, gpd.GeoDataFrame], terrain: Terrain | None) -> list[str]:
    """Sentences that say what is guessed, with shares; nothing is said of empty layers."""
    said = []
    for layer, column, what in (
        ("edges", "lanes_source", "lanes"),
        ("edges", "speed_source", "speed limits"),
        ("walk_links", "width_source", "walking widths"),
        ("buildings", "height_source", "building heights"),
        ("car_parks", "capacity_source", "car park capacities"),
    ):
        table = tables[layer]
        count = int((table[column] == "guessed").sum())
        if count:
            said.append(f"{what}: {count} of {len(table)} guessed")
    if len(tables["signals"]):
        said.append(
            f"signal plans: {len(tables['signals'])} of {len(tables['signals'])} are netconvert's defaults, guessed"
        )
    if len(tables["buildings"]):
        people = float(tables["zones"]["population"].sum())
        said.append(f"population: {people:.0f} people, guessed from building volume")
        said.append("jobs: guessed from building volume")
    if len(tables["attractions"]):
        said.append("attraction of places: guessed from kind and area")
    said.append("sensors: guessed positions, no real devices")
    if terrain is not None:
        error = "" if terrain.rmse_m != terrain.rmse_m else f", RMSE {terrain.rmse_m:.2f} m"
        limits = "; for screening alone: relative susceptibility, no depths to rely on" if terrain.screening else ""
        said.append(f"terrain: {terrain.source}{error}{limits}")
    return said
