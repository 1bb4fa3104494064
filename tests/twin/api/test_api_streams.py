"""Event streams: what happens comes to everybody in order, and who does not read holds nothing up."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from served import filled_desk, serving
from starlette.testclient import TestClient

from twin.api.behind import AuditFeed, Behind, StateFeed
from twin.api.doorkeeper import Doorkeeper
from twin.api.patience import Limits, Patience
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.api.streams import Streams, TooMany
from twin.desk import People


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Behind]:
    desk = filled_desk(tmp_path)
    yield Behind(desk, StateFeed(dict, pause_s=0.02))
    desk.close()


def entries(address: str, count: int, path: str = "", **headers: str) -> list[tuple[int, str]]:
    """Number and action of the first entries of a stream."""
    found: list[tuple[int, str]] = []
    with httpx.stream("GET", f"{address}/api/audit/events{path}", headers=headers, trust_env=False) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        number = 0
        for line in answer.iter_lines():
            if line.startswith("id:"):
                number = int(line[3:])
            if line.startswith("data:"):
                entry = json.loads(line[5:])
                assert entry["seq"] == number
                found.append((number, entry["action"]))
            if len(found) == count:
                return found
    raise AssertionError("it ended")


def test_a_stream_goes_on_where_one_was(town: Behind) -> None:
    with serving(application(town)) as address:
        assert [number for number, _ in entries(address, 4, "?after=0")] == [1, 2, 3, 4]
        assert entries(address, 1, **{"last-event-id": "3"}) == [(4, "reject")]
        assert entries(address, 2, "?after=1", **{"last-event-id": "2"})[0][0] == 3
        for number in range(250):
            town.desk.note("twin", f"step {number}", None, "")
        assert [number for number, _ in entries(address, 252, "?after=2")] == list(range(3, 255))


def test_many_listeners_ask_the_book_once(town: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = AuditFeed(town.book, pause_s=60)
    asked = []
    newest = feed.newest
    monkeypatch.setattr(feed, "newest", lambda: asked.append(1) or newest())

    async def listen() -> None:
        await asyncio.gather(*(feed.after(4, 10) for _ in range(50)))

    asyncio.run(listen())
    assert len(asked) == 1


def test_there_are_so_many_streams_and_no_more() -> None:
    streams = Streams(most=3, each=2)
    with streams.one("a"), streams.one("a"):
        with pytest.raises(TooMany), streams.one("a"):
            pass
        with streams.one("b"), pytest.raises(TooMany), streams.one("c"):
            pass
    assert not streams.open


def test_one_stream_too_many_is_told_when_to_come_again(town: Behind) -> None:
    full = replace(town, streams=Streams(most=0))
    answer = TestClient(application(full)).get("/api/events")
    assert answer.status_code == 429 and answer.headers["retry-after"]


def test_a_stream_ends_once_its_token_opens_nothing_any_more(town: Behind) -> None:
    """Whoever is removed from the desk sees no more of the town, and no decision that is on its way is broken off."""
    people = People(town.book)
    people.add("root", "administrator")
    token = people.add("vic", "viewer")
    app: Any = Doorkeeper(application(town), EitherSignIn(people), still_s=0.05)
    with (
        serving(app) as address,
        httpx.stream("GET", f"{address}/api/events", headers={"Authorization": f"Bearer {token}"}, trust_env=False,
                     timeout=20) as answer,
    ):  # fmt: skip
        lines = answer.iter_lines()
        assert any(line.startswith("data:") for line in lines)
        time.sleep(0.3)
        assert town.streams.open, "it goes on while the token is good"
        people.renew("vic")
        assert not any(line.startswith("data:") for line in lines), "it ended, and properly"
        for _ in range(100):
            if not town.streams.open:
                break
            time.sleep(0.02)
        assert not town.streams.open


def test_who_does_not_read_holds_no_memory_and_is_cut_off_in_the_end(tmp_path: Path) -> None:
    """Ten readers that never read, and 200 states of half a megabyte: nothing like a hundred megabytes each."""
    made = [0]

    def big() -> dict[str, Any]:
        made[0] += 1
        return {"number": made[0], "bulk": "x" * 500_000}

    desk = filled_desk(tmp_path)
    behind = Behind(desk, StateFeed(big, pause_s=0.01))
    app: Any = Patience(application(behind), Limits(taken_s=1.5))
    readers = []
    with serving(app) as address:
        port = int(address.rsplit(":", 1)[1])
        tracemalloc.start()
        for _ in range(10):
            link = socket.socket()
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.connect(("127.0.0.1", port))
            link.sendall(b"GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n")
            readers.append(link)
        with httpx.stream("GET", f"{address}/api/events", trust_env=False, timeout=20) as quick:
            seen = 0
            for line in quick.iter_lines():
                seen += line.startswith("data:")
                if seen == 60:
                    break
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < 10 * 5 * 500_000 + 20_000_000, f"{held} bytes are held"
        for _ in range(200):
            if not behind.streams.open:
                break
            httpx.get(f"{address}/health/live", trust_env=False)
            asyncio.run(asyncio.sleep(0.05))
        assert not behind.streams.open, "readers that stall are cut off"
    for link in readers:
        link.close()
    desk.close()
