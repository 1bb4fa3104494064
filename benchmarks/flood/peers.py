"""Our local inertia beside itzi-core on the same cases in the same run: CPU seconds, and how near the depths are."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from models.flood import Hyetograph, Inflow, chicago_storm, simulate_flood

ITZI = Path.home() / ".cache" / "citytwin-peers" / "itzi" / "bin" / "python"
HOW = "python3.12 -m venv ~/.cache/citytwin-peers/itzi && ~/.cache/citytwin-peers/itzi/bin/pip install itzi-core"
NOTHING = np.zeros(0)
WET_M = 0.1
Case = Mapping[str, Any]


@dataclass(frozen=True)
class Ran:
    """What a run took and gave.

    Attributes:
        cpu_s: CPU seconds of one thread.
        updates: Cells times time steps.
        depth_m: (times, rows, cols).
    """

    cpu_s: float
    updates: float
    depth_m: np.ndarray


def compare(python: Path) -> None:
    """Print our figures and itzi-core's of three cases, or how to install it."""
    if not python.is_file():
        print(f"itzi-core | | | left out: no {python}; {HOW}")
        return
    for name, case in {"wet cells": wet_cells(), "EA Test 4": ea_test_4(), "a storm over hills": storm()}.items():
        peer = by_itzi(case, python)
        for dtype in ("float32", "float64"):
            ours = by_us(case, dtype)
            print(
                f"{name}, {dtype}, CPU s (M updates/s) | 10x | itzi-core, this run: {_said(peer)} | "
                f"{_said(ours)}: {peer.cpu_s / ours.cpu_s:.1f}x"
            )
            if case["every_s"] == case["duration_s"]:
                continue  # waves on their way, no depths to compare
            deep, theirs = ours.depth_m.max(axis=0), peer.depth_m.max(axis=0)
            hits, either = ((deep > WET_M) & (theirs > WET_M)).sum(), ((deep > WET_M) | (theirs > WET_M)).sum()
            print(
                f"{name}, {dtype}, greatest depths: MAE, CSI above {WET_M} m | < 1 mm, > .99 | | "
                f"{np.abs(deep - theirs).mean() * 1000:.2f} mm, {hits / max(either, 1):.4f}",
                flush=True,
            )


def _said(ran: Ran) -> str:
    return f"{ran.cpu_s:.2f} ({ran.updates / ran.cpu_s / 1e6:.0f})"


def wet_cells() -> Case:
    """A million cells under 1 m of water."""
    return _case(np.random.default_rng(0).random((1000, 1000)) * 0.1, 0.03, 60.0, 60.0, initial_depth_m=1.0)


def ea_test_4() -> Case:
    """EA Test 4 at 5 m: an inflow at the border of a flat field, five hours."""
    flow = {"inflow_times_s": np.array([0, 300, 3600, 14400, 18000.0]), "inflow_m3s": np.array([0, 0, 20, 20, 0.0])}
    cells = np.array([[198 + n, 0] for n in range(4)])
    return _case(np.zeros((400, 200)), 0.05, 18000.0, 60.0, inflow_cells=cells, **flow)


def storm() -> Case:
    """50 mm in an hour over 1.0 x 1.7 km of hills, 90 minutes."""
    noise = np.random.default_rng(1).normal(size=(2, 340, 206))
    hills, bumps = gaussian_filter(noise[0], 20), gaussian_filter(noise[1], 2)
    rain = chicago_storm(depth_mm=50, duration_s=3600, source="benchmark")
    falls = {"rain_times_s": rain.times_s, "rain_mm_h": np.asarray(rain.intensity_mm_h)}
    return _case(8 + hills / hills.std() * 4 + bumps * 2, 0.03, 5400.0, 300.0, **falls)


def by_itzi(case: Case, python: Path) -> Ran:
    """By the peer, in its own environment, on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder) / "case.npz", Path(folder) / "out.npz"
        np.savez(given, **case)
        script = Path(__file__).with_name("peer_itzi.py")
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""}
        subprocess.run([python, script, given, got], env=environment, check=True, capture_output=True)
        found = dict(np.load(got))
    depth = found["depth_m"]
    return Ran(float(found["cpu_s"]), float(found["steps"]) * depth[0].size, depth)


def by_us(case: Case, dtype: str) -> Ran:
    """By us, compiled before."""
    rain = Hyetograph(case["rain_times_s"], case["rain_mm_h"], "benchmark") if len(case["rain_times_s"]) else None
    inflows = []
    if len(case["inflow_cells"]):
        rows, cols = case["inflow_cells"].T
        inflows = [Inflow(rows, cols, case["inflow_times_s"], case["inflow_m3s"])]
    settings: dict[str, Any] = {"manning": case["manning"], "initial_depth_m": case["initial_depth_m"]}
    settings |= {"inflows": inflows, "border": "closed", "dtype": np.dtype(dtype)}
    simulate_flood(np.zeros((3, 3)), 5.0, None, duration_s=1.0, dtype=np.dtype(dtype))
    begin = time.process_time()
    result = simulate_flood(
        case["elevation_m"],
        float(case["cell_m"]),
        rain,
        duration_s=float(case["duration_s"]),
        output_every_s=float(case["every_s"]),
        **settings,
    )
    cpu_s = time.process_time() - begin
    return Ran(cpu_s, float(result.steps) * result.depth_m[0].size, result.depth_m)


def _case(elevation_m: np.ndarray, manning: float, duration_s: float, every_s: float, **more: Any) -> Case:
    empty = {"rain_times_s": NOTHING, "rain_mm_h": NOTHING, "inflow_times_s": NOTHING, "inflow_m3s": NOTHING}
    still = {"inflow_cells": np.zeros((0, 2), int), "initial_depth_m": 0.0, "cell_m": 5.0}
    own = {"elevation_m": elevation_m, "manning": manning, "duration_s": duration_s, "every_s": every_s}
    return {**empty, **still, **own, **more}
