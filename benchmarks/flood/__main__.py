"""The flood solver beside its peers: `python -m benchmarks.flood [--peers FOLDER] [--only PART]`.

itzi-core, landlab, ANUGA and our own NumPy reference are measured in this run, one thread each; figures of others were
measured elsewhere (CPU seconds) and are printed for orientation: compare ratios, since machines differ. The peers live
in environments of their own under FOLDER; what is missing is left out, saying how to install it. The reference series
of EA Test 4 needs the data folder (CITYTWIN_DATA). `twin flood validate` holds the solver to closed forms.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.flood.beside import beside
from benchmarks.flood.cases import wet_cells
from benchmarks.flood.cities import cities
from benchmarks.flood.peers import FOLDER
from benchmarks.flood.ran import best, by_us
from benchmarks.flood.roofline import roofline

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CITYTWIN_DATA", ROOT.parent / "shared" / "data"))
COMPILE = """
import time, numpy as np
from models.flood import simulate_flood
import models.flood.surface._inertia
for dtype in (np.float64, np.float32):
    begin = time.process_time()
    simulate_flood(np.zeros((3, 3)), 5.0, None, duration_s=1.0, dtype=dtype)
    print(round(time.process_time() - begin, 2), end=" ")
"""


def speed() -> None:
    """M cell updates a second, and our NumPy reference beside them."""
    for dtype, goal in (("float32", 400), ("float64", 200)):
        ran = best(wet_cells(), dtype)
        elsewhere = "itzi-core 28.7, landlab 8-13, ANUGA 4, LISFLOOD-FP 32-50 elsewhere"
        print(f"M cell updates/CPU s, 1000 x 1000, {dtype} | >= {goal} | {elsewhere} | {ran.rate:.0f}", flush=True)
    fast, plain = best(wet_cells(250), "float64").rate, by_us(wet_cells(250, 20.0), "float64", kernel="numpy").rate
    print(
        f"M cell updates/CPU s, 250 x 250, float64 | | NumPy reference, this run: {plain:.1f} | {fast:.0f}: "
        f"{fast / plain:.0f}x",
        flush=True,
    )


def accuracy() -> None:
    """EA Test 4 against its reference series."""
    if not (DATA / "flood" / "ea_test4").is_dir():
        print("EA Test 4 | | | left out: no data folder (CITYTWIN_DATA)")
        return
    from models.flood.validation import published

    for check in published(DATA):
        print(f"{check.name}, {check.measure} | <= {check.gate:g} | | {check.value:.2g}", flush=True)


def compiling() -> None:
    """CPU seconds to compile the kernel for float64 and for float32, in a fresh process with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", COMPILE]
        cold = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        warm = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    print(f"compiling, CPU s: float64, float32 | | | {cold.strip()} without a cache, {warm.strip()} with it")


def main() -> None:
    """Print goal, peers and us side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, default=FOLDER, help="folder of the peers' environments")
    parts = {
        "speed": speed,
        "roofline": roofline,
        "peers": lambda: beside(asked.peers),
        "accuracy": accuracy,
        "cities": cities,
        "compiling": compiling,
    }
    parser.add_argument("--only", choices=parts, help="one part")
    asked = parser.parse_args()
    print(f"what | goal | peers | here (load {os.getloadavg()[0]:.1f})")
    for name, part in parts.items():
        if asked.only in (None, name):
            part()


if __name__ == "__main__":
    main()
