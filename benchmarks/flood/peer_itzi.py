"""Run one case by itzi-core, in its own environment: `PYTHON peer_itzi.py CASE.npz OUT.npz`.

CASE holds elevation_m, manning, initial_depth_m (rows, cols), cell_m, duration_s, every_s, rain_times_s and rain_mm_h
(steps), inflow_cells (k, 2), inflow_times_s and inflow_m3s (linear, all cells together). OUT gets times_s, depth_m,
cpu_s and steps. Its own settings otherwise; the border is closed.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from itzi_core import DomainData, SimulationBuilder, SimulationConfig, SurfaceFlowParameters, TemporalType

START = datetime(2000, 1, 1)
MAX_ERROR = 1.0
"""Share of water that it may create in a step before it stops: 7 % on dry hills, above its usual 5 %."""


def main() -> None:
    """Run it."""
    case = dict(np.load(sys.argv[1]))
    rows, cols = case["elevation_m"].shape
    cell, duration, every = (float(case[name]) for name in ("cell_m", "duration_s", "every_s"))
    domain = DomainData(north=rows * cell, south=0, east=cols * cell, west=0, rows=rows, cols=cols, crs_wkt="")
    config = SimulationConfig(
        start_time=START,
        end_time=START + timedelta(seconds=duration),
        record_step=timedelta(seconds=every),
        temporal_type=TemporalType.RELATIVE,
        input_map_names={},
        output_map_names={},
        surface_flow_parameters=SurfaceFlowParameters(max_error=MAX_ERROR),
    )
    sim = SimulationBuilder(config, np.zeros((rows, cols), bool)).with_domain_data(domain).build()
    for name, key in (("ground_elevation", "elevation_m"), ("friction", "manning"), ("water_depth", "initial_depth_m")):
        sim.set_array(name, np.broadcast_to(case[key], (rows, cols)).astype(np.float32))
    sim.initialize()
    outputs = np.arange(0.0, duration + every / 2, every)
    breaks = np.unique(np.concatenate([outputs, case["rain_times_s"], case["inflow_times_s"]]))
    breaks = breaks[(breaks > 0) & (breaks <= duration)]
    depth = [sim.get_array("water_depth").copy()]
    begin, now = time.process_time(), 0.0
    for until in _pieces(breaks, case["inflow_times_s"], case["inflow_m3s"]):
        _force(sim, case, now, until, cell)
        sim.update_until(timedelta(seconds=until))
        now = until
        if np.any(np.isclose(outputs, now)):
            depth.append(sim.get_array("water_depth").copy())
    cpu_s = time.process_time() - begin
    np.savez(
        sys.argv[2],
        times_s=outputs,
        depth_m=np.array(depth, np.float32),
        cpu_s=cpu_s,
        cells=rows * cols,
        steps=sim.time_steps_counters["since_start"],
    )


def _pieces(breaks: np.ndarray, times: np.ndarray, flows: np.ndarray) -> np.ndarray:
    """Where forcing changes; every 60 s while an inflow rises or falls."""
    if not len(times) or not np.any(np.diff(flows)):
        return breaks
    return np.unique(np.concatenate([breaks, np.arange(60.0, breaks[-1], 60.0)]))


def _force(sim: Any, case: dict[str, Any], now: float, until: float, cell: float) -> None:
    shape, middle = case["elevation_m"].shape, (now + until) / 2
    if len(case["rain_times_s"]):
        at = int(np.searchsorted(case["rain_times_s"], middle, side="right")) - 1
        rate = case["rain_mm_h"][at] if 0 <= at < len(case["rain_mm_h"]) else 0.0
        sim.set_array("rainfall_rate", np.full(shape, rate / 3.6e6, np.float32))
    if len(case["inflow_cells"]):
        flow = np.zeros(shape, np.float32)
        total = np.interp(middle, case["inflow_times_s"], case["inflow_m3s"])
        flow[tuple(case["inflow_cells"].T)] = total / len(case["inflow_cells"]) / cell**2
        sim.set_array("inflow", flow)


if __name__ == "__main__":
    main()
