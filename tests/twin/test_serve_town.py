"""`twin serve CITY --case`: a tiny town is followed through a store of feeds, stopped, and found again."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.live.small_town import BEGIN, tell, words, write_town
from models.sumo import can_fork
from twin.cli import run
from twin.desk import Book
from twin.live.cycles import Cycles


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case of half an hour, its City, its sensors, and what they count."""
    return write_town(tmp_path_factory.mktemp("town"))


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_cycles_follow_what_is_heard_and_go_on_after_a_stop(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(town, tmp_path / "data", 0, 3)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, monkeypatch.context() as by_manager:
        manager.bind(str(tmp_path / "manager"))
        by_manager.setenv("NOTIFY_SOCKET", str(tmp_path / "manager"))
        assert run(words(town, tmp_path, "--cycles", "1")) == 0
        manager.setblocking(False)
        assert manager.recv(100) == b"READY=1" and manager.recv(200).startswith(b"WATCHDOG=1\nSTATUS=")
        heard = b""
        while heard != b"STOPPING=1":
            heard = manager.recv(200)
    told = capsys.readouterr().out
    assert "2026-05-04 00:15  demand" in told and "2 members" in told and "15 min ahead" in told
    assert run(["film", str(tmp_path / "out"), "-o", str(tmp_path / "film.html")]) == 0
    assert "1 forecasts" in capsys.readouterr().out
    tell(town, tmp_path / "data", 3, 5, silent=("A0B0",))
    assert run(words(town, tmp_path, "--cycles", "1")) == 0
    told = capsys.readouterr().out
    assert "2026-05-04 00:25" in told and "00:15  demand" not in told
    assert "1 of 5 sensors said nothing of the last period" in told
    book = Book.open(tmp_path / "out" / "desk.sqlite")
    lived = Cycles(book).last(10)
    assert [one.moment for one in lived] == [BEGIN + timedelta(minutes=25), BEGIN + timedelta(minutes=15)]
    assert any("no cycle for 1 steps" in entry.detail for entry in book.audit())
    book.close()
