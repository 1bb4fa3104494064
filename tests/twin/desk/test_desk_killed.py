"""Killed in the middle of a decision: what was acknowledged is there once, and the chain holds."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from papers import NOON

from models.streams import stream
from twin import Desk

DECIDER = str(Path(__file__).with_name("decider.py"))
Acknowledged = list[tuple[str, str | None]]


def killed_lives(place: str, kills: int) -> Acknowledged:
    """Lets a process decide and kills it, so many times; all that it was told was done."""
    moments, told = stream(0, "desk kills"), []
    for run in range(kills):
        command = [sys.executable, DECIDER, place, f"r{run}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as decider:
            assert decider.stdout is not None
            told.append(decider.stdout.readline())
            time.sleep(float(moments.uniform(0.0, 0.6)))
            decider.send_signal(signal.SIGKILL)
            told += [line for line in decider.stdout if line.endswith("\n")]
    pairs = [line.rstrip("\n").split("\t") for line in told]
    return [(action, rec_id or None) for action, rec_id in pairs]


def check(place: str, told: Acknowledged) -> None:
    """Nothing acknowledged is lost or doubled; state and audit say the same."""
    desk = Desk.open(place, now=lambda: NOON + timedelta(minutes=1))
    assert desk.book.broken() == []
    audit = Counter((entry.action, entry.rec_id) for entry in desk.audit())
    for pair in {pair for pair in told if pair[1] is not None}:
        assert audit[pair] == 1, pair
    assert audit[("mode normal", None)] >= told.count(("mode normal", None))
    doubled = [pair for pair, count in audit.items() if pair[1] is not None and count > 1]
    assert doubled == []
    for entry in desk.entries():
        said = {action for action, rec_id in audit if rec_id == entry.rec_id}
        decided = bool(said & {"approve", "change", "reject"})
        assert (entry.decision is not None) == decided
        assert (entry.withdrawn is not None) == ("withdraw" in said)
        if entry.rec_id.startswith("c"):
            assert len(entry.approvals) == ("approve, 1 of 2" in said) + ("approve" in said)
        elif entry.kind == "rollback":
            undone = desk.exactly(entry.document["undoes"])
            assert entry.status == "approved" and undone.status == "withdrawn"
    desk.close()


def staff(place: str) -> None:
    desk = Desk.open(place, now=lambda: NOON)
    for name, role in [("Root", "administrator"), ("Ann", "operator"), ("Bo", "operator")]:
        desk.people.add(name, role)
    desk.close()


def test_three_kills(tmp_path: Path) -> None:
    place = str(tmp_path / "desk.sqlite")
    staff(place)
    told = killed_lives(place, 3)
    assert len(told) > 6
    with sqlite3.connect(place) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check(place, told)


@pytest.mark.full
def test_fifty_kills(new_place: Callable[[], str]) -> None:
    place = new_place()
    staff(place)
    told = killed_lives(place, 50)
    print(f"{len(told)} acknowledged in 50 lives at {place.split(':')[0]}")
    check(place, told)
