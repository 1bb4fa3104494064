"""A layer for other programs: GeoJSON, GeoPackage or CSV, in the datum that their map speaks."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from shapely import transform

from networks.city import City
from networks.coordinates.datums import datum_named, from_wgs84
from networks.errors import BadInput
from networks.landing import landing_file

if TYPE_CHECKING:
    import geopandas as gpd

_DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG"}
_DECIMALS = 8


def export_layer(city: City, layer: str, out: Path, *, datum: str = "wgs84") -> int:
    """Write a layer to `out`, whole or not at all, and give the number of its rows.

    Args:
        city: The city.
        layer: Its name.
        out: `.geojson`, `.gpkg`, or `.csv` (points as lon, lat; other shapes as WKT).
        datum: One of `networks.DATUMS`, degrees. Shifted data (GCJ-02, BD-09) claim no coordinate system in the file,
            for none is registered: whoever reads them must know.

    Raises:
        NotThere: No such layer.
        BadInput: No such datum, or another kind of file.
        StorageFailed: The disk is full or may not be written.
    """
    out, datum = Path(out), datum_named(datum)
    kind = out.suffix.lower()
    if kind not in (*_DRIVERS, ".csv"):
        raise BadInput("layers are not written as such a file", file=out, expected="a name in .geojson, .gpkg or .csv")
    table = _in_degrees(city.layer(layer), datum)
    with landing_file(out) as beside:
        if kind == ".csv":
            _write_csv(table, beside)
        else:
            whole = beside.with_suffix(kind)
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "'crs' was not provided")  # shifted data have none
                table.to_file(whole, driver=_DRIVERS[kind], layer=layer, engine="pyogrio")
            whole.replace(beside)
    return len(table)


def _in_degrees(table: gpd.GeoDataFrame, datum: str) -> gpd.GeoDataFrame:
    plain = table.to_crs("EPSG:4326")

    def shifted(points: np.ndarray) -> np.ndarray:
        return np.round(np.column_stack(from_wgs84(points[:, 0], points[:, 1], datum)), _DECIMALS)

    moved = plain.set_geometry(transform(plain.geometry.to_numpy(), shifted))
    crs = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}.get(datum)
    return moved.set_crs(crs, allow_override=True) if crs else moved.set_crs(None, allow_override=True)


def _write_csv(table: gpd.GeoDataFrame, file: Path) -> None:
    import pandas as pd

    plain = pd.DataFrame(table.drop(columns=table.geometry.name))
    if len(table) and (table.geometry.geom_type == "Point").all():
        plain["lon"], plain["lat"] = table.geometry.x, table.geometry.y
    else:
        plain["wkt"] = table.geometry.to_wkt(rounding_precision=_DECIMALS)
    plain.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
