"""A fifth of the sensors lie, in each of seven ways: `CITYTWIN_DATA=... python -m benchmarks.calibration.health`.

Sensors stand on a share of the streets of a simulated day (at least 200 vehicles a day each). For each way of lying and
each draw: how many of the liars are found, how many of those are called by what they do, and how many honest sensors
are named; and by how much the counts are wrong, as they were told and with what stands in for those who were found
(sum of absolute errors over all vehicles). `mixed`: all seven ways at once. `--table docs/validation` writes what
`twin validation` shows.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.calibration.faults import LIES
from benchmarks.calibration.towns import TOWNS, Town, town
from benchmarks.calibration.two_days import TwoDays, two_days
from benchmarks.kept_table import keep_table, row_of_draws, table_option
from calibration.counting import Counts, watched_net
from calibration.counting.seen import LANE_PER_HOUR
from calibration.counting.watched_streets import WatchedNet
from calibration.health import RouteFlows, fill, network_flows, review
from models.streams import stream
from networks.sentence import say
from twin.validation import Row

_LEAST = 200.0
_USUAL = ("cologne8", "bologna")
FIXED = say(
    "Sensors, liars and their ways of lying are drawn by number; the review's thresholds are those that ship.",
    "检测器、失真检测器及其失真方式按编号抽取；判别阈值为随附默认值。",
)


def main() -> None:
    """Print a table for each town, with and without an earlier day."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("towns", nargs="*", choices=[*TOWNS, []])
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--share", type=float, default=0.5, help="of the streets with a sensor")
    parser.add_argument("--folder", type=Path, help="where simulated days stay; none is kept without it")
    table_option(parser)
    given, rows, read = parser.parse_args(), list[Row](), list[Path]()
    with tempfile.TemporaryDirectory(prefix="citytwin-health-") as own:
        for name in given.towns or _USUAL:
            where = town(name, given.folder or Path(own))
            read.append(where.folder / "two-days.npz")
            days, net, flows = two_days(where), watched_net(where.case.net), network_flows(where.case.net)
            for history in (True, False):
                rows += _table(where, days, net, None if history else flows, given)
        left_out = [f"{name}: not asked for" for name in _USUAL if given.towns and name not in given.towns]
        keep_table(given.table, "health", rows, fixed=FIXED, data=read, left_out=left_out)


def _table(
    where: Town, days: TwoDays, net: WatchedNet, flows: RouteFlows | None, given: argparse.Namespace
) -> list[Row]:
    against = "an earlier day known" if flows is None else "no earlier day"
    print(f"\n{where.name}, sensors on {given.share:.0%} of streets, {given.draws} draws, {against}")
    head = "".join(f"{word:>9}" for word in ("found", "by name", "doubted", "false", "honest", "told", "mended"))
    print(f"{'a fifth of them':<18}{head}")
    kept = list[Row]()
    for lie in [*LIES, "mixed", "(nobody)"]:
        draws = np.array([_one(days, net, flows, lie, draw, given.share) for draw in range(given.draws)])
        kept += _rows(f"{where.name}, {lie}, {against}", draws)
        liars, found, named, doubted, false, honest, told, mended, truth = draws.sum(axis=0)
        if not liars:
            print(f"{lie:<18}{'':>27}{false / honest:>9.1%}{honest:>9.0f}{0:>9.1%}{mended / truth:>9.1%}")
            continue
        parts = (found / liars, named / liars, doubted / liars, false / honest)
        wrong = f"{told / truth:>9.1%}{mended / truth:>9.1%}"
        print(f"{lie:<18}{parts[0]:>9.0%}{parts[1]:>9.0%}{parts[2]:>9.0%}{parts[3]:>9.1%}{honest:>9.0f}{wrong}")
    return kept


def _rows(case: str, draws: np.ndarray) -> list[Row]:
    """Of the columns that `_one` tells, a row of the table each draw's share of which is known."""
    liars, found, _, _, false, honest, told, mended, truth = draws.T
    rows = [
        row_of_draws(case, "real", "sound sensors named, share", list(false / honest)),
        row_of_draws(case, "real", "counts wrong as told, share of vehicles", list(told / truth)),
        row_of_draws(case, "real", "counts wrong as mended, share of vehicles", list(mended / truth)),
    ]
    return [row_of_draws(case, "real", "liars found, share", list(found / liars)), *rows] if liars.all() else rows


def _one(
    days: TwoDays, net: WatchedNet, flows: RouteFlows | None, lie: str, draw: int, share: float
) -> tuple[float, ...]:
    """Liars, found, called by name, only doubted; false alarms, honest ones; wrong vehicles as told, as mended, all."""
    rng = stream(draw, "health-benchmark")
    busy = [r for r, e in enumerate(days.today.edges) if days.today.vehicles[r].sum() >= _LEAST and net.open_to_cars(e)]
    rows = np.sort(rng.choice(busy, max(10, round(share * len(busy))), replace=False))
    liars = rng.choice(len(rows), 0 if lie == "(nobody)" else round(0.2 * len(rows)), replace=False)
    values = days.today.vehicles[rows].copy()
    called = {}
    for number, row in enumerate(liars):
        way = list(LIES)[number % len(LIES)] if lie == "mixed" else lie
        how, name = LIES[way]
        most = net.car_lanes(days.today.edges[rows[row]]) * LANE_PER_HOUR * days.today.period_s / 3600.0
        values[row] = how(values[row], rng, most)
        called[days.today.sensors[rows[row]]] = name
    names, edges = (tuple(one[row] for row in rows) for one in (days.today.sensors, days.today.edges))
    counts = Counts(names, edges, 0.0, days.today.period_s, values)
    health = review(counts, net, before=days.before.vehicles[rows] if flows is None else None, flows=flows)
    found = {name for name in called if name in health.out}
    named = {name for name in called if any(f.sensor == name and f.fault == called[name] for f in health.findings)}
    doubted = {f.sensor for f in health.findings if f.sensor in called} - found
    false = health.out - set(called)
    truth = days.today.vehicles[rows]
    mended = fill(health, net, history=flows is None).counts.vehicles
    wrong = [float(np.abs(np.where(np.isnan(one), 0.0, one) - truth).sum()) for one in (values, mended)]
    honest = len(names) - len(called)
    return len(called), len(found), len(named), len(doubted), len(false), honest, *wrong, float(truth.sum())


if __name__ == "__main__":
    main()
