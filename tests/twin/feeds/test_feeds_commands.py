"""`twin feeds` as people call it, on real files, with wrong ones among them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calibration import Observation
from twin.cli import run
from twin.feeds import to_wire
from twin.feeds.log import LogReader
from twin.store import FeedStore

FEEDS = """feeds:
  - id: loops
    title: {en: Loops, zh: 线圈}
    source: {kind: folder, path: in, once: true}
    format: sensorthings
    every_s: 60
"""
NOW = datetime.now(UTC).replace(microsecond=0)


def message(minute: int, sensors: int = 3) -> bytes:
    begin = NOW - timedelta(minutes=minute + 2)
    rows = [
        Observation(f"d{k}", "vehicle_count", begin, 60.0, 5.0 + k, "good", begin + timedelta(seconds=60))
        for k in range(sensors)
    ]
    return b"[" + b",".join(map(to_wire, rows)) + b"]"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two right messages, one with a fault, one that is garbage with what moves a cursor, one binary."""
    (tmp_path / "in").mkdir()
    half = json.loads(message(2))
    half[1]["result"] = -3
    contents = [message(0), message(1), json.dumps(half).encode(), b'{"a\x1b[2J": 1}', bytes(range(256))]
    for k, content in enumerate(contents):
        (tmp_path / "in" / f"{k}.json").write_bytes(content)
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    return tmp_path / "feeds.yaml"


def told(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> str:
    assert run(["feeds", *map(str, words)]) == status
    got = capsys.readouterr()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", got.out + got.err)
    return got.out + got.err


def test_test_shows_what_would_come_in_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(file.parent.rglob("*"))
    said = told(capsys, "test", file, "--for", "20s")
    assert "loops (folder, sensorthings): 5 messages" in said and "observations: 8" in said
    assert "d0  vehicle_count 5 veh" in said and "cannot be used: 3" in said and "message 2 (2.json): [1]" in said
    assert sorted(file.parent.rglob("*")) == before
    said = told(capsys, "test", file, "--feed", "loops", "--file", file.parent / "in" / "2.json")
    assert "1 messages" in said and "observations: 2" in said and "at least 0" in said
    assert "cannot be read" in told(capsys, "test", file, "--feed", "loops", "--file", file.parent / "no", status=2)
    assert "there is no feed 'x'" in told(capsys, "test", file, "--feed", "x", status=2)
    assert "no length of time" in told(capsys, "test", file, "--for", "ten", status=2)


def test_a_day_with_feeds(file: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "never recorded" in told(capsys, "list", file)
    assert "loops: 5 messages, 8 rows, 3 dead letters" in told(capsys, "record", file)
    assert "未在接收" in told(capsys, "list", file, "--lang", "zh")
    listed = told(capsys, "dead", file)
    assert [line.split()[1] for line in listed.splitlines()[1:]] == ["2", "3", "4"]
    shown = told(capsys, "dead", file, "show", "loops", "3")
    assert r'{"a\x1b[2J": 1}' in shown and "state: waiting" in shown
    assert "00000000  00 01 02" in told(capsys, "dead", file, "show", "loops", "4")
    assert "has no message 99" in told(capsys, "dead", file, "show", "loops", "99", status=2)

    bad, good = tmp_path / "bad.json", tmp_path / "good.json"
    bad.write_bytes(b"{}")
    good.write_bytes(message(3))
    log = LogReader(tmp_path / "data" / "log" / "loops")
    assert "cannot be used either" in told(capsys, "dead", file, "mend", "loops", "3", "--with", bad, status=2)
    assert log.end() == 5
    said = told(capsys, "dead", file, "mend", "loops", "3", "--with", good)
    assert "message 3 is mended: 3 observations; in the store" in said and log.end() == 6
    assert "has no dead letter 3" in told(capsys, "dead", file, "mend", "loops", "3", "--with", good, status=2)
    assert "dismissed" in told(capsys, "dead", file, "dismiss", "loops", "4", "--why", "a test")
    assert "0 of 1 are good now" in told(capsys, "dead", file, "retry")
    with FeedStore(tmp_path / "data") as store:
        assert [dead.number for dead in store.dead_letters("loops")] == [2]
        assert store.position("loops") == 6
        rows = store.read("observations").to_pylist()
    assert len(rows) == 11 and {row["number"] for row in rows} == {0, 1, 2, 5}

    said = told(capsys, "replay", file, "--into", tmp_path / "again")
    assert "11 observations" in said
    with FeedStore(tmp_path / "again") as store:
        assert [r["result"] for r in store.read("observations").to_pylist()] == [r["result"] for r in rows]
        assert [dead.number for dead in store.dead_letters("loops")] == [2, 4]
    assert "own store" in told(capsys, "replay", file, "--into", tmp_path / "data", status=2)
    assert "UTC offset" in told(capsys, "replay", file, "--into", tmp_path / "x", "--from", "2026-07-17", status=2)


REAL = [
    ("cap", "cap/thunderstorm.cap", "situations: 1"),
    ("cap", "cap/xee.cap", "cannot be used: 1"),
    ("datex2", "datex2/Roadwork.xml", "situations"),
    ("gbfs", "gbfs/helsinki_station_status.json", "observations: 20"),
    ("gtfs-rt", "gtfsrt/kcm_vehiclepos_1.pb", "positions"),
    ("hfp", "mqtt_hfp/hfp-sample-vp.json", "positions: 1"),
    ("hfp", "mqtt_hfp/garbage-data.json", "cannot be used"),
    ("radar", "radar/201609281610_fmi.radar.composite.lowest_FIN_SUOMI1.pgm.gz", "frames: 1"),
    ("siri", "siri/exv_vehicleMonitoring_response.xml", "siri): 1 messages"),
]


@pytest.mark.parametrize(("form", "sample", "word"), REAL)
def test_real_messages_are_shown(form: str, sample: str, word: str, tmp_path: Path, capsys: Any) -> None:
    data = os.environ.get("CITYTWIN_DATA")
    if not data:
        pytest.skip("CITYTWIN_DATA is not set: real messages are not here")
    file = tmp_path / "feeds.yaml"
    file.write_text(
        f"feeds: [{{id: one, source: {{kind: folder, path: in, after: delete}}, format: {form}}}]", encoding="utf-8"
    )
    said = told(capsys, "test", file, "--feed", "one", "--file", Path(data) / "feeds" / sample)
    assert word in said, said


def recording(file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "twin.cli", "feeds", "record", str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(what: object, child: subprocess.Popen[str]) -> None:
    assert callable(what)
    for _ in range(1200):
        if what():
            return
        assert child.poll() is None, child.communicate()
        time.sleep(0.05)
    child.kill()
    raise AssertionError(child.communicate())


def children_of(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(parts[1]) == pid and "spawn_main" in (path.parent / "cmdline").read_text():
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_whoever_is_killed_everything_is_taken_in_once_and_nobody_stays_behind(file: Path, tmp_path: Path) -> None:
    file.write_text(FEEDS.replace("once: true", "settle_s: 0, every_s: 0.1"), encoding="utf-8")
    child = recording(file)
    log, taken = LogReader(tmp_path / "data" / "log" / "loops"), tmp_path / "in" / "taken"
    until(lambda: children_of(child.pid) and taken.exists() and len(list(taken.iterdir())) == 5, child)
    os.kill(children_of(child.pid)[0], signal.SIGKILL)
    for k in range(5, 9):
        (tmp_path / "in" / f"{k}.json").write_bytes(message(k))
    until(lambda: len(list(taken.iterdir())) == 9, child)
    until(lambda: children_of(child.pid), child)
    orphans = children_of(child.pid)
    child.kill()  # and now everything at once
    child.communicate(timeout=60)
    (tmp_path / "in" / "9.json").write_bytes(message(9))
    child = recording(file)
    until(lambda: len(list(taken.iterdir())) == 10, child)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0 and "loops: 1 messages" in out and "waiting" not in out, (out, err)
    assert log.end() == 10 and not any(Path(f"/proc/{one}").exists() for one in [*orphans, *children_of(child.pid)])
    with FeedStore(tmp_path / "data") as store:
        assert store.position("loops") == 10 and len(store.read("observations")) == 8 + 15
        assert [dead.number for dead in store.dead_letters()] == [2, 3, 4]
