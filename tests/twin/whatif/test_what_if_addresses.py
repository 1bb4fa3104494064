"""The addresses of the planning desk: planners ask, others look, and nobody's text reads a file of the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from planning_town import closure
from starlette.testclient import TestClient

from scenarios import parse_scenario
from twin.api.behind import Behind, StateFeed
from twin.api.doorkeeper import Doorkeeper
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.desk import Desk, People
from twin.whatif import WhatIfs

Queue = Callable[..., WhatIfs]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.open(tmp_path / "desk.sqlite")
    yield opened
    opened.close()


def client(desk: Desk, queue: WhatIfs | None, role: str | None = None) -> TestClient:
    people = EitherSignIn(People(desk.book))
    app = application(replace(Behind(desk, StateFeed(dict)), what_ifs=queue, sign_in=people))
    app.add_middleware(Doorkeeper, sign_in=people, required=role is not None)
    headers = {}
    if role is not None:
        known = People(desk.book)
        if not known.all():
            known.add("chief", "administrator")
        headers = {"Authorization": f"Bearer {known.add(f'the {role}', role)}"}
    return TestClient(app, raise_server_exceptions=False, headers=headers)


def body(**more: Any) -> dict[str, Any]:
    return {"scenario": closure(), "responses": "none", "members": 2, "budget_s": 600, **more}


def test_planners_and_engineers_ask_and_others_look(desk: Desk, pretending: Queue) -> None:
    queue = pretending()
    keys = {}
    for role in ("planner", "engineer"):
        asked = client(desk, queue, role).post("/api/what-if", json=body())
        assert asked.status_code == 201 and asked.json()["who"] == f"the {role}"
        keys[role] = asked.json()["key"]
    for role in ("viewer", "operator", "administrator"):
        other = client(desk, queue, role)
        assert other.post("/api/what-if", json=body()).status_code == 403
        assert other.post(f"/api/what-if/{keys['planner']}/ending", json={}).status_code == 403
        assert {one["key"] for one in other.get("/api/what-if").json()} == set(keys.values())
        assert "interventions" in other.get(f"/api/what-if/{keys['planner']}/files/scenario.yaml").text


def test_nobody_asks_under_no_name(desk: Desk, pretending: Queue) -> None:
    loopback = client(desk, pretending())
    assert loopback.post("/api/what-if", json=body()).status_code == 400
    assert loopback.post("/api/what-if", json=body(who="Ann")).json()["who"] == "Ann"


def test_the_file_is_the_one_that_the_command_line_reads(desk: Desk, pretending: Queue) -> None:
    asked = client(desk, pretending())
    answer = asked.post("/api/what-if/file", json=body())
    assert 'filename="street-closed.yaml"' in answer.headers["content-disposition"]
    again = asked.post("/api/what-if/opening", json={"text": answer.text}).json()
    assert again == parse_scenario(answer.text).model_dump(mode="json")


@pytest.mark.parametrize("name", ["../asked.json", "asked.json", "..%2f..%2fdesk.sqlite", "log.txt"])
def test_only_what_is_offered_is_handed_out(desk: Desk, pretending: Queue, name: str) -> None:
    asked = client(desk, pretending())
    key = asked.post("/api/what-if", json=body(who="Ann")).json()["key"]
    assert asked.get(f"/api/what-if/{key}/files/{name}").status_code in (404, 405)
    assert asked.get(f"/api/what-if/{key}/files/assigned.zip").status_code == 404, "not yet"


def test_a_mistake_is_told_with_its_place(desk: Desk, pretending: Queue) -> None:
    asked = client(desk, pretending())
    for wrong in (body(members=0), body(budget_s=1), body(responses="panic", who="Ann"),
                  body(scenario=closure("x"), who="Ann"), body(scenario={}, who="Ann")):  # fmt: skip
        answer = asked.post("/api/what-if", json=wrong)
        assert answer.status_code == 400 and answer.json()["error"], wrong
    assert asked.post("/api/what-if/opening", json={"text": "a: ["}).status_code == 400
    assert asked.get("/api/what-if").json() == []


def test_a_service_without_a_planning_desk_says_so(desk: Desk) -> None:
    answer = client(desk, None).get("/api/what-if")
    assert answer.status_code == 404 and "planning desk" in answer.json()["error"]
