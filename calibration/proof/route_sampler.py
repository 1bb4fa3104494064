"""SUMO's routeSampler, as its documentation says to use it: random candidates, then the optimiser.

Source: https://sumo.dlr.de/docs/Tools/Turns.html#routesamplerpy (part of SUMO, EPL-2.0; run, never copied).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from calibration.counting import Counts
from networks import sumo_home
from networks.errors import EngineFailed

CANDIDATES = 5000
"""Random trips that it may choose from."""


def sampled(net_file: Path, counts: Counts, folder: Path, seed: int, candidates: Path | None = None) -> Path:
    """Route file of routeSampler (`--optimize full`) for the counts of the whole window; gaps are left out.

    Args:
        net_file: The network.
        counts: What it sees, without vehicles that are simulated anyway.
        folder: Where its files stay.
        seed: Its own.
        candidates: Route file to choose from; random trips (`random_candidates`) by default.

    Raises:
        EngineFailed: It stopped, in its own words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    asked = candidates or random_candidates(net_file, counts.begin_s, counts.end_s, folder / "candidates.rou.xml")
    seen = counts.vehicles.sum(axis=1)
    rows = [f'<edge id="{e}" entered="{n:.0f}"/>' for e, n in zip(counts.edges, seen, strict=True) if np.isfinite(n)]
    window = (str(counts.begin_s), str(counts.end_s))
    table, out = folder / "counts.xml", folder / "sampled.rou.xml"
    interval = f'<interval id="all" begin="{window[0]}" end="{window[1]}">{"".join(rows)}</interval>'
    table.write_text(f"<data>{interval}</data>", encoding="utf-8")
    _tool(
        "routeSampler.py", "-r", str(asked), "-d", str(table), "-o", str(out), "-b", window[0], "-e", window[1],
        "-i", str(counts.end_s - counts.begin_s), "--optimize", "full", "--seed", str(seed),
        "-a", 'departLane="best" departSpeed="max"',
    )  # fmt: skip
    return out


def random_candidates(net_file: Path, begin_s: float, end_s: float, out: Path, trips: int = CANDIDATES) -> Path:
    """Random trips by SUMO's randomTrips, ten times likelier from and to the network's rim, with their routes."""
    every = f"{(end_s - begin_s) / trips:.4f}"
    _tool(
        "randomTrips.py", "-n", str(net_file), "-r", str(out), "-o", str(out.with_name("trips.xml")),
        "-b", str(begin_s), "-e", str(end_s), "-p", every, "--fringe-factor", "10", "--validate", "--remove-loops",
        "--edge-permission", "passenger", "--seed", "1",
    )  # fmt: skip
    return out


def _tool(name: str, *words: str) -> None:
    home = sumo_home()
    place = home / "tools" / name
    done = subprocess.run(
        [sys.executable, str(place), *words], env={**os.environ, "SUMO_HOME": str(home)}, capture_output=True, text=True
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise EngineFailed(f"SUMO's {name} stopped: {said[-1] if said else done.returncode}")
