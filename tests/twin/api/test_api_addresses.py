"""What the API tells of the desk, its audit and itself."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from served import NOW
from sqlalchemy import text
from starlette.testclient import TestClient

from calibration.outcomes import Estimate
from twin.api.behind import Behind
from twin.api.description import kept
from twin.api.figure import Figure, exposition
from twin.api.server import application
from twin.outcome import OutcomeBook

DOCS = Path(__file__).parents[3] / "docs"


def test_recommendations_are_told_with_what_became_of_them(asked: TestClient) -> None:
    told = asked.get("/api/recommendations").json()
    assert {one["rec_id"]: one["status"] for one in told} == {
        "open": "proposed",
        "decided": "rejected",
        "expired": "expired",
    }
    assert [one["rec_id"] for one in asked.get("/api/recommendations?status=rejected").json()] == ["decided"]
    assert asked.get("/api/recommendations?limit=1&offset=1").json() == told[1:2]
    one = asked.get("/api/recommendations/decided").json()
    assert one["decision"]["who"] == "operator 1" and one["document"]["kind"] == "road_closure"
    assert asked.get("/api/recommendations/decid").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/api/recommendations?status=lost", "/api/recommendations?limit=0", "/api/audit?after=-1", "/api/audit?limit=x"],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(asked: TestClient, address: str) -> None:
    answer = asked.get(address)
    assert answer.status_code == 400 and "query." in answer.json()["error"]


def test_text_that_a_database_cannot_hold_is_refused(asked: TestClient) -> None:
    for reason in ("a\x00b", "\x1b[31m"):
        body = {"decision": "approve", "who": "operator 2", "reason": reason}
        assert asked.post("/api/recommendations/open/decision", json=body).status_code == 400
    raw = b'{"decision": "approve", "who": "operator 2", "reason": "\\ud800"}'
    answer = asked.post("/api/recommendations/open/decision", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert asked.get("/api/recommendations/open").json()["status"] == "proposed"


def test_the_audit_is_read_on_from_any_entry_and_its_chain_is_verified(asked: TestClient, behind: Behind) -> None:
    entries = asked.get("/api/audit").json()
    assert [one["seq"] for one in entries] == [1, 2, 3, 4] and entries[-1]["action"] == "reject"
    assert asked.get("/api/audit?after=2&limit=1").json() == entries[2:3]
    assert asked.get("/api/audit/verify").json() == {"whole": True, "entries": 4, "broken": []}
    with behind.book.work() as link:
        link.execute(text("UPDATE audit SET detail = 'yes' WHERE seq = 4"))
    told = asked.get("/api/audit/verify").json()
    assert not told["whole"] and [one["seq"] for one in told["broken"]] == [4]


def test_health_says_whether_it_can_be_relied_on(asked: TestClient, behind: Behind) -> None:
    assert asked.get("/health/live").json()["status"] == "live"
    assert asked.get("/health/ready").json() == {"status": "ready", "why": ""}
    late = TestClient(application(replace(behind, ready=lambda: "the last cycle is 20 min old")))
    answer = late.get("/health/ready")
    assert answer.status_code == 503 and answer.json()["why"] == "the last cycle is 20 min old"


def test_prometheus_reads_the_figures(asked: TestClient) -> None:
    answer = asked.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    read: dict[tuple[str, Any], float] = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert read[("twin_recommendations", "rejected")] == 1
    assert read[("twin_audit_entries_total", "propose")] == 3
    assert read[("twin_ready",)] == 1


def test_labels_with_quotes_and_lines_stay_one_figure() -> None:
    awkward = 'a "name" \\ over\ntwo lines'
    (family,) = text_string_to_metric_families(exposition([Figure("x", "what\nit is", 1.5, {"who": awkward})]))
    assert family.samples[0].labels == {"who": awkward} and family.samples[0].value == 1.5


def test_the_description_in_the_docs_is_the_one_that_is_served(asked: TestClient) -> None:
    assert (DOCS / "openapi.json").read_text(encoding="utf-8") == kept(), (
        "python -m twin.api.description > docs/openapi.json"
    )
    assert "/api/audit/events" in asked.get("/api/openapi.json").json()["paths"]


def test_nothing_is_there_beside_what_is_described(asked: TestClient) -> None:
    assert asked.get("/docs").status_code == 404 and asked.get("/api/nothing").json()["error"]
    refused = asked.delete("/api/recommendations/open")
    assert refused.status_code == 405 and refused.headers["allow"] == "GET"
    assert asked.options("/api/mode").headers["allow"] == "GET, POST"


def test_a_refused_method_names_those_that_are_described_at_every_address(asked: TestClient) -> None:
    """`/api/signals/check` is not a signal of that name: its `Allow` once held what another address takes."""
    for template, told in json.loads(kept())["paths"].items():
        refused = asked.options(re.sub(r"{[^}]*}", "x", template))
        expected = ", ".join(sorted(method.upper() for method in told))
        assert (refused.status_code, refused.headers["allow"]) == (405, expected), template


def test_what_an_action_brought_is_told_and_what_is_not_known_is_null(asked: TestClient, behind: Behind) -> None:
    behind.desk.decide("open", "approve", who="operator 2", why="agreed")
    estimate = Estimate("switchback", -12.0, -math.inf, math.inf, 0.9, 3)
    times = {"since": NOW, "until": NOW + timedelta(hours=1), "measure": "delay", "unit": "s"}
    OutcomeBook(behind.book).keep("open", estimate, base=100.0, **times)
    (told,) = asked.get("/api/outcomes?rec_id=open").json()
    assert told["difference"] == -12.0 and told["low"] is None and told["by_design"] and "zh" in told["text"]
    assert asked.get("/api/outcomes?rec_id=other").json() == []
    (trust,) = asked.get("/api/outcomes/trust").json()
    assert trust["kind"] == "road_closure" and trust["word"] == "not known yet" and trust["share"] is None
