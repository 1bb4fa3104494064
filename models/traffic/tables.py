"""A run's tables, from what SUMO wrote and what the model noted."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.traffic.trips import AddVehicle, VehicleTrip


def edge_table(
    file: Path, edge_ids: Sequence[str], times_s: Sequence[float], depth_m: NDArray[np.float32], shut: NDArray[np.bool_]
) -> pd.DataFrame:
    """One row for each interval and edge that had traffic, water or was shut.

    Args:
        file: SUMO's edgeData as CSV.
        edge_ids: The city's edges.
        times_s: (n,) begin of each interval.
        depth_m: (n, edges) deepest water in the interval.
        shut: (n, edges) shut to cars at some time in the interval.

    Returns:
        time_s (begin), edge_id, speed_mps (NaN without traffic), entered (vehicles), density_vpkm, occupancy (0..1),
        time_loss_s (of all vehicles together), vehicle_s (time that vehicles spent there), standing_s (of it, below
        0.1 m/s), depth_m, closed.
    """
    names = [
        "time_s", "edge_id", "speed_mps", "entered", "density_vpkm", "occupancy", "time_loss_s", "vehicle_s",
        "standing_s",
    ]  # fmt: skip
    driven = _read(file, "edge_id")
    if len(driven):
        driven = driven.rename(
            columns={
                "interval_begin": "time_s", "edge_speed": "speed_mps", "edge_entered": "entered",
                "edge_density": "density_vpkm", "edge_occupancy": "occupancy", "edge_timeLoss": "time_loss_s",
                "edge_sampledSeconds": "vehicle_s", "edge_waitingTime": "standing_s",
            }
        )[names]  # fmt: skip
        driven["occupancy"] = driven["occupancy"] / 100.0
    else:
        driven = pd.DataFrame({name: pd.Series(dtype=object if name == "edge_id" else float) for name in names})
    rows, columns = np.nonzero((depth_m > 0) | shut)
    noted = pd.DataFrame(
        {
            "time_s": np.asarray(times_s, dtype=float)[rows],
            "edge_id": np.asarray(edge_ids, dtype=object)[columns],
            "depth_m": depth_m[rows, columns].astype(float),
            "closed": shut[rows, columns],
        }
    )
    table = driven.merge(noted, on=["time_s", "edge_id"], how="outer")
    table = table[table["edge_id"].isin(set(edge_ids))]
    zero = dict.fromkeys([*names[3:], "depth_m"], 0.0)
    table = table.fillna(zero).astype({"entered": "int64"})
    table["closed"] = table["closed"].eq(True)
    order = table["edge_id"].map({edge: i for i, edge in enumerate(edge_ids)})
    return table.assign(_order=order).sort_values(["time_s", "_order"]).drop(columns="_order").reset_index(drop=True)


def trip_table(
    file: Path,
    trips: Sequence[VehicleTrip],
    orders: Mapping[str, AddVehicle],
    *,
    end_s: float,
    waited_s: Mapping[str, float],
    teleports: Mapping[str, int],
    gave_up: Collection[str] = (),
    stalled: Mapping[str, str] | None = None,
    ways: Mapping[str, tuple[str, ...]] | None = None,
) -> pd.DataFrame:
    """One row for each vehicle that was due before the end, whether it ever drove or not.

    Returns:
        vehicle_id, kind, depart_planned_s, depart_s (NaN: never), arrival_s (NaN: not yet), time_loss_s, delay_s,
        length_m, finished, inserted, waited_s (pulled over before a shut road), teleports, stops (times that it came
        to a standstill), standing_s (below 0.1 m/s on the road), gave_up (never set out, left the road before the end
        of its way, or stands before a shut road until the end of the run), shifted (drove, or is driving, another way
        than the one known from before), trapped (its engine died in the water: it stands in its lane until the end),
        trapped_on (the edge where it did, or "").

        delay_s is time_loss_s plus the wait to enter plus waited_s. For those on their way it is what has come together
        until the end, for those that never entered the time since their planned departure; NaN for a trip that was
        given up before its departure.
    """
    planned = [(t.vehicle_id, t.vtype, t.depart_s) for t in trips if t.depart_s < end_s]
    planned += [(o.vehicle_id, o.vtype, o.depart_s if o.depart_s is not None else np.nan) for o in orders.values()]
    table = pd.DataFrame(planned, columns=["vehicle_id", "kind", "depart_planned_s"])
    told = _read(file, "tripinfo_id")
    names = ["depart", "arrival", "timeLoss", "departDelay", "routeLength", "waitingCount", "waitingTime"]
    if len(told):
        told = told.set_index("tripinfo_id")[[f"tripinfo_{name}" for name in names]]
        told = told.reindex(table["vehicle_id"]).reset_index(drop=True)
    else:
        told = pd.DataFrame({f"tripinfo_{name}": np.full(len(table), np.nan) for name in names})
    departed, arrived = told["tripinfo_depart"], told["tripinfo_arrival"]
    gone = table["vehicle_id"].isin(gave_up)
    never = table["vehicle_id"].isin({trip.vehicle_id for trip in trips if not trip.made})
    inserted, finished = departed.ge(0), arrived.ge(0) & ~gone
    table["depart_planned_s"] = table["depart_planned_s"].fillna(departed - told["tripinfo_departDelay"])
    table["depart_s"], table["arrival_s"] = departed.where(inserted), arrived.where(finished)
    table["time_loss_s"] = told["tripinfo_timeLoss"].where(inserted, 0.0)
    table["waited_s"] = [float(waited_s.get(v, 0.0)) for v in table["vehicle_id"]]
    to_enter = (table["depart_s"] - table["depart_planned_s"]).where(inserted, end_s - table["depart_planned_s"])
    table["delay_s"] = (table["time_loss_s"] + to_enter.clip(lower=0.0) + table["waited_s"]).mask(never)
    table["length_m"] = told["tripinfo_routeLength"].where(inserted, 0.0)
    table["finished"], table["inserted"] = finished, inserted
    table["teleports"] = [int(teleports.get(v, 0)) for v in table["vehicle_id"]]
    table["stops"] = told["tripinfo_waitingCount"].where(inserted, 0).fillna(0).astype("int64")
    table["standing_s"] = told["tripinfo_waitingTime"].where(inserted, 0.0)
    table["gave_up"] = gone | never
    table["shifted"] = table["vehicle_id"].isin(_shifted(trips, ways or {}))
    dead = stalled or {}
    table["trapped"] = table["vehicle_id"].isin(dead)
    table["trapped_on"] = [dead.get(vehicle, "") for vehicle in table["vehicle_id"]]
    columns = ["vehicle_id", "kind", "depart_planned_s", "depart_s", "arrival_s", "time_loss_s", "delay_s", "length_m"]
    return table[
        [
            *columns,
            "finished",
            "inserted",
            "waited_s",
            "teleports",
            "stops",
            "standing_s",
            "gave_up",
            "shifted",
            "trapped",
            "trapped_on",
        ]
    ]


def driven_ways(file: Path) -> dict[str, tuple[str, ...]]:
    """Edges of each vehicle's last route, driven and still ahead, from SUMO's vehroute output."""
    ways: dict[str, tuple[str, ...]] = {}
    for _, item in ET.iterparse(file):
        if item.tag == "vehicle":
            route = item.find("route")
            ways[item.attrib["id"]] = tuple(route.attrib["edges"].split()) if route is not None else ()
            item.clear()
    return ways


def _shifted(trips: Sequence[VehicleTrip], ways: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {t.vehicle_id for t in trips if t.made and ways.get(t.vehicle_id, t.route) != (t.planned or t.route)}


def _read(file: Path, name: str) -> pd.DataFrame:
    """SUMO's CSV; a step without content leaves a row of nothing, which is dropped."""
    try:
        table = pd.read_csv(file, sep=";", dtype={name: str})
    except (FileNotFoundError, pd.errors.EmptyDataError):  # without a single vehicle there is no line but an empty one
        return pd.DataFrame()
    return table.dropna(subset=[name]) if name in table else pd.DataFrame()
