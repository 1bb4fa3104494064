"""/api/reports: made beside the service, one at a time; files of reports alone; for who may read the audit."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from twin.api.behind import Behind
from twin.api.doorkeeper import Doorkeeper
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.desk import People
from twin.reports import Shelf

WORKER = """
import sys, pathlib, time
words = sys.argv[1:]
out = pathlib.Path(words[words.index("-o") + 1])
while (out.parent / "hold").exists(): time.sleep(0.01)
if "1999-01-01" in words: sys.exit("twin: no cycle on 1999-01-01")
out.mkdir(parents=True)
(out / "report.html").write_text("<main>" + " ".join(words) + "</main>")
(out / "alarms.csv").write_text("a,b")
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, tmp_path / "reports", None, (sys.executable, "-c", WORKER))
    yield made
    made.close()


@pytest.fixture
def client(behind: Behind, shelf: Shelf) -> Iterator[TestClient]:
    with TestClient(application(replace(behind, reports=shelf)), raise_server_exceptions=False) as opened:
        yield opened


def settled(client: TestClient, key: str) -> dict[str, object]:
    """A report that is not being made any more."""
    for _ in range(2000):
        (found,) = [one for one in client.get("/api/reports").json()["reports"] if one["key"] == key]
        if found["state"] != "making":
            return dict(found)
        time.sleep(0.01)
    raise AssertionError("it is made for ever")


def test_one_is_made_and_its_files_are_given(client: TestClient) -> None:
    assert client.get("/api/reports").json() == {"reports": [], "cases": []}
    asked = client.post("/api/reports", json={"kind": "day", "day": "2026-11-02", "timezone": "Asia/Shanghai"})
    assert asked.status_code == 202 and asked.json()["key"] == "day-2026-11-02"
    found = settled(client, "day-2026-11-02")
    assert found["state"] == "made" and found["files"] == ["alarms.csv", "report.html"]
    page = client.get("/reports/day-2026-11-02/report.html")
    assert "--date 2026-11-02 --timezone Asia/Shanghai" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy and "unsafe-eval" not in policy
    table = client.get("/reports/day-2026-11-02/alarms.csv")
    assert table.text == "a,b" and "attachment" in table.headers["content-disposition"]


def test_one_at_a_time_and_a_failure_says_why(client: TestClient, shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "hold").touch()
    assert client.post("/api/reports", json={"kind": "day"}).json()["state"] == "making"
    again = client.post("/api/reports", json={"kind": "day", "day": "1999-01-01"})
    assert again.status_code == 409 and "being made" in again.json()["error"]
    (tmp_path / "reports" / "hold").unlink()
    assert settled(client, "day-last")["state"] == "made"
    client.post("/api/reports", json={"kind": "day", "day": "1999-01-01"})
    failed = settled(client, "day-1999-01-01")
    assert failed["state"] == "failed" and "no cycle on 1999-01-01" in str(failed["problem"]) and failed["files"] == []
    assert [one.key for one in shelf.all()] == ["day-last", "day-1999-01-01"]


@pytest.mark.parametrize("name", ["..%2f..%2fdesk.sqlite", "desk.sqlite", ".day-last.log", "%2e%2e"])
def test_nothing_else_of_the_disk_is_given(client: TestClient, name: str) -> None:
    client.post("/api/reports", json={"kind": "day"})
    settled(client, "day-last")
    for path in (f"/reports/day-last/{name}", f"/reports/{name}/report.html", f"/reports/..%2f/{name}"):
        assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "flood"}, {"kind": "review"}, {"kind": "day", "day": "soon"},
        {"kind": "day", "timezone": "Mars/Base"},
        {"kind": "day", "timezone": "../../etc/passwd"}, {"kind": "day", "out": "/etc"},
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_told(client: TestClient, body: dict[str, str]) -> None:
    assert client.post("/api/reports", json=body).status_code == 400
    assert client.get("/api/reports").json()["reports"] == []


def test_a_case_that_nobody_knows_and_a_server_without_reports(client: TestClient, asked: TestClient) -> None:
    assert client.post("/api/reports", json={"kind": "review", "case": "nobody"}).status_code == 404
    told = asked.get("/api/reports")
    assert told.status_code == 404 and "keeps no reports" in told.json()["error"]


def test_a_wall_reads_no_report(behind: Behind, shelf: Shelf) -> None:
    people = People(behind.book)
    tokens = {name: people.add(name, role) for name, role in (("root", "administrator"), ("wall", "viewer"))}
    app = application(replace(behind, reports=shelf))
    app.add_middleware(Doorkeeper, sign_in=EitherSignIn(people), required=True)
    with TestClient(app) as opened:
        for name, status in (("wall", 403), ("root", 200)):
            headers = {"authorization": f"Bearer {tokens[name]}"}
            assert opened.get("/api/reports", headers=headers).status_code == status
        assert opened.get("/api/reports").status_code == 401
        assert opened.get("/reports/day-last/report.html", follow_redirects=False).status_code in (303, 401)
