"""Queues at stop lines against the room that their lanes have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

STANDING_MPS, GAP_M, VEHICLE_M, FULL = 5.0 / 3.6, 15.0, 5.0, 0.9
"""Who is slower stands (5 km/h); two who stand further apart are no queue; a queue ends behind its last vehicle; a lane
counts as full at nine tenths. This project's own definition."""


def queue_against_storage(tracks: pd.DataFrame, storage_m: Mapping[str, float]) -> pd.DataFrame:
    """The longest queue of each lane, and how often it fills the lane.

    Args:
        tracks: time_s, lane_id, pos_m, speed_mps of every vehicle, each step (models.sumo.record).
        storage_m: Length of each lane that is looked at.

    Returns:
        lane_id, storage_m, longest_m, full (share of the steps of the tracks in which the queue reaches FULL of it).
    """
    import pandas as pd

    steps = max(tracks["time_s"].nunique(), 1)
    standing = tracks[(tracks["speed_mps"] < STANDING_MPS) & tracks["lane_id"].isin(storage_m)].copy()
    standing["back_m"] = standing["lane_id"].map(storage_m) - standing["pos_m"]
    standing = standing.sort_values(["lane_id", "time_s", "back_m"])
    before = standing.groupby(["lane_id", "time_s"])["back_m"].shift().fillna(0.0)
    standing["broken"] = (
        (standing["back_m"] - before > GAP_M).groupby([standing["lane_id"], standing["time_s"]]).cumsum()
    )
    joined = standing[standing["broken"] == 0]
    queues = joined.groupby(["lane_id", "time_s"])["back_m"].max() + VEHICLE_M
    rows = []
    for lane, room in sorted(storage_m.items()):
        own = queues.loc[lane] if lane in queues.index.get_level_values(0) else pd.Series(dtype=float)
        longest = min(float(own.max()), room) if len(own) else 0.0
        rows.append((lane, room, longest, float((own >= FULL * room).sum()) / steps))
    return pd.DataFrame(rows, columns=["lane_id", "storage_m", "longest_m", "full"])
