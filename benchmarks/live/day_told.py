"""What a played day is worth: cycles, seconds, memory by hour, and alarms held against what was planted."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.live import planted as plan
from benchmarks.live.street_water import Water
from networks.roads.net_file import read_net
from twin.alarms import AlarmBook, Planted, Score, score, streets_of
from twin.desk import Book

LEVEL_M, FULL = 0.15, 0.8
"""Depth and share of a site's capacity from which there is something to be told (thresholds.yaml)."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of a played day: its second, whether the twin lived through it, wall seconds, memory (MB)."""

    at_s: float
    lived: bool
    took_s: float
    rss_mb: float


def events(day: plan.Planted, until_s: float) -> list[Planted]:
    """What was planted, as alarms are held against it."""
    found = []
    for number, one in enumerate(day.incidents):
        begins, ends = day.moment(one.from_s), day.moment(one.to_s)
        told = frozenset({"incident", "spillback"})
        found.append(Planted(f"incident-{number}", told, begins, ends, frozenset({one.edge}), (one.edge,)))
    for fault in day.faults:
        begins, ends = day.moment(fault.from_s), day.moment(fault.to_s)
        found.append(
            Planted(f"{fault.kind}-{fault.edge}", frozenset({"sensor"}), begins, ends, frozenset({fault.edge}))
        )
    for name, (first_s, last_s) in deep(day).items():
        edges = next(one.edges for one in day.ponds if one.name == name)
        kinds = frozenset({"ponding", "spillback"})
        subjects = frozenset({name, f"level/{name}"})
        begins, ends = day.moment(first_s), day.moment(last_s)
        found.append(Planted(f"pond-{name}", kinds, begins, ends, subjects, edges, ahead_s=1800.0))
    for concert in day.concerts:
        kinds, begins = frozenset({"site", "spillback"}), day.moment(concert.from_s - 5400.0)
        must = concert.visitors >= FULL * concert.capacity
        ends, subjects = day.moment(concert.to_s + 3600.0), frozenset({concert.site})
        found.append(Planted(concert.site, kinds, begins, ends, subjects, (concert.edge,), must=must))
    return [one for one in found if one.begins < day.moment(until_s)]


def deep(day: plan.Planted) -> dict[str, tuple[float, float]]:
    """First and last second at which each hollow is deeper than it may be."""
    water, found = Water(day), dict[str, tuple[float, float]]()
    for minute in range(1, int(day.end_s // Water.step_s) + 1):
        water.advance(minute * Water.step_s)
        for name, depth_m in water.depth_m.items():
            if depth_m >= LEVEL_M:
                at_s = minute * Water.step_s
                found[name] = (found.get(name, (at_s, 0.0))[0], at_s)
    return found


def print_day(day: plan.Planted, lived: Sequence[Cycle], folder: Path, given: argparse.Namespace) -> None:
    """The table, the goals beside it; kept as `day.json` too."""
    took = np.array([one.took_s for one in lived])
    hours = len(lived) * day.cycle_s / 3600.0
    by_hour = {int(one.at_s // 3600): round(one.rss_mb) for one in lived if one.at_s % 3600 == 0}
    until_s = lived[-1].at_s
    worth = judged(day, folder, hours, until_s)
    late = [mb for hour, mb in by_hour.items() if hour >= 2]
    flat = f"{late[0]} -> {late[-1]} MB (most {max(late)})" if late else "no hour 2"
    load = os.getloadavg()[0]
    print(f"{day.town}, {hours:g} h, {given.members} members, 30 min ahead, seed {day.seed}, load {load:.1f}")
    spread = "{:.1f}  {:.1f}  {:.1f}".format(*np.quantile(took, (0.5, 0.95, 1.0)))
    rows = [
        ("cycles", f"{len(lived)}", ""),
        ("gaps", f"{sum(not one.lived for one in lived)}", "0"),
        ("seconds a cycle: median, 95 %, most", spread, ""),
        ("memory from hour 2 on", flat, "flat"),
        ("actionable alarms per seat-hour", f"{worth.per_seat_hour:.2f}", "<= 6"),
        ("precision", f"{worth.precision:.2f} ({worth.right} of {worth.alarms})", ">= .7"),
        ("recall of what was planted", f"{worth.recall:.2f} ({worth.found} of {worth.events})", ">= .9"),
    ]
    for what, value, goal in rows:
        print(f"  {what:38} {value:28} {goal}")
    print(f"  found (lead s): {worth.lead_s}\n  missed: {worth.missed}\n  memory by hour: {by_hour}")
    kept = {"rows": rows, "memory_mb": by_hour, "took_s": took.round(2).tolist(), "missed": worth.missed}
    (folder / "day.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


def judged(day: plan.Planted, folder: Path, hours: float, until_s: float) -> Score:
    """Alarms of the desk's book held against what was planted."""
    case = (folder / "twin" / "run.sumocfg").read_text()
    streets = streets_of(read_net(Path(next(part for part in case.split('"') if part.endswith(".net.xml")))))
    book = Book.open(folder / "played" / "out" / "desk.sqlite")
    try:
        return score(AlarmBook(book, streets).alarms(), events(day, until_s), streets, hours=hours)
    finally:
        book.close()
