"""`twin build --place`: osmnx against a real local server in place of Nominatim and Overpass."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from small_towns import LAT, LON, STEP, block

from networks import BadInput, EngineFailed, build_city, download_place

WEST, SOUTH, EAST, NORTH = LON - STEP, LAT - STEP, LON + 7 * STEP, LAT + 4 * STEP


def elements() -> list[dict[str, object]]:
    nodes, ways = block()
    found: list[dict[str, object]] = [
        {"type": "way", "id": way, "nodes": refs, "tags": dict(tags)} for way, (refs, tags) in ways.items()
    ]
    for ref, (east, north) in nodes.items():
        found.append({"type": "node", "id": ref, "lon": LON + east * STEP * 2, "lat": LAT + north * STEP})
    found[0]["tags"] = {"highway": "residential", "name": 'Tom & "Ann" <street>'}
    return found


class Service(BaseHTTPRequestHandler):
    """Answers as Nominatim on /search and as Overpass on /interpreter."""

    asked: list[str]

    def do_GET(self) -> None:
        place = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
        known = {
            "place_id": 1, "osm_type": "relation", "osm_id": 7, "lat": str(LAT), "lon": str(LON), "class": "boundary",
            "type": "administrative", "place_rank": 16, "importance": 0.5, "addresstype": "town", "name": place,
            "display_name": place, "boundingbox": [str(SOUTH), str(NORTH), str(WEST), str(EAST)],
            "geojson": {"type": "Polygon", "coordinates": [ring]},
        }  # fmt: skip
        self._answer([known] if place == "Blockton" else [])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        type(self).asked.append(parse_qs(body)["data"][0])
        self._answer({"elements": elements()})

    def _answer(self, value: object) -> None:
        text = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    Service.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pointed(service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CITYTWIN_NOMINATIM_URL", f"{service}/")
    monkeypatch.setenv("CITYTWIN_OVERPASS_URL", service)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return service


@pytest.mark.usefixtures("pointed")
def test_a_place_becomes_a_map_and_a_city(tmp_path: Path) -> None:
    file = download_place("Blockton", tmp_path / "blockton.osm")
    assert f"node({SOUTH:.4f}" in Service.asked[0]
    city = build_city(file, tmp_path / "city")
    assert len(city.layer("edges")) == 44  # a plain block's 40, and way 1000, unlike the others, keeps its corners
    assert 'Tom & "Ann" <street>' in set(city.layer("edges").name)
    assert city.manifest["frame_source"] == "file header"


@pytest.mark.usefixtures("pointed")
def test_an_unknown_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nobody knows"):
        download_place("Nowhereville", tmp_path / "x.osm")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("pointed")
def test_no_service_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYTWIN_NOMINATIM_URL", "http://127.0.0.1:9/")
    with pytest.raises(EngineFailed, match="could not be downloaded"):
        download_place("Blockton", tmp_path / "x.osm")
