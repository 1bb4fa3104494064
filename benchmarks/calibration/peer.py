"""SUMO's routeSampler on a draw of sensors."""

from __future__ import annotations

from pathlib import Path

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.towns import Town
from calibration.proof import random_candidates, sampled


def route_sampled(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """Its route file for the counts without the buses that everybody knows."""
    candidates = town.folder / "candidates.rou.xml"
    if not candidates.exists():
        begin_s = town.case.begin_s
        random_candidates(town.case.net, begin_s, town.truth.counts.end_s, candidates)
    return sampled(town.case.net, drawn.cars, folder, seed, candidates)
