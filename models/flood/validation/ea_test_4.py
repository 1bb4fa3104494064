"""EA Test 4: a flood wave that spreads over a plain (UK Environment Agency SC120002; from a secondary source).

Flat 1 x 2 km, Manning's n 0.05, 20 m3/s from 20 m in the middle of the west edge, closed elsewhere, dry at the begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models.check import Check
from models.flood.inflow import Inflow
from models.flood.result import FloodResult
from models.flood.solver import simulate_flood

POINTS_M = ((50, 1000), (100, 1000), (200, 1000), (300, 1000), (400, 1000), (300, 1300))
"""x and y (m) of the six points; a depth there is that of the 5 m cell north-east of it."""
FILE = "flood/ea_test4/ea4_dg2_5m_reference.csv"
TIMES_S, FLOW_M3S = np.array([0, 300, 3600, 14400, 18000]), np.array([0, 0, 20, 20, 0])
KNOWN_UNTIL_S, ENDS_S = 12_780.0, 18_000.0
RMSE_MM = 3.5


def ea_test_4(folder: Path) -> Iterator[Check]:
    """Local inertia on cells of 5 m against LISFLOOD-FP 8 DG2 on the same cells, scored on 600-12,780 s."""
    if not (folder / FILE).is_file():
        return
    for dtype, gate in (("float32", 1e-6), ("float64", 1e-12)):
        run = whole(12_840.0, dtype)
        name = f"EA Test 4, 5 m, inertia, {dtype}"
        yield from against_reference(folder, name, run, points(run))
        yield Check(name, "ledger", "share of all water", run.ledger.error, gate)


def recession(folder: Path) -> Iterator[Check]:
    """The whole equations on cells of 2.5 m, against DG2 until its series ends, and as the reference afterwards.

    The shared series ends before the inflow falls. From there on local inertia on cells of 5 m is held to the whole
    equations on 2.5 m. The case is symmetric about y = 1000 m: only the northern half is run with them.
    """
    if not (folder / FILE).is_file():
        return
    fine, coarse = northern_half(), whole(ENDS_S, "float64")
    yield from against_reference(folder, "EA Test 4, 2.5 m, shallow", fine, points(fine))
    late = coarse.times_s >= KNOWN_UNTIL_S
    off = (points(coarse) - points(fine))[late]
    for number, rmse in enumerate(np.sqrt(np.mean(off**2, axis=0)).tolist(), start=1):
        name = "EA Test 4, after 12,780 s, inertia - shallow"
        yield Check(name, "verification", f"RMSE at point {number}, mm", rmse * 1000, RMSE_MM)


def against_reference(folder: Path, name: str, run: FloodResult, ours_m: np.ndarray) -> Iterator[Check]:
    """RMSE (mm) of (times, 6) depths from the shared series at its own moments."""
    table = np.genfromtxt(folder / FILE, delimiter=",", names=True)
    for number in range(1, len(POINTS_M) + 1):
        off = np.interp(table["t_s"], run.times_s, ours_m[:, number - 1]) - table[f"p{number}"]
        rmse_mm = float(np.sqrt(np.mean(off**2)) * 1000)
        yield Check(name, "verification", f"RMSE at point {number}, mm", rmse_mm, RMSE_MM)


def whole(duration_s: float, dtype: str) -> FloodResult:
    """Local inertia on 400 x 200 cells of 5 m, an output a minute."""
    source = Inflow(np.arange(198, 202), np.zeros(4, int), TIMES_S, FLOW_M3S)
    return _run(np.zeros((400, 200)), 5.0, source, duration_s=duration_s, dtype=dtype)


def northern_half() -> FloodResult:
    """The shallow-water equations on 400 x 400 cells of 2.5 m, from y = 1000 m to the north, an output a minute."""
    source = Inflow(np.arange(396, 400), np.zeros(4, int), TIMES_S, FLOW_M3S / 2)
    return _run(np.zeros((400, 400)), 2.5, source, duration_s=ENDS_S, dtype="float32", scheme="shallow")


def _run(bed: np.ndarray, cell_m: float, source: Inflow, **given: Any) -> FloodResult:
    return simulate_flood(bed, cell_m, None, manning=0.05, inflows=[source], border="closed", **given)


def points(run: FloodResult) -> np.ndarray:
    """(times, 6) depths (m): means over the 5 m squares, which a row of the map's north end counts down to."""
    per = round(5 / run.cell_m)
    depths = []
    for x, y in POINTS_M:
        row, col = round((2000 - y) / run.cell_m) - per, round(x / run.cell_m)
        depths.append(run.depth_m[:, row : row + per, col : col + per].mean(axis=(1, 2), dtype=np.float64))
    return np.column_stack(depths)
