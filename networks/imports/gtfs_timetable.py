"""Every planned call at a stop on the map, of the day that an import looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def timetable(calls: pd.DataFrame, route_of: Mapping[str, str], leaving: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Rows of the table `timetable`, by route, departure and place in the course.

    Args:
        calls: trip_id, stop_id and `second` (s after midnight), in the order of each trip.
        route_of: Id of its route (with direction) by trip.
        leaving: Departures of each trip at its first stop on the map (s after midnight), several where it is repeated.
    """
    import pandas as pd

    sequence = calls.groupby("trip_id").cumcount()
    first = calls.groupby("trip_id")["second"].transform("first")
    own = calls.assign(sequence=sequence, since=(calls["second"] - first).clip(lower=0.0))
    repeated = [
        (trip, f"{trip}#{number}" if len(moments) > 1 else trip, moment)
        for trip, moments in sorted(leaving.items())
        for number, moment in enumerate(sorted(moments))
    ]
    trips = pd.DataFrame(repeated, columns=["trip_id", "trip", "departs"])
    table = own.merge(trips, on="trip_id")
    table["second"] = np.round(table["departs"] + table["since"], 1)
    table["route_id"] = table["trip_id"].map(dict(route_of))
    return table.sort_values(["route_id", "departs", "trip", "sequence"], kind="stable").reset_index(drop=True)
