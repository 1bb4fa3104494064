"""SUMO's Parquet -> tables with our columns and units, by pyarrow alone: a member must stay thin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from models.sumo.trip_rows import TRIPS_XML, trip_rows

_MEAN = {
    "speed_mps": "speed", "entered": "entered", "density_vpkm": "density", "occupancy": "occupancy",
    "time_loss_s": "timeLoss", "standing_s": "waitingTime", "travel_time_s": "traveltime", "left": "left",
    "departed": "departed", "arrived": "arrived", "vehicle_s": "sampledSeconds",
}  # fmt: skip
_GASES = {"co2_g": "CO2", "co_g": "CO", "hc_g": "HC", "nox_g": "NOx", "pmx_g": "PMx", "fuel_g": "fuel"}
COUNTS = ("entered", "left", "departed", "arrived", "stops")
_DETECTORS: dict[str, dict[str, str]] = {
    "e1": {"entered": "nVehContrib", "flow_vph": "flow", "speed_mps": "speed", "occupancy": "occupancy"},
    "e2": {"entered": "nVehEntered", "speed_mps": "meanSpeed", "occupancy": "meanOccupancy",
           "queue_m": "maxJamLengthInMeters", "time_loss_s": "meanTimeLoss"},
    "e3": {"entered": "vehicleSum", "speed_mps": "meanSpeed", "travel_time_s": "meanTravelTime",
           "time_loss_s": "meanTimeLoss"},
}  # fmt: skip
_COLUMNS = ("entered", "flow_vph", "speed_mps", "occupancy", "queue_m", "travel_time_s", "time_loss_s")


def arrow_tables(folder: Path) -> dict[str, pa.Table]:
    """The tables that a run left in its folder; one that SUMO wrote nothing for is there without rows.

    Returns:
        `trips`: vehicle_id, kind, depart_planned_s, depart_s (NaN: never), arrival_s (NaN: not yet), time_loss_s,
        delay_s (time_loss_s and the wait to enter), length_m, finished, inserted, standing_s (below 0.1 m/s), stops,
        and with emissions co2_g ... fuel_g.
        `edges`, `lanes`: time_s (begin), edge_id, (lane_id,) speed_mps (NaN: none measured), entered, density_vpkm,
        occupancy (0..1), time_loss_s and standing_s (of all vehicles together), travel_time_s, left, departed,
        arrived, vehicle_s (time that vehicles spent there).
        `detectors`: time_s, detector_id, kind (e1, e2, e3), entered, flow_vph, speed_mps (NaN: nobody), occupancy,
        queue_m (e2: longest), travel_time_s (e3), time_loss_s (mean of a vehicle).
        `emissions`: time_s, edge_id, co2_g, co_g, hc_g, nox_g, pmx_g, fuel_g.
        `conflicts`: begin_s, end_s, ego, foe, min_ttc_s, max_drac_mps2, pet_s (NaN: not measured).
    """
    makers: dict[str, Callable[[Path], pa.Table]] = {
        "trips": _trips, "edges": _edges, "lanes": _lanes, "emissions": _emissions, "conflicts": _conflicts,
    }  # fmt: skip
    files = {"conflicts": "ssm.sumo.parquet"}
    tables = {}
    for name, maker in makers.items():
        file = folder / files.get(name, f"{name}.sumo.parquet")
        if name == "trips" and (folder / TRIPS_XML).is_file():
            file = folder / TRIPS_XML
        if file.is_file():
            tables[name] = maker(file)
    places = {kind: folder / f"{kind}.sumo.parquet" for kind in _DETECTORS}
    counted = [_detectors(file, kind) for kind, file in places.items() if file.is_file()]
    if counted:
        tables["detectors"] = pa.concat_tables(counted)
    return tables


def _read(file: Path, key: str) -> pa.Table:
    """SUMO's table; rows of nothing (an interval without content) are dropped."""
    try:
        table = trip_rows(file) if file.name == TRIPS_XML else pq.read_table(file)
    except (pa.ArrowInvalid, OSError):  # nothing was ever written: SUMO leaves an empty file
        return pa.table({key: pa.array([], pa.string())})
    if key not in table.column_names:
        return pa.table({key: pa.array([], pa.string())})
    return table.filter(pc.is_valid(table[key]))


def _number(table: pa.Table, name: str) -> Any:
    """A column as float64 with NaN for what is not there; times are text in SUMO's tables."""
    if name not in table.column_names:
        return pa.array([float("nan")] * table.num_rows, pa.float64())
    column = table[name].combine_chunks()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        blank = pc.or_(pc.equal(column, ""), pc.equal(column, "NA"))
        column = pc.if_else(blank, pa.scalar(None, column.type), column)
    return pc.fill_null(pc.cast(column, pa.float64()), float("nan"))


def _count(table: pa.Table, name: str) -> Any:
    column = pc.fill_null(_number(table, name), 0.0)
    return pc.cast(pc.if_else(pc.is_nan(column), 0.0, column), pa.int64(), safe=False)


def _where(column: Any, mask: Any, other: float) -> Any:
    return pc.if_else(mask, column, pa.scalar(other, pa.float64()))


def _text(table: pa.Table, name: str) -> Any:
    return pc.cast(table[name].combine_chunks(), pa.string())


def _trips(file: Path) -> pa.Table:
    told, nan, end_s = _read(file, "tripinfo_id"), float("nan"), _ended_s(file.parent)
    depart, arrival = _number(told, "tripinfo_depart"), _number(told, "tripinfo_arrival")
    waited, lost = _number(told, "tripinfo_departDelay"), _number(told, "tripinfo_timeLoss")
    inserted = pc.greater_equal(depart, 0.0)
    gone = pc.greater_equal(arrival, 0.0)
    if "tripinfo_vaporized" in told.column_names:
        gone = pc.and_(gone, pc.equal(pc.fill_null(_text(told, "tripinfo_vaporized"), ""), ""))
    lost = _where(lost, inserted, 0.0)
    columns = {
        "vehicle_id": _text(told, "tripinfo_id"),
        "kind": _text(told, "tripinfo_vType") if "tripinfo_vType" in told.column_names else _text(told, "tripinfo_id"),
        "depart_planned_s": pc.subtract(pc.if_else(inserted, depart, pa.scalar(end_s, pa.float64())), waited),
        "depart_s": _where(depart, inserted, nan),
        "arrival_s": _where(arrival, gone, nan),
        "time_loss_s": lost,
        "delay_s": pc.add(lost, waited),
        "length_m": _where(_number(told, "tripinfo_routeLength"), inserted, 0.0),
        "finished": gone,
        "inserted": inserted,
        "standing_s": _where(_number(told, "tripinfo_waitingTime"), inserted, 0.0),
        "stops": _count(told, "tripinfo_waitingCount"),
    }
    if "emissions_CO2_abs" in told.column_names:
        columns |= _gases(told, "emissions_{}_abs")
    table = pa.table(columns)
    return table.filter(pc.or_(table["inserted"], pc.less(table["depart_planned_s"], end_s)))


def _ended_s(folder: Path) -> float:
    """When the run ended; NaN where SUMO did not say."""
    file = folder / "statistics.xml"
    said = re.search(r'<performance[^>]* end="([0-9.]+)"', file.read_text(encoding="utf-8")) if file.is_file() else None
    return float(said[1]) if said else float("nan")


def _gases(table: pa.Table, pattern: str) -> dict[str, Any]:
    """SUMO writes milligrams."""
    return {name: pc.divide(_number(table, pattern.format(gas)), 1000.0) for name, gas in _GASES.items()}


def _mean(table: pa.Table, prefix: str) -> dict[str, Any]:
    columns = {name: _number(table, f"{prefix}_{theirs}") for name, theirs in _MEAN.items()}
    columns |= {name: _count(table, f"{prefix}_{_MEAN[name]}") for name in COUNTS if name in _MEAN}
    columns["occupancy"] = pc.divide(columns["occupancy"], 100.0)
    return columns


def _edges(file: Path) -> pa.Table:
    table = _read(file, "edge_id")
    keys = {"time_s": _number(table, "interval_begin"), "edge_id": _text(table, "edge_id")}
    return pa.table({**keys, **_mean(table, "edge")})


def _lanes(file: Path) -> pa.Table:
    table = _read(file, "lane_id")
    edge = _text(table, "edge_id") if "edge_id" in table.column_names else _text(table, "lane_id")
    keys = {"time_s": _number(table, "interval_begin"), "edge_id": edge, "lane_id": _text(table, "lane_id")}
    return pa.table({**keys, **_mean(table, "lane")})


def _emissions(file: Path) -> pa.Table:
    table = _read(file, "edge_id")
    keys = {"time_s": _number(table, "interval_begin"), "edge_id": _text(table, "edge_id")}
    return pa.table({**keys, **_gases(table, "edge_{}_abs")})


def _conflicts(file: Path) -> pa.Table:
    """One row for each encounter; SUMO writes one for each measure of it."""
    table = _read(file, "conflict_ego")
    foe = _text(table, "conflict_foe") if "conflict_foe" in table.column_names else _text(table, "conflict_ego")
    keys = {
        "begin_s": _number(table, "conflict_begin"), "end_s": _number(table, "conflict_end"),
        "ego": _text(table, "conflict_ego"), "foe": foe,
    }  # fmt: skip
    told = {"min_ttc_s": ("minTTC", "min"), "max_drac_mps2": ("maxDRAC", "max"), "pet_s": ("PET", "min")}
    values = {name: _number(table, f"{theirs}_value") for name, (theirs, _) in told.items()}
    known = {name: pc.if_else(pc.is_nan(v), pa.scalar(None, pa.float64()), v) for name, v in values.items()}
    how = [(name, extreme) for name, (_, extreme) in told.items()]
    grouped = pa.table({**keys, **known}).group_by(list(keys), use_threads=False).aggregate(how)
    columns = {name: grouped[name] for name in keys}
    columns |= {name: pc.fill_null(grouped[f"{name}_{extreme}"], float("nan")) for name, extreme in how}
    return pa.table(columns)


def _detectors(file: Path, kind: str) -> pa.Table:
    table = _read(file, "interval_id")
    theirs: Mapping[str, str] = _DETECTORS[kind]
    columns: dict[str, Any] = {
        "time_s": _number(table, "interval_begin"),
        "detector_id": _text(table, "interval_id"),
        "kind": pa.array([kind] * table.num_rows, pa.string()),
    }
    for name in _COLUMNS:
        columns[name] = _number(table, f"interval_{theirs.get(name, '')}")
    columns["entered"] = _count(table, f"interval_{theirs['entered']}")
    columns["occupancy"] = pc.divide(columns["occupancy"], 100.0)
    for name in ("speed_mps", "travel_time_s", "time_loss_s"):  # SUMO writes -1 where nobody came
        columns[name] = _where(columns[name], pc.greater_equal(columns[name], 0.0), float("nan"))
    return pa.table(columns)
