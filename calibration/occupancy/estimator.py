"""People in every zone, followed from period to period: a Kalman filter with bounds.

State: people in each zone; people who pass each door in a period; each counter's relative error. In a period

    n(zone)  <- n + who came - who left,     flow <- flow + step,     error <- keep x error + step,

and a counter at a door tells flow + error x expected flow, one that sees who is there per_person x (n + error x
expected n), both with a scatter as of counts (Kalman filter: Anderson and Moore, Optimal Filtering, 1979). A door that
counts 3 % too many does not fill a square for ever: whoever sees the square corrects the door.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibration.occupancy.bounded import keep_above_zero, observe
from calibration.occupancy.counters import OUTSIDE, Counter, Layout

FLOW_STEP = 0.25
"""Relative change of a flow from period to period, one standard deviation (guess)."""
ERROR_LASTS_S = 86400.0
"""Time in which a counter's error drifts into another (guess)."""
LIMIT = 4.0
"""Standard deviations beyond which a count is believed less."""
_SCATTER, _LEAST_VAR = 0.1, 0.5
_FLUTTER = 0.5
"""Part of a counter's error that is another in every period (guess)."""
_FIRST_FLOW_SD = 30.0
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Shown:
    """An estimate with its interval.

    Attributes:
        mean: Expected.
        low, high: Bounds of the 90 % interval.
    """

    mean: float
    low: float
    high: float


class OccupancyFilter:
    """Follows a layout.

    Args:
        layout: Zones, doors and counters.
        people: Who is there at the start, by zone; zones that are not named hold nobody.
        people_sd: How sure that is (people).
    """

    def __init__(self, layout: Layout, *, people: Mapping[str, float] | None = None, people_sd: float = 5.0) -> None:
        self.layout = layout
        self._zone = {zone: at for at, zone in enumerate(layout.zones)}
        self._link = {link: len(self._zone) + at for at, link in enumerate(layout.links)}
        first = len(self._zone) + len(self._link)
        self._error = {sensor: first + at for at, sensor in enumerate(layout.counters)}
        self._mean = np.zeros(first + len(self._error))
        var = np.full(len(self._mean), people_sd**2)
        var[len(self._zone) : first] = _FIRST_FLOW_SD**2
        for sensor, counter in layout.counters.items():
            var[self._error[sensor]] = counter.error**2
        for zone, count in (people or {}).items():
            self._mean[self._zone[zone]] = count
        self._cov = np.diag(var)
        self._moves = self._incidence()

    def step(self, period_s: float, told: Mapping[str, float]) -> dict[str, float]:
        """One period on, and what counters told at its end; returns how many standard deviations each was away."""
        self._predict(period_s)
        away = {}
        for sensor in sorted(told, key=lambda one: not self.layout.counters[one].passing):
            row, var = self._row(self.layout.counters[sensor])
            self._mean, self._cov, away[sensor] = observe(self._mean, self._cov, row, told[sensor], var, LIMIT)
        self._mean = keep_above_zero(self._mean, self._cov, len(self._zone))
        return away

    def emptied(self, zone: str, sd: float = 1.0) -> None:
        """Somebody knows that a zone is empty, as a site is after closing."""
        row = np.zeros(len(self._mean))
        row[self._zone[zone]] = 1.0
        self._mean, self._cov, _ = observe(self._mean, self._cov, row, 0.0, sd**2, math.inf)

    def people(self, zone: str) -> Shown:
        """People in a zone now."""
        at = self._zone[zone]
        return _shown(float(self._mean[at]), float(self._cov[at, at]))

    def expected(self, counter: Counter) -> Shown:
        """What a counter would tell now, also one that is not in the layout (its own error and scatter within)."""
        row, var = self._row(counter)
        said = float(row @ self._mean)
        own = 0.0 if counter.sensor_id in self._error else (counter.error * said) ** 2
        return _shown(said, float(row @ self._cov @ row) + var + own)

    def draw(self, members: int, rng: np.random.Generator) -> np.ndarray:
        """(members, zones + doors) people and flows that are possible now, none below zero."""
        size = len(self._zone) + len(self._link)
        cov = self._cov[:size, :size]
        return np.maximum(rng.multivariate_normal(self._mean[:size], cov, members, method="eigh"), 0.0)

    def error(self, sensor: str) -> Shown:
        """A counter's relative error: 0.05 means that it tells 5 % too many."""
        at = self._error[sensor]
        mean, sd = float(self._mean[at]), math.sqrt(float(self._cov[at, at]))
        return Shown(mean, mean - Z90 * sd, mean + Z90 * sd)

    def _predict(self, period_s: float) -> None:
        zones, links = len(self._zone), len(self._link)
        flow = slice(zones, zones + links)
        gained = np.zeros(len(self._mean))
        gained[flow] = (FLOW_STEP * np.maximum(self._mean[flow], 0.0)) ** 2 + 1.0
        keep = np.ones(len(self._mean))
        for sensor, at in self._error.items():
            keep[at] = math.exp(-period_s / ERROR_LASTS_S)
            gained[at] = (self.layout.counters[sensor].error ** 2) * (1.0 - keep[at] ** 2)
        cov = self._cov * keep[:, None] * keep[None, :]
        cov[np.diag_indices_from(cov)] += gained
        self._mean = self._moves @ (self._mean * keep)
        self._cov = self._moves @ cov @ self._moves.T

    def _row(self, counter: Counter) -> tuple[np.ndarray, float]:
        """What a counter's number is of the state, and the variance of its scatter.

        Its error counts relative to what is expected before that number was seen: relative to the number itself, the
        scatter of that number would drive it.
        """
        row = np.zeros(len(self._mean))
        at = self._link[counter.begins, counter.ends] if counter.passing else self._zone[counter.begins]
        row[at] = counter.per_person
        size = counter.per_person * max(float(self._mean[at]), 0.0)
        if counter.sensor_id in self._error:
            row[self._error[counter.sensor_id]] = size
        scatter = _SCATTER if counter.per_person >= 1.0 else 1.0 - counter.per_person
        return row, scatter * size + (_FLUTTER * counter.error * size) ** 2 + _LEAST_VAR

    def _incidence(self) -> np.ndarray:
        moves = np.eye(len(self._mean))
        for (begins, ends), at in self._link.items():
            if begins != OUTSIDE:
                moves[self._zone[begins], at] -= 1.0
            if ends != OUTSIDE:
                moves[self._zone[ends], at] += 1.0
        return moves


def _shown(mean: float, var: float) -> Shown:
    sd = math.sqrt(max(var, 0.0))
    return Shown(max(mean, 0.0), max(mean - Z90 * sd, 0.0), max(mean + Z90 * sd, 0.0))
