"""SUMO's routeSampler on a draw of sensors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.towns import Town
from calibration.counting import Counts
from calibration.proof import random_candidates, sampled


def route_sampled(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """Its route file for the counts without the buses that everybody knows."""
    candidates = town.folder / "candidates.rou.xml"
    if not candidates.exists():
        begin_s = town.case.begin_s
        random_candidates(town.case.net, begin_s, town.truth.counts.end_s, candidates)
    known = dict(zip(town.known.edges, town.known.vehicles, strict=True))
    counts = drawn.counts
    cars = np.clip(counts.vehicles - np.array([known[edge] for edge in counts.edges]), 0, None)
    without = Counts(counts.sensors, counts.edges, counts.begin_s, counts.period_s, cars)
    return sampled(town.case.net, without, folder, seed, candidates)
