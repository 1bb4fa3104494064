"""Static assignment on Sioux Falls and Anaheim: `CITYTWIN_DATA=... python -m benchmarks.traffic.assignment`.

`--table docs/validation` writes what `twin validation` shows.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np

from benchmarks.kept_table import keep_table, table_option
from models.assignment import FlowNetwork, UserClass, equilibrium
from models.assignment.tntp import read_flows, read_network, read_trips
from networks.sentence import say
from twin.validation import Row

PEER = {"SiouxFalls": "279 rounds, 3.5e-4", "Anaheim": "5.7e-3"}
"""aequilibrae's bi-conjugate Frank-Wolfe at a relative gap of 1e-5, measured beforehand on the same files."""
GAPS = (1e-5, 1e-6, 1e-7)
GOAL = 1e-3
FIXED = say("Networks, trips and best-known flows as published (TNTP); no parameter is fitted.",
            "网络、出行和已知最优流量取自公开数据（TNTP）；不拟合任何参数。")  # fmt: skip


def main() -> None:
    """Solve to several gaps and print the distance to the best-known flows."""
    parser = argparse.ArgumentParser(description=__doc__)
    table_option(parser)
    given, rows = parser.parse_args(), list[Row]()
    data = Path(os.environ["CITYTWIN_DATA"]) / "tntp"
    print(f"load {os.getloadavg()[0]:.1f}; goal: relative gap 1e-5, link flows within {GOAL:g} (RMSE / mean)")
    print(f"{'network':12}{'gap asked':>10}{'gap':>10}{'rounds':>8}{'RMSE/mean':>11}{'CPU s':>8}  goal    peer at 1e-5")
    for name, peer in PEER.items():
        network = read_network(data / name / f"{name}_net.tntp").network
        trips = read_trips(data / name / f"{name}_trips.tntp")
        best = read_flows(data / name / f"{name}_flow.tntp")[2]
        equilibrium(network, [trips], rounds=1)  # compiles
        for gap in GAPS:
            told, found = _row(name, network, trips, best, gap, peer)
            print(told, flush=True)
            rows += found
    read = [data / name / f"{name}_{part}.tntp" for name in PEER for part in ("net", "trips", "flow")]
    keep_table(given.table, "assignment", rows, fixed=FIXED, data=read)


def _row(
    name: str, network: FlowNetwork, trips: UserClass, best: np.ndarray, gap: float, peer: str
) -> tuple[str, list[Row]]:
    begin = time.process_time()
    found = equilibrium(network, [trips], gap=gap)
    cpu_s = time.process_time() - begin
    away = float(np.sqrt(np.mean((found.flow - best) ** 2)) / best.mean())
    verdict = "met" if found.converged and away <= GOAL else "missed"
    rounds = len(found.gaps)
    case = f"{name}, gap {gap:.0e} asked"
    rows = [
        Row(case, "verification", "relative gap reached", found.gap, gap),
        Row(case, "verification", "link flows off the best-known, RMSE / mean", away, GOAL),
    ]
    return f"{name:12}{gap:>10.0e}{found.gap:>10.1e}{rounds:>8}{away:>11.1e}{cpu_s:>8.2f}  {verdict:8}{peer}", rows


if __name__ == "__main__":
    main()
