"""A city of a million cells, and fifty worlds of a quarter of a million in parallel."""

from __future__ import annotations

import os
import time
from functools import partial

from benchmarks.flood.cases import storm
from benchmarks.flood.ran import by_us

MEMBERS = 50


def cities() -> None:
    """Print what one storm over a large city and an ensemble over a smaller one take."""
    case = storm(1000, 1000, 3600.0)
    for dtype in ("float32", "float64"):
        ran = by_us(case, dtype)
        print(
            f"a city of 1 M cells, storm of an hour, {dtype}, CPU s | <= 7 | | {ran.cpu_s:.1f} ({ran.steps} steps, "
            f"{ran.rate:.0f} M updates/s, ledger {ran.ledger_error:.0e})",
            flush=True,
        )
    members()


def members(count: int = MEMBERS) -> None:
    """Print what an ensemble takes on Ray."""
    from scenarios.ensembles.executor import RayExecutor

    with RayExecutor() as executor:
        executor.map(_member, list(range(executor.workers)))  # workers start, kernels are loaded
        begin, load = time.perf_counter(), os.getloadavg()[0]
        spent = sum(executor.map(_member, list(range(count))))
        wall = time.perf_counter() - begin
        print(
            f"{count} members of 250,000 cells, storm of an hour, float32, Ray | <= 45 s on two idle cores | | "
            f"{wall:.0f} s on {executor.workers} workers, {spent:.0f} CPU s (load before {load:.1f})",
            flush=True,
        )


def _member(number: int) -> float:
    """CPU seconds of one world: each its own roughness."""
    case = dict(storm(500, 500, 3600.0))
    case["manning"] = 0.02 + 0.02 * number / MEMBERS
    return partial(by_us, case, "float32")().cpu_s


if __name__ == "__main__":
    cities()
