"""The cockpit's API over a real socket: who may talk to it, what it answers, and decisions that land on the desk."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from networks.errors import BadInput
from twin import Desk
from twin.api.server import StateFeed, loopback_socket, make_app

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


class Live:
    """A running server with one open, one decided and one expired recommendation."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk.open(folder / "desk.sqlite", now=lambda: NOW)
        for name, minutes in (("open", 15), ("decided", 15), ("expired", -5)):
            times = {"created": NOW - timedelta(minutes=10), "valid_until": NOW + timedelta(minutes=minutes)}
            self.desk.propose({"rec_id": name, "kind": "road_closure"} | {k: t.isoformat() for k, t in times.items()})
        self.desk.decide("decided", "reject", who="operator 1", why="no")
        self.socket = loopback_socket(0)
        self.port = int(self.socket.getsockname()[1])
        self.made = 0
        app = make_app(
            layers=lambda: {"edges": [1, 2]}, state=StateFeed(self._state, pause_s=0.1), desk=self.desk, port=self.port
        )
        self.server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        )
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=10)

    def _state(self) -> dict[str, Any]:
        self.made += 1
        rows = [{"rec_id": e.rec_id, "status": e.status} for e in self.desk.entries()]
        return {"number": self.made, "recommendations": rows}

    def decide(self, rec_id: str, **body: Any) -> httpx.Response:
        body = {"decision": "approve", "who": "operator 2", "reason": "agreed"} | body
        return self.http.post(f"/api/recommendations/{rec_id}/decision", json=body)

    def close(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self.thread.join(10)
        self.socket.close()
        self.desk.close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    made = Live(tmp_path_factory.mktemp("live"))
    yield made
    made.close()


def test_state_and_layers_are_json(live: Live) -> None:
    assert live.http.get("/api/city").json() == {"edges": [1, 2]}
    answer = live.http.get("/api/state")
    assert {r["rec_id"]: r["status"] for r in answer.json()["recommendations"]}["expired"] == "expired"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_many_who_look_cost_one_state(live: Live) -> None:
    before, began = live.made, time.monotonic()
    for _ in range(40):
        live.http.get("/api/state")
    assert live.made - before <= 1 + (time.monotonic() - began) / 0.1
    assert live.made - before < 40


def test_a_decision_lands_on_the_desk_and_the_second_is_refused(live: Live) -> None:
    answer = live.decide("open", reason="the street is flooding")
    assert (answer.status_code, answer.json()) == (200, {"rec_id": "open", "status": "approved"})
    entry = live.desk.entry("open")
    assert entry.decision is not None and entry.decision.why == "the street is flooding"
    states = {r["rec_id"]: r["status"] for r in live.http.get("/api/state").json()["recommendations"]}
    assert states["open"] == "approved"
    second = live.decide("open", decision="reject", who="operator 3")
    assert second.status_code == 409 and "operator 2 has already approved" in second.json()["error"]


@pytest.mark.parametrize(
    ("rec_id", "body", "status", "word"),
    [
        ("decided", {}, 409, "operator 1"),
        ("expired", {}, 409, "valid until"),
        ("nothing", {}, 404, "no recommendation"),
        ("decid", {}, 404, "no recommendation"),
        ("open", {"decision": "postpone"}, 400, "approve"),
        ("open", {"who": ""}, 400, "who"),
        ("open", {"reason": "  "}, 400, "why"),
        ("open", {"reason": "x" * 5000}, 400, "reason"),
        ("open", {"more": 1}, 400, "more"),
    ],
)
def test_what_is_not_a_decision_is_refused_in_words(
    live: Live, rec_id: str, body: dict[str, Any], status: int, word: str
) -> None:
    answer = live.decide(rec_id, **body)
    assert answer.status_code == status and word in answer.json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example:80"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_other_sites_cannot_decide(live: Live, headers: dict[str, str], status: int) -> None:
    body = json.dumps({"decision": "approve", "who": "x", "reason": "x"})
    given = {"Content-Type": "application/json"} | headers
    answer = live.http.post("/api/recommendations/open/decision", content=body, headers=given)
    assert answer.status_code == status and answer.json()["error"]
    if "Content-Type" not in headers:
        assert live.http.get("/api/state", headers=headers).status_code == status


def test_a_body_that_is_too_long_or_has_no_length_is_not_read(live: Live) -> None:
    long = live.http.post("/api/recommendations/open/decision", content=b"{" + b" " * 70_000, headers=JSON)
    assert long.status_code == 413
    unsized = live.http.post("/api/recommendations/open/decision", content=iter([b"{}"]), headers=JSON)
    assert unsized.status_code == 413


JSON = {"Content-Type": "application/json"}


def test_this_servers_own_page_may_decide(live: Live) -> None:
    origin = {"Origin": f"http://localhost:{live.port}", "Host": f"localhost:{live.port}"}
    assert live.http.get("/api/state", headers=origin).status_code == 200


def test_events_bring_the_state_again_and_again(live: Live) -> None:
    with live.http.stream("GET", "/api/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        numbers: list[int] = []
        for line in answer.iter_lines():
            if line.startswith("event:"):
                assert line == "event: state"
            if line.startswith("data:"):
                numbers.append(json.loads(line.removeprefix("data:"))["number"])
            if len(numbers) == 3:
                break
    assert numbers == sorted(set(numbers))


def test_it_listens_on_loopback_only_and_says_when_a_port_is_taken(live: Live) -> None:
    assert live.socket.getsockname()[0] == "127.0.0.1"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", live.port)) == 0
    with pytest.raises(BadInput, match="cannot be used"):
        loopback_socket(live.port)
