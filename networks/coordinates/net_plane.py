"""The plane of a SUMO network: its projection with the offset that it states, as one coordinate system.

SUMO writes x, y = projected + netOffset. A projection whose false origin is moved by the offset gives these x, y at
once, so layers can be brought to the network's own coordinates and the network stays as it is, byte for byte.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry import Polygon

_UNREFERENCED = ("!", "-", "")
_AGREE_M = 0.01


@dataclass(frozen=True)
class NetPlane:
    """Where the coordinates of a network lie.

    Attributes:
        crs: A coordinate system (PROJ words) in which the network's x, y are metres.
        georeferenced: Whether it lies where the network lies on earth; otherwise it is a plane around 0 E, 0 N.
    """

    crs: str
    georeferenced: bool

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        """Degrees of a point of the network."""
        from pyproj import Transformer

        lon, lat = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True).transform(x, y)
        return float(lon), float(lat)

    def box(self, frame: Polygon) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees around a frame in metres."""
        from pyproj import Transformer

        to_degrees = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = to_degrees.transform_bounds(*frame.bounds)
        return float(west), float(south), float(east), float(north)


def net_plane(projection: str, offset: tuple[float, float], middle: tuple[float, float]) -> NetPlane:
    """The plane of a network.

    Args:
        projection: Its `projParameter`; `!` (none) and `-` (SUMO's simple one) are no geo reference.
        offset: Its `netOffset`, m.
        middle: A point in the middle of it, m: a network without geo reference is laid around 0 E, 0 N.

    Raises:
        ValueError: PROJ does not know the projection, or it is not in metres.
    """
    projection = projection.strip()
    if projection in _UNREFERENCED:
        return NetPlane(_words({"proj": "tmerc", "x_0": middle[0], "y_0": middle[1]}), False)
    words = _parameters(projection)
    if words.get("proj") in ("longlat", "latlong", None):
        raise ValueError(f"{projection!r} is no projection to a plane")
    if words.get("units", "m") != "m" or float(words.get("to_meter", 1)) != 1.0:
        raise ValueError(f"{projection!r} is not in metres")
    moved = _movable(words)
    moved |= {"x_0": float(moved.get("x_0", 0.0)) + offset[0], "y_0": float(moved.get("y_0", 0.0)) + offset[1]}
    plane = NetPlane(_words(moved), True)
    _compare(plane, projection, offset, middle)
    return plane


def _parameters(projection: str) -> dict[str, str | float]:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    text = projection
    if "+proj=" not in projection:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = CRS.from_user_input(projection.removeprefix("+init=")).to_proj4()
        except CRSError as error:
            raise ValueError(f"PROJ does not know {projection!r}") from error
    pairs = (word.removeprefix("+").partition("=") for word in text.split() if word.startswith("+"))
    return {key: value for key, _, value in pairs if key not in ("type", "no_defs")}


def _movable(words: dict[str, str | float]) -> dict[str, str | float]:
    """UTM as the transverse Mercator that it is, for its false origin cannot be moved."""
    if words["proj"] != "utm":
        return dict(words)
    false_north = 10_000_000.0 if "south" in words else 0.0
    kept = {key: value for key, value in words.items() if key not in ("proj", "zone", "south")}
    central = 6.0 * int(words["zone"]) - 183.0
    moved: dict[str, str | float] = {"proj": "tmerc", "lat_0": 0.0, "lon_0": central, "k": 0.9996}
    return moved | {"x_0": 500_000.0, "y_0": false_north} | kept


def _words(parameters: dict[str, str | float]) -> str:
    whole: dict[str, str | float] = dict(parameters)
    if not {"ellps", "datum", "a", "R"} & set(whole):
        whole["datum"] = "WGS84"
    whole |= {"units": "m"}
    text = " ".join(f"+{key}={_number(value)}" if value != "" else f"+{key}" for key, value in whole.items())
    return f"{text} +no_defs"


def _number(value: str | float) -> str:
    return f"{round(value, 6):.15g}" if isinstance(value, float) else value


def _compare(plane: NetPlane, projection: str, offset: Sequence[float], middle: tuple[float, float]) -> None:
    """The moved projection must do what the stated one and the offset do."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        lon, lat = plane.lonlat(*middle)
        stated = projection if "+proj=" in projection else projection.removeprefix("+init=")
        x, y = Transformer.from_crs("EPSG:4326", stated, always_xy=True).transform(lon, lat)
        off = math.hypot(x + offset[0] - middle[0], y + offset[1] - middle[1])
    except ProjError as error:
        raise ValueError(f"PROJ cannot use {projection!r}: {error}") from error
    if not off <= _AGREE_M:
        raise ValueError(f"{projection!r} with the offset {offset} does not lie in the plane of the network")
