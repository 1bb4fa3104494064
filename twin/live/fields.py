"""What an ensemble says, minute by minute: arrays that a page can draw and sensors can be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from networks import City
    from scenarios import Ensemble, Run, Store

MINUTE_S = 60.0
SMOOTH = 5


@dataclass(frozen=True)
class CallState:
    """How the model sees one call: who goes, by which way, from when to when (s after the run's start)."""

    call_id: str
    edge_id: str
    time_s: float
    unit_id: str
    dispatch_s: float
    arrival_s: float
    route: tuple[str, ...]


@dataclass(frozen=True)
class LiveFields:
    """Means over the valid members of an ensemble; counts of each.

    Attributes:
        start: Run time 0, UTC.
        speed_ratio: (minutes, edges) mean speed over free speed, 5-minute means; NaN where nobody drove.
        depth_m: (minutes, edges).
        counts: (members, minutes, edges) vehicles that entered.
        present: (members, minutes, edges) vehicles there on average.
        moved: (members, minutes, edges) sum of their speeds (m/s): speed of a span is the sum of these over the other.
        vehicles: (minutes,) on the roads.
        walkers: (minutes,) on foot.
        closed: (minutes, edges) whether most members hold the edge closed to cars.
        crowd: By minute, rows (walk link, persons per m2) of the densest links.
        calls: As the first member sees them.
        members: Runs that count.
    """

    start: datetime
    speed_ratio: np.ndarray
    depth_m: np.ndarray
    counts: np.ndarray
    present: np.ndarray
    moved: np.ndarray
    vehicles: np.ndarray
    walkers: np.ndarray
    closed: np.ndarray
    crowd: Mapping[int, tuple[tuple[int, float], ...]]
    calls: tuple[CallState, ...]
    members: int

    @property
    def minutes(self) -> int:
        """How many minutes there are."""
        return len(self.speed_ratio)

    def minute(self, moment: datetime) -> int:
        """The minute that holds a moment, kept within what there is."""
        return int(np.clip((moment - self.start).total_seconds() // MINUTE_S, 0, self.minutes - 1))

    def counted(self, column: int, begin: datetime, end: datetime) -> float:
        """Vehicles that entered an edge (by its row in the layer) from `begin` to `end`, on average."""
        return float(self.counted_by_member(column, begin, end).mean())

    def counted_by_member(self, column: int, begin: datetime, end: datetime) -> np.ndarray:
        """(members,) vehicles that entered an edge from `begin` to `end`."""
        first = (begin - self.start).total_seconds() / MINUTE_S
        last = (end - self.start).total_seconds() / MINUTE_S
        low, high = (int(np.clip(round(x), 0, self.minutes)) for x in (first, last))
        return np.asarray(self.counts[:, low:high, column].sum(axis=1))

    def in_steps(self, values: np.ndarray, since: datetime, step_s: float) -> np.ndarray:
        """Sums over whole steps (members, edges, steps) of values by minute (members, minutes, edges)."""
        first, long = self.minute(since), round(step_s / MINUTE_S)
        steps = max((self.minutes - first) // long, 0)
        cut = values[:, first : first + steps * long]
        shape = (len(values), steps, long, values.shape[2])
        return np.asarray(np.moveaxis(cut.reshape(shape).sum(axis=2), 1, 2))

    def deepest_m(self, since: datetime, step_s: float) -> np.ndarray:
        """(edges, steps) the deepest water of each whole step, m."""
        first, long = self.minute(since), round(step_s / MINUTE_S)
        steps = max((self.minutes - first) // long, 0)
        cut = self.depth_m[first : first + steps * long].astype(np.float64)
        return np.asarray(cut.reshape(steps, long, cut.shape[1]).max(axis=1).T)

    def speed_mps(self, since: datetime, step_s: float) -> np.ndarray:
        """(members, edges, steps) mean speed by vehicle and second, m/s; NaN where nobody was."""
        present, moved = (self.in_steps(one, since, step_s) for one in (self.present, self.moved))
        return np.divide(moved, present, out=np.full_like(present, np.nan), where=present > 1e-9)


def fields_of(city: City, ensemble: Ensemble, store: Store) -> LiveFields:
    """Read the tables of an ensemble's valid members.

    Raises:
        ValueError: No member is valid.
    """
    runs = ensemble.valid
    if not runs:
        raise ValueError("no member of the forecast is valid")
    scenario = ensemble.scenario
    minutes = max(1, int(scenario.end_s // MINUTE_S))
    layer = city.layer("edges")
    index = {edge: i for i, edge in enumerate(layer["edge_id"])}
    free_mps = layer["speed_mps"].to_numpy(dtype=float)
    length_km = layer["length_m"].to_numpy(dtype=float) / 1000.0
    shape = (minutes, len(index))
    closed = np.zeros(shape)
    counts, present, moved = (np.zeros((len(runs), *shape)) for _ in range(3))
    walkers = np.zeros(minutes)
    for member, run in enumerate(runs):
        table = run.table("edges")
        row = np.clip(table["time_s"].to_numpy(dtype=float) // MINUTE_S, 0, minutes - 1).astype(int)
        column = table["edge_id"].map(index).to_numpy(dtype=int)
        density = np.nan_to_num(table["density_vpkm"].to_numpy(dtype=float))
        here = density * length_km[column]
        np.add.at(present[member], (row, column), here)
        np.add.at(moved[member], (row, column), here * np.nan_to_num(table["speed_mps"].to_numpy(dtype=float)))
        np.add.at(counts[member], (row, column), table["entered"].to_numpy(dtype=float))
        np.add.at(closed, (row, column), table["closed"].to_numpy(dtype=float))
        walkers += _walking(run.table("walkers"), minutes)
    n = len(runs)
    return LiveFields(
        start=scenario.start,
        speed_ratio=_ratio(present.sum(axis=0), moved.sum(axis=0), free_mps),
        depth_m=_depths(runs[0], store, minutes, len(index)),
        counts=counts,
        present=present,
        moved=moved,
        vehicles=present.sum(axis=(0, 2)) / n,
        walkers=walkers / n,
        closed=closed / n > 0.5,
        crowd=_crowd([run.table("links") for run in runs], minutes),
        calls=_calls(runs[0].table("calls")),
        members=n,
    )


def _ratio(present: np.ndarray, moved: np.ndarray, free_mps: np.ndarray) -> np.ndarray:
    """Vehicle-weighted mean speed over the last SMOOTH minutes, against the free speed."""
    sums = []
    for values in (present, moved):
        total = np.cumsum(values, axis=0)
        total[SMOOTH:] -= total[:-SMOOTH].copy()
        sums.append(total)
    mean = np.divide(sums[1], sums[0], out=np.full_like(present, np.nan), where=sums[0] > 1e-9)
    return np.clip(mean / free_mps[None, :], 0.0, 1.2)


def _depths(run: Run, store: Store, minutes: int, edges: int) -> np.ndarray:
    from scenarios import load_flood

    flood_id = run.manifest["inputs"]["flood"]
    if not flood_id:
        return np.zeros((minutes, edges), dtype=np.float32)
    flood = load_flood(store, flood_id)
    at = np.clip(np.searchsorted(flood.times_s, np.arange(minutes) * MINUTE_S), 0, len(flood.times_s) - 1)
    depth: np.ndarray = flood.road_depth_m[at]
    return depth


def _walking(walkers: pd.DataFrame, minutes: int) -> np.ndarray:
    if not len(walkers):
        return np.zeros(minutes)
    moments = np.arange(minutes) * MINUTE_S
    left = np.sort(walkers["depart_s"].to_numpy(dtype=float))
    there = np.sort(walkers["arrive_s"].dropna().to_numpy(dtype=float))
    return (np.searchsorted(left, moments, "right") - np.searchsorted(there, moments, "right")).astype(float)


def _crowd(
    tables: Sequence[pd.DataFrame], minutes: int, *, most: int = 400
) -> dict[int, tuple[tuple[int, float], ...]]:
    """Mean density by minute and link, the densest links of each minute."""
    import pandas as pd

    rows = pd.concat([table[["time_s", "link_id", "density_pm2"]] for table in tables], ignore_index=True)
    if not len(rows):
        return {}
    rows["minute"] = (rows["time_s"] // MINUTE_S).astype(int).clip(0, minutes - 1)
    mean = (rows.groupby(["minute", "link_id"])["density_pm2"].sum() / len(tables)).reset_index()
    mean = mean[mean["density_pm2"] >= 0.02]
    found: dict[int, tuple[tuple[int, float], ...]] = {}
    for minute, group in mean.groupby("minute"):
        top = group.nlargest(most, "density_pm2").sort_values("link_id")
        pairs = zip(top["link_id"], top["density_pm2"], strict=True)
        found[int(minute)] = tuple((int(link), round(float(d), 3)) for link, d in pairs)
    return found


def _calls(calls: pd.DataFrame) -> tuple[CallState, ...]:
    found = []
    for row in calls.sort_values(["time_s", "call_id"]).itertuples(index=False):
        route = tuple(str(row.route).split()) if isinstance(row.route, str) else ()
        found.append(
            CallState(
                call_id=str(row.call_id),
                edge_id=route[-1] if route else "",
                time_s=float(row.time_s),
                unit_id=str(row.unit_id or ""),
                dispatch_s=float(row.dispatch_s),
                arrival_s=float(row.arrival_s),
                route=route,
            )
        )
    return tuple(found)
