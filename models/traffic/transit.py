"""Buses that keep a timetable: what SUMO is told of their stops, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.traffic.emissions import read_csv
from models.traffic.trips import StopCall, VehicleTrip

AT_STOP_M = 15.0
"""A bus that stands this near to a stop's place is at the stop (SUMO lets it stop within 10 m)."""
COLUMNS = ("line", "vehicle_id", "stop_id", "sequence", "planned_s", "arrived_s", "departed_s", "dwell_s")


def stops_xml(trip: VehicleTrip) -> str:
    """SUMO's stop elements of a trip: for the dwell time at least, and left no earlier than planned."""
    return "".join(
        f'<stop edge="{call.edge_id}" endPos="{call.place_m:.1f}" duration="{call.dwell_s:g}" '
        f'until="{call.planned_s:.1f}"/>'
        for call in trip.stops
    )


def calls_ahead(sumo: Any, trip: VehicleTrip, limit: int = 0) -> list[tuple[int, StopCall, bool]]:
    """A bus's calls from the present one on: place in SUMO's list, call, and whether the bus stands there now.

    SUMO does not tell the edge of a stop that was given by its edge; time and place tell which call it is.
    """
    known = {(round(call.planned_s, 1), round(call.place_m, 1)): call for call in trip.stops}
    stops = enumerate(sumo.vehicle.getStops(trip.vehicle_id, limit))
    found = [(k, known.get((round(stop.until, 1), round(stop.endPos, 1))), stop.arrival >= 0) for k, stop in stops]
    return [(k, call, reached) for k, call, reached in found if call is not None]


def skip_shut_stops(sumo: Any, trip: VehicleTrip, shut: Callable[[str], bool]) -> bool:
    """A bus that must drive around leaves out its stops on shut roads; False where its last one is on one."""
    ahead = [(k, call.edge_id) for k, call, reached in calls_ahead(sumo, trip) if not reached]
    if ahead and shut(ahead[-1][1]):
        return False
    for k, edge in reversed(ahead):
        if shut(edge):
            sumo.vehicle.replaceStop(trip.vehicle_id, k, "")
    return True


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
    told = read_csv(file, "stopinfo_id")
    stood = dict(list(told.groupby("stopinfo_id", sort=False))) if len(told) else {}
    rows = [
        (trip.line, trip.vehicle_id, call.stop_id, sequence, call.planned_s, *times)
        for trip in trips
        if trip.stops
        for sequence, (call, times) in enumerate(_called(trip, stood.get(trip.vehicle_id)))
        if call.planned_s < end_s
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    return table.assign(dwell_s=table["departed_s"] - table["arrived_s"])


def _called(trip: VehicleTrip, told: pd.DataFrame | None) -> Iterator[tuple[StopCall, tuple[float, float]]]:
    """Each planned call with when it began and ended; those left out, or still to come, have NaN.

    A bus also stands where it pulls over before a shut road: only a stand at the planned place is a call.
    """
    stands: list[tuple[str, float, float, float]] = []
    if told is not None:
        columns = [told[f"stopinfo_{name}"] for name in ("lane", "pos", "started", "ended")]
        stands = [
            (str(lane), float(pos), float(began), float(ended))
            for lane, pos, began, ended in zip(*columns, strict=True)
        ]
    for call in trip.stops:
        at = next((k for k, stand in enumerate(stands) if _there(call, stand)), None)
        if at is None:
            yield call, (np.nan, np.nan)
            continue
        _, _, began, ended = stands[at]
        stands = stands[at + 1 :]
        yield call, (began, ended if ended >= 0 else np.nan)


def _there(call: StopCall, stand: tuple[str, float, float, float]) -> bool:
    return stand[0].rsplit("_", 1)[0] == call.edge_id and abs(stand[1] - call.place_m) <= AT_STOP_M
