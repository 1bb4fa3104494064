"""From an incident to ranked options on the desk: `CITYTWIN_DATA=... python -m benchmarks.live.incident TOWN`.

A lane of a busy street is blocked in a hidden simulation of the town (its own demand); what a fifth of its streets
count reaches the live twin, and then the incident message: from there the wall clock runs until the card is on the
desk. With --truth the best option and doing nothing are driven in microscopic simulations of the hidden town with
seeds of their own, and it is told whether the ranking holds there.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.calibration.towns import TOWNS, Town, town
from benchmarks.live.incident_truth import Times, driven_truth
from calibration.counting import Counts
from calibration.flows import simulated
from calibration.live import LiveTown, Rhythm, own_demand
from models.sumo.changes import LaneBlocked
from networks.sentence import say
from twin.advice import AdviceGround, Adviser, Plan
from twin.advice.adviser import DELAY_S
from twin.alarms import Finding
from twin.cycle import MODES, Picture, Turn
from twin.desk import Desk

GOAL_S, ANCHOR_S = 120.0, 600.0
PERIOD_S, SHARE, SEED, NOW_S, BEGAN_S, HORIZON_S = 300.0, 0.2, 1, 1800.0, 1500.0, 1800.0
DAY = datetime(2026, 11, 2, tzinfo=UTC)


def main() -> None:
    """Print a row for each incident."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("town", choices=list(TOWNS))
    parser.add_argument("--incidents", type=int, default=1, help="streets, the busiest with two lanes first")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--members", type=int, default=16)
    parser.add_argument("--truth", type=int, default=0, help="microscopic seeds that check the ranking")
    parser.add_argument("--within", type=float, default=GOAL_S, help="seconds that advice may take")
    parser.add_argument("--keep", type=Path, help="folder for evidence and receipts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citytwin-incident-") as own:
        folder = (given.keep or Path(own)).absolute()
        _run(town(given.town, Path(own)), folder, given)


def _run(where: Town, folder: Path, given: argparse.Namespace) -> None:
    begin_s = where.case.begin_s
    without, usual = own_demand(where.case, folder / "own", keep=where.buses, period_s=PERIOD_S, seed=SEED)
    ground = AdviceGround.of(where.case.net, where.case.additionals)
    seen = simulated(
        where.case.net, where.case.routes, additional=where.case.additionals, begin_s=begin_s, end_s=begin_s + NOW_S,
        period_s=PERIOD_S, meso=True, seed=SEED,
    ).counts  # fmt: skip
    cars, past = set(usual.paths.edges), round(NOW_S / PERIOD_S)
    total = seen.vehicles[:, :past].sum(axis=1)
    driven = [row for row in np.flatnonzero(total) if seen.edges[row] in cars]
    rows = np.random.default_rng(SEED).permutation(driven)[: round(SHARE * len(driven))]
    edges = tuple(seen.edges[row] for row in rows)
    counts = Counts(edges, edges, seen.begin_s, PERIOD_S, seen.vehicles[rows, :past])
    busy = sorted(driven, key=lambda row: -total[row])
    wide = [seen.edges[row] for row in busy if _blockable(ground, seen.edges[row])]
    rhythm = Rhythm(members=4, horizon_s=HORIZON_S, at_once=os.cpu_count())
    print(f"{where.name}: goal {GOAL_S:.0f} s, anchor {ANCHOR_S:.0f} s (I-210 Connected Corridors, about 10 min)")
    print(
        "| street | options | s to desk | members and options | choosing | judging | keeping | CPU s | judges | best "
        "| effect, veh h (90 % jointly) | load |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    with LiveTown(
        replace(without, end_s=None), usual, edges, edges, folder / "live", seed=SEED, rhythm=rhythm, meso=True
    ) as live:  # fmt: skip
        live.cycle(begin_s + NOW_S, counts)
        for edge in wide[given.first : given.first + given.incidents]:
            _incident(where, live, ground, edge, folder, given)


def _blockable(ground: AdviceGround, edge: str) -> bool:
    street = ground.edges[edge]
    return street.lanes >= 2 and street.length_m > 40 and len(ground.upstream((edge,), 3)) >= 3


def _incident(
    where: Town, live: LiveTown, ground: AdviceGround, edge: str, folder: Path, given: argparse.Namespace
) -> None:
    now, began = _at(live.now_s), _at(where.case.begin_s + BEGAN_S)
    text = say(f"a lane of {edge} is blocked", f"{edge} 一条车道受阻")
    finding = Finding("incident", edge, "II", text, now, began, edges=(edge,), run_id="bench")
    mode = replace(MODES["emergency"], members=given.members)
    turn = Turn("bench", now, mode, given.members, HORIZON_S, given.within, None)
    adviser = Adviser(live, ground, folder / "advice", plan=Plan(judging=given.members))
    desk = Desk.open(folder / "desk.sqlite", now=lambda: now)
    message_s, load = time.monotonic(), os.getloadavg()[0]
    adviser.advise([finding], turn, Picture("bench", now, DAY))
    for document in adviser.documents:
        desk.propose(document)
    took_s = time.monotonic() - message_s
    desk.close()
    advice = adviser.last[0]
    best, seconds = advice.race.ranked[0], advice.seconds
    keeping = took_s - sum(seconds.values())
    told = "–" if best.effect is None else (
        f"{best.effect.difference:+.1f} ({best.effect.low:+.1f} … {best.effect.high:+.1f})"
    )  # fmt: skip
    print(
        f"| {edge} | {len(advice.options)} | **{took_s:.0f}** | {seconds['options and members']:.1f} | "
        f"{seconds['choosing']:.1f} | {seconds['judging']:.1f} | {keeping:.1f} | {advice.race.cpu_s:.0f} | "
        f"{len(advice.race.judging)} | {best.option.name}{'' if advice.recommendation else ' (not proposed)'} | "
        f"{told} | {load:.1f} |", flush=True,
    )  # fmt: skip
    for row in advice.race.ranked[1:]:
        if row.effect:
            print(f"  {row.option.name}: {row.effect.difference:+.1f} ({row.effect.low:+.1f} … {row.effect.high:+.1f})")
        else:
            print(f"  {row.option.name}: raced {row.raced:+.1f}")
    for why in advice.race.left_out[:3]:
        print(f"  left out: {why['en']}")
    if given.truth:
        blocked = LaneBlocked(f"{edge}_0", ground.edges[edge].length_m / 2.0)
        times = Times(where.case.begin_s + BEGAN_S, live.now_s, live.now_s + DELAY_S, live.now_s + HORIZON_S)
        driven_truth(where, blocked, advice.race, times, given.truth, folder / f"truth-{edge.replace('/', '_')}")


def _at(second: float) -> datetime:
    return DAY + timedelta(seconds=second)


if __name__ == "__main__":
    main()
