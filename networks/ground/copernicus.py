"""The Copernicus GLO-30 surface model: its tiles downloaded, whole or resumed, and kept."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import EngineFailed, NotThere, StorageFailed
from networks.landing import landing_file

if TYPE_CHECKING:
    import httpx

DEM_VARIABLE = "CITYTWIN_DEM_URL"
DEM_ADDRESS = "https://copernicus-dem-30m.s3.amazonaws.com"
NAME = "Copernicus GLO-30"
LICENCE = (
    "Copernicus DEM GLO-30: (c) DLR e.V. 2010-2014 and (c) Airbus Defence and Space GmbH 2014-2018, provided under "
    "COPERNICUS by the European Union and ESA; all rights reserved"
)
TIMEOUT_S = 30.0
_TRIES = 3
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True)
class Tiles:
    """The tiles of an area.

    Attributes:
        files: Tiles that lie in the folder now, west to east, south to north.
        at_sea: Names of tiles that do not exist: they are all sea, at 0 m.
        address: Where they came from.
    """

    files: tuple[Path, ...]
    at_sea: tuple[str, ...]
    address: str


def tile_names(box: tuple[float, float, float, float]) -> tuple[str, ...]:
    """Names of the one-degree tiles that touch (west, south, east, north) in degrees; a tile's name is its south-west.

    Source: readme of the public bucket, https://copernicus-dem-30m.s3.amazonaws.com/readme.html
    """
    west, south, east, north = box
    names = []
    for lat in range(math.floor(south), math.ceil(north) or 1):
        for lon in range(math.floor(west), max(math.ceil(east), math.floor(west) + 1)):
            column = (lon + 180) % 360 - 180
            up, across = "N" if lat >= 0 else "S", "E" if column >= 0 else "W"
            names.append(f"Copernicus_DSM_COG_10_{up}{abs(lat):02d}_00_{across}{abs(column):03d}_00_DEM")
    return tuple(names)


def download_tiles(
    box: tuple[float, float, float, float],
    folder: Path,
    *,
    address: str | None = None,
    timeout_s: float = TIMEOUT_S,
    tell: Callable[[str], None] | None = None,
) -> Tiles:
    """Bring the tiles of an area into `folder`; those that lie there already are not asked for again.

    A tile that breaks off is resumed where it stopped, within this call and by the next one; it appears under its name
    only when it is complete and a TIFF.

    Args:
        box: (west, south, east, north), degrees.
        folder: Where tiles are kept.
        address: The service; otherwise the variable CITYTWIN_DEM_URL, otherwise the public bucket on AWS.
        timeout_s: Longest silence of the service, s.
        tell: Told the name of each tile that is asked for.

    Raises:
        EngineFailed: The service does not answer, breaks off time and again, or sends something else.
        NotThere: It has none of the tiles.
        StorageFailed: The disk is full or may not be written.
    """
    import httpx

    base = (address or os.environ.get(DEM_VARIABLE) or DEM_ADDRESS).rstrip("/")
    found, missing = [], []
    with httpx.Client(timeout=timeout_s, follow_redirects=True) as client:
        for name in tile_names(box):
            file = folder / f"{name}.tif"
            if not file.is_file():
                if tell:
                    tell(name)
                if not _fetch(client, f"{base}/{name}/{name}.tif", file):
                    missing.append(name)
                    continue
            found.append(file)
    if not found:
        raise NotThere(
            f"{NAME} has no terrain here: {', '.join(missing)}",
            file=base,
            expected="tiles of land; a tile that is missing is sea, or not released to the public",
            remedy="give a terrain of your own with --dem FILE",
        )
    return Tiles(tuple(found), tuple(missing), base)


def _fetch(client: httpx.Client, url: str, file: Path) -> bool:
    """Download one tile; False when the service says that there is none (404)."""
    import httpx

    part = file.with_suffix(".download")
    _make(file.parent)
    for attempt in range(1, _TRIES + 1):
        try:
            if not _receive(client, url, part):
                return False
            break
        except httpx.HTTPStatusError as error:
            raise _failed(url, f"the service answers {error.response.status_code}") from error
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            if attempt == _TRIES:
                raise _failed(url, f"the download broke off {_TRIES} times: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            words = "it does not answer in time" if isinstance(error, httpx.TimeoutException) else str(error)
            raise _failed(url, words) from error
    with part.open("rb") as got:
        if got.read(4) not in _TIFF:
            part.unlink()
            raise _failed(url, "what it sent is no GeoTIFF, perhaps a page of a proxy")
    with landing_file(file) as beside:
        part.replace(beside)
    return True


def _receive(client: httpx.Client, url: str, part: Path) -> bool:
    """Append what is missing of a tile to `part`; begins anew where the service cannot resume."""
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with client.stream("GET", url, headers=headers) as answer:
        if answer.status_code == 404:
            return False
        if answer.status_code == 416:  # nothing is missing, or the tile has become another one
            whole = answer.headers.get("Content-Range", "").endswith(f"/{have}")
            if whole:
                return True
            part.unlink()
            return _receive(client, url, part)
        answer.raise_for_status()
        try:
            with part.open("ab" if answer.status_code == 206 else "wb") as out:
                for piece in answer.iter_bytes():
                    out.write(piece)
        except OSError as error:
            raise StorageFailed(
                f"the terrain cannot be kept: {error.strerror}", file=part, remedy="free some space and run again"
            ) from error
    return True


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(f"no folder can be made here: {error.strerror}", file=folder) from error


def _failed(url: str, words: str) -> EngineFailed:
    return EngineFailed(
        f"the terrain could not be downloaded: {words}",
        file=url,
        remedy=f"check the network and run again (it resumes), set {DEM_VARIABLE} to another copy, or give --dem FILE",
    )
