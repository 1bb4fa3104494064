"""A cycle of the live town: `CITYTWIN_DATA=... python -m benchmarks.calibration.cycle TOWN ...`.

Plain SUMO drives the town's own demand for as long as a member runs, as many at a time as there are members at a time
and in the same minutes, because the processor time of one and the same run differs by half an order of magnitude with
what else uses the machine's caches. A fifth of the streets that it counted are the sensors of one cycle: the anchor
stands at the begin, now is a quarter of an hour later, and each member runs an hour further.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.calibration.towns import TOWNS, Town, town
from calibration.counting import Counts
from calibration.flows import SimulatedCounts, simulated
from calibration.live import Cycle, LiveTown, Rhythm, own_demand

GOAL_S = 60.0
PERIOD_S, SHARE, SEED = 300.0, 0.2, 1


def main() -> None:
    """Print each town's rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("towns", nargs="+", choices=list(TOWNS))
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--models", nargs="+", choices=("micro", "meso"), default=["micro", "meso"])
    given = parser.parse_args()
    rhythm = Rhythm(members=given.members, at_once=given.at_once, limit_s=7200.0)
    print("| town, model | plain SUMO, CPU s | member, CPU s | ratio | cycle, s | plain alone would take, s | load |")
    print("|---|---|---|---|---|---|---|")
    for name in given.towns:
        with tempfile.TemporaryDirectory(prefix="citytwin-cycle-") as own:
            for model in given.models:
                _row(town(name, Path(own)), model, rhythm, Path(own).absolute() / model)
    print(f"goal: a cycle of 8 members on bologna within {GOAL_S:.0f} s on two cores")


def _row(where: Town, model: str, rhythm: Rhythm, folder: Path) -> None:
    meso = model == "meso"
    plain, plain_s = _plain(where, meso, rhythm)
    cycle = _cycle(where, plain, meso, rhythm, folder)
    mean, member = float(np.mean([one.cpu_s for one in plain])), cycle.cpu_s / rhythm.members
    waves = np.ceil(rhythm.members / len(plain))
    print(
        f"| {where.name}, {model} | {mean:.1f} | {member:.1f} | {member / mean:.2f} | {cycle.seconds:.0f} |"
        f" {waves * plain_s:.0f} | {os.getloadavg()[0]:.0f} |",
        flush=True,
    )
    for name, why in cycle.left_out.items():
        print(f"  {name} left out: {why['en']}")


def _plain(where: Town, meso: bool, rhythm: Rhythm) -> tuple[list[SimulatedCounts], float]:
    """As many runs of the town's own demand as members run at a time, and how long all of them took, s."""
    begin_s = where.case.begin_s

    def run(seed: int) -> SimulatedCounts:
        return simulated(
            where.case.net, where.case.routes, additional=where.case.additionals, begin_s=begin_s,
            end_s=begin_s + rhythm.lag_s + rhythm.horizon_s, period_s=PERIOD_S, meso=meso, seed=seed,
        )  # fmt: skip

    began = time.monotonic()
    with ThreadPoolExecutor(rhythm.at_once) as pool:
        return list(pool.map(run, range(SEED, SEED + (rhythm.at_once or 1)))), time.monotonic() - began


def _cycle(where: Town, plain: list[SimulatedCounts], meso: bool, rhythm: Rhythm, folder: Path) -> Cycle:
    without, usual = own_demand(where.case, folder / "own", keep=where.buses, period_s=PERIOD_S, seed=SEED)
    seen, past = plain[0].counts, round(rhythm.lag_s / PERIOD_S)
    cars = set(usual.paths.edges)
    driven = [row for row in np.flatnonzero(seen.vehicles[:, :past].sum(axis=1)) if seen.edges[row] in cars]
    rows = np.random.default_rng(SEED).permutation(driven)[: round(SHARE * len(driven))]
    edges = tuple(seen.edges[row] for row in rows)
    counts = Counts(edges, edges, seen.begin_s, PERIOD_S, seen.vehicles[rows, :past])
    case = replace(without, end_s=None)
    with LiveTown(case, usual, edges, edges, folder / "live", seed=SEED, rhythm=rhythm, meso=meso) as live:
        return live.cycle(usual.begin_s + rhythm.lag_s, counts)


if __name__ == "__main__":
    main()
