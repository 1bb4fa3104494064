"""Observations through Mosquitto into log and store at a steady rate: `python -m benchmarks.feeds.sustained`.

    python -m benchmarks.feeds.sustained [--seconds 600] [--rate 1000] [--protocol 5] [--without-bare]

A sender, Mosquitto and `twin feeds record` share the machine; messages have 20 observations each. The lag is that from
the moment at which a message is made to the first look (20 a second) at which the store's position is past it: from
then on whoever reads the store reads it. Beside it a bare program, which does the least that could be called safe: it
reads with paho, appends to a file, asks the disk, and acknowledges; it understands nothing and keeps no table.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks.feeds.bare import Bare
from benchmarks.feeds.judged import acknowledged, kept, lags_s, now_s
from benchmarks.feeds.mosquitto import INSTALL, PROGRAM, Mosquitto
from benchmarks.feeds.sending import OF_ONE
from benchmarks.feeds.service import FEED, Service
from twin.store import FeedStore

GOAL_RATE, GOAL_LAG_S = 20_000, 2.0
LOOK_S = 0.05


@dataclass
class Looks:
    """What was seen while it ran: positions of the store, CPU seconds and memory of processes."""

    positions: list[tuple[float, int]] = field(default_factory=list)
    cpu_s: dict[tuple[str, int], float] = field(default_factory=dict)
    before_s: dict[tuple[str, int], float] = field(default_factory=dict)
    memory_mb: list[tuple[float, float]] = field(default_factory=list)

    def at_processes(self, named: dict[str, int]) -> None:
        """CPU of some processes and all that they started; memory of the service."""
        for name, pid in named.items():
            memory = 0.0
            for one in _family(pid):
                try:
                    times, memory = one.cpu_times(), memory + one.memory_info().rss / 1e6
                except psutil.Error:
                    continue
                label = name if one.pid == pid else f"{name}, beside"
                self.cpu_s[label, one.pid] = times.user + times.system
                self.before_s.setdefault((label, one.pid), times.user + times.system)
            if name == "service":
                self.memory_mb.append((now_s(), memory))

    def cpu_by_name(self) -> dict[str, float]:
        """CPU seconds by process, without those of its start."""
        found: dict[str, float] = {}
        for (name, pid), spent in self.cpu_s.items():
            found[name] = found.get(name, 0.0) + spent - self.before_s[name, pid]
        return found


def _family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def main() -> None:
    """Run it, run the bare program, print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--rate", type=int, default=GOAL_RATE // OF_ONE, help="messages a second")
    parser.add_argument("--protocol", choices=("5", "3.1.1"), default="5")
    parser.add_argument("--without-bare", action="store_true")
    told = parser.parse_args()
    if PROGRAM is None:
        sys.exit(f"there is no mosquitto: {INSTALL}")
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{told.rate} messages/s of {OF_ONE} for {told.seconds:.0f} s; load {load:.1f}, {cores} cores")
    with tempfile.TemporaryDirectory(prefix="feeds-") as folder:
        _ours(Path(folder), told.rate, told.seconds, told.protocol)
    if not told.without_bare:
        with tempfile.TemporaryDirectory(prefix="feeds-") as folder:
            _bare(Path(folder), told.rate, min(told.seconds, 60.0))


def _ours(folder: Path, rate: int, seconds: float, protocol: str) -> None:
    (folder / "broker").mkdir()
    looks, ended = Looks(), threading.Event()
    with Mosquitto(folder / "broker") as broker, Service(folder, broker, protocol) as service:
        _until_subscribed(broker)
        sender = _sender(broker, rate, seconds, folder / "sent")
        named = {"service": service.process.pid, "mosquitto": broker.process.pid, "sender": sender.pid}  # type: ignore[union-attr]
        looking = threading.Thread(target=_look, args=(looks, service.store, named, ended))
        looking.start()
        began = time.monotonic()
        said = sender.communicate()[0].decode().strip()
        sent = acknowledged(folder / "sent")
        _until_there(looks, len(sent))
        took_s = time.monotonic() - began
        ended.set()
        looking.join()
        service.stop()
    print(said)
    found = kept(service.store, sent, rate)
    _tell(found, looks, len(sent), took_s, service)


def _tell(found, looks, messages: int, took_s: float, service: Service) -> None:  # type: ignore[no-untyped-def]
    observations = messages * OF_ONE
    lags = lags_s(found, looks.positions)
    p50, p99 = np.quantile(lags, (0.5, 0.99)) if len(lags) else (np.nan, np.nan)
    print(f"{'':34}{'ours':>12}{'goal':>12}")
    print(f"{'observations/s into the store':34}{observations / took_s:12.0f}{GOAL_RATE:12d}")
    print(f"{'lag p50, s':34}{p50:12.2f}")
    print(f"{'lag p99, s':34}{p99:12.2f}{GOAL_LAG_S:12.1f}")
    print(f"{'lag max, s':34}{np.max(lags, initial=0.0):12.2f}")
    print(f"{'lost':34}{found.lost:12d}{0:12d}")
    print(f"{'doubled':34}{found.doubled:12d}{0:12d}")
    print(f"{'never sent':34}{found.strange:12d}{0:12d}")
    _cpu(looks, observations)
    memory = [one[1] for one in looks.memory_mb]
    tenth = max(len(memory) // 10, 1)
    begin, end = np.mean(memory[tenth : 2 * tenth]), np.mean(memory[-tenth:])
    print(
        f"memory of the service: {begin:.0f} MB in the second tenth, {end:.0f} in the last, {max(memory):.0f} at most"
    )
    print(f"load at the end: {os.getloadavg()[0]:.1f}")
    size = sum(file.stat().st_size for file in service.store.rglob("*") if file.is_file())
    print(f"on the disk: {size / 1e6:.0f} MB, {size / max(observations, 1):.1f} bytes an observation")


def _cpu(looks: Looks, observations: int) -> None:
    for name, spent in looks.cpu_by_name().items():
        print(f"CPU s per 100,000, {name:15}{spent / observations * 1e5:12.2f}")


def _bare(folder: Path, rate: int, seconds: float) -> None:
    looks = Looks()
    (folder / "broker").mkdir()
    with Mosquitto(folder / "broker") as broker, Bare(broker, folder / "messages") as bare:
        sender = _sender(broker, rate, seconds, folder / "sent")
        looks.at_processes({"bare": bare.process.pid, "mosquitto": broker.process.pid})  # type: ignore[union-attr]
        sender.communicate()
        looks.at_processes({"bare": bare.process.pid, "mosquitto": broker.process.pid})  # type: ignore[union-attr]
        took = bare.took()
    observations = len(acknowledged(folder / "sent")) * OF_ONE
    print(f"the bare program: {took} messages in {seconds:.0f} s")
    _cpu(looks, observations)


def _sender(broker: Mosquitto, rate: int, seconds: float, sent: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.feeds.sending", "--port", str(broker.port), "--rate", str(rate)]
    return subprocess.Popen([*command, "--seconds", str(seconds), "--sent", str(sent)], stdout=subprocess.PIPE)


def _until_subscribed(broker: Mosquitto, wait_s: float = 60.0) -> None:
    """Until somebody subscribed: only from then on the broker keeps what comes."""
    ends = time.monotonic() + wait_s
    while not broker.subscribed():
        if time.monotonic() > ends:
            raise RuntimeError("the service did not subscribe within a minute")
        time.sleep(0.1)


def _look(looks: Looks, store: Path, named: dict[str, int], ended: threading.Event) -> None:
    processes_s = 0.0
    with FeedStore(store) as opened:
        while not ended.wait(LOOK_S):
            looks.positions.append((now_s(), opened.position(FEED)))
            if time.monotonic() - processes_s > 1.0:
                looks.at_processes(named)
                processes_s = time.monotonic()


def _until_there(looks: Looks, messages: int, wait_s: float = 120.0) -> None:
    ends = time.monotonic() + wait_s
    while (not looks.positions or looks.positions[-1][1] < messages) and time.monotonic() < ends:
        time.sleep(LOOK_S)


if __name__ == "__main__":
    main()
