"""Five ways to run the same day, each for the same visitors, two at a time on Ray: timed."""

from __future__ import annotations

import os
import time
from functools import partial

from benchmarks.crowd import day
from scenarios import RayExecutor

WAYS: dict[str, dict[str, float]] = {
    "as it is": {},
    "one out, one in": {"one_out_one_in": True},
    "gates half as fast again": {"gates": 1.5},
    "signs to quieter sites": {"even": 0.5},
    "home an hour earlier": {"closes_h": 13.0},
}
"""What differs from `benchmarks.crowd.day`'s day."""
WORKERS = 2


def _one(way: str, people: int) -> dict[str, float]:
    return day.measure(people, **WAYS[way])


def main(people: int, count: int) -> None:
    """Run the first `count` of WAYS and print what each takes, and all of them together."""
    begin = time.perf_counter()
    with RayExecutor(workers=WORKERS) as executor:
        told = executor.map(partial(_one, people=people), list(WAYS)[:count])
    took = time.perf_counter() - begin
    for way, figures in zip(WAYS, told, strict=False):
        shown = ", ".join(
            f"{name} {figures[name]:,.0f}" for name in ("cpu_s", "wall_s", "visits", "gate_h", "walking_h", "at_home")
        )
        print(f"  {way:26} {shown}")
    cpu = sum(figures["cpu_s"] for figures in told)
    print(
        f"  {len(told)} alternatives of {people} visitors on {WORKERS} cores: {took:.0f} s of wall time (Ray and "
        f"compiling included), {cpu:.0f} CPU s; load {os.getloadavg()[0]:.1f}"
    )
