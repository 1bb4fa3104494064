"""The state of the links, written down every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from models.crowd.city.city_crowd import CityCrowd

SNAPSHOT_S = 60.0
"""Time between two snapshots of the links (s)."""


class Snapshots:
    """Collects rows for links with somebody on them."""

    def __init__(self) -> None:
        self._rows: list[dict[str, np.ndarray]] = []

    def take(self, crowd: CityCrowd) -> None:
        """Write down who is where now."""
        there = crowd.link_people().sum(axis=1)
        used = np.flatnonzero(there)
        row = {
            "time_s": np.full(len(used), crowd.now_s),
            "link_id": used,
            "walkers": there[used],
            "density_pm2": crowd.link_density_pm2()[used],
            "speed_mps": crowd.link_speed_mps()[used],
        }
        self._rows.append(row)

    def table(self) -> pd.DataFrame:
        """All rows so far: time_s, link_id, walkers, density_pm2, speed_mps."""
        kinds = {"time_s": "f8", "link_id": "i4", "walkers": "i4", "density_pm2": "f8", "speed_mps": "f8"}
        columns = {
            name: np.concatenate([np.empty(0, kind), *(row[name] for row in self._rows)]).astype(kind)
            for name, kind in kinds.items()
        }
        return pd.DataFrame(columns)
