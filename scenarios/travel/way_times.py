"""What the ways took on a day: edge times by slices of the departure, cost of ways, best ways, relative gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Router, first_in_first_out

if TYPE_CHECKING:
    import pandas as pd

SLICE_S = 900.0
"""Edge times are means over so long, as in SUMO's duaIterate: shorter ones tell of single red lights."""
MINUTE_S = 60.0
SLOWEST_MPS = 0.3
JUNCTION_S = 3.0
"""To cross a junction: edge times do not hold it (assumed: 20 m at 7 m/s)."""
GROUP_S = 300.0
"""Best ways are searched once for the departures of so long; each is then weighed at its own departure."""
Way = tuple[int, ...]


@dataclass(frozen=True)
class Trip:
    """Who chooses a way: edges are indices; `way` is the one known from before."""

    vehicle_id: str
    depart_s: float
    way: Way

    @property
    def ends(self) -> tuple[int, int]:
        """First and last edge."""
        return self.way[0], self.way[-1]


@dataclass(frozen=True)
class WayTimes:
    """Seconds to pass each edge by the moment of entering it, linear between the middles of slices.

    Attributes:
        middles_s: (t,) middles of the slices, s since the run's start.
        edge_s: (t, edges) s to pass an edge.
        shut: (minutes, edges) not to be entered in that minute.
    """

    middles_s: np.ndarray
    edge_s: np.ndarray
    shut: np.ndarray

    def at(self, when_s: np.ndarray, edges: np.ndarray) -> np.ndarray:
        """Seconds to pass `edges[i]` entered at `when_s[i]`; infinite where it is shut then."""
        last = len(self.middles_s) - 1
        slot = np.clip(np.searchsorted(self.middles_s, when_s, side="right") - 1, 0, max(last - 1, 0))
        following = np.minimum(slot + 1, last)
        wide = np.maximum(self.middles_s[following] - self.middles_s[slot], 1e-9)
        share = np.clip((when_s - self.middles_s[slot]) / wide, 0.0, 1.0)
        passing = (1 - share) * self.edge_s[slot, edges] + share * self.edge_s[following, edges]
        minute = np.clip((when_s / MINUTE_S).astype(np.int64), 0, len(self.shut) - 1)
        return np.where(self.shut[minute, edges], np.inf, passing)

    def costs(self, departs_s: Sequence[float], ways: Sequence[Way]) -> np.ndarray:
        """Seconds from departure until entering the last edge of each way, walked edge by edge through the slices."""
        longest = max((len(way) for way in ways), default=1)
        steps = np.full((len(ways), longest), -1, dtype=np.int64)
        for row, way in enumerate(ways):
            steps[row, : len(way)] = way
        start = np.asarray(departs_s, dtype=float)
        now = start.copy()
        for k in range(longest - 1):
            on = (steps[:, k + 1] >= 0) & np.isfinite(now)
            now[on] += self.at(now[on], steps[on, k])
        final = steps[np.arange(len(ways)), [len(way) - 1 for way in ways]]
        entered = np.isfinite(now)
        now[entered] += np.where(np.isinf(self.at(now[entered], final[entered])), np.inf, 0.0)
        return np.asarray(now - start)

    def best(self, kernel: Router, trips: Sequence[Trip]) -> list[Way | None]:
        """A quickest way for each trip, searched for the middle of its group of departures; None: there is none."""
        every = np.arange(kernel.edges)
        groups: dict[tuple[int, int], list[int]] = {}
        for i, trip in enumerate(trips):
            groups.setdefault((trip.ends[0], int(trip.depart_s // GROUP_S)), []).append(i)
        found: list[Way | None] = [None] * len(trips)
        for (origin, group), members in sorted(groups.items()):
            depart_s = (group + 0.5) * GROUP_S
            labels, before = kernel.times_at(origin, depart_s, lambda when: self.at(np.asarray(when), every))
            for i in members:
                if np.isfinite(labels[trips[i].ends[1]]):
                    found[i] = kernel.path(before, origin, trips[i].ends[1])
        return found


def edge_times(table: pd.DataFrame, index: Mapping[str, int], length_m: np.ndarray, end_s: float) -> WayTimes:
    """Times of the edges that were driven on, NaN elsewhere, from a run's table `edges` (by minutes)."""
    slices, minutes = int(np.ceil(end_s / SLICE_S)), int(np.ceil(end_s / MINUTE_S))
    spent, driven = (np.zeros((slices, len(length_m))) for _ in range(2))
    column = table["edge_id"].map(index).to_numpy(dtype=int)
    row = np.clip((table["time_s"] / SLICE_S).astype(int).to_numpy(), 0, slices - 1)
    vehicles, speed = (table[name].to_numpy(dtype=float) for name in ("density_vpkm", "speed_mps"))
    moved = np.isfinite(speed) & (vehicles > 0)
    np.add.at(spent, (row[moved], column[moved]), vehicles[moved])
    np.add.at(driven, (row[moved], column[moved]), vehicles[moved] * speed[moved])
    mean = np.divide(driven, spent, out=np.full_like(driven, np.nan), where=spent > 0)
    shut = np.zeros((minutes, len(length_m)), dtype=bool)
    closed = table["closed"].to_numpy(dtype=bool)
    minute = np.clip((table["time_s"] / MINUTE_S).astype(int).to_numpy(), 0, minutes - 1)
    shut[minute[closed], column[closed]] = True
    middles = (np.arange(slices) + 0.5) * SLICE_S
    return WayTimes(middles, length_m[None, :] / np.maximum(mean, SLOWEST_MPS) + JUNCTION_S, shut)


def filled(day: WayTimes, known_s: np.ndarray) -> WayTimes:
    """A day's times, and what is known of the edges that nobody drove on (slices, edges)."""
    whole = np.where(np.isfinite(day.edge_s), day.edge_s, known_s)
    return WayTimes(day.middles_s, first_in_first_out(day.middles_s, whole), day.shut)


def relative_gap(spent_s: np.ndarray, best_s: np.ndarray) -> float:
    """What is lost against the best ways, over what these take: sum(c - c*) / sum(c*).

    Trips that no way leads for are left out. Source: Chiu et al. 2011, Dynamic Traffic Assignment: A Primer, TRB
    Circular E-C153, chapter 2.
    """
    counted = np.isfinite(best_s) & np.isfinite(spent_s)
    total = float(best_s[counted].sum())
    return float((spent_s[counted] - best_s[counted]).sum()) / total if total > 0 else 0.0
