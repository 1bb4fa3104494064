"""Routing beside its peers: `python -m benchmarks.emergency [--net FILE.net.xml ...]`; `... flood`; `... tracks`.

Without --net the streets are made up (random junctions joined as densely as a real city); with it, copies of the given
SUMO networks lie side by side; --graph takes any graph. Everything is measured in this run in CPU seconds of one
thread, and every answer is held against SciPy's Dijkstra. OSRM is left out: its engine has no wheel (the package `osrm`
only calls a server).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks.emergency import flood, tracks
from benchmarks.emergency.searches import (
    HOW,
    ORIGINS,
    PEER,
    Asked,
    Questions,
    by_dijkstra,
    by_peer,
    by_us,
    differs_s,
    questions,
)
from benchmarks.emergency.streets import Streets, copies, made_up, read_streets

GOALS = {"by node": (0.5, 0.020), "turn-aware": (1.5, 0.100)}
"""Seconds for the matrix and for new weights."""
ALIKE_S = 1e-6


def main() -> None:
    """Print both tables, or judge routes on hidden floods (`flood`), or tracks (`tracks`)."""
    if sys.argv[1:2] in (["flood"], ["tracks"]):
        (flood if sys.argv[1] == "flood" else tracks).main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=51_443)
    parser.add_argument("--net", type=Path, action="append", default=[])
    parser.add_argument("--graph", type=Path, help="an .npz of xy, tail, head and seconds: one's own streets")
    parser.add_argument("--size", type=int, default=1000, help="origins and destinations of the matrix")
    parser.add_argument("--peer", type=Path, default=PEER)
    parser.add_argument("--share", type=float, default=1.0, help="of the origins that the peers search from")
    given = parser.parse_args()
    if given.graph:
        what, streets = given.graph.name, read_streets(given.graph)
    elif given.net:
        what, streets = f"copies of {', '.join(net.parent.name for net in given.net)}", copies(given.net, given.nodes)
    else:
        what, streets = "made up", made_up(given.nodes)
    print(f"# {what}: {len(streets.xy)} junctions, {len(streets.tail)} edges, {len(streets.turn_from)} turns")
    print(f"# load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; CPU seconds")
    for name, asked in _both(streets, given.size).items():
        _table(name, asked, given.peer, given.share)


def _both(streets: Streets, size: int) -> dict[str, Questions]:
    edges = len(streets.tail)
    return {
        "by node": questions(len(streets.xy), streets.tail, streets.head, streets.xy, streets.edge_s, size),
        "turn-aware": questions(edges, streets.turn_from, streets.turn_to, streets.middles, streets.arc_s, size),
    }


def _table(name: str, asked: Questions, python: Path, share: float) -> None:
    print(f"\n## {name}: {asked.nodes} nodes, {len(asked.tail)} arcs\n")
    print(
        f"| | one query, ms | {len(asked.origins)} x {len(asked.destinations)} matrix, s | differs from Dijkstra, s |"
    )
    print("|---|---|---|---|")
    right = by_dijkstra(asked)
    if python.is_file():
        for engine, most in ORIGINS.items():
            origins = max(1, int(min(most, len(asked.origins)) * share))
            found = by_peer(asked, engine, python, origins)
            _row(engine, found, right, "" if origins == len(asked.origins) else f" ({origins} origins, scaled)")
    else:
        print(f"| peers | left out: no {python}; {HOW} | | |")
    ours, spent = by_us(asked)
    _row("**ours**", ours, right, "")
    matrix_s, weigh_s = GOALS[name]
    print(f"\nmatrix {ours.matrix_s:.2f} s (goal {matrix_s}): {_said(ours.matrix_s <= matrix_s)}")
    print(f"new weights {spent['weigh'] * 1e3:.1f} ms (goal {weigh_s * 1e3:.0f}): {_said(spent['weigh'] <= weigh_s)}")
    print(f"equal to Dijkstra: {_said(differs_s(ours, right) <= ALIKE_S)}")
    print("also: " + ", ".join(f"{what} {cpu_s * 1e3:.2f} ms" for what, cpu_s in spent.items()), flush=True)


def _row(engine: str, found: Asked, right: Asked, remark: str) -> None:
    print(
        f"| {engine} | {found.query_s * 1e3:.3f} | {found.matrix_s:.2f}{remark} | {differs_s(found, right):.1e} |",
        flush=True,
    )


def _said(reached: bool) -> str:
    return "reached" if reached else "MISSED"


if __name__ == "__main__":
    main()
