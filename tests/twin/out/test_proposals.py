"""Proposals in a file of lines and at a webhook on loopback: each once, tried again, through crashes and full disks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_webhook import Receiver

from networks.errors import BadInput, StorageFailed
from twin.desk import Book
from twin.out import Proposals
from twin.out.ways.lines import append_line, read_lines

UNTIL = datetime(2026, 7, 1, 9, tzinfo=UTC)
REC: dict[str, Any] = {
    "rec_id": "rec-1",
    "title": {"en": "Longer green", "zh": "延长绿灯"},
    "valid_until": UNTIL.isoformat(),
}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def opened(folder: Path, webhook: str | None = None) -> Proposals:
    book = Book.open(folder / "desk.sqlite")
    book.set_clock(UNTIL - timedelta(hours=1))  # and it stands still, as a study's does
    return Proposals(book, folder / "outbox", webhook)


def test_a_line_is_kept_and_the_webhook_gets_the_same_document(tmp_path: Path, receiver: Receiver) -> None:
    box = opened(tmp_path, receiver.url)
    assert [letter.state for letter in box.publish(REC)] == ["taken", "taken"]
    assert [letter.state for letter in box.publish(REC)] == ["taken", "taken"]
    assert read_lines(tmp_path / "outbox" / "recommendations.jsonl") == [REC]
    ((headers, body, _),) = receiver.posts
    assert json.loads(body) == REC and headers["idempotency-key"]


def test_what_failed_is_told_kept_and_sent_later_once(tmp_path: Path, receiver: Receiver) -> None:
    line, post = opened(tmp_path, "http://127.0.0.1:9/hook").publish(REC)
    assert (line.state, post.state, post.last.detail) == ("taken", "waiting", "no answer: ConnectError")
    receiver.answers = [(503, b"", 0.0)]
    later = opened(tmp_path, receiver.url)  # after a restart, with a receiver that stumbles once
    assert [letter.state for letter in later.work()] == ["waiting"]
    assert [letter.state for letter in later.work()] == ["taken"] and later.work() == []
    assert len({headers["idempotency-key"] for headers, _, _ in receiver.posts}) == 1
    assert len(read_lines(tmp_path / "outbox" / "recommendations.jsonl")) == 1


def test_a_proposal_whose_time_has_passed_is_not_sent_any_more(tmp_path: Path, receiver: Receiver) -> None:
    opened(tmp_path, "http://127.0.0.1:9/hook").publish(REC)
    later = opened(tmp_path, receiver.url)
    later.room.book.set_clock(UNTIL + timedelta(seconds=1))
    assert [letter.state for letter in later.work()] == ["dead"] and receiver.posts == []


def test_without_a_webhook_it_is_only_kept(tmp_path: Path) -> None:
    assert [letter.message.channel for letter in opened(tmp_path).publish(REC)] == ["lines"]
    with pytest.raises(BadInput, match="webhook"):
        opened(tmp_path, "ftp://example.org")


def test_a_torn_line_of_a_crash_is_cut_and_the_next_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "recommendations.jsonl"
    path.write_text('{"rec_id": "a"}\n{"rec_id": "b", "ti')
    assert [row["rec_id"] for row in read_lines(path)] == ["a"]
    append_line(path, '{"rec_id": "c"}')
    assert path.read_text() == '{"rec_id": "a"}\n{"rec_id": "c"}\n'


def test_a_full_disk_leaves_no_half_line_and_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="No space left"):
        append_line(Path("/dev/full"), "x")
    (tmp_path / "outbox").write_text("a file stands where the folder should be")
    box = opened(tmp_path)
    (letter,) = box.publish(REC)
    assert letter.state == "waiting"
    (tmp_path / "outbox").unlink()
    assert [one.state for one in box.work()] == ["taken"]
