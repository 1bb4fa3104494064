"""The hour of a replay's picture: what its ensemble says minute by minute, in steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.live.hour import SURE, Hour

if TYPE_CHECKING:
    from networks import Camera, City
    from twin.live.loop import Picture

STEP_MIN = 5


def replay_hour(city: City, picture: Picture, cameras: Sequence[Camera] | None = None) -> Hour:
    """From the moment it was made to its end; nothing is checked street by street in a replay."""
    from twin.live.rows_now import camera_rows, park_rows, signal_rows

    fields = picture.fields
    at = list(range(fields.minute(picture.made_at), fields.minutes, STEP_MIN))
    ratio = np.minimum(fields.speed_ratio[at], 1.0)
    sure = np.where(np.isnan(ratio), SURE["nothing"], SURE["unchecked"]).astype(np.uint8)
    rows = {"cameras": camera_rows(city, cameras), "parks": park_rows(city), "signals": signal_rows(city)}
    return Hour(
        picture.made_at.isoformat(), picture.made_at, 60.0 * STEP_MIN, ratio, sure,
        depth_m=fields.depth_m[at].astype(np.float64),
        closed=[np.flatnonzero(fields.closed[one]).tolist() for one in at],
        crowd=[fields.crowd.get(one, ()) for one in at],
        rows=rows,
    )  # fmt: skip
