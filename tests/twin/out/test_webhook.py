"""Webhooks against a real HTTP server on loopback: signed, slow, dripping, refusing, redirecting, robots."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.errors import BadInput, Refused
from twin.desk import Book
from twin.out import Acknowledged, Mailroom, OutMessage, Patience, read_receivers, verified
from twin.out.ways.webhook import dingtalk_query

FILE = """
receivers:
  - id: hook
    takes: [task, recommendation]
    way: {{kind: webhook, url: "{url}", timeout_s: {limit_s}{more}}}
    words: {{format: {words}}}
"""
T0 = datetime(2026, 7, 1, 8, tzinfo=UTC)


class Leave:
    allowed_by, not_after = "decision:r1", T0 + timedelta(hours=9)


class Receiver:
    """Answers as it is told, one (code, body, wait) a post, then 200."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes, float]] = []
        self.posts: list[tuple[dict[str, str], bytes, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.posts.append(({name.lower(): told for name, told in self.headers.items()}, body, self.path))
                code, answer, wait_s = outer.answers.pop(0) if outer.answers else (200, b"", 0.0)
                try:
                    if wait_s < 0:  # drips: a header a while, for ever
                        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                        for n in range(600):
                            self.wfile.write(f"X-{n}: 1\r\n".encode())
                            time.sleep(0.1)
                    time.sleep(max(wait_s, 0.0))
                    self.send_response(code)
                    self.send_header("Content-Length", str(len(answer)))
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    pass

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def opened(folder: Path, url: str, *, more: str = "", words: str = "json", limit_s: float = 30.0) -> Mailroom:
    (folder / "receivers.yaml").write_text(FILE.format(url=url, more=more, words=words, limit_s=limit_s))
    book = Book.open(folder / "desk.sqlite")
    book.set_clock(T0)
    channels = read_receivers(folder / "receivers.yaml").channels(book.clock)
    return Mailroom(book, channels, lambda _: Leave(), patience=Patience(4, 10.0, 60.0))


def task(key: str = "k1") -> OutMessage:
    return OutMessage(key, "hook", "task", {"title": "Pump to A"}, "r1", "decision:r1", T0 + timedelta(minutes=90))


def test_a_post_is_signed_and_a_stale_or_changed_one_is_not_ours(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_WORD", "between us")
    room = opened(tmp_path, receiver.url, more=", sign: standard, secret_env: HOOK_WORD")
    room.hand_in([task()])
    room.work()
    assert room.letter("k1").state == "taken"
    headers, body, _ = receiver.posts[0]
    assert headers["idempotency-key"] == "k1" and json.loads(body)["body"] == {"title": "Pump to A"}
    assert verified(body, headers, "between us", now_s=time.time()) == "k1"
    for wrong in (
        (body + b" ", headers, "between us", 0.0),
        (body, headers, "another", 0.0),
        (body, headers, "between us", 301.0),
        (body, headers | {"webhook-id": "k2"}, "between us", 0.0),
    ):
        with pytest.raises(Refused):
            verified(*wrong[:3], now_s=time.time() + wrong[3])


def test_the_signature_is_that_of_the_specifications_example() -> None:
    # Standard Webhooks' own test vector
    from twin.out.ways.webhook import signed

    payload = b'{"test": 2432232314}'
    made = signed(payload, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_that_hangs_then_answers_after_an_hour(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answers = [(200, b"", 60.0), (503, b"", 0.0), (200, b"", -1.0)]
    room = opened(tmp_path, receiver.url, limit_s=0.5)
    room.hand_in([task()])
    for minute in range(3):
        began = time.monotonic()
        room.book.set_clock(T0 + timedelta(minutes=minute))
        room.work()
        assert time.monotonic() - began < 30.0, "a slow receiver holds the mailroom"
        assert room.letter("k1").state == "waiting"
    room = opened(tmp_path, receiver.url)
    room.book.set_clock(T0 + timedelta(minutes=5))
    room.work()
    letter = room.letter("k1")
    assert (
        letter.state == "taken"
        and letter.sends == 4
        and {post[0]["idempotency-key"] for post in receiver.posts} == {"k1"}
    )
    room.book.set_clock(T0 + timedelta(minutes=95))
    late = room.acknowledge("k1", Acknowledged("done", "the pump runs"), channel="hook")
    assert late.state == "done" and late.last.detail == "after its time: the pump runs"
    assert room.work() == [] and len(receiver.posts) == 4


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [
        ((400, b""), "refused", "400"),
        ((302, b""), "refused", "302"),
        ((409, b""), "waiting", "409"),
        ((429, b""), "waiting", "429"),
        ((500, b""), "waiting", "500"),
        ((200, b"[" * 60_000), "taken", "200"),
        ((200, b'{"state": "done", "detail": "pumping"}'), "done", "pumping"),
        ((200, b'{"state": "refused", "detail": "no pump"}'), "refused", "no pump"),
    ],
)
def test_what_answers_mean(
    tmp_path: Path, receiver: Receiver, answer: tuple[int, bytes], state: str, detail: str
) -> None:
    receiver.answers = [(*answer, 0.0)]
    room = opened(tmp_path, receiver.url)
    room.hand_in([task()])
    room.work()
    assert (room.letter("k1").state, detail in room.letter("k1").last.detail) == (state, True)
    assert len(receiver.posts) == 1


def test_a_dingtalk_robot(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT", "SEC1")
    monkeypatch.setenv("TOKEN", "abc")
    receiver.answers = [(200, b'{"errcode": 130101, "errmsg": "send too fast"}', 0), (200, b'{"errcode": 0}', 0)]
    room = opened(
        tmp_path, receiver.url + "?access_token=${TOKEN}", more=", sign: dingtalk, secret_env: ROBOT", words="dingtalk"
    )
    room.hand_in([task()])
    room.work()
    assert room.letter("k1").state == "waiting" and "130101" in room.letter("k1").last.detail
    room.book.set_clock(T0 + timedelta(minutes=1))
    room.work()
    assert room.letter("k1").state == "taken"
    asked = parse_qs(urlsplit(receiver.posts[0][2]).query)
    assert asked["access_token"] == ["abc"]
    assert parse_qs(dingtalk_query("SEC1", int(asked["timestamp"][0])))["sign"] == asked["sign"]
    told = [step.detail for step in room.letter("k1").steps] + [one.detail for one in room.book.audit()]
    assert not any("abc" in one or "SEC1" in one for one in told)


def test_a_robot_that_says_nothing_or_no(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answers = [(200, b"<html>", 0), (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', 0)]
    room = opened(tmp_path, receiver.url, words="wecom")
    room.hand_in([task()])
    room.work()
    assert room.letter("k1").state == "waiting"
    room.book.set_clock(T0 + timedelta(minutes=1))
    room.work()
    assert room.letter("k1").state == "refused" and "93000" in room.letter("k1").last.detail


def test_nobody_there_is_no_secret_told(tmp_path: Path) -> None:
    room = opened(tmp_path, "http://127.0.0.1:9/hook?token=s3cret")
    room.hand_in([task()])
    room.work()
    assert room.letter("k1").last.detail == "no answer: ConnectError"


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("http://example.org/hook", "", "in clear"),
        ("ftp://example.org", "", "no webhook address"),
        ("https://example.org", ", sign: standard", "belong together"),
        ("https://example.org/${NOT_SET}", "", "NOT_SET is not set"),
    ],
)
def test_mistakes_in_the_file_are_told(tmp_path: Path, url: str, more: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        opened(tmp_path, url, more=more)


def test_a_file_a_message_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "receivers.yaml").write_text(
        "receivers:\n  - {id: hook, takes: [task], way: {kind: folder, folder: drop}}\n"
    )
    book = Book.open(tmp_path / "desk.sqlite")
    book.set_clock(T0)
    room = Mailroom(book, read_receivers(tmp_path / "receivers.yaml").channels(book.clock), lambda _: Leave())
    room.hand_in([task(), task("k2")])
    room.work()
    assert sorted(one.name for one in (tmp_path / "drop").iterdir()) == ["task-k1.json", "task-k2.json"]
    assert json.loads((tmp_path / "drop" / "task-k1.json").read_text())["rec_id"] == "r1"
