"""A day of five city feeds, clean and spoiled, replayed into two stores: `python -m benchmarks.feeds.day`.

    python -m benchmarks.feeds.day [--hours 24] [--speed max|60] [--twice 0.05] [--late 0.05] [--garbage 0.01]

MQTT counts (SensorThings), GTFS Realtime, rain radar, DATEX II and CSV, made from the real files of CITYTWIN_DATA with
the times of one day. In the spoiled day 5 % come twice, 5 % up to half an hour late, and 1 % more is garbage. Both are
written as feed logs and played by `twin feeds replay`; then the stores are compared row by row, except for when a row
was told where its format has only the time of receipt for that (frames and tables), and dead letters with the garbage.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pyarrow as pa

from benchmarks.feeds.city_day import KINDS, clean, spoiled
from models.streams import stream
from twin.feeds import KINDS as ROWS
from twin.feeds.log import LogWriter, folder_of
from twin.store import FeedStore

GROUP = 500
BY_RECEIPT = {"frames": "told", "observations": "result_time"}
"""Columns that may differ, of rows whose message does not say when it was told."""


def main() -> None:
    """Make, play, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--speed", default="max")
    parser.add_argument("--twice", type=float, default=0.05)
    parser.add_argument("--late", type=float, default=0.05)
    parser.add_argument("--garbage", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=0)
    told = parser.parse_args()
    data = Path(os.environ.get("CITYTWIN_DATA", "../shared/data")) / "feeds"
    shares = {"twice": told.twice, "late": told.late, "garbage": told.garbage}
    with tempfile.TemporaryDirectory(prefix="day-") as name:
        folder = Path(name)
        print(f"{told.hours:g} h, speed {told.speed}; load {os.getloadavg()[0]:.1f}")
        _write(folder / "clean", data, told.hours, told.seed, dict.fromkeys(shares, 0.0))
        bad = _write(folder / "spoiled", data, told.hours, told.seed, shares)
        _play(folder / "clean", told.hours, "max")
        _play(folder / "spoiled", told.hours, told.speed)
        _compare(folder, bad)


def _write(folder: Path, data: Path, hours: float, seed: int, shares: dict[str, float]) -> set[tuple[str, int]]:
    """Logs of all feeds, and a file of feeds; which messages are garbage."""
    bad, counts, size = set[tuple[str, int]](), dict[str, int](), 0
    folder.mkdir()
    lines = ["store: {folder: data}", "feeds:"]
    for feed, kind in KINDS.items():
        lines += [f"  - id: {feed}", f"    source: {kind.source}", f"    format: {kind.format}"]
        lines += [f"    options: {kind.options}", f"    every_s: {kind.every_s:g}"]
        draw = stream(seed, f"what goes wrong with {feed}")
        with LogWriter(folder_of(folder / "data", feed)) as log:
            group = []
            for number, (message, garbage) in enumerate(spoiled(clean(kind, data, hours), draw, **shares)):
                group.append(message)
                size += len(message.payload)
                if garbage:
                    bad.add((feed, number))
                if len(group) == GROUP:
                    log.append(group)
                    group = []
            log.append(group)
            counts[feed] = log.end
    (folder / "feeds.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = ", ".join(f"{feed} {count}" for feed, count in counts.items())
    print(f"{folder.name}: {said} messages, {size / 1e6:.0f} MB, {len(bad)} garbage", flush=True)
    return bad


def _play(folder: Path, hours: float, speed: str) -> None:
    """`twin feeds replay`, and how its memory goes."""
    command = [sys.executable, "-m", "twin.cli", "feeds", "replay", str(folder / "feeds.yaml")]
    began, memory = time.monotonic(), []
    with (folder / "replay.log").open("wb") as said:
        running = subprocess.Popen(
            [*command, "--into", str(folder / "again"), "--speed", speed], stdout=said, stderr=said
        )
        process = psutil.Process(running.pid)
        times = process.cpu_times()
        while running.poll() is None:
            try:
                memory.append(process.memory_info().rss / 1e6 or memory[-1])
                times = process.cpu_times()
            except psutil.Error:
                break
            time.sleep(0.2)
        if running.wait() != 0:
            sys.exit((folder / "replay.log").read_text()[-3000:])
    took_s, half = time.monotonic() - began, len(memory) // 2
    print(
        f"{folder.name}: played in {took_s:.0f} s ({hours * 3600.0 / took_s:.0f} times as fast), "
        f"{times.user + times.system:.0f} CPU s, memory at half time {memory[half]:.0f} MB, at the end "
        f"{memory[-1]:.0f} MB, {max(memory):.0f} MB at most",
        flush=True,
    )


def _compare(folder: Path, bad: set[tuple[str, int]]) -> None:
    with FeedStore(folder / "clean" / "again") as clean_day, FeedStore(folder / "spoiled" / "again") as other:
        print(f"{'':16}{'clean day':>12}{'spoiled':>12}{'differ':>12}{'goal':>8}")
        for table in ROWS:
            one, two = _rows(clean_day, table), _rows(other, table)
            if one.num_rows or two.num_rows:
                print(f"{table:16}{one.num_rows:12d}{two.num_rows:12d}{_differ(one, two):12d}{0:8d}")
        dead = {(one.feed, one.number) for one in other.dead_letters(state=None)}
        alive, strange = bad - dead, dead - bad
        print(f"dead letters: {len(dead)} of {len(bad)} garbage, alive {len(alive)}, dead and none {len(strange)}")
        print(f"dead letters of the clean day: {len(clean_day.dead_letters(state=None))}")
        for feed, number in sorted(alive)[:10]:
            print(f"  alive: message {number} of {feed}")
        for feed, number in sorted(strange)[:10]:
            faults = next(one.faults for one in other.dead_letters(feed, None) if one.number == number)
            print(f"  dead: message {number} of {feed}: {faults[0]}")
    print(f"load {os.getloadavg()[0]:.1f}")


def _rows(store: FeedStore, table: str) -> pa.Table:
    """Sorted rows without what only says which message they came with."""
    found = store.read(table)
    kept = [name for name in found.column_names if name not in ("number", "line", BY_RECEIPT.get(table))]
    return found.select(kept).sort_by([(name, "ascending") for name in kept if name in (*ROWS[table].key, "feed")])


def _differ(one: pa.Table, two: pa.Table) -> int:
    """Rows of either that the other has not."""
    if one.equals(two):
        return 0
    first, second = ({tuple(map(str, row.values())) for row in table.to_pylist()} for table in (one, two))
    return len(first ^ second)


if __name__ == "__main__":
    main()
