"""Green waves in traffic: `python -m benchmarks.emergency.greenwave CASE.sumocfg [--calls 7] [--scales 0.5,0.75,1]`.

Each call is driven twice from one forked past: SUMO's `device.bluelight` alone, and with signals that hand over; and a
third time in empty streets with every signal green, which no wave can beat. Calls are drawn from one stream, so every
run of this command asks for the same ones. `--rows FILE` adds a row for each call as it ends, so that a run that is cut
still counts; `--sum` reads them and drives nothing.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from benchmarks.emergency.wave_rows import Row, add_row, read_rows
from models.streams import stream
from models.sumo import SumoCase, read_case
from networks.roads.net_file import read_net
from scenarios.ensembles.interval import mean_interval
from scenarios.greenwave.judging import Price, faults_of, price_of
from scenarios.greenwave.order import Call, Told
from scenarios.greenwave.running import case_rhythms, run_calls

APART_M, TRIED, SIGNALS = 500.0, 12, 3
"""Calls lead so far as the crow flies, over so many signals at least; so many pairs are tried at each moment."""


def drawn(case: SumoCase, count: int, first_s: float, every_s: float, seed: int) -> list[Call]:
    """Pairs of edges, `TRIED` for each moment."""
    edges = [one for one in read_net(case.net).edges if "passenger" in one.allows and one.length_m > 40]
    rng, calls = stream(seed, "green wave calls"), list[Call]()
    for moment in range(count):
        tried = 0
        while tried < TRIED:
            a, b = (edges[int(n)] for n in rng.integers(0, len(edges), 2))
            if math.dist(a.shape[0], b.shape[-1]) >= APART_M:
                calls.append(Call(f"{moment}.{tried}", first_s + moment * every_s, a.edge_id, b.edge_id))
                tried += 1
    return calls


def measured(case: SumoCase, scale: float, args: argparse.Namespace) -> Iterator[Row]:
    """The price of each call of one level of demand, a line each."""
    rhythms, _ = case_rhythms(case, args.rules)
    calls = drawn(case, args.calls, case.begin_s + args.first, args.every, args.seed)
    for told in run_calls(case, rhythms, calls, args.seed, scale=scale, least_signals=SIGNALS, one_each=True):
        if told.wave is None or told.blue is None:
            if told.wave is not None or "ended" in told.problem:
                print(f"  {told.call.call_id}: {told.problem}", flush=True)
            continue
        price = price_of(told.wave, told.blue, told.lanes_m, told.least_s)
        broken = len(faults_of(case, rhythms, told, args.rules))
        print(_line(told, price, broken), flush=True)
        row = Row(
            case.name, scale, args.seed, told.call.call_id, broken, told.wave.teleports, told.blue.teleports, price
        )
        if args.rows:
            add_row(args.rows, row)
        yield row


def _line(told: Told, price: Price, faults: int) -> str:
    assert told.blue is not None
    assert told.wave is not None
    return (
        f"  {told.call.call_id} {told.call.from_edge} > {told.call.to_edge} at {told.call.time_s:.0f} s: "
        f"{len(told.wave.shown)} signals, {told.blue.travel_s:.0f} > {price.travel_s:.0f} s ({-price.share:+.0%}, "
        f"at most {-price.most:+.0%}); "
        f"others {price.mean_s:+.1f} s of {price.others}, worst tenth {price.worst_s:+.0f}, all {price.all_s:+.1f}; "
        f"lanes filled {len(price.filled)}, freed {len(price.freed)}; rules broken {faults}"
    )


def _sum(name: str, rows: list[Row]) -> str:
    prices = [one.price for one in rows]
    came = [one for one in prices if not math.isnan(one.share)]
    share, low, high = mean_interval([one.share for one in came])
    mean, least, most = mean_interval([one.mean_s for one in prices])
    together = 1 - sum(one.travel_s for one in came) / sum(one.travel_s / (1 - one.share) for one in came)
    worst = sorted(one.share for one in came)[: max(len(came) // 10, 1)]
    return (
        f"{name}: {len(prices)} calls ({len(prices) - len(came)} never came), {share:.1%} less travel time a call "
        f"({low:.1%} to {high:.1%}), {together:.1%} of all their time, worst tenth {fmean(worst):.0%}; "
        f"at most possible {_most(came)}; others "
        f"{mean:+.2f} s ({least:+.2f} to {most:+.2f}), calls above 10 s: {sum(one.mean_s > 10 for one in prices)}; "
        f"lanes filled longer {sum(len(one.filled) for one in prices)}, "
        f"shorter {sum(len(one.freed) for one in prices)}; rules broken {sum(one.broken for one in rows)}; "
        f"calls where SUMO moved somebody by force {sum(one.teleports > 0 or one.teleports_blue > 0 for one in rows)}"
    )


def _most(came: list[Price]) -> str:
    """What empty streets with every signal green would save, and the share of it that the waves reach."""
    known = [(one.travel_s / (1 - one.share), one) for one in came if not math.isnan(one.most)]
    if not known:
        return "unknown"
    could = sum(blue_s * one.most for blue_s, one in known)
    did = sum(blue_s * one.share for blue_s, one in known)
    return f"{fmean(one.most for _, one in known):.1%} a call ({did / could:.0%} of those seconds reached)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("--calls", type=int, default=7, help="of each level")
    parser.add_argument("--scales", default="0.5,0.75,1", help="levels of demand")
    parser.add_argument("--first", type=float, default=900.0, help="second of the first call")
    parser.add_argument("--every", type=float, default=90.0, help="seconds between calls")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rules", default="rilsa")
    parser.add_argument("--rows", type=Path, help="JSON lines, one for each call")
    parser.add_argument("--sum", action="store_true", help="of the rows that are there")
    args = parser.parse_args()
    case, began = read_case(args.case), time.monotonic()
    every = [one for one in read_rows(args.rows) if one.case == case.name] if args.sum else []
    for scale in map(float, args.scales.split(",")):
        found = [one for one in every if one.scale == scale] if args.sum else list(measured(case, scale, args))
        every += [] if args.sum else found
        if found:
            print(_sum(f"{case.name}, demand x {scale:g}", found), flush=True)
    if every:
        print(_sum(f"{case.name}, all", every))
    used = os.times()
    cpu = used.children_user + used.children_system + used.user + used.system
    print(f"{time.monotonic() - began:.0f} s, {cpu:.0f} CPU s, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
