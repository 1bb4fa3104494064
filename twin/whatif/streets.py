"""What each street was like under each response: the figures of the page's maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from networks import City
    from scenarios import Ensemble, SideBySide
    from twin.whatif.planned import Settled

Floats = npt.NDArray[np.float64]


def street_figures(city: City, done: SideBySide, settled: Settled | None) -> dict[str, Any]:
    """Every map of a comparison; each list has a figure for each edge of the city, in the order of `edge_ids`.

    Of an ensemble: `speed_ratio` (mean speed over the free speed, weighted by vehicles; null: nobody drove there),
    `veh_h` (vehicles that entered, per hour), `closed`, `depth_m` (deepest), `valid` (members that it rests on). Of
    `settled`: flows of the static assignment before and after, pcu/h.
    """
    edges = city.layer("edges")
    ids = [str(one) for one in edges["edge_id"]]
    free = edges["speed_mps"].to_numpy(dtype=float)
    columns = [("before", done.before), *((column.label, column.ensemble) for column in done.columns)]
    told: dict[str, Any] = {"columns": [{"label": label} | ensemble_streets(one, ids, free) for label, one in columns]}
    if settled is not None:
        count = len(ids)
        order = {name: row for row, name in enumerate(settled.before.city.edges)}
        rows = [order.get(name, -1) for name in ids]
        for key, state in (("before", settled.before), ("after", settled.compared.after)):
            flow = np.append(state.found.flow[: len(order)], 0.0)[rows]
            told.setdefault("settled", {})[f"{key}_pcu_h"] = _plain(flow[:count], 1)
    return told


def ensemble_streets(ensemble: Ensemble, ids: list[str], free_mps: Floats) -> dict[str, Any]:
    """The streets of an ensemble's valid members in the measured period, taken together."""
    row_of = {name: row for row, name in enumerate(ids)}
    way, time, entered, depth = (np.zeros(len(ids)) for _ in range(4))
    closed = np.zeros(len(ids), dtype=bool)
    hours = 0.0
    for run in ensemble.valid:
        table = run.table("edges")
        manifest = run.manifest
        table = table[table["time_s"] >= float(manifest["warm_up_s"]) - 1e-6]
        rows = table["edge_id"].map(row_of)
        table, rows = table[rows.notna()], rows[rows.notna()].to_numpy(dtype=int)
        hours += (float(manifest["end_s"]) - float(manifest["warm_up_s"])) / 3600.0
        seconds = _column(table, "vehicle_s")
        np.add.at(time, rows, seconds)
        np.add.at(way, rows, seconds * _column(table, "speed_mps"))
        np.add.at(entered, rows, _column(table, "entered"))
        np.maximum.at(depth, rows, _column(table, "depth_m"))
        np.logical_or.at(closed, rows, table["closed"].fillna(False).to_numpy(dtype=bool))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(time > 0, np.clip(way / time / np.maximum(free_mps, 0.1), 0.0, 1.0), np.nan)
    return {
        "valid": len(ensemble.valid),
        "speed_ratio": _plain(ratio, 3),
        "veh_h": _plain(entered / hours if hours else entered, 1),
        "closed": [int(row) for row in np.flatnonzero(closed)],
        "depth_m": _plain(depth, 2) if depth.any() else [],
    }


def _column(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.zeros(len(table))
    return np.nan_to_num(table[name].to_numpy(dtype=float))


def _plain(values: Floats, digits: int) -> list[float | None]:
    return [None if value != value else round(float(value), digits) for value in values]
