"""What the benchmarks of feeds say of losses, doubles, lags and spoiled days is right where the truth is known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.feeds.city_day import DAY, spoiled
from benchmarks.feeds.judged import acknowledged, kept, lags_s
from benchmarks.feeds.sending import OF_ONE, payload
from models.streams import stream
from twin.feeds import Message, format_named
from twin.store import FeedStore

RATE = 3


def store_of(folder: Path, numbers: list[int]) -> Path:
    """A store that took these messages, in this order, sent a second apart."""
    understands = format_named("sensorthings")
    format = understands(understands.Options())
    rows = []
    for at, number in enumerate(numbers):
        sent = DAY + timedelta(seconds=at)
        message = Message(payload(number, RATE, sent), "city/counts", sent)
        rows += [(at, row) for row in format.understand(message).records]
    with FeedStore(folder) as store:
        store.take("counts", 0, len(numbers), rows, [])
    return folder


def test_what_is_lost_and_what_was_never_sent_is_counted(tmp_path: Path) -> None:
    found = kept(store_of(tmp_path, [0, 1, 2, 4, 4, 9]), np.array([0, 1, 2, 3, 4, 5]), RATE)
    assert (found.rows, found.lost, found.doubled, found.strange) == (5 * OF_ONE, 2 * OF_ONE, 0, OF_ONE)
    assert found.number.tolist() == [0, 1, 2, -1, 4, -1]


def test_the_lag_is_to_the_first_look_that_has_it(tmp_path: Path) -> None:
    found = kept(store_of(tmp_path, [0, 1, 2]), np.array([0, 1, 2]), RATE)
    began = DAY.timestamp()
    looked = [(began, 0), (began + 1.5, 1), (began + 3.0, 3)]
    assert lags_s(found, looked) == pytest.approx([1.5, 2.0, 1.0], abs=1e-3)


def test_a_line_that_was_cut_is_no_acknowledgement(tmp_path: Path) -> None:
    (tmp_path / "sent").write_text("3\n1\n3\n17")
    assert acknowledged(tmp_path / "sent").tolist() == [1, 3]


def test_a_spoiled_day_has_all_of_the_clean_one_in_order_of_receipt() -> None:
    clean = [Message(b"[%d, %d]" % (k, 10**30), "t", DAY + timedelta(seconds=k)) for k in range(2000)]
    came = list(spoiled(iter(clean), stream(0, "a test"), twice=0.05, late=0.05, garbage=0.01))
    good = [message.payload for message, garbage in came if not garbage]
    assert set(good) == {message.payload for message in clean}
    assert 60 < len(good) - len(clean) < 140
    assert 8 < sum(garbage for _, garbage in came) < 35
    received = [message.received for message, _ in came]
    assert received == sorted(received)
    late = [m.received - DAY - timedelta(seconds=int(m.payload[1:].split(b",")[0])) for m, bad in came if not bad]
    assert timedelta(minutes=25) < max(late) < timedelta(minutes=31)
