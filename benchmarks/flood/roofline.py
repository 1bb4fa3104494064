"""How much of the memory's bandwidth the solver uses where nothing fits into a cache."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.flood.cases import wet_cells
from benchmarks.flood.ran import by_us

ARRAYS_READ, ARRAYS_WRITTEN = 7, 4
"""Per cell and step: depth, its lost part, bed, friction, both flows and the rain's share; the first four but bed and
friction, and the flows, are written.
"""


def copied_gb_s(megabytes: int = 512) -> float:
    """GB/s read and written by copying, the best of five, one thread."""
    source = np.ones(megabytes * 1024**2 // 8)
    target = np.zeros_like(source)
    best = 0.0
    for _ in range(5):
        begin = time.process_time()
        np.copyto(target, source)
        best = max(best, 2 * source.nbytes / (time.process_time() - begin) / 1e9)
    return best


def roofline(size: int = 4000, duration_s: float = 40.0) -> None:
    """Print the solver's rate on size x size wet cells beside what the memory could feed."""
    case = wet_cells(size, duration_s)
    for dtype in ("float32", "float64"):
        gb_s = copied_gb_s()
        bytes_per_update = (ARRAYS_READ + ARRAYS_WRITTEN) * np.dtype(dtype).itemsize
        fed = gb_s * 1e3 / bytes_per_update
        ran = by_us(case, dtype)
        print(
            f"roofline, {size / 1000:g} x {size / 1000:g} thousand cells, {dtype} | >= 50 % | copying {gb_s:.1f} GB/s, "
            f"{bytes_per_update} bytes an update: {fed:.0f} M/s | {ran.rate:.0f} M/s: {ran.rate / fed:.0%}",
            flush=True,
        )
