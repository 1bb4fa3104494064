"""What a run took and gave, and ours."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.flood.cases import Case
from models.flood import Hyetograph, Inflow, simulate_flood


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


def by_us(case: Case, dtype: str, *, kernel: str = "numba") -> Ran:
    """By us, compiled before."""
    rain = Hyetograph(case["rain_times_s"], case["rain_mm_h"], "benchmark") if len(case["rain_times_s"]) else None
    inflows = []
    if len(case["inflow_cells"]):
        rows, cols = case["inflow_cells"].T
        inflows = [Inflow(rows, cols, case["inflow_times_s"], case["inflow_m3s"])]
    settings: dict[str, Any] = {"border": "closed", "dtype": np.dtype(dtype), "kernel": kernel}
    simulate_flood(np.zeros((3, 3)), 5.0, None, duration_s=1.0, **settings)
    settings |= {"manning": case["manning"], "initial_depth_m": case["initial_depth_m"], "inflows": inflows}
    settings |= {"duration_s": float(case["duration_s"]), "output_every_s": float(case["every_s"])}
    begin = time.process_time()
    result = simulate_flood(case["elevation_m"], float(case["cell_m"]), rain, **settings)
    cpu_s = time.process_time() - begin
    return Ran(cpu_s, result.steps, result.depth_m[0].size, result.depth_m, float(result.ledger.error))


def best(case: Case, dtype: str) -> Ran:
    """The quickest of three: neighbours on the machine only ever slow a run down."""
    return max((by_us(case, dtype) for _ in range(3)), key=lambda ran: ran.rate)
