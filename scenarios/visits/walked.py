"""How a day of visitors went for one seed, and for several of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenarios.visits.visit_day import VisitDay, city_day, live_through

if TYPE_CHECKING:
    from models.crowd.city import CityDay
    from scenarios.ensembles.executor import Executor

LOOK_S = 300.0
"""How often the day is looked at; densities are those of these moments, person-seconds are counted in every step."""
HOUR_S = 3600.0
DENSE_PM2, DANGER_PM2 = 2.0, 3.5


@dataclass(frozen=True)
class WalkedDay:
    """A day for one seed; moments are every LOOK_S.

    Attributes:
        seed: Of its streams.
        times_s: (moments,) s after the day's begin.
        inside, queue: (moments, sites) people in each site and at its gates.
        walking, at_home: (moments,) people on the streets, and back at their source.
        density_pm2: (hours, links) largest density that was seen in each hour.
        danger_s: (hours, links) person-seconds above 3.5 persons/m2.
        dense_s: (hours, links) person-seconds above 2 persons/m2.
        first_dense_s, first_danger_s: (links,) first moment above 2 and 3.5 persons/m2 (s), infinite where never.
        visits: (sites,) visits begun.
        visit_s, wait_s: (sites,) person-seconds inside and at gates.
        people: How many came.
        stranded: How many have no way left at the end.
    """

    seed: int
    times_s: np.ndarray
    inside: np.ndarray
    queue: np.ndarray
    walking: np.ndarray
    at_home: np.ndarray
    density_pm2: np.ndarray
    danger_s: np.ndarray
    dense_s: np.ndarray
    first_dense_s: np.ndarray
    first_danger_s: np.ndarray
    visits: np.ndarray
    visit_s: np.ndarray
    wait_s: np.ndarray
    people: int
    stranded: int

    def figures(self) -> dict[str, float]:
        """The whole day in a few numbers; person-minutes, hours and shares."""
        return {
            "people": self.people,
            "back_share": float(self.at_home[-1]) / max(1, self.people),
            "person_min_above_2": float(self.dense_s.sum()) / 60.0,
            "person_min_above_3_5": float(self.danger_s.sum()) / 60.0,
            "visits": float(self.visits.sum()),
            "visit_h": float(self.visit_s.sum()) / 3600.0,
            "gate_h": float(self.wait_s.sum()) / 3600.0,
            "most_walking": float(self.walking.max()),
            "last_inside_s": _last(self.times_s, self.inside.sum(axis=1)),
            "stranded": self.stranded,
        }


def _last(times_s: np.ndarray, people: np.ndarray) -> float:
    """The last moment at which anybody is there (s); 0 where never."""
    there = np.flatnonzero(people > 0)
    return float(times_s[there[-1]]) if len(there) else 0.0


class _Watch:
    def __init__(self, day: VisitDay, model: CityDay) -> None:
        hours, links = int(np.ceil(day.length_s / HOUR_S)), len(day.graph.length_m)
        self._model = model
        self.rows: list[tuple[float, np.ndarray, np.ndarray, int, int]] = []
        self.density = np.zeros((hours, links), dtype=np.float32)
        self.above = {limit: np.zeros((hours, links)) for limit in (DENSE_PM2, DANGER_PM2)}
        self.first = {limit: np.full(links, np.inf) for limit in (DENSE_PM2, DANGER_PM2)}
        self._before = {limit: np.zeros(links) for limit in (DENSE_PM2, DANGER_PM2)}

    def look(self, now_s: float) -> None:
        """Write down a moment; person-seconds since the last one go to the hour that it ends."""
        model, shown = self._model, self._model.attractions
        hour = min(int((now_s - 1e-6) // HOUR_S), len(self.density) - 1)
        density = model.link_density_pm2()
        self.density[hour] = np.maximum(self.density[hour], density)
        for limit, first in self.first.items():
            since = model.person_seconds_above(limit)
            self.above[limit][hour] += since - self._before[limit]
            first[(since > self._before[limit]) & np.isinf(first)] = now_s
            self._before[limit] = since
        self.rows.append((now_s, shown.inside.copy(), shown.queue.copy(), int(model.summary["walking"]), model.at_home))


def walk_day(day: VisitDay, seed: int, **more: object) -> WalkedDay:
    """Live through a day. `more` is passed to `CityDay`."""
    model = city_day(day, seed, **more)
    watch = _Watch(day, model)
    live_through(day, model, LOOK_S, watch.look)
    times, inside, queue, walking, home = (np.array(column) for column in zip(*watch.rows, strict=True))
    shown = model.attractions
    return WalkedDay(
        seed, times, inside, queue, walking, home, watch.density, watch.above[DANGER_PM2], watch.above[DENSE_PM2],
        watch.first[DENSE_PM2], watch.first[DANGER_PM2], shown.visits.copy(), shown.visit_s.copy(), shown.wait_s.copy(),
        len(model.people), int(model.summary["stranded"]),
    )  # fmt: skip


def walk_days(day: VisitDay, seeds: Sequence[int], executor: Executor | None = None) -> list[WalkedDay]:
    """The same day for several seeds, in their order; one after the other without an executor."""
    if executor is None:
        return [walk_day(day, seed) for seed in seeds]
    return executor.map(partial(walk_day, day), list(seeds))
