"""What is lost or doubled when things end: `python -m benchmarks.feeds.kills`.

    python -m benchmarks.feeds.kills [--times 100] [--who service,broker] [--broker usual|careful] [--away 300]

Devices send all the time; the service or Mosquitto is killed (-9) at random moments and started again. Then the disk is
full for a while (no file of the service may grow), the clock jumps two hours ahead and back again, and the database is
locked by somebody else. In the end every message that the broker acknowledged to its sender is looked for.

A message is *ours* from the moment at which we acknowledge it, which is after the feed log has it. What the broker had
acknowledged and lost before that is counted apart: a Mosquitto that is killed forgets what changed since it last wrote
its memory down, about every other second ("usual": `autosave_interval 1`), or after each change ("careful": also
`autosave_on_changes true`), and even then it answers the sender before it writes.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import psutil

from benchmarks.feeds.judged import acknowledged, kept
from benchmarks.feeds.mosquitto import INSTALL, PROGRAM, Mosquitto
from benchmarks.feeds.sending import BEGIN, OF_ONE, Sending, payload
from benchmarks.feeds.service import FEED, Service
from models.streams import stream
from twin.feeds.log import LogReader, folder_of
from twin.feeds.message import Message
from twin.store import FeedStore

RATE = 50
CAREFUL = "autosave_on_changes true\n"
_FIRST = re.compile(rb'"@iot.id":"(\d+)".*?"phenomenonTime":"([^/]+)/')


class Devices:
    """They send evenly, and go on while the broker is away."""

    def __init__(self, port: int, sent: Path) -> None:
        self._sending = Sending(port, sent)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        began, number = time.monotonic(), 0
        while not self._ended.wait(0.01):
            while number < (time.monotonic() - began) * RATE:
                self._sending.send(number, payload(number, RATE))
                number += 1

    def end(self) -> int:
        """How many messages were never acknowledged."""
        self._ended.set()
        self._thread.join()
        return self._sending.close()


def main() -> None:
    """Let it all happen, then look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--who", default="service,broker")
    parser.add_argument("--broker", choices=("usual", "careful"), default="usual")
    parser.add_argument("--away", type=float, default=300.0, help="s without database; 0: only kills")
    parser.add_argument("--seed", type=int, default=0)
    told = parser.parse_args()
    if PROGRAM is None:
        sys.exit(f"there is no mosquitto: {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="feeds-") as name:
        folder = Path(name)
        (folder / "broker").mkdir()
        (folder / "clock").write_text("0")
        more = CAREFUL if told.broker == "careful" else ""
        with (
            Mosquitto(folder / "broker", more=more) as broker,
            Service(folder, broker, clock=folder / "clock") as service,
        ):
            _until(broker.subscribed, 60.0, "the service subscribes")
            devices = Devices(broker.port, folder / "sent")
            try:
                _kill(broker, service, told.who.split(","), told.times, told.seed)
                if told.away:
                    _hinder(service, folder / "clock", told.away)
            finally:
                never = devices.end()
            _until_calm(service)
            service.stop()
        _judge(service, folder / "sent", never)


def _kill(broker: Mosquitto, service: Service, who: list[str], times: int, seed: int) -> None:
    """Most kills fall into work, some into a start."""
    draw = stream(seed, "kills of the service and the broker")
    done = Counter[str]()
    for k in range(times):
        victim = who[int(draw.integers(len(who)))]
        if draw.random() < 0.8:
            _until_going(service)
        time.sleep(float(draw.uniform(0.0, 2.0)))
        ends: Mosquitto | Service = broker if victim == "broker" else service
        ends.stop(signal.SIGKILL)
        time.sleep(float(draw.uniform(0.0, 0.5)))
        ends.start()
        done[victim] += 1
        if k % 10 == 9:
            print(f"  {k + 1} kills, {log_end(service)} messages in the log", flush=True)
    _until_going(service)
    print("killed:", ", ".join(f"{name} {count} times" for name, count in sorted(done.items())))


def _hinder(service: Service, clock: Path, away_s: float) -> None:
    with _no_room(service):
        before = log_end(service)
        time.sleep(10.0)
        print(f"disk full for 10 s: the log took {log_end(service) - before} messages")
    _until_going(service)
    for jump_s in ("7200", "0"):
        clock.write_text(jump_s)
        _until_going(service)
    print("clock: two hours ahead, and back")
    with (
        FeedStore(service.store) as store,
        sqlite3.connect(service.store / "store.sqlite", isolation_level=None) as one,
    ):
        one.execute("BEGIN EXCLUSIVE")
        before = log_end(service)
        time.sleep(away_s)
        one.execute("ROLLBACK")
        back = time.monotonic()
        target = log_end(service)
        _until(lambda: store.position(FEED) >= target, 120.0, "the store catches up")
        caught_s = time.monotonic() - back
    print(f"database away for {away_s:.0f} s: {target - before} messages waited, in the store {caught_s:.1f} s later")


@contextmanager
def _no_room(service: Service) -> Iterator[None]:
    """No file of the service may grow: what it writes fails as on a full disk."""
    first = psutil.Process(service.process.pid)  # type: ignore[union-attr]
    family = [one.pid for one in (first, *first.children(recursive=True))]
    for pid in family:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in family:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _judge(service: Service, sent: Path, never: int) -> None:
    known = acknowledged(sent)
    in_log = Counter(_logged(service))
    ours = np.array(sorted(in_log), np.int64)
    found = kept(service.store, ours, RATE)
    brokers = np.setdiff1d(known, ours)
    print(f"{len(known)} messages ({len(known) * OF_ONE} observations) acknowledged by the broker, {never} never")
    print(f"{len(in_log)} in the feed log, {sum(in_log.values()) - len(in_log)} of them more than once")
    print(f"lost by the broker before we had them: {len(brokers)} messages")
    print(f"{'observations':34}{'ours':>12}{'goal':>12}")
    print(f"{'acknowledged by us, and lost':34}{found.lost:12d}{0:12d}")
    print(f"{'doubled':34}{found.doubled:12d}{0:12d}")
    print(f"load {os.getloadavg()[0]:.1f}")


def _logged(service: Service) -> Iterator[int]:
    for _, message in LogReader(folder_of(service.store, FEED)).read():
        if not isinstance(message, Message):
            print(f"the log lost messages {message.first} to {message.end - 1}: {message.why}")
            continue
        first = _FIRST.search(message.payload)
        if first:
            second = (datetime.fromisoformat(first[2].decode()) - BEGIN).total_seconds()
            yield round(second) * RATE + int(first[1]) // OF_ONE


def log_end(service: Service) -> int:
    """Messages in the log."""
    return LogReader(folder_of(service.store, FEED)).end()


def _until_going(service: Service) -> None:
    """Until the log grows: the service takes messages in."""
    before = log_end(service)
    _until(lambda: log_end(service) > before, 120.0, "the log grows")


def _until_calm(service: Service) -> None:
    """Until the log stands still for three seconds, and the store has all of it."""
    since, seen = time.monotonic(), -1
    with FeedStore(service.store) as store:
        while time.monotonic() - since < 3.0 or store.position(FEED) < seen:
            end = log_end(service)
            if end != seen:
                since, seen = time.monotonic(), end
            time.sleep(0.1)


def _until(so: object, wait_s: float, what: str) -> None:
    ends = time.monotonic() + wait_s
    while not so():  # type: ignore[operator]
        if time.monotonic() > ends:
            raise RuntimeError(f"waited for {wait_s:.0f} s in vain until {what}")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
