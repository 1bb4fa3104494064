"""Held-out flows after simulation: `CITYTWIN_DATA=... python -m benchmarks.calibration [TOWN ...]`.

A town's own demand, simulated, is the truth. A fifth of its edges have sensors that err by 5 %; each estimator sees
those alone. What it estimates is simulated in micro and judged where no sensor was: share of edges with GEH < 5 on the
hour's flow. `--by corridors` holds out whole corridors, so that no edge up or down the street is known either. With
`--folder` each row stays, and a second call goes on where the first was stopped. `--table docs/validation` writes what
`twin validation` shows.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.calibration.draws import draw
from benchmarks.calibration.estimators import ESTIMATORS
from benchmarks.calibration.judged import Judged, judge, kept_row
from benchmarks.calibration.towns import TOWNS, Town, town
from benchmarks.kept_table import files_of, keep_table, row_of_draws, table_option
from networks.sentence import say
from twin.validation import Row

PEER = {"cologne8": 0.42, "ingolstadt21": 0.66, "bologna": 0.16}
ENTROPY = {"cologne8": 0.64, "ingolstadt21": 0.64, "bologna": 0.14}
GOAL = {"cologne8": 0.85, "ingolstadt21": 0.85, "bologna": 0.70}
"""Anchors: routeSampler, an entropy path-flow trial, what is to be reached with counts only (random edges)."""
FIXED = say(
    "A town's own demand, simulated, is the truth; a fifth of its edges have sensors that err by 5 %, drawn by number.",
    "以城镇自身需求的仿真为真值；五分之一路段有误差5%的检测器，按编号抽取。",
)


def main() -> None:
    """Print each town's table."""
    given, rows = _arguments(), list[Row]()
    with tempfile.TemporaryDirectory(prefix="citytwin-calibration-") as own:
        place = given.folder or Path(own)
        for name in given.towns or list(TOWNS):
            for rule in given.by:
                rows += _print(town(name, place), rule, given.estimators, given.draws, place)
    asked, tried = given.towns or list(TOWNS), given.estimators
    left_out = [f"{name}: not asked for" for name in (*TOWNS, *ESTIMATORS) if name not in (*asked, *tried)]
    read = files_of(*(town(name, place).case for name in asked))
    keep_table(given.table, "demand", rows, fixed=FIXED, data=read, left_out=left_out)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("towns", nargs="*", choices=[*TOWNS, []])
    parser.add_argument("--estimators", nargs="+", choices=list(ESTIMATORS), default=list(ESTIMATORS), metavar="NAME")
    parser.add_argument("--by", nargs="+", choices=("edges", "corridors"), default=["edges", "corridors"])
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where runs stay; none is kept without it")
    table_option(parser)
    return parser.parse_args()


def _print(where: Town, rule: str, names: list[str], draws: int, place: Path) -> list[Row]:
    rows: dict[str, list[Judged]] = {name: [] for name in names}
    for seed in range(1, draws + 1):
        for name in names:
            one = kept_row(place / where.name / f"{rule}-{seed}-{name}.json", partial(_cell, where, rule, seed, name))
            rows[name].append(one)
            print(f"  {where.name} {rule} draw {seed} {name}: held {one.held:.2f}, {one.cpu_s:.0f} CPU s", flush=True)
    seen = draw(where, rule, 1)
    anchors = f"anchors: routeSampler {PEER[where.name]}, entropy {ENTROPY[where.name]}, goal {GOAL[where.name]}"
    print(
        f"\n{where.name}, {rule}: {len(seen.counts.edges)} sensors, {len(seen.held)} edges judge, {where.trips} trips;"
        f" {anchors} (random edges); load {os.getloadavg()[0]:.1f}"
    )
    print("| | held-out GEH<5, mean | worst | at sensors | trips / truth | trip lengths | waiting | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, found in rows.items():
        print(f"| {name} | {_row(found)} |")
    print(flush=True)
    return [_held(where.name, rule, name, found) for name, found in rows.items()]


def _held(town_name: str, rule: str, name: str, found: list[Judged]) -> Row:
    """The mean of the draws; the goal is one of random edges."""
    gate = GOAL[town_name] if rule == "edges" and name in ("static", "loop") else None
    case, kind = f"{town_name}, {rule} held out, {name}", "peer" if name == "routeSampler" else "real"
    return row_of_draws(case, kind, "share with GEH < 5", [one.held for one in found], gate, "least")


def _cell(where: Town, rule: str, seed: int, name: str) -> Judged:
    drawn = draw(where, rule, seed)
    folder = where.folder / f"{rule}-{seed}-{name}"
    before = _spent_s()
    rou_file = ESTIMATORS[name](where, drawn, folder, seed)
    return judge(where, drawn, rou_file, _spent_s() - before, folder / "judged")


def _row(found: list[Judged]) -> str:
    held = [one.held for one in found]
    means = {
        key: float(np.mean([getattr(one, key) for one in found])) for key in ("fit", "trips", "lengths", "waiting")
    }
    cpu_s = float(np.mean([one.cpu_s for one in found]))
    shown = [np.mean(held), min(held), *means.values()]
    return " | ".join([*(f"{value:.2f}" for value in shown), f"{cpu_s:.1f}"])


def _spent_s() -> float:
    mine, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
