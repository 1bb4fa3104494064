"""What a served city loses when it is killed: `python -m benchmarks.live.kills [--times 50] [--seed 0]`.

A tiny town is followed on the clock of its sensors, which speak on whether anybody listens or not. At random moments
the service, or one of its processes (the warm simulation, a member of a forecast), is killed (-9); a service that is
gone is started again. Beside it somebody decides at the desk all the time. In the end:

    decisions and audit   what was acknowledged is there, once; the audit's chain holds
    cycles                none twice, none of the past; each says what it did without
    in step again         cycles from a kill until one is whole and of the newest moment that was told: two at most
    gaps                  periods that nobody told are gaps in what the town heard, never figures
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil

from benchmarks.live.small_town import BEGIN, EDGES, PERIOD_S, tell, words, write_town
from models.streams import stream
from networks.errors import TwinError
from twin.desk import Book, Desk
from twin.live.cycles import Cycles, Lived

GAP = 7
"""Each so many periods one sensor says nothing: that has to stay a gap."""
MOST_S = 240.0


@dataclass
class Street:
    """Sensors that speak: one period when a cycle is over, and every `pace_s` whatever happens."""

    town: Path
    place: Path
    pace_s: float = 12.0
    told: int = 3
    ended: threading.Event = field(default_factory=threading.Event)

    def speak(self) -> None:
        """One period more."""
        silent = (EDGES[1],) if self.told % GAP == 0 else ()
        tell(self.town, self.place / "data", self.told, self.told + 1, silent)
        self.told += 1

    @property
    def newest(self) -> datetime:
        """Up to when they have spoken."""
        return BEGIN + timedelta(seconds=PERIOD_S * self.told)

    def run(self, book: Book) -> None:
        """Until it is ended."""
        cycles = Cycles(book)
        while not self.ended.is_set():
            until = time.monotonic() + self.pace_s
            while time.monotonic() < until and not self.ended.wait(0.3):
                last = cycles.last()
                if last and last[0].moment >= self.newest:
                    break
            self.speak()


@dataclass
class Operator:
    """Somebody who decides all the time, and remembers what was acknowledged."""

    desk: Desk
    acknowledged: dict[str, str] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until it is ended."""
        number = 0
        while not self.ended.wait(0.5):
            now, name = self.desk.clock(), f"own-{number}"
            document = {"rec_id": name, "kind": "visitor_guidance", "created": now.isoformat(), "action": []}
            try:
                self.desk.propose(document | {"valid_until": (now + timedelta(hours=1)).isoformat()}, by="benchmark")
                self.desk.decide(name, "reject", who=f"operator {number}", why="a benchmark")
                self.acknowledged[name] = f"operator {number}"
            except TwinError as error:  # what is not acknowledged need not be there
                print(f"  the desk refused {name}: {error.what}", flush=True)
            number += 1


class Service:
    """`twin serve`, started again after each kill."""

    def __init__(self, town: Path, place: Path) -> None:
        self._command = [sys.executable, "-m", "twin.cli", *words(town, place)]
        self._log = (place / "service.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(self._command, stdout=self._log, stderr=self._log)

    def kill(self, who: str, draw: np.random.Generator) -> str:
        """Kill the service, or one of the processes below it where there is one; who it was."""
        assert self.process is not None
        below = psutil.Process(self.process.pid).children(recursive=True)
        if who == "worker" and below:
            below[int(draw.integers(len(below)))].kill()
            return "worker"
        self.process.kill()
        self.process.wait()
        return "service"

    def end(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60.0)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in the end; every `bad` must be 0.

    Attributes:
        kills: By whom.
        steps: Cycles until it was in step again, after each kill.
        seconds: And wall seconds.
        cycles: Cycles lived through.
        decisions: Decisions acknowledged.
        bad: What went wrong -> how often.
    """

    kills: Counter[str]
    steps: tuple[int, ...]
    seconds: tuple[float, ...]
    cycles: int
    decisions: int
    bad: dict[str, int]


def killed(folder: Path, times: int, seed: int, pace_s: float = 12.0) -> Found:
    """Let it all happen in a folder, and look; sensors wait so long (wall s) for a cycle before they speak on."""
    town = write_town(folder)
    place = folder / "served"
    service, street = Service(town, place), Street(town, place, pace_s)
    tell(town, place / "data", 0, street.told)
    desk = Desk.open(place / "out" / "desk.sqlite")
    operator, draw = Operator(desk), stream(seed, "kills of a served city")
    kills, steps, seconds = Counter[str](), list[int](), list[float]()
    service.start()
    with _beside(lambda: street.run(desk.book), street.ended), _beside(operator.run, operator.ended):
        try:
            _in_step(desk.book, street, street.newest)
            for number in range(times):
                time.sleep(float(draw.uniform(0.0, 12.0)))
                before = street.newest
                who = service.kill("worker" if draw.random() < 0.4 else "service", draw)
                kills[who] += 1
                began = time.monotonic()
                if who == "service":
                    service.start()
                steps.append(_in_step(desk.book, street, before))
                seconds.append(time.monotonic() - began)
                print(f"  {number + 1}: {who}, in step after {steps[-1]} cycles, {seconds[-1]:.0f} s", flush=True)
        finally:
            service.end()
    lived = Cycles(desk.book).last(100_000)
    bad = _wrong(desk, operator, lived) | {"more than two cycles until in step": sum(one > 2 for one in steps)}
    bad |= {"gaps told as data": _gaps_filled(place / "out", street.told)}
    decisions = len(operator.acknowledged)
    desk.close()
    return Found(kills, tuple(steps), tuple(seconds), len(lived), decisions, bad)


def _in_step(book: Book, street: Street, since: datetime) -> int:
    """Cycles after a moment until one is whole and as new as what was told when it ended; at most MOST_S."""
    until = time.monotonic() + MOST_S
    while time.monotonic() < until:
        after = [one for one in reversed(Cycles(book).last(20)) if one.moment > since]
        for number, one in enumerate(after):
            if one.moment >= street.newest - timedelta(seconds=PERIOD_S) and _whole(one):
                return number + 1
        time.sleep(0.3)
    return 99


def _whole(one: Lived) -> bool:
    return not any("picture before stands" in told["en"] for told in one.left_out)


def _wrong(desk: Desk, operator: Operator, lived: list[Lived]) -> dict[str, int]:
    standing = {entry.rec_id: entry for entry in desk.entries()}
    rows = Counter((row.rec_id, row.action) for row in desk.audit())
    lost = sum(
        name not in standing or standing[name].decision is None or rows[name, "reject"] < 1
        for name in operator.acknowledged
    )
    moments = [one.moment for one in reversed(lived)]
    ended = [one.ended_at for one in reversed(lived)]
    return {
        "decisions lost": lost,
        "decisions doubled": sum(rows[name, "reject"] > 1 for name in operator.acknowledged),
        "breaks in the audit's chain": len(desk.book.broken()),
        "cycles lived through twice": len(moments) - len(set(moments)),
        "cycles of the past": sum(b < a for a, b in pairwise(ended)),
        "alarms' cycles taken twice": _taken_twice(desk.book),
    }


def _taken_twice(book: Book) -> int:
    from sqlalchemy import func, select

    from twin.desk.tables import alarm_cycles

    with book.work() as link:
        rows = link.execute(select(func.count(alarm_cycles.c.seq)).group_by(alarm_cycles.c.run_id)).scalars().all()
    return sum(one > 1 for one in rows)


def _gaps_filled(out: Path, told: int) -> int:
    """Periods of a silent sensor that the town's journal has a figure for."""
    wrong = 0
    for file in (out / "towns").glob("*/live/cycles/[0-9]*.npz"):
        with np.load(file) as kept:
            for begin, (vehicles, _) in zip(kept["begins"], kept["said"], strict=True):
                period = int(begin // PERIOD_S)
                if period >= 3 and period % GAP == 0 and period < told:
                    wrong += int(not np.isnan(vehicles[1]))
    return wrong


@contextmanager
def _beside(run: object, ended: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=run, daemon=True)  # type: ignore[arg-type]
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(30.0)


def main() -> None:
    """Kill, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="served-") as name:
        found = killed(Path(name), given.times, given.seed)
    print("killed:", ", ".join(f"{who} {many} times" for who, many in sorted(found.kills.items())))
    print(f"{found.cycles} cycles, {found.decisions} decisions acknowledged")
    steps, seconds = np.array(found.steps), np.array(found.seconds)
    print(f"in step again after {np.median(steps):.0f} cycles ({steps.max()} at most)")
    print(f"wall seconds until then: median {np.median(seconds):.0f}, longest {seconds.max():.0f}")
    print(f"{'':42}{'found':>8}{'goal':>8}")
    for what, many in found.bad.items():
        print(f"{what:42}{many:8d}{0:8d}")
    print(f"load {os.getloadavg()[0]:.1f}, seed {given.seed}")


if __name__ == "__main__":
    main()
