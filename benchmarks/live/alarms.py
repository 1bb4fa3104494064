"""Alarms of a followed town beside what happened: `CITYTWIN_DATA=... python -m benchmarks.live.alarms --folder DIR`.

The street is a hidden simulation of cologne8 as in `benchmarks.calibration.experiment` (other drivers, other signal
plans, rain, a fifth of the streets with sensors, a fifth of which lie), in which a vehicle stands in a lane for half
an hour. The twin follows it by its sensors, 4 members, 30 minutes ahead; finders and alarm book do the rest.

What happened are two kinds of events, matched by the rules of `twin.alarms.scoring`, which were fixed beforehand:
blocks (the standing vehicle; may be told as an incident or a queue, not before it stands), and full streets: streets
of 60 m and more that their queue fills for two periods by the finder's own formula on the flows and speeds of every
street that the hidden simulation had (told up to half an hour before). Full streets that touch are one event.

`chance` is what the same alarms at the same moments would have matched on streets drawn at random: in a small town
a lot, so an alarm has to be held against it. Days before --judged chose the thresholds, those from it on judge.
`--table docs/validation` writes what `twin validation` shows: the days that judge.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.towns import town
from benchmarks.kept_table import keep_table, row_of_share, table_option
from benchmarks.live.alarm_days import followed, made, moment
from models.streams import stream
from networks.sentence import say
from twin.alarms import (
    Alarm,
    AlarmBook,
    IncidentFinder,
    Planted,
    Score,
    SpillbackFinder,
    Streets,
    found,
    score,
    shipped_thresholds,
    streets_of,
)
from twin.alarms.finders import full_streets, lasting
from twin.cycle import Picture
from twin.desk import Book
from twin.validation import Row

KINDS = frozenset({"incident", "spillback"})
DRAWS = 200
RIGHT, FOUND = 0.7, 0.9
"""Shares of alarms that are right, and of events that are told: goals of the plan."""
FIXED = say(
    "Thresholds as shipped, chosen on other days; what counts as right was written down before; days by number.",
    "阈值为随附值，取自其他日期；判定规则事先写定；日期按编号。",
)


def main() -> None:
    """Make days, follow them, hold alarms against them, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where days and pictures are kept, and found again")
    parser.add_argument("--days", type=int, nargs="+", default=list(range(1, 9)))
    parser.add_argument("--judged", type=int, default=3, help="the first day that chose nothing")
    parser.add_argument("--near", type=int, default=3, help="so many junctions from an event is right; 3 is the rule")
    table_option(parser)
    given = parser.parse_args()
    where = HiddenTown(town("cologne8", given.folder / "towns"), given.folder / "cologne8", 1)
    where.make(0)
    streets = streets_of(where.town.net)
    rows = []
    for number in given.days:
        name = made(where, number)
        pictures = followed(where, name)
        rows.append(_judged(name, number >= given.judged, pictures, _events(where, name, streets), streets, given.near))
        print(rows[-1].line, flush=True)
    for judged in (False, True):
        part = [row for row in rows if row.judged == judged]
        if part:
            print(_sum("judged" if judged else "chose the thresholds", part))
    print(f"load {os.getloadavg()[0]:.1f}")
    keep_table(given.table, "alarms", _kept([row for row in rows if row.judged]), fixed=FIXED)


def _kept(rows: list[_Row]) -> list[Row]:
    """Alarms that are right, beside chance, and events that were told."""
    alarms, right, chance = _added(rows)
    hours, case = sum(row.hours for row in rows), f"cologne8, {len(rows)} days"
    kept = [
        row_of_share(case, "real", "alarms that are right, share", int(right), int(alarms), RIGHT),
        Row(case, "peer", "right by chance, share", chance / alarms if alarms else math.nan, n=int(alarms)),
        Row(case, "real", "alarms an hour", alarms / hours if hours else math.nan, n=len(rows)),
    ]
    for what, told in _told(rows).items():
        kept.append(row_of_share(case, "real", f"{what} told, share", sum(told), len(told), FOUND))
    return kept


@dataclass(frozen=True)
class _Row:
    name: str
    judged: bool
    hours: float
    result: Score
    planted: tuple[Planted, ...]
    chance: float

    @property
    def line(self) -> str:
        minutes = {event: round(lead / 60.0) for event, lead in self.result.lead_s.items()}
        return (
            f"{self.name}: {self.result.alarms} alarms, {self.result.right} right (chance {self.chance:.1f}), "
            f"found with lead in minutes {minutes}, missed {list(self.result.missed)}"
        )


def _events(where: HiddenTown, name: str, streets: Streets) -> list[Planted]:
    """The block, and streets that were full."""
    day, limits = where.day(name), shipped_thresholds().spillback
    known = [streets.by_edge[edge] for edge in day.edges]
    lanes, free = (np.array([[getattr(one, what)] for one in known], float) for what in ("lanes", "free_mps"))
    long = np.array([[one.length_m >= limits.shortest_m.value] for one in known])
    full = lasting(
        full_streets(day.flow, day.speed_mps, day.period_s, lanes, free, limits) & long, int(limits.periods.value)
    )
    runs: list[tuple[frozenset[str], int, int]] = []
    for row in np.flatnonzero(full.any(axis=1)):
        on = np.flatnonzero(full[row])
        for part in np.split(on, np.flatnonzero(np.diff(on) > 1) + 1):
            runs = _merged(runs, (frozenset({day.edges[row]}), int(part[0]), int(part[-1]) + 1), streets)
    begin_s, period_s = day.begin_s, day.period_s
    told = [
        Planted(f"full {min(edges)}", KINDS, moment(begin_s + first * period_s), moment(begin_s + last * period_s),
                edges=tuple(sorted(edges)), ahead_s=1800.0)
        for edges, first, last in runs
    ]  # fmt: skip
    file = where.folder / name / "standing.json"
    if file.is_file():
        one = json.loads(file.read_text(encoding="utf-8"))
        ends = moment(one["since_s"] + one["for_s"])
        told.append(Planted("block", KINDS, moment(one["since_s"]), ends, edges=(one["edge"],)))
    names = [one.event_id for one in told]
    return [replace(one, event_id=f"{one.event_id} ({at})" if names.count(one.event_id) > 1 else one.event_id)
            for at, one in enumerate(told)]  # fmt: skip


def _merged(
    runs: list[tuple[frozenset[str], int, int]], one: tuple[frozenset[str], int, int], streets: Streets
) -> list[tuple[frozenset[str], int, int]]:
    """Runs of full streets with one more, joined with all that it touches in streets and time."""
    apart = []
    for other in runs:
        if one[1] <= other[2] + 1 and other[1] <= one[2] + 1 and streets.around(one[0], 1) & other[0]:
            one = (one[0] | other[0], min(one[1], other[1]), max(one[2], other[2]))
        else:
            apart.append(other)
    return [*apart, one] if len(apart) == len(runs) else _merged(apart, one, streets)


def _judged(
    name: str, judged: bool, pictures: list[Picture], events: list[Planted], streets: Streets, near: int
) -> _Row:
    first, last = pictures[0].now, pictures[-1].now
    events = [one for one in events if one.ends > first and one.begins < last]
    alarms, hours = _alarms(pictures, streets), len(pictures) / 12.0
    return _Row(
        name,
        judged,
        hours,
        score(alarms, events, streets, hours=hours, near_junctions=near),
        tuple(events),
        _chance(alarms, events, streets, near),
    )


def _alarms(pictures: list[Picture], streets: Streets) -> list[Alarm]:
    limits = shipped_thresholds()
    finders = (SpillbackFinder(limits.spillback, streets), IncidentFinder(limits.incident, streets))
    clock: list[datetime] = [pictures[0].now]
    with tempfile.TemporaryDirectory() as folder:
        alarms = AlarmBook(Book.open(Path(folder) / "desk.sqlite", now=lambda: clock[0]), streets, limits.alarms)
        for picture in pictures:
            clock[0] = picture.now
            alarms.take(found(finders, picture)[0], picture.now, picture.run_id)
        told = alarms.alarms()
        alarms.book.close()
    return told


def _chance(alarms: list[Alarm], events: list[Planted], streets: Streets, near: int) -> float:
    """How many of these alarms would be right on streets drawn at random."""
    rng = stream(0, "alarms at random streets")
    longest = shipped_thresholds().spillback.shortest_m.value
    places = [edge for edge, one in streets.by_edge.items() if one.length_m >= longest]
    right = 0
    for alarm in (one for one in alarms if one.asked):
        for edge in map(str, rng.choice(places, DRAWS)):
            head = replace(alarm.head, subject=edge, edges=(edge,))
            told = [replace(alarm, findings=(head,))]
            right += score(told, events, streets, hours=1.0, near_junctions=near).right
    return right / DRAWS


def _added(rows: list[_Row]) -> tuple[float, float, float]:
    """Alarms, right ones, and right ones by chance."""
    return (
        sum(row.result.alarms for row in rows), sum(row.result.right for row in rows), sum(row.chance for row in rows)
    )  # fmt: skip


def _told(rows: list[_Row]) -> dict[str, list[bool]]:
    """Of blocks and of full streets, whether each was told."""
    events = [(one.event_id, one.event_id in row.result.lead_s) for row in rows for one in row.planted]
    return {
        "blocks": [told for name, told in events if name == "block"],
        "full streets": [told for name, told in events if name != "block"],
    }


def _sum(what: str, rows: list[_Row]) -> str:
    (alarms, right, chance), (blocks, full) = _added(rows), _told(rows).values()
    hours = sum(row.hours for row in rows)
    return (
        f"{what}: {len(rows)} days, {hours:.1f} h: {alarms} alarms ({alarms / hours:.2f} an hour), {right} right "
        f"(chance {chance:.1f}), blocks {sum(blocks)} of {len(blocks)}, full streets {sum(full)} of {len(full)}"
    )


if __name__ == "__main__":
    main()
