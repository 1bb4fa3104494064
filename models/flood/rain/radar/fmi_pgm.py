"""Composites of the Finnish Meteorological Institute as PGM pictures, plain or gzipped.

The header's comments hold time, place and projection; a pixel's byte is reflectivity in half decibels above -32 dBZ,
0 no echo, 255 outside the radars' range. Times are UTC. The sphere is not in the header: the one of 6,371,288 m is the
one that gives the header's own metres per pixel from its corners (checked on every file within a metre in a thousand).

Source: open data of FMI, CC BY 4.0; what the bytes mean by a secondary source: documentation of pysteps' importer.
"""

from __future__ import annotations

import gzip
import math
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from models.flood.rain.radar.composite import Composite
from models.flood.rain.radar.radar_grid import RadarGrid
from networks.errors import BadInput, why_unread

SPHERE_M = 6_371_288.0
NO_ECHO, UNSEEN = 0, 255
_EXPECTED = "a PGM composite of FMI (P5, its comments with obstime, projection and corners, then 8-bit pixels)"


def read_fmi_pgm(file: Path) -> Composite:
    """Read one composite.

    Raises:
        BadInput: It cannot be read, is cut short, or says something else than reflectivity in a stereographic map.
    """
    return fmi_composite(_bytes(file), file)


def fmi_composite(raw: bytes, file: Path | str) -> Composite:
    """A composite from the bytes of a plain PGM.

    Args:
        raw: All of it.
        file: Where it comes from, for errors.

    Raises:
        BadInput: It is cut short, or says something else than reflectivity in a stereographic map.
    """
    said, size, start = _header(raw, file)
    rows, cols = size[1], size[0]
    if len(raw) - start != rows * cols:
        raise BadInput(
            f"{len(raw) - start} pixels instead of {rows} x {cols}", file=file, remedy="fetch the file once more"
        )
    if "reflectivity" not in said.get("param", "").lower():
        raise BadInput(
            f"its quantity is {said.get('param', 'not said')}", file=file, place="param", expected="reflectivity"
        )
    code = np.frombuffer(raw, np.uint8, offset=start).reshape(rows, cols)
    dbz = (code.astype(np.float32) - 64) / 2
    dbz[code == NO_ECHO] = -np.inf
    dbz[code == UNSEEN] = np.nan
    return Composite(_time(said, file), _grid(said, (rows, cols), file), dbz)


def _bytes(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as error:
        why = why_unread(error) if isinstance(error, OSError) and error.errno else "its compression is damaged"
        raise BadInput(f"the radar frame cannot be read: {why}", file=file) from error


def _header(raw: bytes, file: Path | str) -> tuple[dict[str, str], tuple[int, int], int]:
    """Comments as words, columns and rows, and where the pixels begin."""
    said, numbers, at = dict[str, str](), list[int](), 0
    while len(numbers) < 3:
        end = raw.find(b"\n", at, at + 400)
        line = raw[at:end].decode("latin-1").strip() if end >= 0 else ""
        if end < 0 or (at == 0 and line != "P5"):
            raise BadInput("it is no PGM composite", file=file, expected=_EXPECTED)
        if line.startswith("#"):
            key, _, value = line[1:].strip().partition(" ")
            said[key] = value.strip()
        elif at > 0:
            if not all(part.isdecimal() and len(part) < 9 for part in line.split()):
                raise BadInput(f"its header says {line[:40]!r}", file=file, expected=_EXPECTED)
            numbers += [int(part) for part in line.split()]
        at = end + 1
    if numbers[2] != 255 or min(numbers) < 1:
        raise BadInput(f"its header says {numbers}", file=file, expected="columns, rows and 255")
    return said, (numbers[0], numbers[1]), at


def _time(said: dict[str, str], file: Path | str) -> datetime:
    try:
        return datetime.strptime(said.get("obstime", ""), "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        told = said.get("obstime", "missing")
        raise BadInput(f"its time is {told}", file=file, place="obstime", expected="YYYYMMDDhhmm, UTC") from None


def _grid(said: dict[str, str], shape: tuple[int, int], file: Path | str) -> RadarGrid:
    from pyproj import Proj
    from pyproj.exceptions import ProjError

    if said.get("type") != "stereographic":
        raise BadInput(f"its projection is {said.get('type')}", file=file, place="type", expected="stereographic")
    try:
        lon, lat, true = (float(said[key]) for key in ("centrallongitude", "centrallatitude", "truelatitude"))
        west, south, east, north = (float(part) for key in ("bottomleft", "topright") for part in said[key].split())
        sizes = float(said["metersperpixel_x"]), float(said["metersperpixel_y"])
    except (KeyError, ValueError) as error:
        raise BadInput(f"its header lacks {error}", file=file, expected=_EXPECTED) from error
    crs = f"+proj=stere +lat_0={lat:g} +lon_0={lon:g} +lat_ts={true:g} +R={SPHERE_M:.0f} +units=m +no_defs"
    try:
        place = Proj(crs)
        (left, bottom), (right, top) = place(west, south), place(east, north)
    except ProjError as error:
        raise BadInput("its projection cannot be computed", file=file, expected=_EXPECTED) from error
    if not all(map(math.isfinite, (left, bottom, right, top, *sizes))) or (
        abs((right - left) / shape[1] - sizes[0]) > 1e-3 * sizes[0]
        or abs((top - bottom) / shape[0] - sizes[1]) > 1e-3 * sizes[1]
    ):
        raise BadInput("its corners do not fit its metres per pixel", file=file, place="bottomleft, topright")
    return RadarGrid(crs, left, top, ((right - left) / shape[1], (top - bottom) / shape[0]), shape)
