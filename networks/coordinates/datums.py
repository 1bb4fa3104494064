"""Datums that Chinese maps and devices speak: WGS84, CGCS2000, GCJ-02 and BD-09, in degrees, both ways.

GCJ-02 moves positions in China by some 300 to 700 m through polynomials and sines whose constants are published in
open-source code alone (no standard is public); BD-09 turns and shifts GCJ-02 once more. CGCS2000 (EPSG:4490) and WGS84
differ by centimetres, which is below what city data carry: the same numbers are used for both.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from networks.errors import BadInput

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
_ALIASES = {"epsg:4326": "wgs84", "epsg:4490": "cgcs2000", "gcj-02": "gcj02", "bd-09": "bd09"}
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_KRASOVSKY_A, _KRASOVSKY_E2 = 6378245.0, 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_ROUNDS = 12
Degrees = tuple[np.ndarray, np.ndarray]


def datum_named(name: str) -> str:
    """One of DATUMS from what people call it: `GCJ-02`, `EPSG:4490`, `wgs84`.

    Raises:
        BadInput: It is none of them.
    """
    plain = name.strip().lower()
    plain = _ALIASES.get(plain, plain)
    if plain not in DATUMS:
        raise BadInput(f"there is no datum {name!r} here", expected=", ".join(DATUMS), remedy="give one of them")
    return plain


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Degrees:
    """Degrees of a datum -> WGS84 degrees, arrays of any equal shape; NaN stays NaN.

    GCJ-02 has no closed inverse: fixed-point rounds reach it within a millimetre. Outside the box of China GCJ-02 is
    WGS84; where both sides of that box would give the same position, the one inside is taken.

    Raises:
        BadInput: No such datum, or a position beyond 180 or 90 degrees.
    """
    x, y, datum = _checked(lon, lat, datum)
    if datum == "bd09":
        x, y = _bd09_to_gcj02(x, y)
    if datum in ("gcj02", "bd09"):
        x, y = _gcj02_to_wgs84(x, y)
    return x, y


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Degrees:
    """WGS84 degrees -> degrees of a datum, arrays of any equal shape; NaN stays NaN.

    Raises:
        BadInput: No such datum, or a position beyond 180 or 90 degrees.
    """
    x, y, datum = _checked(lon, lat, datum)
    if datum in ("gcj02", "bd09"):
        x, y = _wgs84_to_gcj02(x, y)
    if datum == "bd09":
        x, y = _gcj02_to_bd09(x, y)
    return x, y


def _checked(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[np.ndarray, np.ndarray, str]:
    x, y = np.broadcast_arrays(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    bad = (np.abs(x) > 180.0) | (np.abs(y) > 90.0) | np.isinf(x) | np.isinf(y)
    if bad.any():
        at = int(np.flatnonzero(bad.ravel())[0])
        raise BadInput(
            f"position {at}: longitude {x.ravel()[at]:g}, latitude {y.ravel()[at]:g} is nowhere on Earth",
            expected="degrees: longitude within 180, latitude within 90",
            remedy="check whether latitude and longitude were swapped, or metres were given",
        )
    return x.copy(), y.copy(), datum_named(datum)


def _in_china(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    west, south, east, north = _CHINA
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _shift(x: np.ndarray, y: np.ndarray) -> Degrees:
    """By how much GCJ-02 moves a WGS84 position, degrees."""
    u, v = x - 105.0, y - 35.0
    root = np.sqrt(np.abs(u))
    waves = 20.0 * np.sin(6.0 * u * np.pi) + 20.0 * np.sin(2.0 * u * np.pi)
    north = -100.0 + 2.0 * u + 3.0 * v + 0.2 * v * v + 0.1 * u * v + 0.2 * root
    north += 2.0 / 3.0 * (waves + 20.0 * np.sin(v * np.pi) + 40.0 * np.sin(v / 3.0 * np.pi))
    north += 2.0 / 3.0 * (160.0 * np.sin(v / 12.0 * np.pi) + 320.0 * np.sin(v * np.pi / 30.0))
    east = 300.0 + u + 2.0 * v + 0.1 * u * u + 0.1 * u * v + 0.1 * root
    east += 2.0 / 3.0 * (waves + 20.0 * np.sin(u * np.pi) + 40.0 * np.sin(u / 3.0 * np.pi))
    east += 2.0 / 3.0 * (150.0 * np.sin(u / 12.0 * np.pi) + 300.0 * np.sin(u / 30.0 * np.pi))
    phi = np.radians(y)
    magic = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / magic**1.5
    parallel = _KRASOVSKY_A / np.sqrt(magic) * np.cos(phi)
    return np.degrees(east / parallel), np.degrees(north / meridian)


def _wgs84_to_gcj02(x: np.ndarray, y: np.ndarray) -> Degrees:
    inside = _in_china(x, y)
    dx, dy = _shift(x, y)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def _gcj02_to_wgs84(x: np.ndarray, y: np.ndarray) -> Degrees:
    px, py = _inverted(_shift, x, y)
    inside = _in_china(px, py)
    return np.where(inside, px, x), np.where(inside, py, y)


def _bd_shift(x: np.ndarray, y: np.ndarray) -> Degrees:
    """By how much BD-09 moves a GCJ-02 position, degrees."""
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + _BD_LON - x, radius * np.sin(angle) + _BD_LAT - y


def _gcj02_to_bd09(x: np.ndarray, y: np.ndarray) -> Degrees:
    dx, dy = _bd_shift(x, y)
    return x + dx, y + dy


def _bd09_to_gcj02(x: np.ndarray, y: np.ndarray) -> Degrees:
    return _inverted(_bd_shift, x, y)


def _inverted(shift: Callable[[np.ndarray, np.ndarray], Degrees], x: np.ndarray, y: np.ndarray) -> Degrees:
    """Solve p + shift(p) = (x, y); shifts hardly change over their own length, so that each round gains two digits."""
    px, py = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        dx, dy = shift(px, py)
        px, py = x - dx, y - dy
    return px, py
