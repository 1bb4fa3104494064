"""EA Test 4: a flood wave that spreads over a plain (UK Environment Agency SC120002; from a secondary source).

Flat 1 x 2 km, Manning's n 0.05, 20 m3/s from 20 m in the middle of the west edge, closed elsewhere, dry at the begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.flood.inflow import Inflow
from models.flood.solver import simulate_flood
from models.flood.validation.check import Check

POINTS_M = ((50, 1000), (100, 1000), (200, 1000), (300, 1000), (400, 1000), (300, 1300))
"""x and y (m) of the six points."""
FILE = "flood/ea_test4/ea4_dg2_5m_reference.csv"
TIMES_S, FLOW_M3S = (0, 300, 3600, 14400, 18000), (0, 0, 20, 20, 0)
RMSE_MM = 3.5


def ea_test_4(folder: Path) -> Iterator[Check]:
    """Local inertia on cells of 5 m against LISFLOOD-FP 8 DG2 on the same cells, scored on 600-12,780 s."""
    file = folder / FILE
    if not file.is_file():
        return
    table = np.genfromtxt(file, delimiter=",", names=True)
    source = Inflow(np.arange(198, 202), np.zeros(4, int), TIMES_S, FLOW_M3S)
    for dtype, gate in (("float32", 1e-6), ("float64", 1e-12)):
        run = simulate_flood(
            np.zeros((400, 200)),
            5.0,
            None,
            duration_s=12840,
            manning=0.05,
            inflows=[source],
            border="closed",
            dtype=dtype,
        )
        name = f"EA Test 4, 5 m, inertia, {dtype}"
        for number, (x, y) in enumerate(POINTS_M, start=1):
            ours = np.interp(table["t_s"], run.times_s, run.depth_m[:, 399 - y // 5, x // 5])
            rmse_mm = float(np.sqrt(np.mean((ours - table[f"p{number}"]) ** 2)) * 1000)
            yield Check(name, "verification", f"RMSE at point {number}, mm", rmse_mm, RMSE_MM)
        yield Check(name, "ledger", "share of all water", run.ledger.error, gate)
