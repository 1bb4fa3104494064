"""Who acts, sees it in the next state, however long states are kept otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import filled_desk
from starlette.testclient import TestClient

from twin.api.behind import Behind, StateFeed
from twin.api.server import application


class Counted:
    """A desk whose states are counted, and kept for an hour."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.made = filled_desk(folder), 0
        self.client = TestClient(application(Behind(self.desk, StateFeed(self._state, pause_s=3600.0))))

    def _state(self) -> dict[str, Any]:
        self.made += 1
        return {"mode": self.desk.mode().name, "statuses": [one.status for one in self.desk.entries()]}

    def state(self) -> dict[str, Any]:
        """What a page reads."""
        told: dict[str, Any] = self.client.get("/api/state").json()
        return told


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Counted]:
    one = Counted(tmp_path)
    with one.client:
        yield one
    one.desk.close()


def test_a_switched_mode_is_in_the_next_state(town: Counted) -> None:
    assert town.state()["mode"] == "normal"
    body = {"mode": "emergency", "reason": "the river rises", "who": "Eva"}
    assert town.client.post("/api/mode", json=body).status_code == 200
    assert town.state()["mode"] == "emergency"
    assert (town.state(), town.made) == (town.state(), 2), "and is kept again"


def test_a_decision_is_in_the_next_state(town: Counted) -> None:
    before = town.state()["statuses"]
    rec_id = next(one.rec_id for one in town.desk.entries() if one.status == "proposed")
    body = {"decision": "reject", "reason": "not now", "who": "Eva"}
    answer = town.client.post(f"/api/recommendations/{rec_id}/decision", json=body)
    assert answer.status_code == 200, answer.text
    assert town.state()["statuses"].count("rejected") == before.count("rejected") + 1


def test_what_was_refused_and_who_only_looks_make_no_new_state(town: Counted) -> None:
    town.state()
    assert town.client.post("/api/mode", json={"mode": "panic", "reason": "x"}).status_code == 400
    assert town.client.get("/api/mode").status_code == 200
    town.state()
    assert town.made == 1
