"""An application over a real book: one open, one rejected, one expired recommendation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from twin.api.behind import Behind, StateFeed
from twin.api.server import application
from twin.desk import Desk

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


def filled_desk(folder: Path) -> Desk:
    """A desk whose clock stands at NOW."""
    desk = Desk.open(folder / "desk.sqlite", now=lambda: NOW)
    for name, minutes in (("open", 15), ("decided", 15), ("expired", -5)):
        times = {"created": NOW - timedelta(minutes=10), "valid_until": NOW + timedelta(minutes=minutes)}
        desk.propose({"rec_id": name, "kind": "road_closure"} | {k: t.isoformat() for k, t in times.items()})
    desk.decide("decided", "reject", who="operator 1", why="no")
    return desk


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    desk = filled_desk(tmp_path)
    yield Behind(desk, StateFeed(lambda: {"recommendations": [e.rec_id for e in desk.entries()]}, pause_s=0.1))
    desk.close()


@pytest.fixture
def asked(behind: Behind) -> Iterator[TestClient]:
    with TestClient(application(behind), raise_server_exceptions=False) as client:
        yield client
