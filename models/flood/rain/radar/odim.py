"""Composites in HDF5 after OPERA's information model (ODIM), as Europe's weather services exchange them.

Read: object COMP or IMAGE, quantities DBZH, DBZ, TH (dBZ) and RATE (mm/h), any projection in metres. `nodata` is
unseen, `undetect` no echo. Times are UTC.

Source: EUMETNET OPERA, ODIM_H5. Secondary source: documentation of wradlib and pysteps; the model's own text was not
read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from models.flood.rain.radar.composite import Composite, Quantity
from models.flood.rain.radar.radar_grid import RadarGrid
from networks.errors import BadInput

_QUANTITIES: dict[str, Quantity] = {"DBZH": "dBZ", "DBZ": "dBZ", "TH": "dBZ", "RATE": "mm/h"}
_EXPECTED = "ODIM_H5 with what, where and dataset1/data1, a composite of DBZH, TH or RATE"


def read_odim(file: Path) -> Composite:
    """Read one composite.

    Raises:
        BadInput: It is no HDF5, no composite, or of another quantity; says what is missing.
    """
    import h5py

    try:
        with h5py.File(file, "r") as book:
            what, where = dict(book["what"].attrs), dict(book["where"].attrs)
            data = book["dataset1/data1"]
            said = {**what, **_attributes(book, "dataset1/what"), **dict(data["what"].attrs)}
            codes = np.asarray(data["data"])
    except OSError as error:
        raise BadInput(f"it cannot be read: {error}", file=file, expected=_EXPECTED) from error
    except KeyError as error:
        raise BadInput(f"it lacks {error}", file=file, expected=_EXPECTED) from error
    kind = _text(what.get("object"))
    if kind not in ("COMP", "IMAGE"):
        raise BadInput(
            f"it holds a {kind or 'nothing known'}", file=file, place="what/object", expected="COMP or IMAGE"
        )
    name = _text(said.get("quantity"))
    if name not in _QUANTITIES:
        raise BadInput(f"its quantity is {name}", file=file, place="quantity", expected=", ".join(_QUANTITIES))
    try:
        values = _values(codes, said)
        time = datetime.strptime(_text(what["date"]) + _text(what["time"]), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (KeyError, ValueError) as error:
        raise BadInput(f"its attributes do not tell: {error}", file=file, place="what", expected=_EXPECTED) from error
    values[np.isneginf(values)] = -np.inf if _QUANTITIES[name] == "dBZ" else 0.0
    return Composite(time, _grid(where, codes.shape, file), values, _QUANTITIES[name])


def _values(codes: np.ndarray, said: dict[str, Any]) -> np.ndarray:
    """Gain and offset applied; minus infinity where nothing was detected, NaN where nothing was looked at."""
    values = codes.astype(np.float32) * np.float32(said.get("gain", 1.0)) + np.float32(said.get("offset", 0.0))
    values[codes == said["undetect"]] = -np.inf
    values[codes == said["nodata"]] = np.nan
    return values


def _attributes(book: Any, path: str) -> dict[str, Any]:
    return dict(book[path].attrs) if path in book else {}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else "" if value is None else str(value)


def _grid(where: dict[str, Any], shape: tuple[int, ...], file: Path) -> RadarGrid:
    from pyproj import CRS, Proj
    from pyproj.exceptions import CRSError

    try:
        crs = _text(where["projdef"])
        sizes = float(where["xscale"]), float(where["yscale"])
        wide, tall = int(where["xsize"]), int(where["ysize"])
        corner = float(where["UL_lon"]), float(where["UL_lat"])
        if CRS(crs).is_geographic:
            raise BadInput(
                "its grid is in degrees", file=file, place="where/projdef", expected="a projection in metres"
            )
        left, top = Proj(crs)(*corner)
    except (KeyError, CRSError) as error:
        raise BadInput(f"its grid is not told: {error}", file=file, place="where", expected=_EXPECTED) from error
    if shape != (tall, wide) or min(sizes) <= 0:
        raise BadInput(f"{shape} pixels instead of {(tall, wide)}", file=file, place="where", expected=_EXPECTED)
    return RadarGrid(crs, float(left), float(top), sizes, (tall, wide))
