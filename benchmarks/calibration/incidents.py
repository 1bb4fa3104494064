"""Planted incidents, told by 20 % of the streets: `CITYTWIN_DATA=... python -m benchmarks.calibration.incidents`.

Usual days are a town's hour drawn twice, each with levels of its own, driven by other drivers (IDM) than the twin's
(Krauss). In each incident day a vehicle stands in a lane of a street with traffic, at a place, time and length that are
drawn; a fifth of the sensors lie on half of the days. The same days without it say how often there is a false alarm.
Peers see the same sensors; their thresholds pass usual days --per-day times, as do the sums of our own evidence where
they stand alone; what the twin weighs passes --suspicions times. An incident counts as felt where it
costs a vehicle-hour at least. `--table docs/validation` writes what `twin validation` shows.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.faults import half, jumping, silent, stuck
from benchmarks.calibration.incident_days import DRIVERS, LASTS_S, PERIOD_S, Day, Standing, kept_day, planted
from benchmarks.calibration.incident_peers import california, neighbours, slow, threshold
from benchmarks.calibration.towns import Town, town
from benchmarks.kept_table import files_of, keep_table, row_of_share, table_option
from calibration.counting import Counts
from calibration.incidents import (
    SUSPICIONS_PER_DAY,
    Reach,
    TownForks,
    Usual,
    Verdict,
    Watch,
    heard_out,
    reach_in,
    streets_in,
    usual_of,
    ways_of,
)
from calibration.incidents.trying import Changes, Seen
from models.streams import stream
from networks.sentence import say
from twin.validation import Row

Floats = NDArray[np.float64]
USUAL_DAYS, SHARE, NOISE, FELT_H = 8, 0.2, 0.05, 1.0
FIXED = say(
    "Days, blocks, sensors and liars are drawn by number; thresholds come from usual days, priors from other numbers.",
    "日期、阻塞、检测器与失真检测器按编号抽取；阈值取自平日，先验取自其他编号。",
)


@dataclass
class Alarm:
    """What one method told of one day: when, and where (the edge of the sensor, or the named one)."""

    told_s: float
    edge: str


def main() -> None:
    """Print each incident, and the table of methods."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="citytwin-incidents-") as own:
        where = town(given.town, given.folder or Path(own))
        days = [kept_day(where, f"usual-{number}", number) for number in range(1, USUAL_DAYS + 1)]
        kept_day(where, "twin", 90, drivers="")
        routes = (where.folder / "incident-days" / "twin" / "day.rou.xml").absolute()
        begin_s = where.case.begin_s
        twin = replace(where.case, routes=(routes,)).between(begin_s, begin_s + LASTS_S)
        ways = ways_of(twin, 1, where.folder / "incident-days" / "ways")
        rows = []
        for number in range(given.first, given.first + given.incidents):
            rows.append(_one(where, days, twin, ways, number, given))
            print(rows[-1][0], flush=True)
        _table(rows, given.per_day)
    keep_table(given.table, "incidents", _kept(rows), fixed=FIXED, data=files_of(where.case), left_out=_left_out(given))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("town", nargs="?", default="cologne8")
    parser.add_argument("--incidents", type=int, default=24)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--per-day", type=float, default=2.0, help="alarms of peers a day on usual days")
    parser.add_argument(
        "--suspicions", type=float, default=SUSPICIONS_PER_DAY, help="a day on usual days; the twin weighs them"
    )
    parser.add_argument("--peers-only", action="store_true", help="nothing is tried in the twin: some minutes")
    parser.add_argument("--alone", action="store_true", help="the twin is not asked: what blocked lanes do anywhere")
    parser.add_argument("--folder", type=Path, help="where simulated days stay; none is kept without it")
    table_option(parser)
    return parser.parse_args()


def _one(where: Town, days: list[Day], twin, ways, number: int, given: argparse.Namespace):  # type: ignore[no-untyped-def]
    what = planted(where, days[0], number)
    blocked = kept_day(where, f"blocked-{number}", 20 + number, standing=what)
    free = kept_day(where, f"free-{number}", 20 + number)
    lost_h = float((blocked.spent_s - free.spent_s).sum()) / 3600.0
    driven = np.flatnonzero(sum(day.vehicles.sum(axis=1) for day in days) > 0)
    rows = np.sort(stream(number, "sensors").choice(driven, round(SHARE * len(driven)), replace=False))
    edges = tuple(days[0].edges[row] for row in rows)
    reach = reach_in(where.case.net, *ways, edges)
    flow, speed = (np.array([getattr(day, name)[rows] for day in days]) for name in ("vehicles", "speed_mps"))
    usual = usual_of(flow, speed, PERIOD_S, given.per_day)
    asked = usual_of(flow, speed, PERIOD_S, given.suspicions).threshold
    methods = _Methods(edges, reach, usual, flow, speed, given.per_day)
    streets = streets_in(where.case.net)
    told: dict[str, list[Alarm | None]] = {}
    words = ""
    with TownForks(twin, edges, PERIOD_S, options=DRIVERS) as forks:
        watch = Watch(usual.expected, reach, streets, asked, _unasked if given.alone else forks, usual.errors)
        for day in (blocked, free):
            counts = Counts(edges, edges, day.begin_s, PERIOD_S, _heard(day.vehicles[rows], number))
            verdicts = [] if given.peers_only else heard_out(watch, counts, day.speed_mps[rows])
            first = next((one for one in verdicts if one.kind == "incident" and _in(one, day, blocked, what)), None)
            told.setdefault("twin", []).append(Alarm(first.told_s, first.edge) if first else None)
            words += f" {'|' if day is free else ''}" + ",".join(one.kind for one in verdicts)
            for name, alarm in methods.alarms(counts, day.speed_mps[rows], what if day is blocked else None).items():
                told.setdefault(name, []).append(alarm)
    away = _distances(where, what, told)
    text = "; ".join(_alarms(name, alarms, what, away) for name, alarms in told.items())
    lie = "liars" if number % 2 else "honest"
    line = f"{number:>3} {what.edge} {what.lanes} {what.for_s / 60:.0f} min, {lost_h:.1f} veh-h, {lie}: {text};{words}"
    return line, what, lost_h, told, away, number


def _unasked(changes: Mapping[str, Changes], since_s: float, until_s: float) -> dict[str, Seen]:  # noqa: ARG001
    """A twin that says nothing."""
    return {}


def _alarms(name: str, alarms: list[Alarm | None], what: Standing, away: dict[str, float]) -> str:
    """Of the day with the incident, and whether the day without it had an alarm too."""
    hit, wrong = alarms
    told = "not told" if hit is None else f"{(hit.told_s - what.since_s) / 60:.0f} min {away[name]:.0f} m"
    return f"{name} {told}{' (false alarm)' if wrong else ''}"


def _in(one: Verdict, day: Day, blocked: Day, what: Standing) -> bool:
    """On the day with the incident only what is told after its begin counts; on the other everything does."""
    return day is not blocked or one.told_s > what.since_s


def _heard(vehicles: Floats, number: int) -> Floats:
    """What sensors make of it: 5 % noise each, and on every other day a fifth of them lie from some time on."""
    rng = stream(number, "sensor noise")
    heard = np.round(np.clip(vehicles * (1 + NOISE * rng.standard_normal(len(vehicles))[:, None]), 0, None))
    if number % 2:
        for at, row in enumerate(rng.choice(len(heard), round(0.2 * len(heard)), replace=False)):
            heard[row] = (stuck, silent, half, jumping)[at % 4](heard[row], rng, 0.0)
    return heard


@dataclass
class _Methods:
    """The peers, with thresholds from usual days."""

    edges: tuple[str, ...]
    reach: Reach
    usual: Usual
    flow: Floats
    speed: Floats
    per_day: float

    def alarms(self, counts: Counts, speed_mps: Floats, what: Standing | None) -> dict[str, Alarm | None]:
        usual_speed = np.exp(self.usual.expected.log_speed)
        pairs = neighbours(self.reach, self.edges)
        values = {
            "slow": (slow(counts.vehicles, speed_mps, usual_speed),
                     [slow(f, v, usual_speed) for f, v in zip(self.flow, self.speed, strict=True)]),
            "California": (california(counts.vehicles, speed_mps, pairs),
                           [california(f, v, pairs) for f, v in zip(self.flow, self.speed, strict=True)]),
        }  # fmt: skip
        found: dict[str, Alarm | None] = {}
        for name, (now, before) in values.items():
            found[name] = self._first(now > threshold(before, self.per_day, counts.period_s), counts, what)
        sums = self._sums(counts, speed_mps)
        found["sums alone"] = self._first(sums > self.usual.threshold, counts, what)
        return found

    def _sums(self, counts: Counts, speed_mps: Floats) -> Floats:
        from calibration.incidents import evidence_of

        found = evidence_of(self.usual.expected, counts.vehicles, speed_mps, counts.period_s)
        return np.maximum(found.held, found.starved)

    def _first(self, passed: NDArray[np.bool_], counts: Counts, what: Standing | None) -> Alarm | None:
        for at in np.flatnonzero(passed.any(axis=0)):
            told_s = counts.begin_s + (int(at) + 1) * counts.period_s
            if what is None or told_s > what.since_s:
                return Alarm(told_s, self.edges[int(passed[:, at].argmax())])
        return None


def _distances(where: Town, what: Standing, told: dict[str, list[Alarm | None]]) -> dict[str, float]:
    """From the middle of the true edge to the middle of the named one, m."""
    middle = {edge.edge_id: np.mean([edge.shape[0], edge.shape[-1]], axis=0) for edge in where.net.edges}
    return {
        name: float(np.hypot(*(middle[alarms[0].edge] - middle[what.edge])))
        for name, alarms in told.items()
        if alarms[0] is not None
    }


def _left_out(given: argparse.Namespace) -> list[str]:
    return ["copies of the twin: not asked"] if given.alone or given.peers_only else []


def _kept(rows: list) -> list[Row]:  # type: ignore[type-arg]
    """Of each method what it told, and on how many days without a block it told one."""
    felt, kept = [row for row in rows if row[2] >= FELT_H], list[Row]()
    for name in rows[0][3]:
        kind = "real" if name == "twin" else "peer"
        for measure, of, day in (("felt blocks told", felt, 0), ("days with a false alarm", rows, 1)):
            hits = sum(row[3][name][day] is not None for row in of)
            kept.append(row_of_share(name, kind, f"{measure}, share", hits, len(of)))
    return kept


def _table(rows: list, per_day: float) -> None:  # type: ignore[type-arg]
    felt = [row for row in rows if row[2] >= FELT_H]
    days = len(rows) * (LASTS_S - 900.0) / 86400.0
    print(f"\n{len(rows)} incidents, {len(felt)} of them felt ({FELT_H:g} vehicle-hour and more)")
    print(f"{days:.2f} days without, half of them with a fifth of the sensors lying")
    print(f"thresholds for {per_day:g} a day; load {os.getloadavg()[0]:.1f}")
    heads = ("", "told, felt", "told, all", "min to tell", "m off", "same edge", "false a day, honest", "false, liars")
    print(f"| {' | '.join(heads)} |")
    print("|---|---|---|---|---|---|---|---|")
    for name in rows[0][3]:
        hit = [row for row in rows if row[3][name][0] is not None]
        late = [(row[3][name][0].told_s - row[1].since_s) / 60.0 for row in hit]
        away = [row[4][name] for row in hit]
        same = sum(row[3][name][0].edge == row[1].edge for row in hit)
        wrong = [
            sum(row[3][name][1] is not None for row in rows if row[5] % 2 == odd) / max(days / 2, 1e-9)
            for odd in (0, 1)
        ]
        felt_hit = sum(row[3][name][0] is not None for row in felt)
        middle = [f"{np.median(one):.0f}" if one else "-" for one in (late, away)]
        print(f"| {name} | {felt_hit}/{len(felt)} | {len(hit)}/{len(rows)} | {middle[0]} | {middle[1]} | {same} |"
              f" {wrong[0]:.1f} | {wrong[1]:.1f} |")  # fmt: skip


if __name__ == "__main__":
    main()
