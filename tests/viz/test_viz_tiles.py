"""A tile server beneath the cockpit's map: whose address it may be, what pages may ask for, and what is drawn."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import pack
from threading import Thread
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from small_server import SmallServer
from watched import Watched

from networks.errors import BadInput
from twin.api.gate import HEADERS, POLICY, Gate
from twin.api.tiles import Tiles, layers_with

OURS = "© Tile Makers"
MAGENTA = (200, 0, 200)


@pytest.mark.parametrize(
    ("template", "attribution", "said"),
    [
        ("tiles.example/{z}/{x}/{y}.png", OURS, "no address"), ("file:///{z}/{x}/{y}.png", OURS, "no address"),
        ("https://me:secret@tiles.example/{z}/{x}/{y}", OURS, "no address"),
        ("https://a.example;script-src/{z}/{x}/{y}", OURS, "no address"),
        ("https://{x}.example/{z}/{x}/{y}", OURS, "no address"), ("https://tiles.example/{z}/{x}.png", OURS, "{y}"),
        ("https://tiles.example/{z}/{x}/{y}/{z}", OURS, "{z}"), ("https://tiles.example/{z}/{x}/{y}", " ", "whose map"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(template: str, attribution: str, said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        Tiles(template, attribution)


def test_pages_may_ask_that_one_server_for_pictures_and_nothing_else() -> None:
    tiles = Tiles("https://Tiles.example:8443/{z}/{x}/{y}.png", OURS)
    opened = TestClient(Gate(FastAPI(), port=80, names=("testserver",), pictures=tiles.origin)).get("/")
    policy = opened.headers[POLICY]
    assert policy == HEADERS[POLICY].replace("img-src 'self'", "img-src 'self' https://tiles.example:8443")
    assert "tiles" not in re.sub(r"img-src[^;]*", "", policy)
    shut = TestClient(Gate(FastAPI(), port=80, names=("testserver",))).get("/")
    assert shut.headers[POLICY] == HEADERS[POLICY] and "tiles" not in layers_with(dict, None)()
    assert layers_with(dict, tiles)()["tiles"]["attribution"] == OURS


def png(colour: tuple[int, int, int]) -> bytes:
    """A square of 256 pixels."""

    def part(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * 256) * 256
    head = part(b"IHDR", pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


class _Tiles(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        there = self.path.startswith("/there/")
        self.send_response(200 if there else 404)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(png(MAGENTA) if there else b"")


@pytest.fixture
def tile_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Tiles)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def share_of(picture: np.ndarray, colour: tuple[int, int, int]) -> float:
    return float((np.abs(picture * 255 - np.array(colour)).max(axis=2) < 12).mean())


@pytest.mark.full
@pytest.mark.browser
def test_tiles_lie_beneath_the_streets_and_the_own_ground_comes_back_without_them(
    browser: Any, tile_server: str
) -> None:
    for part, shown in (("there", True), ("gone", False)):
        tiles = Tiles(f"{tile_server}/{part}/{{z}}/{{x}}/{{y}}.png", OURS)
        policy = HEADERS[POLICY].replace("img-src 'self'", f"img-src 'self' {tiles.origin}")
        server, seen = SmallServer(policy=policy, tiles=tiles.told()), Watched(browser, "desk")
        seen.page.goto(server.address)
        seen.until(lambda seen=seen: seen.run("window.cockpitSeen >= 1 && !!window.cockpitMap"), "no page")
        credit = OURS if shown else "does not answer"
        seen.until(lambda seen=seen, credit=credit: credit in seen.page.inner_text("#attribution"), "no credit")
        if shown:
            seen.until(lambda seen=seen: share_of(seen.picture("#map"), MAGENTA) > 0.5, "no tiles")
            asked = [url for url in seen.asked if url.startswith(tile_server)]
            assert asked and all(re.fullmatch(r".*/there/1\d/\d+/\d+\.png", url) for url in asked)
            seen.page.click("[data-zoom='1']")
            deeper = str(int(asked[0].split("/there/")[1][:2]) + 1)
            seen.until(lambda seen=seen, z=deeper: any(f"/there/{z}/" in url for url in seen.asked), "no more")
        else:
            assert share_of(seen.picture("#map"), MAGENTA) == 0.0
        assert "OpenStreetMap" in seen.page.inner_text("#attribution")
        others = [one for one in seen.errors if "404" not in one]
        assert not others, others
        server.stop()
        seen.page.close()
