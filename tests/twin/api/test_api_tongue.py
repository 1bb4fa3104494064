"""Refusals in Chinese as in English: by header and address, every sentence of the API, and nothing else touched."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import twin.api
from twin.api.behind import Behind
from twin.api.entrance import Entrance
from twin.api.refusals import OTHER, SENTENCES, STATUS
from twin.api.tongue import in_chinese, translated, wants_chinese

CHINESE = re.compile("[一-鿿]")
ROOM = Path(twin.api.__file__ or "").parent.parent
SPEAK = {"Refused", "NotThere", "BadInput", "StorageFailed", "HTTPException", "answer"}
HEARD = (
    *("api/gate.py", "api/patience.py", "api/doorkeeper.py", "api/sign_in.py", "api/features/asking.py"),
    *sorted(f"api/routes/{file.name}" for file in (ROOM / "api" / "routes").glob("*.py")),
    *("desk/deciding.py", "desk/changing.py", "desk/ruling.py", "desk/people.py", "desk/way_back.py"),
    *("desk/entries.py", "desk/cases.py", "alarms/alarm_book.py", "plans/plan_book.py", "out/mailroom.py"),
    *("whatif/what_ifs.py", "whatif/what_if.py", "whatif/question.py", "signals/ground.py", "signals/proposing.py"),
    "reports/shelf.py",
)
"""Files whose refusals come out of the API."""


@pytest.fixture
def asked(behind: Behind) -> Iterator[TestClient]:
    with TestClient(Entrance().app(behind, 80), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def sentences(file: Path) -> Iterator[str]:
    """First arguments of what is raised or answered: texts, with {} where something stands in them."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SPEAK:
            for part in node.args:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value
                elif isinstance(part, ast.JoinedStr):
                    yield "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in part.values)


@pytest.mark.parametrize("name", HEARD)
def test_every_refusal_of_the_api_is_in_the_catalogue(name: str) -> None:
    missing = [one for one in sentences(ROOM / name) if translated(one.replace("{}", "X")) is None]
    assert not missing


@pytest.mark.parametrize("sentence", sorted(SENTENCES))
def test_a_sentence_keeps_its_places(sentence: str) -> None:
    chinese = SENTENCES[sentence]
    assert CHINESE.search(chinese) and len(re.findall(r"\{\d*\}", chinese)) == sentence.count("{}")
    numbered = re.findall(r"\{(\d+)\}", chinese)
    assert not numbered or sorted(map(int, numbered)) == list(range(sentence.count("{}")))


def test_what_stands_in_a_sentence_is_kept_and_put_in_order() -> None:
    said = "not approved: Olga has already rejected it at 2026-07-17T15:00:00Z: no need: none"
    assert translated(said) == "未批准：Olga已于2026-07-17T15:00:00Z拒绝：no need: none"
    assert translated("something that nobody says") is None


@given(st.text(max_size=200))
def test_any_text_comes_through(text: str) -> None:
    translated(text)
    assert in_chinese(text.encode("utf-8", "surrogatepass"), 400) is not None


@pytest.mark.parametrize(
    ("header", "query", "chinese"),
    [
        ("zh-CN", "", True), ("zh;q=0.5, en;q=0.9", "", False), ("en, zh", "", False), ("de, zh;q=0.2", "", True),
        ("", "", False), ("en", "lang=zh", True), ("zh", "lang=en", False), ("*", "", False), ("zh;q=x", "", False),
    ],
)  # fmt: skip
def test_who_wants_chinese(header: str, query: str, chinese: bool) -> None:
    scope = {"query_string": query.encode(), "headers": [(b"accept-language", header.encode())] if header else []}
    assert wants_chinese(scope) is chinese


def test_a_refusal_speaks_the_language_that_is_asked_for(asked: TestClient) -> None:
    path, body = "/api/recommendations/decided/decision", {"decision": "approve", "who": "Olga", "reason": "yes"}
    english = asked.post(path, json=body)
    chinese = asked.post(path, json=body, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert english.status_code == chinese.status_code == 409
    assert "already rejected" in english.json()["error"] and "content-language" not in english.headers
    assert chinese.json()["error"].startswith("未批准：operator 1已于") and CHINESE.search(chinese.json()["remedy"])
    assert chinese.headers["content-language"] == "zh-CN" and int(chinese.headers["content-length"]) == len(
        chinese.content
    )
    by_address = asked.get("/api/recommendations/nobody?lang=zh")
    assert by_address.status_code == 404 and by_address.json()["error"] == "没有此编号的建议"
    assert asked.get("/api/state", headers={"Accept-Language": "zh"}).json() == asked.get("/api/state").json()
    gate = asked.get("/api/state", headers={"Accept-Language": "zh", "Host": "evil.example"})
    assert gate.status_code == 421 and gate.json()["error"] == "本服务器不用此名称"
    odd = asked.post("/api/mode", json={"mode": 7}, headers={"Accept-Language": "zh"})
    assert odd.json()["error"] == STATUS[400] and CHINESE.search(OTHER), "what is not in the catalogue has its kind"
