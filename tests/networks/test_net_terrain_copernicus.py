"""GLO-30 by download: a real local server with small tiles, and everything that a service may do instead."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from small_towns import LAT, LON, block, town_xml

from networks import EngineFailed, NotThere, build_city
from networks.ground.copernicus import download_tiles, tile_names
from networks.ground.options import GroundOptions

EAST, WEST = "Copernicus_DSM_COG_10_N60_00_E024_00_DEM", "Copernicus_DSM_COG_10_N60_00_E023_00_DEM"
BOX = (LON - 0.01, LAT - 0.01, LON + 0.02, LAT + 0.02)


def tile() -> bytes:
    """A degree of 12 m high ground that rises 1 m per 0.01 degree north, in cells of 0.0025 degrees."""
    memory = io.BytesIO()
    latitudes = 61 - (np.arange(400) + 0.5) * 0.0025
    heights = np.repeat((12 + 100 * (latitudes - 60))[:, None], 400, axis=1).astype(np.float32)
    profile = {"driver": "GTiff", "height": 400, "width": 400, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    with rasterio.open(memory, "w", transform=from_origin(24, 61, 0.0025, 0.0025), **profile) as raster:
        raster.write(heights, 1)
    return memory.getvalue()


class Bucket(BaseHTTPRequestHandler):
    """Answers as the public bucket does; `mood` says what goes wrong."""

    body: bytes
    mood: str
    asked: list[str]

    def do_GET(self) -> None:
        span = self.headers.get("Range", "")
        type(self).asked.append(self.path + " " + span)
        if EAST not in self.path:
            self.send_error(404)
        elif self.mood == "slow":
            time.sleep(1.5)
        elif self.mood == "broken":
            self.send_error(503)
        elif self.mood == "page":
            self._send(b"<html>please log in</html>", 200)
        elif self.mood.startswith("cut"):
            first = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
            resumable = self.mood == "cut" and first > 0
            whole = self.body[first:] if resumable else self.body
            keep = whole[: len(self.body) // 3 + 1] if self.mood != "cut_once" or len(self.asked) == 1 else whole
            self._send(keep, 206 if resumable else 200, length=len(whole))
        else:
            self._send(self.body, 200)

    def _send(self, body: bytes, status: int, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def bucket() -> Iterator[str]:
    Bucket.body, Bucket.mood, Bucket.asked = tile(), "", []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_tiles_are_named_by_their_south_west_corner() -> None:
    assert tile_names((7.405, 43.72, 7.445, 43.75)) == ("Copernicus_DSM_COG_10_N43_00_E007_00_DEM",)
    assert tile_names((-0.2, -0.3, 0.1, 0.2)) == (
        "Copernicus_DSM_COG_10_S01_00_W001_00_DEM", "Copernicus_DSM_COG_10_S01_00_E000_00_DEM",
        "Copernicus_DSM_COG_10_N00_00_W001_00_DEM", "Copernicus_DSM_COG_10_N00_00_E000_00_DEM",
    )  # fmt: skip
    assert tile_names((179.9, 10.1, 180.1, 10.2))[1].endswith("W180_00_DEM")


def test_a_city_stands_on_a_downloaded_tile(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYTWIN_DEM_URL", bucket)
    town = tmp_path / "town.osm"
    town.write_text(town_xml(*block()))
    city = build_city(town, tmp_path / "city", dem="copernicus")
    ground = city.terrain()
    assert Bucket.asked == [f"/{EAST}/{EAST}.tif "]
    assert ground.model == "surface" and ground.screening and ground.vertical_error_m == pytest.approx(2.43)
    assert "GLO-30" in ground.source["en"]
    assert abs(float(ground.elevation_m.mean()) - (12 + 100 * (LAT + 0.00135 - 60))) < 0.1
    assert city.manifest["dem"][0]["file"] == f"{EAST}.tif"
    build_city(town, tmp_path / "city2", dem="copernicus")
    assert len(Bucket.asked) == 1  # kept beside the cities


def test_a_tile_that_is_missing_is_sea(bucket: str, tmp_path: Path) -> None:
    tiles = download_tiles((23.99, 60.1, 24.01, 60.2), tmp_path, address=bucket)
    assert [file.stem for file in tiles.files] == [EAST] and tiles.at_sea == (WEST,)
    with pytest.raises(NotThere, match="no terrain here"):
        download_tiles((10.1, 10.1, 10.2, 10.2), tmp_path, address=bucket)


@pytest.mark.parametrize("mood", ["cut", "cut_once"])
def test_a_download_that_breaks_off_is_resumed(bucket: str, tmp_path: Path, mood: str) -> None:
    """`cut`: the server sends a third at a time and can resume; `cut_once`: it breaks off once and cannot resume."""
    Bucket.mood = mood
    (file,) = download_tiles(BOX, tmp_path, address=bucket).files
    assert file.read_bytes() == Bucket.body
    assert len(Bucket.asked) == (3 if mood == "cut" else 2)
    assert [left.name for left in tmp_path.iterdir()] == [file.name]


def test_a_download_that_always_breaks_off_is_said_and_kept(bucket: str, tmp_path: Path) -> None:
    Bucket.mood = "cut_always"
    with pytest.raises(EngineFailed, match="broke off 3 times"):
        download_tiles(BOX, tmp_path, address=bucket)
    assert not list(tmp_path.glob("*.tif"))
    Bucket.mood = ""
    assert download_tiles(BOX, tmp_path, address=bucket).files[0].read_bytes() == Bucket.body


def test_a_service_that_sends_something_else_is_said(bucket: str, tmp_path: Path) -> None:
    Bucket.mood = "page"
    with pytest.raises(EngineFailed, match="no GeoTIFF"):
        download_tiles(BOX, tmp_path, address=bucket)
    assert list(tmp_path.iterdir()) == []
    Bucket.mood = "broken"
    with pytest.raises(EngineFailed, match="503"):
        download_tiles(BOX, tmp_path, address=bucket)
    Bucket.mood = "slow"
    with pytest.raises(EngineFailed, match="in time"):
        download_tiles(BOX, tmp_path, address=bucket, timeout_s=0.3)
    with pytest.raises(EngineFailed, match="could not be downloaded"):
        download_tiles(BOX, tmp_path, address="http://127.0.0.1:9")
    with pytest.raises(EngineFailed, match="could not be downloaded"):
        download_tiles(BOX, tmp_path, address="nonsense://x")


def test_the_address_of_the_options_goes_first(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYTWIN_DEM_URL", "http://127.0.0.1:9")
    town = tmp_path / "town.osm"
    town.write_text(town_xml(*block()))
    options = GroundOptions(dem="copernicus", dem_url=bucket, downloads=tmp_path / "kept")
    city = build_city(town, tmp_path / "city", ground_options=options)
    assert city.terrain().model == "surface" and (tmp_path / "kept" / f"{EAST}.tif").is_file()
