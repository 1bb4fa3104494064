"""A day of the hidden city, served by the twin: `python -m benchmarks.live.day --folder DIR [--planted DAY.yaml]`.

The city is a SUMO case in its own process behind a real Mosquitto (`street_process`); `twin serve` follows it by its
feeds. Its clock is injected: it moves on a cycle, and waits until the twin has lived through that one. At the end
alarms are held against what was planted. `--hours` ends the day earlier; what stands in the folder is begun anew.
Ctrl-C ends it, and tells what was played.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from benchmarks.feeds.mosquitto import PASS_PHRASE, Mosquitto
from benchmarks.live.day_told import Cycle, print_day
from benchmarks.live.planted import Planted, read_planted
from benchmarks.live.site_files import write_points, write_sites
from benchmarks.live.street_case import sensor_streets, twin_case
from benchmarks.live.street_process import StreetProcess
from benchmarks.live.usual_days import write_usual_days
from benchmarks.viewers import watched
from twin.cli import run
from twin.desk import Book
from twin.live.cycles import Cycles

DAY = Path(__file__).parent / "days" / "cologne8.yaml"
PASSWORD = "CITYTWIN_STREET"
FEEDS = """store: {{folder: data}}
feeds:
  - id: street
    source: {{kind: mqtt, host: 127.0.0.1, port: {port}, topics: ["v1.1/#"], user: citytwin, password_env: {env}}}
    format: sensorthings
"""
LATEST_S = 240.0
"""Wall seconds after which a cycle that did not come is a gap."""
FIRST_S = 1200.0
"""The first waits until the twin has driven the case's own demand."""


def main() -> None:
    """Play, score, print."""
    given = _arguments()
    planted = read_planted(given.planted)
    folder: Path = given.folder.absolute()
    shutil.rmtree(folder / "played", ignore_errors=True)
    (folder / "played" / "broker").mkdir(parents=True)
    os.environ[PASSWORD] = PASS_PHRASE
    sensors, lived = prepared(planted, folder, given.usual), list[Cycle]()
    with Mosquitto(folder / "played" / "broker") as broker:
        (folder / "played" / "feeds.yaml").write_text(FEEDS.format(port=broker.port, env=PASSWORD), encoding="utf-8")
        with (
            StreetProcess(given.planted, folder / "street", broker.port, sensors) as street,
            served(planted, folder, given.members, given.usual) as twin,
        ):
            heard_by(broker, twin)
            window_s = given.first * 3600.0, given.hours * 3600.0
            looking = watched(lambda: cockpit_of(folder / "played" / "served.log"), given.viewers)
            with looking as viewers, suppress(KeyboardInterrupt):  # what was played by then is told
                for cycle in played(planted, street, twin, folder / "played" / "out", window_s):
                    lived.append(cycle)
    print_day(planted, lived, folder, given)
    if viewers:
        states, hours = [one.states for one in viewers], [one.hours for one in viewers]
        told = f"{min(states)} to {max(states)} states, {min(hours)} to {max(hours)} hours"
        print(f"  {len(viewers)} viewers, each was sent {told}; refused {sum(one.refused for one in viewers)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="the city's and the twin's files")
    parser.add_argument("--planted", type=Path, default=DAY, help="what happens")
    parser.add_argument("--from", dest="first", type=float, default=0.0, help="hour of the first cycle")
    parser.add_argument("--hours", type=float, default=24.0, help="hour of the last")
    parser.add_argument("--members", type=int, default=4)
    parser.add_argument(
        "--usual", type=int, default=4, help="earlier days that the twin has counts of (simulated once)"
    )
    parser.add_argument("--viewers", type=int, default=0, help="so many look at the cockpit meanwhile")
    return parser.parse_args()


def prepared(planted: Planted, folder: Path, usual: int) -> tuple[str, ...]:
    """Write what the twin is given: case, city, sensors, earlier days; the streets that have sensors."""
    twin = folder / "twin"
    twin.mkdir(parents=True, exist_ok=True)
    needed = tuple({one.edge for one in planted.incidents} | {one.edge for one in planted.faults})
    sensors = sensor_streets(planted, twin, needed)
    (twin / "sensors.csv").write_text("\n".join(["sensor_id,edge", *(f"{e},{e}" for e in sensors)]), encoding="utf-8")
    file = twin_case(planted, twin)
    if not (twin / "city").is_dir():
        net = next(part for part in file.read_text().split('"') if part.endswith(".net.xml"))
        if run(["build", net, "-o", str(twin / "city")]):
            raise RuntimeError("the city was not built")
    write_usual_days(planted, twin, sensors, usual)
    write_sites(planted, twin)
    write_points(planted, twin)
    return sensors


@contextmanager
def served(
    planted: Planted, folder: Path, members: int, usual: int, more: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """`twin serve` beside us, which is ended by Ctrl-C."""
    twin, played = folder / "twin", folder / "played"
    words = ["serve", str(twin / "city"), "--case", str(twin / "run.sumocfg"), "--feeds", str(played / "feeds.yaml")]
    words += ["--sensors", str(twin / "sensors.csv"), "--begin", planted.begin.isoformat(), "--clock", "feeds"]
    words += ["--members", str(members), "--horizon", "30min", "--port", "0", "--out", str(played / "out")]
    words += [word for day in range(1, usual + 1) for word in ("--usual", str(twin / f"usual-{day}.csv"))]
    if planted.concerts:
        words += ["--counters", str(twin / "counters.csv"), "--sites", str(twin / "sites.yaml")]
    words += ["--points", str(twin / "points.csv")] if planted.ponds else []
    buses = twin / "buses.rou.xml"
    words += ["--keep", str(buses)] if buses.is_file() else []
    words += more
    with (played / "served.log").open("wb") as told:
        process = subprocess.Popen([sys.executable, "-m", "twin.cli", *words], stdout=told, stderr=told)
    try:
        yield process
    finally:
        process.send_signal(2)
        try:
            process.wait(60.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def cockpit_of(log: Path) -> str:
    """The address that `twin serve` has told; empty before it does."""
    found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text(errors="replace"))
    return found[0] if found else ""


def heard_by(broker: Mosquitto, twin: subprocess.Popen[bytes]) -> None:
    """Wait until the twin's feed has subscribed.

    What is said before, nobody hears; a street that waits for a cycle and a twin that waits for its first word would
    both wait in vain.
    """
    log, ends = broker.folder / "mosquitto.log", time.monotonic() + LATEST_S
    while b" 1 v1.1/#" not in log.read_bytes():
        if twin.poll() is not None or time.monotonic() > ends:
            raise RuntimeError("the twin did not subscribe to the street's broker")
        time.sleep(0.1)


def played(
    planted: Planted, street: StreetProcess, twin: subprocess.Popen[bytes], out: Path, window_s: tuple[float, float]
) -> Iterator[Cycle]:
    """Cycle by cycle from a second to another: the street moves, the twin follows."""
    (at_s, end_s), began = window_s, time.monotonic()
    if at_s > 0:
        street.advance(at_s, told=False)
    while at_s + planted.cycle_s <= min(end_s, planted.end_s) + 1e-6:
        at_s += planted.cycle_s
        street.advance(at_s)
        told_s = time.monotonic()
        within_s = FIRST_S if at_s <= window_s[0] + planted.cycle_s else LATEST_S
        lived = _wait(out / "desk.sqlite", planted.moment(at_s), twin, within_s)
        took_s = time.monotonic() - told_s
        one = Cycle(at_s, lived, took_s, rss_mb(twin.pid))
        if at_s % 3600.0 == 0 or not lived:
            gap, wall_s = "" if lived else "  GAP", time.monotonic() - began
            print(f"{at_s / 3600:5.2f} h  {took_s:6.1f} s  {one.rss_mb:6.0f} MB  {wall_s:6.0f} s{gap}", flush=True)
        yield one


def _wait(desk: Path, moment: datetime, twin: subprocess.Popen[bytes], within_s: float) -> bool:
    """Until the twin has lived through a moment; False where it did not in time."""
    ends, book = time.monotonic() + within_s, None
    try:
        while time.monotonic() < ends:
            if twin.poll() is not None:
                raise RuntimeError(f"the twin ended: {(desk.parent.parent / 'served.log').read_text()[-1500:]}")
            if book is None and desk.is_file():
                book = Book.open(desk)
            if book is not None:
                last = Cycles(book).last(1)
                if last and last[0].moment >= moment:
                    return last[0].moment == moment
            time.sleep(0.25)
        return False
    finally:
        if book is not None:
            book.close()


def rss_mb(pid: int) -> float:
    """Memory of a process and all that it started, MB (what they share is counted once each: PSS)."""
    kb = 0
    for one in (pid, *_children(pid)):
        try:
            told = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        kb += next((int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")), 0)
    return kb / 1024.0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            own = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        found += own + [deep for one in own for deep in _children(one)]
    return found


if __name__ == "__main__":
    main()
