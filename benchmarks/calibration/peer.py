"""SUMO's routeSampler, as its documentation says to use it: random candidates, then the optimiser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.towns import HOUR_S, Town
from networks import sumo_home

CANDIDATES = 5000
"""Random trips that it may choose from."""


def sampled(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """Route file of routeSampler (`--optimize full`) for the hour's counts without the known buses."""
    folder.mkdir(parents=True, exist_ok=True)
    begin_s, end_s = town.case.begin_s, town.case.begin_s + HOUR_S
    known = dict(zip(town.known.edges, town.known.vehicles.sum(axis=1), strict=True))
    seen = dict(zip(drawn.counts.edges, drawn.counts.vehicles.sum(axis=1), strict=True))
    rows = "".join(f'<edge id="{edge}" entered="{max(0, round(n - known[edge]))}"/>' for edge, n in seen.items())
    counts, out = folder / "counts.xml", folder / "sampled.rou.xml"
    counts.write_text(f'<data><interval id="hour" begin="{begin_s}" end="{end_s}">{rows}</interval></data>', "utf-8")
    window = ("-b", str(begin_s), "-e", str(end_s))
    asked = ("-r", str(_candidates(town)), "-d", str(counts), "-o", str(out), *window, "-i", str(HOUR_S))
    drivers = ("-a", 'departLane="best" departSpeed="max"')
    _tool("routeSampler.py", *asked, "--optimize", "full", "--seed", str(seed), *drivers)
    return out


def _candidates(town: Town) -> Path:
    out = town.folder / "candidates.rou.xml"
    if not out.exists():
        period_s = HOUR_S / CANDIDATES
        window = ("-b", str(town.case.begin_s), "-e", str(town.case.begin_s + HOUR_S), "-p", str(np.round(period_s, 4)))
        ways = ("--fringe-factor", "10", "--validate", "--remove-loops", "--edge-permission", "passenger")
        places = ("-n", str(town.case.net), "-r", str(out), "-o", str(out.with_name("trips.xml")))
        _tool("randomTrips.py", *places, *window, *ways, "--seed", "1")
    return out


def _tool(name: str, *words: str) -> None:
    home = sumo_home()
    told = {**os.environ, "SUMO_HOME": str(home)}
    place = home / "tools" / name
    subprocess.run([sys.executable, str(place), *words], env=told, check=True, capture_output=True)
