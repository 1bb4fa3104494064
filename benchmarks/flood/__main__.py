"""The flood solver beside its peers: `python -m benchmarks.flood [--peer ITZI_PYTHON]`.

itzi-core and NumPy are measured in this run, one thread each; the other peers' figures were measured elsewhere (CPU
seconds, November 2026) and are printed for orientation: compare ratios, since machines differ. The reference series of
EA Test 4 needs the data folder (CITYTWIN_DATA) or is left out. `twin flood validate` holds the solver to closed forms.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from benchmarks.flood.peers import ITZI, compare
from models.flood import FloodResult, Inflow, chicago_storm, simulate_flood
from models.flood.constants import BUILDING, WATER

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CITYTWIN_DATA", ROOT.parent / "shared" / "data"))
EA4_POINTS = ((50, 1000), (100, 1000), (200, 1000), (300, 1000), (400, 1000), (300, 1300))
COMPILE = """
import time, numpy as np
from models.flood import simulate_flood
import models.flood.surface._inertia
for dtype in (np.float64, np.float32):
    begin = time.process_time()
    simulate_flood(np.zeros((3, 3)), 5.0, None, duration_s=1.0, dtype=dtype)
    print(round(time.process_time() - begin, 2), end=" ")
"""


def timed(run: Callable[[], FloodResult]) -> tuple[FloodResult, float]:
    """A result and the CPU seconds it took."""
    begin = time.process_time()
    result = run()
    return result, time.process_time() - begin


def updates_per_second(size: int, dtype: Any, *, kernel: str = "numba", duration_s: float = 60.0) -> float:
    """M cell updates per CPU second on size x size wet cells, the best of three; one output at the end."""
    bed = np.random.default_rng(0).random((size, size)) * 0.1
    best = 0.0
    for _ in range(3 if kernel == "numba" else 1):
        settings: dict[str, Any] = {"initial_depth_m": 1.0, "border": "closed", "kernel": kernel, "dtype": dtype}
        result, cpu_s = timed(
            lambda settings=settings: simulate_flood(  # type: ignore[misc]
                bed, 5.0, None, duration_s=duration_s, output_every_s=duration_s, **settings
            )
        )
        best = max(best, result.steps * size * size / cpu_s / 1e6)
    return best


def ea_test_4(dtype: Any) -> tuple[float, np.ndarray, float]:
    """CPU seconds of the 5 hours, RMSE (mm) at the six points within the reference series, and the ledger's error."""
    inflow = Inflow(np.arange(198, 202), np.zeros(4, int), [0, 300, 3600, 14400, 18000], [0, 0, 20, 20, 0])
    settings: dict[str, Any] = {"manning": 0.05, "inflows": [inflow], "border": "closed", "dtype": dtype}
    result, cpu_s = timed(lambda: simulate_flood(np.zeros((400, 200)), 5.0, None, duration_s=18000, **settings))
    table = np.genfromtxt(DATA / "flood" / "ea_test4" / "ea4_dg2_5m_reference.csv", delimiter=",", names=True)
    errors = []
    for number, (x, y) in enumerate(EA4_POINTS, start=1):
        ours = np.interp(table["t_s"], result.times_s, result.depth_m[:, 399 - y // 5, x // 5])
        errors.append(np.sqrt(np.mean((ours - table[f"p{number}"]) ** 2)) * 1000)
    return cpu_s, np.array(errors), result.ledger.error


def city_storm(dtype: Any, rows: int = 340, cols: int = 206) -> tuple[FloodResult, float]:
    """A storm of 50 mm in an hour over hills with blocks of houses and a shore: 90 minutes, an output a minute."""
    noise = np.random.default_rng(1).normal(size=(2, rows, cols))
    hills, bumps = gaussian_filter(noise[0], 20), gaussian_filter(noise[1], 2)
    bed = 8 + hills / hills.std() * 4 + bumps * 2
    row, col = np.indices(bed.shape)
    surface = np.where((row % 18 > 6) & (col % 16 > 6), BUILDING, 0)
    surface[bed < 2] = WATER
    rain = chicago_storm(depth_mm=50, duration_s=3600, source="benchmark")
    losses: dict[str, Any] = {"drain_capacity_mm_h": 10, "infiltration_mm_h": 2}
    return timed(lambda: simulate_flood(bed, 5.0, rain, duration_s=5400, surface=surface, dtype=dtype, **losses))


def compile_seconds() -> str:
    """CPU seconds to compile the kernel for float64 and for float32, in a fresh process with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", COMPILE]
        cold = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        warm = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return f"{cold.strip()} s without a cache, {warm.strip()} s with it"


def main() -> None:
    """Print goal, peers and us side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, default=ITZI, help="Python of an environment with itzi-core")
    asked = parser.parse_args()
    print("what | goal | peers (measured elsewhere, unless said) | here")
    compare(asked.peer)
    for name, goal in (("float32", 400), ("float64", 200)):
        peers = "itzi-core 28.7, landlab 8-13, ANUGA 4, LISFLOOD-FP 32-50"
        ours = updates_per_second(1000, np.dtype(name))
        print(f"M cell updates/CPU s, 1000 x 1000, {name} | >= {goal} | {peers} | {ours:.0f}", flush=True)
    fast = updates_per_second(250, np.float64)
    plain = updates_per_second(250, np.float64, kernel="numpy", duration_s=20)
    print(
        f"M cell updates/CPU s, 250 x 250, float64 | | NumPy reference, this run: {plain:.1f} | {fast:.0f}", flush=True
    )
    print(f"Numba / NumPy, same equations, this run | | 1 | {fast / plain:.0f}x", flush=True)
    if (DATA / "flood" / "ea_test4").is_dir():
        for name in ("float32", "float64"):
            cpu_s, errors, ledger = ea_test_4(np.dtype(name))
            peers = "landlab 89.4, LISFLOOD ACC 27.2, itzi-core 21.0, LISFLOOD SGC 17.0"
            print(f"EA Test 4, 5 h, CPU s, {name} | <= 2 | {peers} | {cpu_s:.2f}", flush=True)
            shown = " ".join(f"{error:.1f}" for error in errors)
            print(
                f"EA Test 4, RMSE mm at points 1-6, {name} | <= 3.5 | 1-3, SGC and landlab 10-16 | {shown}", flush=True
            )
            print(
                f"EA Test 4, ledger, {name} | <= {'1e-6' if name == 'float32' else '1e-12'} | | {ledger:.1e}",
                flush=True,
            )
    else:
        print("EA Test 4 | | | left out: no data folder (CITYTWIN_DATA)")
    for name in ("float64", "float32"):
        result, cpu_s = city_storm(np.dtype(name))
        print(f"1.0 x 1.7 km at 5 m, 90 min, CPU s, {name} | <= 6 | | {cpu_s:.2f} ({result.steps} steps)", flush=True)
        print(
            f"its ledger, {name} | <= {'1e-6' if name == 'float32' else '1e-12'} | | {result.ledger.error:.1e}",
            flush=True,
        )
    print(f"compiling, CPU s: float64, float32 | | | {compile_seconds()}")


if __name__ == "__main__":
    main()
