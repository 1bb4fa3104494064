"""What a report gives away: tables as CSV, layers as one GeoPackage, rasters as GeoTIFF."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from networks import City

MAP = "map.gpkg"
GROUND = ("roads", "water")
"""Layers that lie below all others."""
_KEYS = {"edge_id": "edges", "link_id": "walk_links", "tls_id": "signals", "zone_id": "zones"}
"""Column that names a place -> layer of the city that knows where it is."""
_COPIED = (".csv", ".json", ".geojson", ".xml", ".yaml")
_LARGEST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that was written: its name, its file, its sort (Point, Line, Polygon or raster)."""

    name: str
    file: str
    sort: str


def write_tables(source: Path, out: Path) -> tuple[list[str], list[str]]:
    """Copy the tables of a command's folder, Parquet as CSV.

    Returns:
        Names written; names left out because they are larger than 50 MB.
    """
    import pandas as pd

    done, left_out = [], []
    for file in sorted(source.iterdir()):
        name = f"{file.stem}.csv" if file.suffix == ".parquet" else file.name
        if file.suffix not in (*_COPIED, ".parquet") or (file.suffix == ".parquet" and (source / name).is_file()):
            continue
        if file.stat().st_size > _LARGEST_BYTES:
            left_out.append(file.name)
            continue
        if file.suffix == ".parquet":
            pd.read_parquet(file).to_csv(out / name, index=False, lineterminator="\n")
        else:
            shutil.copyfile(file, out / name)
        done.append(name)
    return done, left_out


def write_layers(city: City, out: Path) -> list[Layer]:
    """Put the tables of `out` on the map: a layer for each that names places once, and for each GeoJSON; with the
    city's roads and water below them.

    Returns:
        What was written, the topmost first.
    """
    file = out / MAP
    results = [*_named_places(city, out), *_marked_places(city, out)]
    edges = city.layer("edges")[["edge_id", "name", "highway", "lanes", "geometry"]]
    below = [("roads", edges), ("water", city.layer("water")[["kind", "geometry"]])]
    found = []
    for name, table in [*results, *below]:
        if len(table):
            table.to_file(file, layer=name, driver="GPKG", engine="pyogrio")
            found.append(Layer(name, MAP, _sort(table)))
    return found


def write_rasters(source: Path, city: City, out: Path) -> list[Layer]:
    """A GeoTIFF of each map of `maps.npz` that lies on the city's terrain; none where the folder has no maps."""
    import numpy as np

    if not (source / "maps.npz").is_file():
        return []
    terrain, found = city.terrain(), []
    with np.load(source / "maps.npz") as maps:
        for name in maps.files:
            if maps[name].shape == terrain.surface.shape:
                _write_raster(out / f"{name}.tif", maps[name].astype(np.float32), terrain.transform, city.crs)
                found.append(Layer(name, f"{name}.tif", "raster"))
    return found


def _write_raster(file: Path, values: object, transform: object, crs: object) -> None:
    import numpy as np
    import rasterio

    from networks.coordinates.projection import own_proj

    cells = np.asarray(values)
    rows, columns = cells.shape
    with own_proj(), rasterio.open(
        file, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs=crs, transform=transform,
        compress="deflate", predictor=3,
    ) as raster:  # fmt: skip
        raster.write(cells, 1)


def _named_places(city: City, out: Path) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    import pandas as pd

    for file in sorted(out.glob("*.csv")):
        table = pd.read_csv(file, low_memory=False)
        key = next((one for one in _KEYS if one in table.columns), None)
        if key is not None and len(table) and table[key].is_unique:
            yield f"{file.stem}_map" if file.stem in GROUND else file.stem, _placed(city, table, key)


def _placed(city: City, table: pd.DataFrame, key: str) -> gpd.GeoDataFrame:
    places = city.layer(_KEYS[key])[[key, "geometry"]]
    table = table.assign(**{key: table[key].astype(places[key].dtype)})
    return places.merge(table, on=key, how="inner")


def _marked_places(city: City, out: Path) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    import geopandas as gpd

    for file in sorted(out.glob("*.geojson")):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Could not parse column")  # columns of empty texts stay texts
            table = gpd.read_file(file, engine="pyogrio")
        if len(table):
            yield f"{file.stem}_marked", table[~table.geometry.is_empty].to_crs(city.crs)


def _sort(table: gpd.GeoDataFrame) -> str:
    kind = str(table.geometry.geom_type.iloc[0])
    return next(sort for sort in ("Point", "Line", "Polygon") if sort in kind)
