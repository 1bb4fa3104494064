"""Run one case by landlab's OverlandFlow (de Almeida 2012), in its own environment: `PYTHON peer_landlab.py CASE.npz
OUT.npz`. What CASE and OUT hold: `peer_itzi.py`. Theta .8 and alpha .6 as ours, steps of at most 60 s; the border is
closed.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from landlab import RasterModelGrid
from landlab.components import OverlandFlow

LONGEST_S = 60.0


def main() -> None:
    """Run it."""
    case = dict(np.load(sys.argv[1]))
    rows, cols = case["elevation_m"].shape
    cell, duration, every = (float(case[name]) for name in ("cell_m", "duration_s", "every_s"))
    grid = RasterModelGrid((rows + 2, cols + 2), xy_spacing=cell)
    grid.add_field(
        "topographic__elevation", np.pad(case["elevation_m"].astype(float), 1, mode="edge").ravel(), at="node"
    )
    still = np.broadcast_to(case["initial_depth_m"].astype(float), (rows, cols))
    grid.add_field("surface_water__depth", np.pad(still, 1).ravel(), at="node")
    grid.set_closed_boundaries_at_grid_edges(True, True, True, True)
    flow = OverlandFlow(grid, mannings_n=float(case["manning"]), h_init=1e-5, alpha=0.6, theta=0.8)
    water = grid.at_node["surface_water__depth"].reshape(rows + 2, cols + 2)[1:-1, 1:-1]
    outputs = np.arange(0.0, duration + every / 2, every)
    depth, steps, now = [water.copy()], 0, 0.0
    begin = time.process_time()
    for until in outputs[1:]:
        while now < until - 1e-9:
            step = min(flow.calc_time_step(), until - now, LONGEST_S)
            _force(water, flow, case, now, step, cell)
            flow.overland_flow(dt=step)
            now += step
            steps += 1
        depth.append(water.copy())
    cpu_s = time.process_time() - begin
    np.savez(sys.argv[2], depth_m=np.array(depth, np.float32), cpu_s=cpu_s, steps=steps, cells=rows * cols)


def _force(water: np.ndarray, flow: Any, case: dict[str, Any], now: float, step: float, cell: float) -> None:
    middle = now + step / 2
    if len(case["rain_times_s"]):
        at = int(np.searchsorted(case["rain_times_s"], middle, side="right")) - 1
        flow.rainfall_intensity = case["rain_mm_h"][at] / 3.6e6 if 0 <= at < len(case["rain_mm_h"]) else 0.0
    if len(case["inflow_cells"]):
        total = np.interp(middle, case["inflow_times_s"], case["inflow_m3s"])
        water[tuple(case["inflow_cells"].T)] += total / len(case["inflow_cells"]) / cell**2 * step


if __name__ == "__main__":
    main()
