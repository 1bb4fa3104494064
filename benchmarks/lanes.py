"""Depths on 100,000 lanes from a raster of a million cells: the cells found once, then each frame.

    python -m benchmarks.lanes

Goal: less than 50 ms for a frame.
"""

from __future__ import annotations

import os
import time

import numpy as np
from shapely import LineString

from models.flood import cells_under

LANES, CELLS, CELL_M, ROUNDS = 100_000, 1000, 5.0, 15
GOAL_MS = 50.0


def main() -> None:
    """Measure and print."""
    draw, side = np.random.default_rng(1), CELLS * CELL_M
    begins, angle = draw.uniform(0, side, (LANES, 2)), draw.uniform(0, 2 * np.pi, LANES)
    ends = begins + np.column_stack([np.cos(angle), np.sin(angle)]) * draw.uniform(20, 120, LANES)[:, None]
    lanes = [LineString(pair) for pair in np.stack([begins, ends], axis=1)]
    began = time.process_time()
    under = cells_under((CELL_M, 0, 0, 0, -CELL_M, side), lanes, (CELLS, CELLS), CELL_M)
    print(f"cells under {LANES} lanes, once: {time.process_time() - began:.2f} CPU s, {len(under.cell)} cells")
    depth, took = draw.random((CELLS, CELLS), np.float32), []
    for _ in range(ROUNDS):
        began = time.process_time()
        under.greatest(depth)
        took.append(1000 * (time.process_time() - began))
    print(f"depth -> lanes, a frame: median {np.median(took):.1f} CPU ms, worst {max(took):.1f} (goal {GOAL_MS:g})")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
