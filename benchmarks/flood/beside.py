"""Our local inertia beside the peers on the same cases in the same run: CPU seconds, and how near the depths are."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.flood.cases import ea_test_4, storm, wet_cells
from benchmarks.flood.peers import ANUGA, ITZI, LANDLAB, Peer
from benchmarks.flood.ran import Ran, by_us

WET_M = 0.1
TYPES = ("float32", "float64")
CASES = {
    "a million wet cells": (wet_cells(), (ITZI, LANDLAB)),
    "90,000 wet cells, ANUGA on four triangles each": (wet_cells(300), (ANUGA,)),
    "EA Test 4": (ea_test_4(), (ITZI, LANDLAB)),
    "a storm over hills": (storm(), (ITZI, LANDLAB)),
}
GOAL = {ITZI.name: "10x"}


def beside(folder: Path) -> None:
    """Print our figures and the peers', or how to install them."""
    there = []
    for peer in (ITZI, LANDLAB, ANUGA):
        missing = peer.missing(folder)
        if missing:
            print(f"{peer.name} | | | left out: {missing}")
        else:
            there.append(peer)
    for name, (case, peers) in CASES.items():
        for peer in (one for one in peers if one in there):
            theirs = peer.run(case, folder)
            for dtype in TYPES:
                _tell(f"{name}, {dtype}", peer, theirs, by_us(case, dtype))


def _tell(name: str, peer: Peer, theirs: Ran, ours: Ran) -> None:
    said = f"{name}, CPU s (M updates/s) | {GOAL.get(peer.name, '')} | {peer.name}, this run: {theirs}"
    print(f"{said} | {ours}: {theirs.cpu_s / ours.cpu_s:.1f}x", flush=True)
    if len(ours.depth_m) == 2:
        return  # waves on their way, no depths to compare
    deep, other = ours.depth_m.max(axis=0), theirs.depth_m.max(axis=0)
    hits, either = ((deep > WET_M) & (other > WET_M)).sum(), ((deep > WET_M) | (other > WET_M)).sum()
    print(
        f"{name}, greatest depths: MAE, CSI above {WET_M} m | < 1 mm, > .99 | {peer.name} | "
        f"{np.abs(deep - other).mean() * 1000:.2f} mm, {hits / max(either, 1):.4f}",
        flush=True,
    )
