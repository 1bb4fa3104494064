"""Trips between a city's zones, or a guess from who lives and works in them, brought onto the edges of its roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calibration.flows.prior import RIM_TRIPS
from calibration.flows.roads import Floats, Roads
from networks import zone_connectors
from networks.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

DAY_S = 86_400.0
TRIPS_PER_HEAD_H = 0.1
"""Car trips per hour that begin, or end, at a person's home or work (guess; only proportions to the rim matter)."""


def table_trips(
    table: pd.DataFrame, zones: pd.DataFrame, roads: Roads, *, begin_s: float, end_s: float
) -> dict[tuple[int, int], float]:
    """Vehicles per hour between edges (by number) in a window, for `od_prior`; edges of a zone share them evenly.

    Args:
        table: Trips as in a city's table `od` or from an OMX or CSV file: origin, destination, trips, begin_s, end_s.
        zones: The city's layer `zones`.
        roads: The city's roads.
        begin_s: Begin of the window, seconds after midnight.
        end_s: End of it; trips of a period that it cuts count by the time in common.

    Raises:
        BadInput: The window has no length, or no trip of the table lies in it on roads that cars may use.
    """
    if not end_s > begin_s:
        raise BadInput("the window of the trip table has no length", expected="an end after its begin")
    doors = _doors(zones, roads)
    trips: dict[tuple[int, int], float] = {}
    rows = zip(*(table[name] for name in ("origin", "destination", "trips", "begin_s", "end_s")), strict=True)
    for start, end, number, first_s, last_s in rows:
        common_s = max(0.0, min(end_s, float(last_s)) - max(begin_s, float(first_s)))
        rate = float(number) * common_s / (float(last_s) - float(first_s)) * 3600.0 / (end_s - begin_s)
        starts, ends = doors.get(str(start), ()), doors.get(str(end), ())
        for pair in ((a, b) for a in starts for b in ends if a != b and rate > 0):
            trips[pair] = trips.get(pair, 0.0) + rate / (len(starts) * len(ends))
    if not trips:
        raise BadInput(
            "no trip of the table lies in the window, between zones that have roads",
            place=f"{begin_s:.0f}-{end_s:.0f} s after midnight",
            expected="periods that meet the window, and zones with connectors",
        )
    return trips


def zone_sizes(zones: pd.DataFrame, roads: Roads) -> tuple[Floats, Floats]:
    """Car trips per hour that begin, and that end, at each edge (E), guessed: residents and jobs, at ends visitors too.

    At the rim, what its lanes and speed make likely (`fringe_prior`).
    """
    capacity = RIM_TRIPS * roads.lanes * np.sqrt(roads.speed_mps)
    begins, ends = np.where(roads.entries, capacity, 0.0), np.where(roads.exits, capacity, 0.0)
    doors = _doors(zones, roads)
    names = ("zone_id", "population", "jobs", "attraction")
    for zone, people, jobs, drawn in zip(*(zones[name] for name in names), strict=True):
        at = list(doors.get(str(zone), ()))
        if at:
            begins[at] += TRIPS_PER_HEAD_H * (float(people) + float(jobs)) / len(at)
            ends[at] += TRIPS_PER_HEAD_H * (float(people) + float(jobs) + float(drawn)) / len(at)
    return begins, ends


def _doors(zones: pd.DataFrame, roads: Roads) -> dict[str, tuple[int, ...]]:
    """Edges, by number, where each zone's trips begin and end; edges that are closed to cars are left out."""
    number = {edge: place for place, edge in enumerate(roads.edges)}
    return {
        zone: tuple(number[edge] for edge in edges if edge in number) for zone, edges in zone_connectors(zones).items()
    }
