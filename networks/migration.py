"""Older City folders, brought to today's format: what is missing is added with values that claim nothing.

Ids, geometry and the road network stay as they are, so that edges and signals of older runs keep their names.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.city import FORMAT, MANIFEST, City, check_files
from networks.datasets import OSM, Dataset
from networks.errors import BadCity
from networks.landing import landing_folder
from networks.layers import LAYERS, make_layer, write_layer
from networks.manifest import write_manifest
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import geopandas as gpd

OLDEST = 2
FORMAT_2: Mapping[str, str] = {
    "edges": "edge_id name highway lanes speed_mps length_m from_node to_node passenger bus emergency bridge tunnel"
    " lanes_source speed_source",
    "signals": "tls_id plan_source osm_nodes",
    "walk_nodes": "node_id",
    "walk_links": "link_id from_node to_node length_m width_m kind width_source crossing_edges",
    "buildings": "osm_id height_m height_source levels use floor_area_m2 population",
    "water": "kind",
    "landuse": "kind",
    "attractions": "osm_id name kind area_m2 weight",
    "facilities": "osm_id name kind edge_id",
    "stops": "osm_id name kind walk_node",
    "car_parks": "osm_id name capacity capacity_source edge_id",
    "gateways": "edge_id direction highway lanes",
    "zones": "zone_id population jobs attraction walk_node edge_id",
    "sensors": "sensor_id kind measures unit period_s edge_id owner source",
}
"""Layers and columns that cities of format 2 have."""

ADDED_LAYERS = frozenset(
    {
        "cameras",
        "doubts",
        "drain_links",
        "drain_nodes",
        "drains",
        "repairs",
        "structures",
        "transit_routes",
        "transit_stops",
        "underpasses",
        "waterways",
    }
)
"""Layers that came later: an older city gets them without rows, for nobody looked."""

ADDED: Mapping[str, str | int | float | bool] = {
    "edges.cycle_lanes": 0,
    "edges.bicycle": False,
    "edges.level": 0,
    "buildings.min_height_m": 0.0,
    "signals.kind": "junction",
    "zones.source": "grid",
    "zones.connectors": "",
}
"""`layer.column` that came later -> the value in an older city; it claims as little as can be: unknown, -1."""

MANIFEST_ADDED: Mapping[str, Any] = {"datasets": [], "georeferenced": True}
"""Fields of the manifest that came later -> their value in an older city."""


@dataclass(frozen=True)
class Change:
    """One thing that a migration did: `column` is empty where a whole layer was added."""

    layer: str
    column: str
    rows: int
    done: Sentence


@dataclass(frozen=True)
class Migration:
    """What a migration did.

    Attributes:
        city: The city as it is now.
        was: The format that it had.
        changes: In the order of layers and columns; empty when there was nothing to do.
        backup: Where the city as it was lies; None when nothing was kept, or nothing done.
    """

    city: City
    was: int
    changes: tuple[Change, ...]
    backup: Path | None


def migrate_city(folder: Path, *, backup: bool = True) -> Migration:
    """Bring a city to today's format, whole or not at all.

    Args:
        folder: The city's folder.
        backup: Keep the city as it was beside, as `FOLDER.format2` (or with a number behind, when that is taken).

    Raises:
        BadCity: It is no city, of a format that cannot be migrated, incomplete, or changed since it was built.
        StorageFailed: The disk is full or may not be written.
    """
    folder = Path(folder).absolute()
    manifest = _manifest(folder)
    check_files(folder, manifest, verify=True)
    was, changes, kept = int(manifest["format"]), [], None
    if was == FORMAT and not _lacking(folder, manifest):
        return Migration(City.open(folder), was, (), None)
    if backup:
        kept = _free_place(folder, was)
        with landing_folder(kept) as beside:
            shutil.copytree(folder, beside, dirs_exist_ok=True)
    with landing_folder(folder) as beside:
        shutil.copytree(folder, beside, dirs_exist_ok=True)
        about = manifest | {"format": FORMAT}
        about |= {field: value for field, value in MANIFEST_ADDED.items() if field not in manifest}
        about["datasets"] = about["datasets"] or _sources(manifest)
        for layer in LAYERS:
            changes += _migrate_layer(beside, layer, about)
        about["migrated"] = {"from_format": was, "from_digest": manifest["digest"]}
        if changes:
            about["guesses"] = [*about["guesses"], _told(was, changes)]
        write_manifest(beside, about)
    return Migration(City.open(folder), was, tuple(changes), kept)


def lacks_rule(layer: str, column: str) -> bool:
    """Whether nothing here says what an older city gets in a column of LAYERS."""
    if layer in ADDED_LAYERS:
        return False
    return column not in FORMAT_2.get(layer, "").split() and f"{layer}.{column}" not in ADDED


def _manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        known = OLDEST <= int(manifest["format"]) <= FORMAT and {"files", "digest", "guesses"} <= set(manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCity("this folder is no city that can be read", file=file, expected=f"a {MANIFEST} inside") from error
    if not known:
        raise BadCity(
            f"a city of format {manifest['format']} cannot be migrated",
            file=file,
            expected=f"format {OLDEST} to {FORMAT}",
            remedy="build the city again with: twin build FILE",
        )
    return dict(manifest)


def _sources(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The catalogue's entry of the map that an older manifest names."""
    source = manifest.get("source") or {}
    if "sha256" not in source:
        return []
    date = str(source.get("data_date", ""))
    entry = Dataset("map", "source", str(source["file"]), date=date, sha256=str(source["sha256"]))
    return [entry.as_json() | OSM]


def _lacking(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether a layer or a column of today is missing, or an older one is left."""
    import pyarrow.parquet as pq

    for layer, columns in LAYERS.items():
        if f"layers/{layer}.parquet" not in manifest["files"]:
            return True
        if set(pq.read_schema(folder / "layers" / f"{layer}.parquet").names) != {*columns, "geometry"}:
            return True
    return any(field not in manifest for field in MANIFEST_ADDED)


def _free_place(folder: Path, was: int) -> Path:
    place, number = folder.with_name(f"{folder.name}.format{was}"), 1
    while place.exists():
        number += 1
        place = folder.with_name(f"{folder.name}.format{was}-{number}")
    return place


def _migrate_layer(folder: Path, layer: str, about: dict[str, Any]) -> list[Change]:
    """Bring one layer's file to today's columns; `about` learns where the new values come from."""
    import geopandas as gpd

    file = folder / "layers" / f"{layer}.parquet"
    origin = about["provenance"].setdefault(layer, {})
    if not file.is_file():
        write_layer(make_layer(layer, [], about["crs"]), file)
        about["counts"][layer] = 0
        origin |= dict.fromkeys((*LAYERS[layer], "geometry"), "unknown: not looked at when this city was built")
        return [Change(layer, "", 0, say("added without rows: nobody looked", "新增图层，无记录：未曾调查"))]
    table = gpd.read_parquet(file)
    missing = [column for column in LAYERS[layer] if column not in table.columns]
    surplus = [column for column in table.columns if column not in {*LAYERS[layer], "geometry"}]
    changes = []
    for column in missing:
        value = ADDED[f"{layer}.{column}"]
        table[column] = [value] * len(table)
        origin[column] = f"unknown: this city is older than the column; {value!r} was filled in"
        told = say(f"set to {value!r}: not known in this city", f"填入{value!r}：该城市中未知")
        changes.append(Change(layer, column, len(table), told))
    for column in surplus:
        origin.pop(column, None)
        told = say("left out: no longer a column", "移除：该列已停用")
        changes.append(Change(layer, column, len(table), told))
    if changes:
        write_layer(_typed(table, layer), file)
    return changes


def _typed(table: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    for column, kind in LAYERS[layer].items():
        if kind.dtype != "str":
            table[column] = table[column].astype(kind.dtype)
    return table[[*LAYERS[layer], "geometry"]]


def _told(was: int, changes: list[Change]) -> Sentence:
    names = ", ".join(f"{one.layer}.{one.column}" if one.column else one.layer for one in changes)
    return say(
        f"migrated from format {was}: {names} were not known when this city was built; build it again to know them",
        f"由格式{was}迁移：构建该城市时尚无{names}；如需真实取值，请重新构建",
    )
