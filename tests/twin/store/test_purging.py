"""What is to go is gone, everywhere, and what is not stays; the certificates tell, and cannot be changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from buses import Buses, govern, message, record
from city_rows import at, seen
from sqlalchemy import text

from networks.errors import BadInput, QualityFailed, Refused
from twin.feeds import Message
from twin.feeds.log import LogReader
from twin.store import FeedStore, Wish, certificates, purge

MESSAGES = [
    message([("mover-7", 0), ("mover-8", 0)], 1),
    message([("mover-8", 10)], 11),
    message([("mover-7", 20)], 21, topic="buses/mover-7"),
    message("{torn: mover-7", 31),
    message([("mover-9", 40)], 41),
    message([("mover-7", 500)], 501),
]
X = Wish("buses", at(400), "me", "asked for by the passenger", ("mover", "mover-7"))


def recorded(store: FeedStore, log: Path) -> None:
    record(log, MESSAGES)
    govern(store, log)


def movers(store: FeedStore) -> list[tuple[str, int]]:
    return [(row["mover"], row["number"]) for row in store.read("positions").to_pylist()]


def payloads(log: Path) -> list[bytes]:
    return [found.payload for _, found in LogReader(log).read() if isinstance(found, Message)]


def test_one_mover_goes_from_rows_log_and_dead_letters_and_the_others_stay(store: FeedStore, tmp_path: Path) -> None:
    recorded(store, tmp_path / "log")
    for number in range(4):  # compaction keeps no numbers of rows that were replaced: the log is asked too
        store.compact(least=number + 2)
    removed, proved = purge(store, tmp_path / "log", Buses(), X)
    assert movers(store) == [("mover-8", 0), ("mover-8", 1), ("mover-9", 4), ("mover-7", 5)]
    assert [bool(payload) for payload in payloads(tmp_path / "log")] == [False, True, False, False, True, True]
    assert store.dead_letters(state=None) == []
    assert (removed.document["rows"], removed.document["messages"]) == ({"positions": 2}, 3)
    assert removed.document["dead_letters"] == 1
    key = removed.document["key"]
    assert key["sha256"] == hashlib.sha256((key["salt"] + "mover-7").encode()).hexdigest()
    assert proved.document["of"] == removed.seq
    assert proved.document["proof"]["messages"] == 6
    early = b"".join(path.read_bytes() for path in tmp_path.rglob("*.log*"))
    assert early.count(b"mover-7") <= 1  # that of later


def test_nothing_of_it_stays_in_any_file_when_all_of_it_is_asked_for(tmp_path: Path) -> None:
    with FeedStore(tmp_path) as store:
        recorded(store, tmp_path / "log")
        wish = Wish("buses", at(9_999), "me", "left", ("mover", "mover-7"))
        purge(store, tmp_path / "log", Buses(), wish)
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or b"mover-7" not in path.read_bytes(), path
        again, _ = purge(
            store, tmp_path / "log", Buses(), Wish("buses", at(9_999), "me", "twice", ("mover", "mover-7"))
        )
        assert (again.document["rows"], again.document["messages"]) == ({}, 0)


def test_all_that_is_old_goes(store: FeedStore, tmp_path: Path) -> None:
    recorded(store, tmp_path / "log")
    store.take("other", 0, 1, [(0, seen())], [])
    removed, _ = purge(store, tmp_path / "log", Buses(), Wish("buses", at(40), "me", "a year is over"))
    assert removed.document["rows"] == {"positions": 4}
    assert movers(store) == [("mover-9", 4), ("mover-7", 5)]
    assert [bool(payload) for payload in payloads(tmp_path / "log")][-2:] == [True, True]
    assert b"mover-8" not in b"".join(payloads(tmp_path / "log"))
    assert store.dead_letters() == []
    assert store.read("observations").num_rows == 1


def test_what_the_store_has_not_taken_yet_is_refused(store: FeedStore, tmp_path: Path) -> None:
    record(tmp_path / "log", MESSAGES)
    govern(store, tmp_path / "log", end=2)
    with pytest.raises(Refused, match="message 3 of buses is not in the store yet"):
        purge(store, tmp_path / "log", Buses(), X)
    assert movers(store) == [("mover-7", 0), ("mover-8", 0), ("mover-8", 1)]
    assert all(payloads(tmp_path / "log"))


def test_what_is_left_is_found_by_the_proof(store: FeedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(store, tmp_path / "log")
    monkeypatch.setattr("twin.store.purging.blank", lambda *_: 0)
    with pytest.raises(QualityFailed, match="a message of what should be gone is left"):
        purge(store, tmp_path / "log", Buses(), X)


def test_certificates_that_were_changed_or_dropped_are_found(store: FeedStore, tmp_path: Path) -> None:
    recorded(store, tmp_path / "log")
    for _ in range(2):
        purge(store, tmp_path / "log", Buses(), X)
    assert [one.document["what"] for one in certificates(store)] == ["removed", "proved"] * 2
    with store.engine.begin() as connection:
        document = connection.execute(text("SELECT document FROM purges WHERE seq = 2")).scalar_one()
        changed = json.dumps({**json.loads(document), "who": "nobody"})
        connection.execute(text("UPDATE purges SET document = :d WHERE seq = 2"), {"d": changed})
    with pytest.raises(QualityFailed, match="certificate 2"):
        certificates(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE purges SET document = :d WHERE seq = 2"), {"d": document})
        connection.execute(text("DELETE FROM purges WHERE seq = 3"))
    with pytest.raises(QualityFailed, match="certificate 4"):
        certificates(store)


def test_a_wish_without_reason_or_with_a_strange_column_is_refused() -> None:
    with pytest.raises(BadInput, match="no key has a column 'speed'"):
        Wish("buses", at(0), "me", "why", ("speed", "7"))
    with pytest.raises(BadInput, match="needs a reason"):
        Wish("buses", at(0), "me", " ")
