"""The state of the links, written down every minute."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.crowd.ground import Flow, Ground, Walkers


def fullest_cell_pm2(ground: Ground, count: np.ndarray) -> np.ndarray:
    """Density of each link's fullest cell (persons/m2), shape (links,): a long link does not hide a crush."""
    peak = np.maximum.reduceat(count.sum(axis=1), ground.first_cell[:-1])
    return np.asarray(peak * ground.per_area_pm2)


class Snapshots:
    """Collects rows for links with somebody on them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._rows: list[dict[str, np.ndarray]] = []

    def take(self, now_s: float, dt: float, walkers: Walkers, flow: Flow, active: np.ndarray) -> None:
        """Write down who is where at `now_s` (s); the speed is the mean way of the last step, `dt` (s) long."""
        inside = active[walkers.link[active] >= 0]
        links = len(self._ground.length_m)
        there = np.bincount(walkers.link[inside], minlength=links)
        way_m = np.bincount(walkers.link[inside], weights=walkers.step_m[inside], minlength=links)
        used = np.flatnonzero(there)
        row = {
            "time_s": np.full(len(used), now_s),
            "link_id": used,
            "walkers": there[used],
            "density_pm2": fullest_cell_pm2(self._ground, flow.people)[used],
            "speed_mps": way_m[used] / there[used] / dt,
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
