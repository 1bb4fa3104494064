"""The addresses of the signals' workspace: they say what the commands say, and send nothing by themselves."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from four_lights import write_case
from served import filled_desk
from starlette.testclient import TestClient

from networks import read_signal_plans
from twin.advice import plan_digest
from twin.api.behind import Behind, StateFeed
from twin.api.doorkeeper import Doorkeeper
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.cli import run
from twin.desk import Desk, People
from twin.signals import FORMATS, SignalGround, packed

TLS = "A0"


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("lights"), last_s=10, end_s=10).with_name("grid.net.xml")


@pytest.fixture(scope="module")
def ground(net: Path) -> SignalGround:
    return SignalGround(net, read_signal_plans(net, source="imported"), places={TLS: (10.0, 50.0)})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = filled_desk(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(ground: SignalGround, desk: Desk) -> Iterator[TestClient]:
    with TestClient(application(Behind(desk, StateFeed(dict), signals=lambda: ground))) as opened:
        yield opened


def edited(client: TestClient, *, more_s: float = 5.0) -> dict[str, Any]:
    """The plan of a signal, with a longer first green."""
    plan = client.get(f"/api/signals/{TLS}").json()["plan"]
    first = plan["phases"][0]
    first |= {name: first[name] + more_s for name in ("duration_s", "min_s", "max_s")}
    return dict(plan)


def proposal(client: TestClient, **more: Any) -> dict[str, Any]:
    """A body that the desk takes."""
    digest = client.get(f"/api/signals/{TLS}").json()["digest"]
    given = {"plans": [edited(client)], "made_for": {TLS: digest}, "reason": "the queue in the morning", "who": "Ann"}
    return given | {"overrides": leaves(client)} | more


def leaves(client: TestClient) -> list[dict[str, str]]:
    """Leave for whatever the generated plans fail."""
    failing = client.post("/api/signals/check", json={"plan": edited(client)}).json()["rules"]
    return [{"rule": one["rule"], "reason": "a generated plan"} for one in failing]


def test_the_list_says_what_the_command_says(
    client: TestClient, net: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    told = client.get("/api/signals", params={"rules": "rilsa"}).json()["signals"]
    assert run(["signals", "check", str(net), "--net", str(net), "--json"]) in (0, 3)
    verdicts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for one in told:
        own = [v for v in verdicts if v["tls_id"] == one["tls_id"] and v["passed"] is False]
        assert one["failing"] == len(own)
    assert {one["tls_id"]: one["lon"] for one in told} == {"A0": 10.0, "A1": None, "B0": None, "B1": None}
    assert client.get("/api/signals/A9").status_code == 404
    assert client.get("/api/signals", params={"rules": "/etc/passwd"}).status_code == 400


def test_a_sheet_and_a_corridor_are_the_pieces_that_the_commands_write(client: TestClient) -> None:
    one = client.get(f"/api/signals/{TLS}").json()
    assert one["editable"] and "<svg" in one["sheet"] and "<script" not in one["sheet"]
    assert [phase["changing"] for phase in one["phases"]] == ["y" in p["state"] for p in one["plan"]["phases"]]
    way = client.post("/api/signals/corridor", json={"signals": ["A1", "B1"]}).json()
    assert way["stops"] == 2 and "time-space" in way["sheet"]
    moved = client.get("/api/signals/B1").json()["plan"] | {"offset_s": 30.0}
    assert client.post("/api/signals/corridor", json={"signals": ["A1", "B1"], "edited": [moved]}).json() != way
    assert client.post("/api/signals/corridor", json={"signals": ["A1", "A1"]}).status_code == 400


def test_a_change_is_checked_at_once(client: TestClient) -> None:
    plan = edited(client, more_s=0.0)
    same = client.post("/api/signals/check", json={"plan": plan}).json()
    assert same["changes"] == 0 and same["new"] == 0
    yellow = next(phase for phase in plan["phases"] if "y" in phase["state"])
    yellow |= {"duration_s": 1.0, "min_s": 1.0, "max_s": 1.0}
    told = client.post("/api/signals/check", json={"plan": plan}).json()
    assert told["new"] > 0 and "yellow" in {one["rule"] for one in told["rules"]}
    why = [{"tls_id": TLS, "kind": "cycle", "subject": "", "text": "<b>less</b>"}]
    shown = client.post("/api/signals/check", json={"plan": plan, "reasons": why}).json()["diff"]
    assert "&lt;b&gt;less" in shown and "<b>less" not in shown, "a reason stays text"


@pytest.mark.parametrize("bad", [{"duration_s": 1e9}, {"duration_s": -1}, {"state": "GG"}, {"following": [99]}])
def test_a_plan_that_no_signal_can_run_is_refused_in_words(client: TestClient, bad: dict[str, Any]) -> None:
    plan = edited(client)
    plan["phases"][0] |= bad
    answer = client.post("/api/signals/check", json={"plan": plan})
    assert answer.status_code == 400 and answer.json()["error"]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_leaves_with_its_audit(client: TestClient, kind: str) -> None:
    refused = client.post("/api/signals/export", json={"signals": [TLS], "format": kind, "who": "Ann"})
    assert refused.status_code == 409, "a rule fails, and nobody gave leave"
    body = {"edited": [edited(client)], "signals": [TLS], "format": kind, "who": "Ann", "overrides": leaves(client)}
    answer = client.post("/api/signals/export", json=body)
    assert answer.status_code == 200, answer.text
    files = zipfile.ZipFile(io.BytesIO(answer.content))
    audit = next(name for name in files.namelist() if name.endswith(".audit.jsonl"))
    line = json.loads(files.read(audit))
    assert line["who"] == "Ann" and {one["reason"] for one in line["overrides"]} == {"a generated plan"}
    assert files.read("notes.txt").decode().startswith(f"{TLS}: ")


def test_what_leaves_as_sumo_is_what_was_changed(client: TestClient, tmp_path: Path) -> None:
    plan = edited(client)
    body = {"edited": [plan], "signals": [TLS], "format": "sumo", "who": "Ann", "overrides": leaves(client)}
    zipfile.ZipFile(io.BytesIO(client.post("/api/signals/export", json=body).content)).extractall(tmp_path)
    (read,) = read_signal_plans(tmp_path / "plans.add.xml").values()
    assert [phase.duration_s for phase in read.phases] == [phase["duration_s"] for phase in plan["phases"]]


def test_a_change_lies_on_the_desk_once_and_can_be_taken_back(client: TestClient, desk: Desk) -> None:
    body = proposal(client, reasons=[{"tls_id": TLS, "kind": "cycle", "text": "longer queue"}])
    done = client.post("/api/signals/proposals", json=body)
    assert done.status_code == 200 and done.json()["status"] == "proposed"
    assert client.post("/api/signals/proposals", json=body).json() == done.json(), "sent twice, it lies there once"
    entry = desk.exactly(done.json()["rec_id"])
    document = entry.document
    assert document["effect"] is None and document["proposed_by"] == "Ann"
    assert document["why"][0]["en"] == "the queue in the morning" and document["why"][1]["zh"].endswith("longer queue")
    assert any("a generated plan" in one["en"] for one in document["risks"])
    waiting = {one["tls_id"]: one["waiting"] for one in client.get("/api/signals").json()["signals"]}
    assert waiting == {TLS: 1, "A1": 0, "B0": 0, "B1": 0}
    desk.decide(entry.rec_id, "approve", who="Bo", why="seen", role=None)
    assert list(desk.rollback(entry.rec_id, who="Bo", why="worse").document["action"]) == document["before"]
    again = client.post("/api/signals/proposals", json=body)
    assert again.json()["rec_id"] != entry.rec_id, "after a decision it may be proposed again"


def test_nothing_is_proposed_that_fails_is_old_or_is_no_change(client: TestClient, desk: Desk) -> None:
    count = len(desk.entries())
    for wrong, status in (
        ({"overrides": []}, 409),
        ({"made_for": {TLS: "another"}}, 409),
        ({"plans": [edited(client, more_s=0.0)]}, 400),
        ({"plans": [edited(client), edited(client)]}, 400),
        ({"reason": ""}, 400),
        ({"hours": 1000}, 400),
    ):
        assert client.post("/api/signals/proposals", json=proposal(client) | wrong).status_code == status, wrong
    assert len(desk.entries()) == count


def test_a_plan_that_runs_since_is_todays(net: Path) -> None:
    filed = read_signal_plans(net, source="imported")
    other = read_signal_plans(net, source="imported")[TLS]
    running = {TLS: other.__class__(**{**other.__dict__, "program_id": "advised"}), "gone": other}
    ground = SignalGround(net, filed, running=lambda: running)
    assert ground.plan(TLS).program_id == "advised" and set(ground.today()) == set(filed)
    assert plan_digest(ground.plan(TLS)) != plan_digest(filed[TLS])


def test_only_an_engineer_sends_a_change(ground: SignalGround, tmp_path: Path) -> None:
    desk = filled_desk(tmp_path)
    people = People(desk.book)
    tokens = {"administrator": people.add("root", "administrator")}
    tokens |= {role: people.add(role, role) for role in ("viewer", "operator", "planner", "engineer")}
    sign_in = EitherSignIn(people)
    app: Any = application(Behind(desk, StateFeed(dict), signals=lambda: ground, sign_in=sign_in))
    app.add_middleware(Doorkeeper, sign_in=sign_in, required=True)
    for role, token in tokens.items():
        client = TestClient(app, headers={"authorization": f"Bearer {token}"})
        assert client.get("/api/signals").status_code == 200
        body = proposal(client) | {"who": role if role != "administrator" else "root"}
        assert client.post("/api/signals/proposals", json=body).status_code == (200 if role == "engineer" else 403), (
            role
        )
        export = {"signals": [TLS], "format": "sumo", "overrides": leaves(client)}
        assert client.post("/api/signals/export", json=export).status_code == (200 if role == "engineer" else 403)
    desk.close()


def test_a_twin_without_signals_says_so(desk: Desk) -> None:
    client = TestClient(application(Behind(desk, StateFeed(dict))))
    answer = client.get("/api/signals")
    assert answer.status_code == 404 and answer.json()["error"] == "this twin has no signals"


def test_the_same_export_has_the_same_bytes(ground: SignalGround) -> None:
    from datetime import UTC, datetime

    plans, when = {TLS: ground.plan(TLS)}, datetime(2026, 7, 17, tzinfo=UTC)
    first, second = (packed(ground, plans, "spat", "resco", who="Ann", when=when)[0] for _ in range(2))
    assert first == second
