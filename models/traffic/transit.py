"""Buses that keep a timetable: what SUMO is told of their stops, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from models.traffic.trips import VehicleTrip

COLUMNS = ("line", "vehicle_id", "stop_id", "sequence", "planned_s", "arrived_s", "departed_s", "dwell_s")


def stops_xml(trip: VehicleTrip) -> str:
    """SUMO's stop elements of a trip: for the dwell time at least, and left no earlier than planned."""
    return "".join(
        f'<stop edge="{call.edge_id}" endPos="{call.place_m:.1f}" duration="{call.dwell_s:g}" '
        f'until="{call.planned_s:.1f}"/>'
        for call in trip.stops
    )


def transit_table(file: Path, trips: Sequence[VehicleTrip], *, end_s: float) -> pd.DataFrame:
    """One row for each planned call before the end.

    Args:
        file: SUMO's stop output as CSV.
        trips: All trips; those with stops count.
        end_s: The run's end.

    Returns:
        line, vehicle_id, stop_id, sequence (place in the course, from 0), planned_s (departure by the timetable),
        arrived_s, departed_s and dwell_s (NaN where the bus has not been, or not left, by then).
    """
    rows = [
        (trip.line, trip.vehicle_id, call.stop_id, sequence, call.planned_s)
        for trip in trips
        for sequence, call in enumerate(trip.stops)
        if call.planned_s < end_s
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:5]))
    told = _read(file)
    if not len(told):
        return table.assign(arrived_s=np.nan, departed_s=np.nan, dwell_s=np.nan)
    told = told.assign(sequence=told.groupby("vehicle_id").cumcount())
    table = table.merge(told, on=["vehicle_id", "sequence"], how="left")
    table["departed_s"] = table["departed_s"].where(table["departed_s"] >= 0)
    table["dwell_s"] = table["departed_s"] - table["arrived_s"]
    return table[list(COLUMNS)]


def _read(file: Path) -> pd.DataFrame:
    names = {"stopinfo_id": "vehicle_id", "stopinfo_started": "arrived_s", "stopinfo_ended": "departed_s"}
    try:
        table = pd.read_csv(file, sep=";", dtype={"stopinfo_id": str})
    except (FileNotFoundError, pd.errors.EmptyDataError):
        return pd.DataFrame()
    if "stopinfo_id" not in table:
        return pd.DataFrame()
    return table.dropna(subset=["stopinfo_id"])[list(names)].rename(columns=names)
