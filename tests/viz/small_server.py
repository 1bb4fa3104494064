"""A local HTTP server that speaks the cockpit's contract (viz/cockpit.py) with a state that the test sets."""

from __future__ import annotations

import json
import queue
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from small_town import recommendation, small_city

from viz import base_layers, cockpit_asset, cockpit_page

POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"


def state_of(city: Any, *, minute: int = 0, recommendations: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A full state: everything that the page can show."""
    edges = city.layer("edges")
    count = len(edges)
    ratio = [None if i % 9 == 0 else round(((i * 37 + minute * 11) % 100) / 100, 2) for i in range(count)]
    depth = [0.0 if i % 11 else 0.35 for i in range(count)]
    middle = edges.geometry.iloc[[count // 3, count // 2]].to_crs(4326)
    units = [
        {"id": f"amb-{i}", "lon": g.coords[0][0], "lat": g.coords[0][1], "state": "free"} for i, g in enumerate(middle)
    ]
    return {
        "now": f"2026-07-17T18:{minute:02d}:00+03:00",
        "run_time_s": 4500 + 60 * minute,
        "speed": 60,
        "held": False,
        "mode": "live",
        "labels": "synthetic replay",
        "figures": [
            {"key": "mean_speed_mps", "value": 5.4, "unit": "m/s", "trend": -1},
            {"key": "vehicles", "value": 412 + minute, "unit": "vehicles"},
            {"key": "walkers", "value": 3120, "unit": "people", "trend": 1},
            {"key": "closed_roads", "value": 7, "unit": "roads"},
            {"key": "max_depth_m", "value": 0.42, "unit": "m"},
            {"key": "open_calls", "value": 1, "unit": "calls"},
            {"key": "rain_mm_h", "value": 38.0, "unit": "mm/h"},
        ],
        "roads": {"speed_ratio": ratio, "closed": [4, 25]},
        "depth_m": depth,
        "crowd": [[i, 0.1 + (i % 50) / 10] for i in range(0, len(city.layer("walk_links")), 3)],
        "units": units,
        "calls": [{"id": "call-1", "lon": units[0]["lon"] + 0.002, "lat": units[0]["lat"] + 0.001}],
        "occupancy": None,
        "feeds": [
            {"name": "vehicle_count", "last_s_ago": 12, "count": 3410, "status": "ok"},
            {"name": "rain_intensity", "last_s_ago": 240, "count": 71, "status": "late"},
            {"name": "emergency_call", "last_s_ago": None, "count": 0, "status": "waiting"},
        ],
        "forecast": {"horizon_s": 1800, "roads_speed_ratio": [0.2] * count, "depth_m": depth},
        "recommendations": recommendations
        if recommendations is not None
        else [
            recommendation(
                "signal_timing", {"en": "Shift greens by the harbour", "zh": "调整港区绿灯"}, "better", -12.0
            ),
            recommendation("visitor_guidance", {"en": "Release in two waves", "zh": "分两批离场"}, "cannot tell", -1.0),
        ],
        "log": [
            {"time": "2026-07-17T17:55:00+03:00", "en": "Rain above 30 mm/h", "zh": "雨强超过 30 毫米/小时"},
            {"time": "2026-07-17T18:00:00+03:00", "en": "The concert lets out", "zh": "音乐会散场"},
        ],
    }


def occupancy(*, zones: bool = True, error: bool = False) -> dict[str, Any]:
    """Who is where: a site in alarm, one whose counts are late, a street that nobody knows the capacity of."""
    park = {"zone": "park", "name": "Old park", "people": 742, "low": 690, "high": 795, "soon": 901, "holds": 800,
            "basis": "approved", "share": 0.927, "level": 2, "last_s_ago": 90.0, "status": "ok",
            "next": {"level": 3, "earliest": "2026-07-17T18:10:00+03:00", "expected": None}}  # fmt: skip
    pier = park | {"zone": "pier", "name": "pier", "people": 31, "share": 0.04, "level": 0, "next": None}
    street = pier | {"zone": "street", "name": "street", "holds": None, "basis": None, "share": None}
    note = {"en": "cam told 60 for 6 periods: stuck, and left out", "zh": "cam自10:00起卡死，未采用"}
    return {
        "at": "2026-07-17T17:55:00+03:00" if zones else None, "soon_min": 60, "synthetic": True, "counters": 7,
        "zones": [pier | {"status": "late"}, street, park] if zones else [], "notes": [note] if zones else [],
        "error": {"en": "the figures before stand: no disk", "zh": "沿用上一结果：no disk"} if error else None,
    }  # fmt: skip


class SmallServer(ThreadingHTTPServer):
    """Serves the page, the city and the state; `send` pushes a new state to every open event stream."""

    daemon_threads = True

    def __init__(self, city: Any = None, policy: str = POLICY, **more: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.city = city or small_city()
        self.city_text = json.dumps(base_layers(self.city) | more).encode()
        self.policy = policy
        self.state = state_of(self.city)
        self.hour: dict[str, Any] | None = None
        self.decisions: list[tuple[str, dict[str, Any]]] = []
        self.listeners: list[queue.Queue[str | None]] = []
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        """http://127.0.0.1:port/."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def send(self, state: dict[str, Any]) -> None:
        """A new state for everybody who listens."""
        self.state = state
        for listener in self.listeners:
            listener.put(json.dumps(state))

    def stop(self) -> None:
        """End the event streams and the server."""
        for listener in self.listeners:
            listener.put(None)
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: SmallServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(cockpit_page().encode(), "text/html; charset=utf-8")
        elif self.path.startswith("/static/"):
            self._answer(*cockpit_asset(self.path.removeprefix("/static/")))
        elif self.path == "/api/city":
            self._answer(self.server.city_text, "application/json")
        elif self.path == "/api/state":
            self._answer(json.dumps(self.server.state).encode(), "application/json")
        elif self.path == "/api/hour":
            self._answer(json.dumps(self.server.hour).encode(), "application/json")
        elif self.path == "/api/me":
            self._answer(json.dumps({"name": None, "role": None, "pages": ["/"]}).encode(), "application/json")
        elif self.path == "/health/ready":
            self._answer(b'{"status": "ready", "why": ""}', "application/json")
        elif self.path == "/api/events":
            self._events()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rec_id = self.path.split("/")[3]
        self.server.decisions.append((rec_id, body))
        recommendations = [
            {
                **rec,
                "status": "approved" if body["decision"] == "approve" else "rejected",
                "who": body["who"],
                "reason": body["reason"],
            }
            if rec["rec_id"] == rec_id
            else rec
            for rec in self.server.state["recommendations"]
        ]
        self.server.state = {**self.server.state, "recommendations": recommendations}
        self._answer(b"{}", "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        listener: queue.Queue[str | None] = queue.Queue()
        self.server.listeners.append(listener)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b": hello\n\n")
        self.wfile.flush()
        while (state := listener.get()) is not None:
            self.wfile.write(f"event: state\ndata: {state}\n\n".encode())
            self.wfile.flush()
