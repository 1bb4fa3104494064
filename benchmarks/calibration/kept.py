"""Simulations that stay in a folder, so that the pieces of a long benchmark add up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from calibration.counting import Counts
from calibration.flows import SimulatedCounts, Totals


def kept_run(folder: Path, inputs: Sequence[Path], run: Callable[[], SimulatedCounts]) -> SimulatedCounts:
    """What a simulation counted: read where it was kept for the same bytes of its inputs, else run and kept."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in inputs)).hexdigest()
    file = folder / f"counted-{digest[:16]}.npz"
    if file.is_file():
        return _read(file)
    done = run()
    beside = file.with_suffix(".partial.npz")
    np.savez_compressed(
        beside, edges=np.array(done.counts.edges), window=[done.counts.begin_s, done.counts.period_s, done.cpu_s],
        vehicles=done.counts.vehicles, speed_mps=done.speed_mps, vehicle_s=done.vehicle_s,
        totals=list(asdict(done.totals).values()),
    )  # fmt: skip
    beside.replace(file)
    return done


def _read(file: Path) -> SimulatedCounts:
    found = np.load(file)
    edges = tuple(str(edge) for edge in found["edges"])
    begin_s, period_s, cpu_s = (float(number) for number in found["window"])
    counts = Counts(edges, edges, begin_s, period_s, found["vehicles"])
    totals = Totals(*(int(number) for number in found["totals"]))
    return SimulatedCounts(counts, found["speed_mps"], found["vehicle_s"], totals, cpu_s)
