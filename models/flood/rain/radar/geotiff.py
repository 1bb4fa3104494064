"""Rain or reflectivity as GeoTIFF, one band a file: what any service's pictures can be turned into.

The band's unit says which it is, `mm/h` or `dBZ`; the name begins with the time, `YYYYMMDDhhmm`, in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import numpy as np

from models.flood.rain.radar.composite import Composite, Quantity
from models.flood.rain.radar.radar_grid import RadarGrid
from networks.coordinates.projection import own_proj
from networks.errors import BadInput

_EXPECTED = "a GeoTIFF YYYYMMDDhhmm*.tif (UTC) of one band with the unit mm/h or dBZ, north up, in metres"


def read_geotiff(file: Path) -> Composite:
    """Read one picture.

    Raises:
        BadInput: No time in its name, another unit or none, or a map that is in degrees or turned.
    """
    import rasterio

    named = re.match(r"(\d{12})(?!\d)", file.name)
    try:
        time = datetime.strptime(named[1] if named else "", "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput("its name holds no time", file=file, expected=_EXPECTED) from None
    try:
        with own_proj(), rasterio.open(file) as raster:
            values = raster.read(1, masked=True).astype(np.float32).filled(np.nan)
            unit, to, crs = raster.units[0], raster.transform, raster.crs
            text = crs.to_wkt() if crs else ""
            metres = bool(crs and crs.is_projected and crs.linear_units_factor[1] == 1)
    except rasterio.errors.RasterioError as error:
        raise BadInput(f"it cannot be read: {error}", file=file, expected=_EXPECTED) from error
    if unit not in get_args(Quantity):
        raise BadInput(f"its unit is {unit or 'not said'}", file=file, place="band 1", expected="mm/h or dBZ")
    if not metres or to.b or to.d or to.a <= 0 or to.e >= 0:
        raise BadInput("its map is not north up in metres", file=file, expected=_EXPECTED)
    return Composite(time, RadarGrid(text, to.c, to.f, (to.a, -to.e), values.shape), values, unit)
