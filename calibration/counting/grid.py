"""Readings of many sensors on one grid of periods: a row per sensor, gaps as NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.counting.repair import Repair
from calibration.counting.rows import by_sensor
from networks.sentence import say

if TYPE_CHECKING:
    import pandas as pd

FloatRows = NDArray[np.float64]


def usual_period(frame: pd.DataFrame) -> float:
    """The period that most rows have (s)."""
    return float(frame["period_s"].round(3).mode().iloc[0])


def on_grid(
    frame: pd.DataFrame, files: Sequence[str], sensors: Sequence[str], begin_s: float, periods: int, period_s: float,
    *, mean: bool = False,
) -> tuple[FloatRows, list[Repair]]:  # fmt: skip
    """Values (S, T) of one measure; a period counts where the sensor's shorter ones fill it whole.

    Rows whose period is longer than the grid's, or does not fit into it, are left out. A row that begins up to a tenth
    of its period beside the grid is taken to it.

    Args:
        frame: Rows of one measure: sensor, begin_s, period_s, result.
        files: Names of the files.
        sensors: Rows of the result.
        begin_s: First second of the grid.
        periods: Its periods.
        period_s: Their length (s).
        mean: Average shorter periods instead of adding them up.
    """
    values = np.full((len(sensors), periods), np.nan)
    if frame.empty:
        return values, []
    times = period_s / frame["period_s"]
    slot = (frame["begin_s"] - begin_s) / frame["period_s"]
    off = (slot - slot.round()).abs()
    fits = ((times - times.round()).abs() < 1e-6) & (times > 0.999) & (off <= 0.1)
    repairs = by_sensor(
        frame[~fits], files, "other_period", "left_out",
        lambda own: (
            f"{own['period_s'].iloc[0]:g} s from second {own['begin_s'].iloc[0]:g}", "",
            say(f"its periods do not fit into those of {period_s:g} s", f"其时段无法归入 {period_s:g} 秒的时段"),
        ),
    )  # fmt: skip
    row_of = {name: row for row, name in enumerate(sensors)}
    frame = frame.assign(row=frame["sensor"].map(row_of), times=times)[fits & frame["sensor"].isin(row_of)]
    column = np.floor((frame["begin_s"] - begin_s + frame["period_s"] / 2) / period_s).astype(int)
    frame = frame.assign(column=column)[(column >= 0) & (column < periods) & frame["result"].notna()]
    whole = frame.groupby(["row", "column"]).agg(
        result=("result", "mean" if mean else "sum"), n=("result", "size"), of=("times", "max")
    )
    whole = whole[(whole["n"] + 0.5 > whole["of"]) | mean]
    values[whole.index.get_level_values(0).astype(int), whole.index.get_level_values(1)] = whole["result"]
    return values, repairs


def lanes_added(
    values: FloatRows, sensors: Sequence[str], lane_of: Mapping[str, tuple[str, int | None]], lanes: Mapping[str, int]
) -> tuple[FloatRows, list[str], list[str], list[Repair]]:
    """Sensors of single lanes as one sensor an edge; where lanes are without a sensor, they are left out.

    Returns:
        Values, names and edges of the sensors that remain, and what was done.
    """
    repairs: list[Repair] = []
    names: list[str] = []
    edges: list[str] = []
    rows: list[FloatRows] = []
    by_edge: dict[str, dict[int, int]] = {}
    for row, sensor in enumerate(sensors):
        edge, lane = lane_of[sensor]
        if lane is None or lanes[edge] == 1:
            names.append(sensor)
            edges.append(edge)
            rows.append(values[row])
        else:
            by_edge.setdefault(edge, {}).setdefault(lane, row)
    for edge, of_lane in by_edge.items():
        whole = len(of_lane) >= lanes[edge]
        told = ", ".join(sensors[row] for row in of_lane.values())
        if whole:
            reason = say(f"lanes added up: {told}", f"各车道相加：{told}")
            names.append(edge)
            edges.append(edge)
            rows.append(values[list(of_lane.values())].sum(axis=0))
        else:
            reason = say(
                f"it watches {len(of_lane)} of {lanes[edge]} lanes of edge {edge}",
                f"只监测路段 {edge} {lanes[edge]} 条车道中的 {len(of_lane)} 条",
            )
        after = edge if whole else ""
        repairs.append(
            Repair(told, "lanes", "repaired" if whole else "left_out", "", 0, len(of_lane), told, after, reason)
        )
    return np.array(rows).reshape(len(rows), values.shape[1]), names, edges, repairs
