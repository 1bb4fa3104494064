"""Positions as counts in cells of space and time that hold enough movers; the others are left out, and told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from networks.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells with at least k movers.

    Attributes:
        table: `begin` (UTC), `lon`, `lat` (centre, WGS84), `movers`, `positions`, `speed_mps` (mean of what was told).
        left_out: Cells with fewer.
        left_out_positions: Positions in these.
    """

    table: pa.Table
    left_out: int
    left_out_positions: int


def cells_of(batches: Iterable[pa.Table], *, k: int, cell_m: float, period_s: int) -> Cells:
    """Count different movers in square cells and periods; k-anonymity (Sweeney 2002, doi:10.1142/S0218488502001648).

    A mover is in a cell once however often it was told there. Nothing of a cell with fewer than k movers comes out.

    Args:
        batches: Positions.
        k: Movers that a cell needs, 2 or more.
        cell_m: Side of a cell (m), 10 or more.
        period_s: Length of a period (s), 60 or more.

    Raises:
        BadInput: One of these is less.
    """
    if k < 2 or cell_m < 10 or period_s < 60:
        raise BadInput(
            "cells this small, or of one mover, hide nobody", expected="k >= 2, cell >= 10 m, period >= 1 min"
        )
    keys, speed = ["period", "row", "column"], ("speed_mps", "sum")
    told = [_placed(batch, cell_m, period_s) for batch in batches]
    if not told:
        return Cells(_table([], [], [], [], cell_m, period_s), 0, 0)
    movers = pa.concat_tables(told).group_by([*keys, "mover"]).aggregate([("one", "sum"), speed, ("spoke", "sum")])
    sums = [("one_sum", "sum"), ("speed_mps_sum", "sum"), ("spoke_sum", "sum"), ("mover", "count")]
    cells = movers.group_by(keys).aggregate(sums).sort_by([(key, "ascending") for key in keys])
    count = cells["mover_count"].to_numpy()
    enough = cells.filter(pa.array(count >= k))
    positions = cells["one_sum_sum"].to_numpy()
    spoke = enough["spoke_sum_sum"].to_numpy()
    mean = np.divide(enough["speed_mps_sum_sum"].to_numpy(), spoke, out=np.full(len(spoke), np.nan), where=spoke > 0)
    where = [enough[key].to_numpy() for key in keys]
    measured = [enough["mover_count"].to_numpy(), enough["one_sum_sum"].to_numpy()]
    table = _table(where, measured, mean, spoke > 0, cell_m, period_s)
    return Cells(table, int((count < k).sum()), int(positions[count < k].sum()))


def _placed(batch: pa.Table, cell_m: float, period_s: int) -> pa.Table:
    """Positions with the period, row and column of their cells; columns of a row are as wide as its rows are high."""
    time = batch["time"].cast(pa.int64()).to_numpy()
    row = np.floor(batch["lat"].to_numpy() * _METRES_PER_DEGREE / cell_m).astype(np.int64)
    column = np.floor(batch["lon"].to_numpy() / _wide(row, cell_m)).astype(np.int64)
    speed = batch["speed_mps"].fill_null(np.nan).to_numpy()
    known = np.isfinite(speed)
    content = {
        "period": time // (period_s * 1_000_000),
        "row": row,
        "column": column,
        "mover": batch["mover"],
        "one": np.ones(len(row), dtype=np.int64),
        "speed_mps": np.where(known, speed, 0.0),
        "spoke": known.astype(np.int64),
    }
    return pa.table(content).group_by(["period", "row", "column", "mover"]).aggregate(
        [("one", "sum"), ("speed_mps", "sum"), ("spoke", "sum")]
    ).rename_columns(["period", "row", "column", "mover", "one", "speed_mps", "spoke"])  # fmt: skip


def _wide(row: NDArray[np.int64], cell_m: float) -> NDArray[np.float64]:
    """Degrees of longitude of a cell in a row."""
    latitude = np.deg2rad((row + 0.5) * cell_m / _METRES_PER_DEGREE)
    return cell_m / (_METRES_PER_DEGREE * np.maximum(np.cos(latitude), 0.01))


def _table(
    where: list[NDArray[np.int64]], measured: list[NDArray[np.int64]], mean: object, known: object, cell_m: float,
    period_s: int,
) -> pa.Table:  # fmt: skip
    period, row, column = where or [np.empty(0, dtype=np.int64)] * 3
    movers, positions = measured or [np.empty(0, dtype=np.int64)] * 2
    return pa.table(
        {
            "begin": pa.array(period * period_s * 1_000_000, pa.timestamp("us", "UTC")),
            "lon": (column + 0.5) * _wide(row, cell_m),
            "lat": (row + 0.5) * cell_m / _METRES_PER_DEGREE,
            "movers": movers,
            "positions": positions,
            "speed_mps": pa.array(np.asarray(mean, dtype=np.float64), mask=~np.asarray(known, dtype=np.bool_)),
        }
    )
