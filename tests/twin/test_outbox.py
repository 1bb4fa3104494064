"""The outbox against a real HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from networks.errors import BadInput, StorageFailed
from twin import Outbox
from twin.out.outbox import append_line, read_lines


class Receiver:
    """Answers with the codes it was given, one per post, then 200."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.posts: list[tuple[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.posts.append((self.headers["Idempotency-Key"], json.loads(body)))
                self.send_response(outer.codes.pop(0) if outer.codes else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


REC = {"rec_id": "rec-1", "title": {"en": "Longer green", "zh": "延长绿灯"}}


def test_a_line_is_kept_and_the_webhook_gets_the_same(tmp_path: Path, receiver: Receiver) -> None:
    box = Outbox(tmp_path, receiver.url)
    delivery = box.publish(REC)
    assert (delivery.status, delivery.attempts) == ("delivered", 1)
    assert read_lines(tmp_path / "recommendations.jsonl") == [REC]
    assert receiver.posts == [(delivery.key, REC)]


def test_a_receiver_that_stumbles_is_asked_again_with_growing_pauses(tmp_path: Path, receiver: Receiver) -> None:
    receiver.codes = [503, 500, 429]
    pauses: list[float] = []
    delivery = Outbox(tmp_path, receiver.url, first_pause_s=0.25, pause=pauses.append).publish(REC)
    assert (delivery.status, delivery.attempts, pauses) == ("delivered", 4, [0.25, 0.5, 1.0])
    assert len({key for key, _ in receiver.posts}) == 1


def test_a_refusal_is_not_repeated(tmp_path: Path, receiver: Receiver) -> None:
    receiver.codes = [400]
    delivery = Outbox(tmp_path, receiver.url).publish(REC)
    assert (delivery.status, delivery.attempts) == ("failed", 1) and "400" in delivery.reason
    assert len(receiver.posts) == 1


def test_what_failed_is_told_kept_and_sent_later_once(tmp_path: Path, receiver: Receiver) -> None:
    url = receiver.url
    dead = Outbox(tmp_path, "http://127.0.0.1:9/hook", attempts=2, pause=lambda _: None)
    delivery = dead.publish(REC)
    assert delivery.status == "failed" and "ConnectError" in delivery.reason
    assert [d["rec_id"] for d in dead.pending()] == ["rec-1"]
    later = Outbox(tmp_path, url)  # after a restart, with a receiver that is there
    assert [d.status for d in later.deliver_pending()] == ["delivered"]
    assert later.pending() == [] and later.deliver_pending() == []
    assert later.publish(REC).status == "delivered"
    assert len(receiver.posts) == 1 and len(read_lines(tmp_path / "recommendations.jsonl")) == 1
    assert [d.status for d in later.deliveries()] == ["failed", "delivered"]


def test_without_a_webhook_it_is_only_kept(tmp_path: Path) -> None:
    assert Outbox(tmp_path).publish(REC).status == "kept"
    assert Outbox(tmp_path).pending() == []


def test_a_torn_line_of_a_crash_is_cut_and_the_next_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "recommendations.jsonl"
    path.write_text('{"rec_id": "a"}\n{"rec_id": "b", "ti')
    assert [row["rec_id"] for row in read_lines(path)] == ["a"]
    append_line(path, '{"rec_id": "c"}')
    assert path.read_text() == '{"rec_id": "a"}\n{"rec_id": "c"}\n'


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="No space left"):
        append_line(Path("/dev/full"), "x")
    with pytest.raises(BadInput, match="webhook"):
        Outbox(tmp_path, "ftp://example.org")
