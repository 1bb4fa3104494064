"""What a run took and gave, and ours."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from benchmarks.flood.cases import Case
from models.flood import Hyetograph, Inflow
from models.flood.inflow import InflowCells
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Kernel, Numerics
from models.flood.surface.water import Water


@dataclass(frozen=True)
class Ran:
    """What a run took and gave.

    Attributes:
        cpu_s: CPU seconds of one thread.
        steps: Time steps.
        cells: Cells (or triangles).
        depth_m: (times, rows, cols).
        ledger_error: What is not accounted for, as a share; None where it was not told.
    """

    cpu_s: float
    steps: int
    cells: int
    depth_m: np.ndarray
    ledger_error: float | None = None

    @property
    def rate(self) -> float:
        """M cell updates per CPU second."""
        return self.steps * self.cells / self.cpu_s / 1e6

    def __str__(self) -> str:
        return f"{self.cpu_s:.2f} ({self.rate:.0f})"


def by_us(case: Case, dtype: str, *, kernel: Kernel = "numba") -> Ran:
    """By us, compiled before; set-up is left out, as it is of the peers."""
    rain = Hyetograph(case["rain_times_s"], case["rain_mm_h"], "benchmark") if len(case["rain_times_s"]) else None
    numerics = Numerics(kernel=kernel, dtype=np.dtype(dtype))
    cell, bed = float(case["cell_m"]), case["elevation_m"]
    Water(prepare_ground(np.zeros((3, 3)), cell, border="closed", dtype=dtype), cell, numerics).advance(1.0)
    ground = prepare_ground(bed, cell, manning=case["manning"], border="closed", dtype=dtype)
    water = Water(ground, cell, numerics, case["initial_depth_m"])
    rows, cols = case["inflow_cells"].T
    inflows = [Inflow(rows, cols, case["inflow_times_s"], case["inflow_m3s"])] if len(rows) else []
    coming = InflowCells(inflows, bed.shape, cell, None)
    every = float(case["every_s"])
    depth = [water.depth_m.copy()]
    begin = time.process_time()
    for until in np.arange(every, float(case["duration_s"]) + every / 2, every):
        water.advance(float(until), rain, coming)
        depth.append(water.depth_m.copy())
    cpu_s = time.process_time() - begin
    return Ran(cpu_s, water.steps, bed.size, np.array(depth, np.float32), float(water.ledger().error))


def best(case: Case, dtype: str) -> Ran:
    """The quickest of three: neighbours on the machine only ever slow a run down."""
    return max((by_us(case, dtype) for _ in range(3)), key=lambda ran: ran.rate)
