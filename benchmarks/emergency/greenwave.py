"""Green waves in traffic: `python -m benchmarks.emergency.greenwave CASE.sumocfg [--calls 7] [--scales 0.5,0.75,1]`.

Each call is driven twice from one forked past: SUMO's `device.bluelight` alone, and with signals that hand over. Calls
are drawn from one stream, so every run of this command asks for the same ones.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

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


def measured(case: SumoCase, scale: float, args: argparse.Namespace) -> Iterator[Price]:
    """The price of each call of one level of demand, a line each."""
    rhythms, _ = case_rhythms(case, args.rules)
    calls = drawn(case, args.calls, case.begin_s + args.first, args.every, args.seed)
    for told in run_calls(case, rhythms, calls, args.seed, scale=scale, least_signals=SIGNALS, one_each=True):
        if told.wave is None or told.blue is None:
            if told.wave is not None or "ended" in told.problem:
                print(f"  {told.call.call_id}: {told.problem}", flush=True)
            continue
        price = price_of(told.wave, told.blue, told.lanes_m)
        print(_line(told, price, len(faults_of(case, rhythms, told, args.rules))), flush=True)
        yield price


def _line(told: Told, price: Price, faults: int) -> str:
    assert told.blue is not None
    assert told.wave is not None
    return (
        f"  {told.call.call_id} {told.call.from_edge} > {told.call.to_edge} at {told.call.time_s:.0f} s: "
        f"{len(told.wave.lengths_s)} signals, {told.blue.travel_s:.0f} > {price.travel_s:.0f} s ({-price.share:+.0%}); "
        f"others {price.mean_s:+.1f} s of {price.others}, worst tenth {price.worst_s:+.0f}, all {price.all_s:+.1f}; "
        f"lanes filled {len(price.filled)}, freed {len(price.freed)}; rules broken {faults}"
    )


def _sum(name: str, prices: list[Price]) -> str:
    came = [one for one in prices if not math.isnan(one.share)]
    share, low, high = mean_interval([one.share for one in came])
    mean, least, most = mean_interval([one.mean_s for one in prices])
    together = 1 - sum(one.travel_s for one in came) / sum(one.travel_s / (1 - one.share) for one in came)
    worst = sorted(one.share for one in came)[: max(len(came) // 10, 1)]
    return (
        f"{name}: {len(prices)} calls ({len(prices) - len(came)} never came), {share:.1%} less travel time a call "
        f"({low:.1%} to {high:.1%}), {together:.1%} of all their time, worst tenth {fmean(worst):.0%}; others "
        f"{mean:+.2f} s ({least:+.2f} to {most:+.2f}), calls above 10 s: {sum(one.mean_s > 10 for one in prices)}; "
        f"lanes filled longer {sum(len(one.filled) for one in prices)}, shorter {sum(len(one.freed) for one in prices)}"
    )


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
    args = parser.parse_args()
    case, every, began = read_case(args.case), list[Price](), time.monotonic()
    for scale in map(float, args.scales.split(",")):
        found = list(measured(case, scale, args))
        every += found
        if found:
            print(_sum(f"{case.name}, demand x {scale:g}", found), flush=True)
    if every:
        print(_sum(f"{case.name}, all", every))
    used = os.times()
    cpu = used.children_user + used.children_system + used.user + used.system
    print(f"{time.monotonic() - began:.0f} s, {cpu:.0f} CPU s, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
