"""Where a vehicle was, moment by moment, from a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats
from networks.errors import BadInput
from networks.text_file import read_rows

if TYPE_CHECKING:
    from networks import City

FORMAT = "time,lon,lat"


@dataclass(frozen=True)
class Track:
    """Positions in time: moments, and (points, 2) places in m."""

    moments: tuple[datetime, ...]
    xy: Floats


def read_track(file: Path, city: City) -> Track:
    """Read a CSV with the columns time (ISO), lon, lat, in the order of time.

    Raises:
        BadInput: It cannot be read, a row makes no sense or goes back in time; says which line.
    """
    from pyproj import Transformer

    moments, places = list[datetime](), list[tuple[float, float]]()
    for line, row in read_rows(file, FORMAT.split(",")):
        try:
            moment, lon, lat = datetime.fromisoformat(row["time"]), float(row["lon"]), float(row["lat"])
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise ValueError(f"{lon}, {lat} are no degrees")
            if moments and moment < moments[-1]:
                raise ValueError(f"{moment} comes after {moments[-1]}")
        except (ValueError, TypeError) as error:
            raise BadInput(f"no position: {error}", file=file, place=f"line {line}", expected=FORMAT) from error
        moments.append(moment)
        places.append((lon, lat))
    if len(moments) < 2:
        raise BadInput("a track has two positions at least", file=file, expected=FORMAT)
    lon_lat = np.array(places)
    x, y = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True).transform(lon_lat[:, 0], lon_lat[:, 1])
    return Track(tuple(moments), np.column_stack([x, y]))
