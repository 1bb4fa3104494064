"""Published cases whose data lies in a folder of the user's: flood wave over a plain (EA Test 4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.flood.inflow import Inflow
from models.flood.solver import simulate_flood
from models.flood.validation.gates import Check
from networks.errors import BadInput

EA4_POINTS_M = ((50, 1000), (100, 1000), (200, 1000), (300, 1000), (400, 1000), (300, 1300))
"""x and y (m) of the six points."""
EA4_FILE = "flood/ea_test4/ea4_dg2_5m_reference.csv"


def published(folder: Path) -> Iterator[Check]:
    """EA Test 4 (UK Environment Agency SC120002; definition from a secondary source) against LISFLOOD-FP 8 DG2.

    Flat 1 x 2 km, Manning's n 0.05, 20 m3/s from the middle of the west edge, cells of 5 m; scored on 600-12,780 s.

    Raises:
        BadInput: The folder has no reference series.
    """
    file = folder / EA4_FILE
    if not file.is_file():
        raise BadInput("no reference series of EA Test 4", file=file, remedy="leave --data out: the rest needs no data")
    table = np.genfromtxt(file, delimiter=",", names=True)
    source = Inflow(np.arange(198, 202), np.zeros(4, int), [0, 300, 3600, 14400, 18000], [0, 0, 20, 20, 0])
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
        for number, (x, y) in enumerate(EA4_POINTS_M, start=1):
            ours = np.interp(table["t_s"], run.times_s, run.depth_m[:, 399 - y // 5, x // 5])
            rmse_mm = float(np.sqrt(np.mean((ours - table[f"p{number}"]) ** 2)) * 1000)
            yield Check(
                f"EA Test 4, 5 m, inertia, {dtype}", "verification", f"RMSE at point {number}, mm", rmse_mm, 3.5
            )
        yield Check(f"EA Test 4, 5 m, inertia, {dtype}", "ledger", "share of all water", run.ledger.error, gate)
