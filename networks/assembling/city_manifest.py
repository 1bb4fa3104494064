"""A built city's manifest: what it is, from which files, and what is known of every column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.assembling.site import Site
from networks.city import FORMAT
from networks.datasets import COPERNICUS, OSM, source_dataset
from networks.digest import digest_file
from networks.ground.model import Ground
from networks.ground.terrain import terrain_facts
from networks.imports.net_map import net_manifest
from networks.manifest import write_manifest
from networks.osm.extract import Extract
from networks.provenance import ATTRIBUTION, LICENCES, guesses, provenance

if TYPE_CHECKING:
    import geopandas as gpd


def write_city_manifest(
    folder: Path,
    site: Site,
    tables: dict[str, gpd.GeoDataFrame],
    earth: Ground,
    name: str,
    source: Path,
) -> None:
    """Write `city.json`."""
    about: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "crs": site.plane.epsg,
        "left_hand": site.left_hand,
        "bounds_m": [round(v, 3) for v in site.frame.bounds],
        "frame_lonlat": list(site.extract.box),
        "frame_source": site.extract.box_source,
        "center_lonlat": [round(v, 6) for v in site.extract.center_lonlat],
        "attribution": ATTRIBUTION,
        "licences": LICENCES,
        "georeferenced": True,
        "source": {"file": source.name, "sha256": digest_file(source), "data_date": site.extract.data_date},
        "dem": [{"file": file.name, "sha256": digest_file(file)} for file in earth.files],
        "datasets": _datasets(source, site.extract, earth),
        "counts": {layer: len(table) for layer, table in tables.items()},
        "notes": site.notes,
        "terrain": terrain_facts(earth.terrain) if earth.terrain else None,
        "provenance": provenance(tables),
        "guesses": guesses(tables, earth.terrain),
    }
    write_manifest(folder, net_manifest(about, site.own, site.extract) if site.own else about)


def _datasets(source: Path, extract: Extract, earth: Ground) -> list[dict[str, Any]]:
    found = [source_dataset("map", source, **OSM, date=extract.data_date)]
    for number, file in enumerate(earth.files, 1):
        about = COPERNICUS if file.name.startswith("Copernicus_DSM") else {}
        found.append(source_dataset("terrain" if number == 1 else f"terrain {number}", file, **about))
    if earth.pipes:
        found.append(source_dataset("pipes", earth.pipes))
    return found
