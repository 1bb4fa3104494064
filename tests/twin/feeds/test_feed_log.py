"""The feed log: what was acknowledged is there, exactly, whatever ends the writer and wherever."""

from __future__ import annotations

import errno
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.errors import NotThere, Refused
from twin.feeds import Message
from twin.feeds.log import BLANKED, LogReader, LogWriter, Lost, blank, expire, segments
from twin.feeds.log.segments import FIRST_FRAME, compress

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a crash of the process leaves does not depend on it."""
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(f"os.{name}", lambda _: None)


MESSAGES = st.builds(
    Message,
    payload=st.binary(max_size=400) | st.just(b"ctm1" * 40),
    topic=st.text(max_size=20),
    received=st.integers(0, 10**6).map(lambda s: NOW + timedelta(milliseconds=s)),
    headers=st.dictionaries(st.text(max_size=5), st.text(max_size=8), max_size=2),
)
BATCHES = st.lists(st.lists(MESSAGES, max_size=5), max_size=6)


def told(number: int, second: float = 0.0, payload: bytes = b"") -> Message:
    return Message(payload or b"message %d" % number, "t", NOW + timedelta(seconds=second))


def read(folder: Path, first: int = 0) -> list[tuple[int, Any]]:
    return list(LogReader(folder).read(first))


def write(folder: Path, batches: list[list[Message]], segment_size: int = 1 << 26) -> list[Message]:
    """What the log should hold: the messages, none received before the one ahead of it."""
    kept: list[Message] = []
    with LogWriter(folder, segment_size=segment_size) as log:
        for batch in batches:
            assert list(log.append(batch)) == list(range(len(kept), len(kept) + len(batch)))
            for one in batch:
                received = max([one.received, *(m.received for m in kept[-1:])])
                kept.append(Message(one.payload, one.topic, received, one.headers))
    return kept


@given(batches=BATCHES, segment_size=st.sampled_from([1, 700, 1 << 26]), first=st.integers(0, 12))
@settings(max_examples=25)
def test_what_was_appended_is_read_from_any_number_on(batches: list[Any], segment_size: int, first: int) -> None:
    with TemporaryDirectory() as name:
        kept = write(Path(name), batches, segment_size)
        assert read(Path(name), first) == list(enumerate(kept))[first:]
        for segment in segments(Path(name)):
            if not segment.closed:
                compress(segment)
        assert read(Path(name), first) == list(enumerate(kept))[first:]
        assert LogReader(Path(name)).end() == len(kept)


@given(batches=BATCHES, data=st.data())
@settings(max_examples=40)
def test_a_crash_at_any_byte_keeps_the_whole_messages_before_it_exactly(batches: list[Any], data: Any) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        kept = write(folder, batches)
        path = segments(folder)[-1].path
        whole, ends = path.read_bytes(), [FIRST_FRAME]
        for _ in kept:
            size = int.from_bytes(whole[ends[-1] + 16 : ends[-1] + 20], "little")
            ends.append(ends[-1] + 28 + size)
        assert ends[-1] == len(whole)
        cut = data.draw(st.integers(FIRST_FRAME, len(whole)))
        junk = data.draw(st.sampled_from([b"", b"\0" * 50, b"ctm1" + b"\xff" * 30]))
        path.write_bytes(whole[:cut] + junk)
        there = sum(end <= cut for end in ends[1:])
        with LogWriter(folder) as log:
            assert log.end == there and path.stat().st_size == ends[there]
            log.append([told(there, 2000.0)])
        assert read(folder) == [*enumerate(kept[:there]), (there, told(there, 2000.0))]


@given(data=st.data(), packed=st.booleans())
@settings(max_examples=25)
def test_damage_in_the_middle_costs_what_it_hits_and_is_told_with_its_numbers(data: Any, packed: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        kept = write(folder, [[told(n) for n in range(6)], [told(9, 1.0, b"ctm1ctz1" * 9)]])
        if packed:
            compress(segments(folder)[0])
        path = segments(folder)[0].path
        content = bytearray(path.read_bytes())
        size = 28 + int.from_bytes(content[FIRST_FRAME + 16 : FIRST_FRAME + 20], "little")
        at = data.draw(st.integers(FIRST_FRAME, FIRST_FRAME + size - 1))
        content[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(content))
        found = list(LogReader(folder).read(0, 7))
        hit = 7 if packed else 1
        assert found[0] == (0, Lost(0, hit, "damaged, or a file of the log is missing"))
        assert found[1:] == list(enumerate(kept))[hit:]
        with pytest.raises(NotThere):
            LogReader(folder).message(0)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LogWriter(tmp_path) as log:
        log.append([told(0)])

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("twin.feeds.log.writing.sync", full)
            with pytest.raises(OSError, match="No space"):
                log.append([told(1), told(2)])
        assert log.end == 1 and len(read(tmp_path)) == 1
        assert log.append([told(3)]) == range(1, 2)
    assert [m.payload for _, m in read(tmp_path)] == [b"message 0", b"message 3"]


def test_received_never_goes_back_and_a_jump_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), LogWriter(tmp_path) as log:
        log.append([told(0, 3600.0), told(1, 0.0), told(2, 1.0)])
        log.append([told(3, 2.0), told(4, 3601.0)])
    seconds = [(m.received - NOW).total_seconds() for _, m in read(tmp_path)]
    assert seconds == [3600.0, 3600.0, 3600.0, 3600.0, 3601.0]
    assert sum("went back" in one.message for one in caplog.records) == 1
    with LogWriter(tmp_path) as log:  # nor over a restart
        log.append([told(5, 0.0)])
    assert (read(tmp_path)[-1][1].received - NOW).total_seconds() == 3601.0


def test_there_is_one_writer_and_readers_beside_it_do_not_disturb(tmp_path: Path) -> None:
    reader = LogReader(tmp_path / "log")
    assert reader.end() == 0 and list(reader.read()) == [] and reader.last() is None
    with LogWriter(tmp_path / "log", segment_size=300) as log:
        with pytest.raises(Refused, match="another process"), LogWriter(tmp_path / "log"):
            pass
        found = []
        for n in range(40):
            log.append([told(n)])
            found += list(reader.read(len(found)))
    assert [number for number, _ in found] == list(range(40))


def test_numbers_that_a_store_knows_are_never_used_again(tmp_path: Path) -> None:
    write(tmp_path, [[told(0), told(1)]])
    with LogWriter(tmp_path, at_least=10) as log:
        assert log.append([told(10)]) == range(10, 11)
    assert read(tmp_path)[2:] == [(2, Lost(2, 10, "damaged, or a file of the log is missing")), (10, told(10))]


def test_old_segments_leave_and_the_newest_stays(tmp_path: Path) -> None:
    with LogWriter(tmp_path, segment_size=1) as log:
        for n in range(5):
            log.append([told(n, 60.0 * n)])
    assert expire(tmp_path, NOW + timedelta(seconds=130)) == range(0, 2)
    assert read(tmp_path, 2)[0][0] == 2 and LogReader(tmp_path).first() == (2, told(2, 120.0))
    assert expire(tmp_path, NOW + timedelta(days=9)) == range(2, 4) and LogReader(tmp_path).end() == 5


def test_what_was_blanked_is_nowhere_in_the_files_and_its_number_stays(tmp_path: Path) -> None:
    write(tmp_path, [[told(n, payload=b"secret %d" % n)] for n in range(3)], 1)
    write_more = [told(n, payload=b"secret %d" % n) for n in (3, 4)]
    with LogWriter(tmp_path) as log:
        log.append(write_more)
        with pytest.raises(Refused, match="being written"):
            blank(tmp_path, {4})
    assert blank(tmp_path, {1, 4, 77}) == 2
    found = dict(read(tmp_path))
    assert [n for n in found if found[n].headers == {BLANKED: "yes"} and not found[n].payload] == [1, 4]
    assert found[0].payload == b"secret 0" and found[3].payload == b"secret 3" and found[1].topic == ""
    assert not any(b"secret 4" in one.path.read_bytes() for one in segments(tmp_path))
    with LogWriter(tmp_path) as log:
        assert log.append([told(5)]) == range(5, 6)


def test_a_killed_writer_loses_nothing_that_it_said_is_there(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from twin.feeds import Message; from twin.feeds.log import LogWriter\n"
        "with LogWriter(Path(sys.argv[1]), segment_size=5000) as log:\n"
        "    while True:\n"
        "        numbers = log.append([Message(b'x' * 300, 't', datetime.now(UTC))] * 7)\n"
        "        print(numbers.stop, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [int(child.stdout.readline()) for _ in range(12)]
    child.kill()
    child.wait()
    said += [int(line) for line in child.stdout.read().split()]
    with LogWriter(tmp_path, segment_size=5000) as log:
        assert log.end >= said[-1]
    found = read(tmp_path)
    assert [number for number, _ in found] == list(range(len(found))) and len(found) >= said[-1]
    assert all(message.payload == b"x" * 300 for _, message in found)
