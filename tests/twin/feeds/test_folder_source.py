"""The drop folder: whole files once, safe ones away, bad ones aside with a reason, newer ones never lost."""

import asyncio
import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.feeds.source import Delivery
from twin.feeds.sources.folder import Folder


def folder(path: Path, **more: object) -> Folder:
    return Folder(Folder.Connection(path=path, **({"settle_s": 0.0, "every_s": 0.01} | more)), "drop")


async def taken(source: Folder, count: int, *, within_s: float = 5.0) -> list[Delivery]:
    """The next deliveries, fewer when no more come in time."""
    found: list[Delivery] = []

    async def take() -> None:
        async for delivery in source.deliveries():
            found.append(delivery)
            if len(found) == count:
                return

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(take(), within_s)
    return found


@given(files=st.dictionaries(st.text("abcXYZ09-_", min_size=1, max_size=8), st.binary(max_size=50), max_size=6))
@settings(max_examples=25, deadline=None)
def test_once_gives_every_file_in_order_of_names_and_moves_none(files, tmp_path_factory):
    path = tmp_path_factory.mktemp("drop")
    for name, content in files.items():
        (path / name).write_bytes(content)
    told = [d.message for d in asyncio.run(taken(folder(path, once=True), 99))]
    assert [(m.topic, m.payload) for m in told] == sorted(files.items())
    assert sorted(p.name for p in path.iterdir()) == sorted(files)


def test_a_file_goes_to_taken_only_after_done_and_comes_again_without(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"1")
    source = folder(tmp_path)
    [first] = asyncio.run(taken(source, 1))
    assert (tmp_path / "a.csv").exists()
    [again] = asyncio.run(taken(source, 1))
    assert again.message.payload == first.message.payload
    asyncio.run(again.done())
    assert not (tmp_path / "a.csv").exists() and (tmp_path / "taken" / "a.csv").read_bytes() == b"1"
    assert asyncio.run(taken(source, 1, within_s=0.2)) == []


def test_a_file_in_flight_is_not_delivered_twice(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    assert len(asyncio.run(taken(folder(tmp_path), 2, within_s=0.3))) == 1


def test_a_newer_file_of_the_same_name_is_not_moved_with_the_old_one(tmp_path):
    (tmp_path / "a").write_bytes(b"old")

    async def run() -> bytes:
        stream = folder(tmp_path).deliveries()
        old = await anext(stream)
        (tmp_path / ".new").write_bytes(b"new!")
        (tmp_path / ".new").rename(tmp_path / "a")
        await old.done()
        newer = await asyncio.wait_for(anext(stream), 5)
        await newer.done()
        return newer.message.payload

    assert asyncio.run(run()) == b"new!"
    assert [p.read_bytes() for p in (tmp_path / "taken").iterdir()] == [b"new!"]


def test_the_same_name_each_day_keeps_all_days(tmp_path):
    for content in (b"1", b"2"):
        (tmp_path / "latest.csv").write_bytes(content)
        [one] = asyncio.run(taken(folder(tmp_path), 1))
        asyncio.run(one.done())
    assert sorted(p.read_bytes() for p in (tmp_path / "taken").iterdir()) == [b"1", b"2"]


def test_who_names_persons_can_have_the_file_deleted(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    [one] = asyncio.run(taken(folder(tmp_path, after="delete"), 1))
    asyncio.run(one.done())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_being_written_waits_until_it_rests(tmp_path):
    (tmp_path / "growing").write_bytes(b"half")
    (tmp_path / "other.part").write_bytes(b"half")
    (tmp_path / ".hidden").write_bytes(b"half")
    old = tmp_path / "renamed-in"
    old.write_bytes(b"whole")
    os.utime(old, (time.time() - 100, time.time() - 100))
    found = asyncio.run(taken(folder(tmp_path, settle_s=60.0), 2, within_s=0.3))
    assert [d.message.topic for d in found] == ["renamed-in"]
    ahead = time.time() + 1e6  # a clock that stands wrong: ours decides
    os.utime(tmp_path / "growing", (ahead, ahead))
    found = asyncio.run(taken(folder(tmp_path, settle_s=0.2, pattern="grow*"), 1))
    assert [d.message.topic for d in found] == ["growing"]


def test_what_cannot_be_taken_is_told_once_and_set_aside_with_the_reason(tmp_path, caplog):
    (tmp_path / "large").write_bytes(b"x" * 11)
    (tmp_path / "link").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "good").write_bytes(b"x" * 10)
    found = asyncio.run(taken(folder(tmp_path, at_most_bytes=10), 2, within_s=0.5))
    assert [d.message.topic for d in found] == ["good"]
    aside = tmp_path / "set-aside"
    assert "11 bytes, at most 10" in (aside / "large.why").read_text()
    assert "link" in (aside / "link.why").read_text() and "pipe" in (aside / "pipe.why").read_text()
    assert len(caplog.records) == 3 and (aside / "large").stat().st_size == 11


def test_a_file_that_cannot_even_be_moved_is_not_retried_for_ever(tmp_path, caplog):
    (tmp_path / "large").write_bytes(b"x" * 11)
    (tmp_path / "set-aside").write_bytes(b"no folder")
    assert asyncio.run(taken(folder(tmp_path, at_most_bytes=10, pattern="large"), 1, within_s=0.3)) == []
    assert len(caplog.records) == 2 and (tmp_path / "large").exists()


def test_a_folder_that_is_away_is_told(tmp_path):
    with pytest.raises(ConnectionError, match="there is no folder"):
        asyncio.run(taken(folder(tmp_path / "nowhere"), 1))
