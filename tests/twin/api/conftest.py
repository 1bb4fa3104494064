"""An application over a real book: one open, one rejected, one expired recommendation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import filled_desk
from starlette.testclient import TestClient

from twin.api.behind import Behind, StateFeed
from twin.api.server import application


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    desk = filled_desk(tmp_path)
    yield Behind(desk, StateFeed(lambda: {"recommendations": [e.rec_id for e in desk.entries()]}, pause_s=0.1))
    desk.close()


@pytest.fixture
def asked(behind: Behind) -> Iterator[TestClient]:
    with TestClient(application(behind), raise_server_exceptions=False) as client:
        yield client
