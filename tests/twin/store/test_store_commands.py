"""The store's commands, as they are typed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from city_rows import at

from twin.cli import run
from twin.feeds import Message, Position
from twin.feeds.log import LogReader, LogWriter, folder_of
from twin.store import FeedStore

CAP = """
store: {folder: data}
feeds:
  - {id: warnings, source: {kind: folder, path: in}, format: cap, keep_days: 36000}
"""


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    """A file of one feed, with a log and a store."""
    file = tmp_path / "feeds.yaml"
    file.write_text(CAP)
    folder = tmp_path / "data"
    with LogWriter(folder_of(folder, "warnings")) as log:
        log.append([Message(b"call 13812345678", "t", at(n)) for n in range(3)])
    with FeedStore(folder) as store:
        rows = [(n, Position(f"{n:016x}", at(n), 24.9, 60.1, at(n), "taxi")) for n in range(3)]
        store.take("warnings", 0, 3, rows, [])
    return file


def test_backup_and_restore_say_what_was_lost_and_how_long_it_took(
    feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", str(feeds), str(tmp_path / "kept")]) == 0
    assert "warnings: 3 messages in the log, 3 in the store" in capsys.readouterr().out
    with LogWriter(folder_of(tmp_path / "data", "warnings")) as log:
        log.append([Message(b"more", "t", at(9))])
    crashed = (at(2) + timedelta(seconds=30)).isoformat()
    command = ["restore", str(tmp_path / "kept"), str(tmp_path / "new"), "--crashed", crashed]
    assert run([*command, "--log", str(tmp_path / "data")]) == 0
    out = capsys.readouterr().out
    assert "all hashes right" in out and "RTO" in out and "RPO 30" in out
    assert "1 messages added from the old log" in out
    assert LogReader(folder_of(tmp_path / "new", "warnings")).end() == 4
    assert run(command) == 4
    assert "something is here already" in capsys.readouterr().err


def test_purge_writes_certificates_that_verify(feeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = at(0).date().isoformat()
    mover = f"mover={1:016x}"
    call = ["purge", str(feeds), "--feed", "warnings", "--before", "2030-01-01", "--why", "asked for"]
    assert run([*call, "--key", mover]) == 0
    out = capsys.readouterr().out
    assert "rows 1 positions; 1 messages" in out and "nothing of certificate 1 is left" in out
    assert run(call) == 0
    assert "rows 2 positions" in capsys.readouterr().out
    assert run(["purge", str(feeds), "--verify"]) == 0
    assert "4 certificates, the chain is whole" in capsys.readouterr().out
    assert run(["purge", str(feeds), "--keep"]) == 0
    assert run(["purge", str(feeds), "--feed", "none", "--before", day, "--why", "x"]) == 2
    assert run(["purge", str(feeds), "--feed", "warnings", "--why", "x"]) == 2
    assert run([*call, "--keep"]) == 2


def test_privacy_audit_ends_with_6_where_something_is_found(feeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["privacy", "audit", str(feeds)]) == 6
    out = capsys.readouterr().out
    assert "looked at 3 messages" in out and "warnings: phone, 3" in out
    assert "13812345678" not in out
    assert run(["privacy", "audit", str(feeds), "--allow", "13812345678", "--lang", "zh"]) == 0
    assert "未发现" in capsys.readouterr().out


def test_privacy_export_hides_those_who_are_few(
    feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["privacy", "export", str(feeds), "-o", str(tmp_path / "cells.csv")]
    assert run([*call, "--k", "3"]) == 0
    assert len((tmp_path / "cells.csv").read_text().splitlines()) == 2
    assert run(call) == 0
    assert "left out: 1 cells with fewer, 3 positions" in capsys.readouterr().out
    assert len((tmp_path / "cells.csv").read_text().splitlines()) == 1


def test_catalog_lists_what_feeds_brought(feeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalog", str(feeds)]) == 0
    out = capsys.readouterr().out
    assert "warnings" in out and "positions" in out and "2026-11-01" in out
    assert run(["catalog", str(feeds), "--json"]) == 0
