"""Run one case by ANUGA (shallow-water equations on triangles, its default scheme), in its own environment:
`PYTHON peer_anuga.py CASE.npz OUT.npz`. What CASE and OUT hold: `peer_itzi.py`; without rain or inflow. Four triangles
to a cell, of which the depths are the means; CELLS are the triangles. The border is closed.
"""

from __future__ import annotations

import sys
import time

import anuga
import numpy as np


def main() -> None:
    """Run it."""
    case = dict(np.load(sys.argv[1]))
    rows, cols = case["elevation_m"].shape
    cell, duration = float(case["cell_m"]), float(case["duration_s"])
    domain = anuga.rectangular_cross_domain(cols, rows, len1=cols * cell, len2=rows * cell)
    domain.store = False
    domain.set_quantities_to_be_stored(None)
    x, y = domain.centroid_coordinates.T
    row = np.clip(rows - 1 - (y // cell).astype(int), 0, rows - 1)
    col = np.clip((x // cell).astype(int), 0, cols - 1)
    bed = case["elevation_m"][row, col]
    domain.set_quantity("elevation", bed, location="centroids")
    domain.set_quantity("friction", float(case["manning"]))
    depth = np.broadcast_to(case["initial_depth_m"], (rows, cols))[row, col]
    domain.set_quantity("stage", bed + depth, location="centroids")
    wall = anuga.Reflective_boundary(domain)
    domain.set_boundary(dict.fromkeys(domain.get_boundary_tags(), wall))
    steps, begin = 0, time.process_time()
    for _ in domain.evolve(yieldstep=duration, finaltime=duration):
        steps += domain.number_of_steps
    cpu_s = time.process_time() - begin
    left = domain.quantities["stage"].centroid_values - domain.quantities["elevation"].centroid_values
    last = np.bincount(row * cols + col, left, rows * cols).reshape(rows, cols) / 4
    np.savez(sys.argv[2], depth_m=np.array([depth.mean() * np.ones_like(last), last], np.float32), cpu_s=cpu_s,
             steps=steps, cells=domain.number_of_triangles)  # fmt: skip


if __name__ == "__main__":
    main()
