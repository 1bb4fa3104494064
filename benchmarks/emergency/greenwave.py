"""Green waves in traffic: `python -m benchmarks.emergency.greenwave CASE.sumocfg [--calls 7] [--scales 0.5,0.75,1]`.

Each call is driven twice from one forked past: SUMO's `device.bluelight` alone, and with signals that hand over; and a
third time in empty streets with every signal green, which no wave can beat. Calls are drawn from one stream, so every
run of this command asks for the same ones. `--rows FILE` adds a row for each call as it ends, so that a run that is cut
still counts; `--sum` reads them and drives nothing. `--table docs/validation` writes what `twin validation` shows.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from benchmarks.emergency.wave_rows import Row, add_row, read_rows
from benchmarks.kept_table import files_of, keep_table, row_of_share, table_option
from models.streams import stream
from models.sumo import SumoCase, read_case
from networks.roads.net_file import read_net
from networks.sentence import say
from scenarios.ensembles.interval import mean_interval
from scenarios.greenwave.judging import faults_of, price_of
from scenarios.greenwave.order import Call
from scenarios.greenwave.running import case_rhythms, run_calls
from twin import validation

GOAL, OTHERS_S, ENOUGH = 0.3, 10.0, 200
"""Less travel time than with the blue light alone, what others may lose in the mean (s), calls that a gate asks for."""
FIXED = say(
    "Calls, levels of demand and the signal rules are fixed; each call is driven twice from one forked past.",
    "呼叫、需求水平与信号规则均已固定；每次呼叫由同一分叉的过去行驶两次。",
)
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
        row = Row(
            told.call.call_id, case.name, scale, args.seed, len(told.wave.shown), told.blue.travel_s, price.travel_s,
            told.least_s, price.others, price.mean_s, price.worst_s, len(price.filled), len(price.freed),
            len(faults_of(case, rhythms, told, args.rules)), told.wave.teleports, told.blue.teleports,
        )  # fmt: skip
        print(_line(told.call, row), flush=True)
        if args.rows:
            add_row(args.rows, row)
        yield row


def _line(call: Call, row: Row) -> str:
    return (
        f"  {call.call_id} {call.from_edge} > {call.to_edge} at {call.time_s:.0f} s: "
        f"{row.signals} signals, {row.blue_s:.0f} > {row.wave_s:.0f} s ({-row.share:+.0%}, at most {-row.most:+.0%}); "
        f"others {row.mean_s:+.1f} s of {row.others}, worst tenth {row.worst_s:+.0f}; lanes filled {row.filled}, "
        f"freed {row.freed}; rules broken {row.broken}; moved by force {row.teleports}, {row.teleports_blue} without"
    )


def _sum(name: str, rows: list[Row]) -> str:
    came = [one for one in rows if one.came]
    share, low, high = mean_interval([one.share for one in came])
    mean, least, most = mean_interval([one.mean_s for one in rows])
    together = 1 - sum(one.wave_s for one in came) / sum(one.blue_s for one in came)
    worst = sorted(one.share for one in came)[: max(len(came) // 10, 1)]
    return (
        f"{name}: {len(rows)} calls ({len(rows) - len(came)} never came), {share:.1%} less travel time a call "
        f"({low:.1%} to {high:.1%}), {together:.1%} of all their time, worst tenth {fmean(worst):.0%}; "
        f"at most possible {_most(came)}; "
        f"others {mean:+.2f} s ({least:+.2f} to {most:+.2f}), above 10 s: {sum(one.mean_s > 10 for one in rows)}; "
        f"lanes filled longer {sum(one.filled for one in rows)}, shorter {sum(one.freed for one in rows)}; "
        f"rules broken {sum(one.broken for one in rows)}; "
        f"calls where SUMO moved somebody by force {sum(one.teleports + one.teleports_blue > 0 for one in rows)}"
    )


def _kept(name: str, rows: list[Row]) -> list[validation.Row]:
    """Rows of the table; fewer calls than the goal asks for are held to nothing: one call may save two thirds."""
    came, held = [one for one in rows if one.came], len(rows) >= ENOUGH
    measured = (
        ("travel time saved a call, share", [one.share for one in came], GOAL, "least"),
        ("others lose a trip (s)", [one.mean_s for one in rows], OTHERS_S, "most"),
    )
    kept = []
    for measure, values, gate, sense in (one for one in measured if one[1]):
        told = validation.Row(name, "real", measure, fmean(values), gate if held else None, sense, n=len(values))
        _, low, high = mean_interval(values)
        kept.append(replace(told, low=low, high=high, interval="90 %") if len(values) > 1 else told)
    longer, broken = sum(one.filled > 0 for one in rows), sum(one.broken for one in rows)
    filled = "calls that fill a lane for longer"
    kept.append(row_of_share(name, "real", filled, longer, len(rows), 0.0 if held else None, "most"))
    return [*kept, validation.Row(name, "real", "signal rules broken", float(broken), 0.0, n=len(rows))]


def _most(came: list[Row]) -> str:
    """What empty streets with every signal green would save, and the share of it that the waves reach."""
    known = [one for one in came if not math.isnan(one.most)]
    could = sum(one.blue_s - one.least_s for one in known)
    if could <= 0:
        return "nothing"
    did = sum(one.blue_s - one.wave_s for one in known)
    return f"{fmean(one.most for one in known):.1%} a call ({did / could:.0%} of those seconds reached)"


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
    parser.add_argument("--rows", type=Path, help="CSV table to add each call to")
    parser.add_argument("--sum", action="store_true", help="of the rows that are there")
    table_option(parser)
    args = parser.parse_args()
    case, began, kept = read_case(args.case), time.monotonic(), list[validation.Row]()
    every = [one for one in read_rows(args.rows) if one.case == case.name] if args.sum else []
    for scale in map(float, args.scales.split(",")):
        found = [one for one in every if one.scale == scale] if args.sum else list(measured(case, scale, args))
        every += [] if args.sum else found
        if found:
            print(_sum(f"{case.name}, demand x {scale:g}", found), flush=True)
            kept += _kept(f"{case.name}, demand x {scale:g}", found)
    if every:
        print(_sum(f"{case.name}, all", every))
        kept += _kept(f"{case.name}, all", every)
        left_out = [f"{ENOUGH - len(every)} of {ENOUGH} calls that the goal asks for"] if len(every) < ENOUGH else []
        keep_table(args.table, "greenwave", kept, fixed=FIXED, data=files_of(case), left_out=left_out)
    used = os.times()
    cpu = used.children_user + used.children_system + used.user + used.system
    print(f"{time.monotonic() - began:.0f} s, {cpu:.0f} CPU s, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
