"""Static assignment on Sioux Falls and Anaheim: `CITYTWIN_DATA=... python -m benchmarks.traffic.assignment`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from models.assignment import FlowNetwork, UserClass, equilibrium
from models.assignment.tntp import read_flows, read_network, read_trips

PEER = {"SiouxFalls": "279 rounds, 3.5e-4", "Anaheim": "5.7e-3"}
"""aequilibrae's bi-conjugate Frank-Wolfe at a relative gap of 1e-5, measured beforehand on the same files."""
GAPS = (1e-5, 1e-6, 1e-7)
GOAL = 1e-3


def main() -> None:
    """Solve to several gaps and print the distance to the best-known flows."""
    data = Path(os.environ["CITYTWIN_DATA"]) / "tntp"
    print(f"load {os.getloadavg()[0]:.1f}; goal: relative gap 1e-5, link flows within {GOAL:g} (RMSE / mean)")
    print(f"{'network':12}{'gap asked':>10}{'gap':>10}{'rounds':>8}{'RMSE/mean':>11}{'CPU s':>8}  goal    peer at 1e-5")
    for name, peer in PEER.items():
        network = read_network(data / name / f"{name}_net.tntp").network
        trips = read_trips(data / name / f"{name}_trips.tntp")
        best = read_flows(data / name / f"{name}_flow.tntp")[2]
        equilibrium(network, [trips], rounds=1)  # compiles
        for gap in GAPS:
            print(_row(name, network, trips, best, gap, peer), flush=True)


def _row(name: str, network: FlowNetwork, trips: UserClass, best: np.ndarray, gap: float, peer: str) -> str:
    begin = time.process_time()
    found = equilibrium(network, [trips], gap=gap)
    cpu_s = time.process_time() - begin
    away = float(np.sqrt(np.mean((found.flow - best) ** 2)) / best.mean())
    verdict = "met" if found.converged and away <= GOAL else "missed"
    rounds = len(found.gaps)
    return f"{name:12}{gap:>10.0e}{found.gap:>10.1e}{rounds:>8}{away:>11.1e}{cpu_s:>8.2f}  {verdict:8}{peer}"


if __name__ == "__main__":
    main()
