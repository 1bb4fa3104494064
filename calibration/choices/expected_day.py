"""What `CityDay` does on average: the same choice, gates and stays as flows of people, many sets of figures at once.

A day of single people takes seconds and never comes out twice the same; fitting needs hundreds of days that do. So
people are flows here, in periods of some minutes: who is free goes to a site by the logit of `Taste`, minus those who
saw it before (in the mean), walks at the mean pace, stands at the gate, stays (lognormal), and chooses again or goes
home. Streets do not jam here. Tests hold the mean over seeds of `CityDay` against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr
from scipy.stats import poisson

from models.crowd.city.people import MOST_VISITS, Sources, draw_people
from models.crowd.city.site_table import SiteTable, Taste
from models.crowd.speed import FREE_SPEED_MPS

_LEAST_FLOW = 1e-9


@dataclass(frozen=True)
class Ground:
    """What is known of a day beforehand.

    Attributes:
        sites: The attractions; of them gates, areas, capacities and roofs are taken as told.
        arrivals: (sources, periods) people who set out from each source in each period.
        walk_s: (sources + sites, sites) walking time at the mean free speed (s); infinite without a way.
        rain: (periods,) share of each period in which it rains.
        opened: (sites, periods) 1 where a site is open, 0 where it is shut: nobody sets out who would come then, and
            who is inside when it closes leaves.
        closes_s: From then on (s) everybody who is free goes home.
        one_out_one_in: (sites,) whether a site admits nobody beyond what it holds.
        period_s: Length of a period (s).
    """

    sites: SiteTable
    arrivals: np.ndarray
    walk_s: np.ndarray
    rain: np.ndarray
    opened: np.ndarray
    closes_s: float
    one_out_one_in: np.ndarray
    period_s: float


@dataclass(frozen=True)
class Figures:
    """What people weigh and how long they stay; B sets of figures side by side.

    Attributes:
        pull: (B, sites) utility of each site.
        stay_median_s: (B, sites) median of the stay (s).
        stay_spread: (B, sites) standard deviation of its logarithm.
        per_min, crowding, rain: (B,) as in `Taste`.
        mean_visits: (B,) sites that a group wants to see.
        people: (B,) how many come for each that was told.
        area_per_person_m2: As in `Taste`.
    """

    pull: np.ndarray
    stay_median_s: np.ndarray
    stay_spread: np.ndarray
    per_min: np.ndarray
    crowding: np.ndarray
    rain: np.ndarray
    mean_visits: np.ndarray
    people: np.ndarray
    area_per_person_m2: float = 10.0


@dataclass(frozen=True)
class Expected:
    """People by set of figures, site and period.

    Attributes:
        came: (B, sites, periods) let in.
        left: (B, sites, periods) gone out.
        inside: (B, sites, periods) there at the period's end.
        queue: (B, sites, periods) at the gate at the period's end.
    """

    came: np.ndarray
    left: np.ndarray
    inside: np.ndarray
    queue: np.ndarray


def figures_of(sites: SiteTable, taste: Taste, *, mean_visits: float = 2.0, people: float = 1.0) -> Figures:
    """One set of figures: those of a table and a taste."""
    one = {name: np.array([getattr(taste, name)]) for name in ("per_min", "crowding", "rain")}
    return Figures(
        sites.pull[None], sites.stay_median_s[None], sites.stay_spread[None], **one,
        mean_visits=np.array([mean_visits]), people=np.array([people]), area_per_person_m2=taste.area_per_person_m2,
    )  # fmt: skip


def expect_day(ground: Ground, figures: Figures) -> Expected:
    """The day in the mean, for every set of figures.

    Args:
        ground: What is known beforehand.
        figures: Sets of figures, B of them.
    """
    flows = _Flows(ground, figures)
    shape = (*figures.pull.shape, ground.arrivals.shape[1])
    out = Expected(*(np.empty(shape) for _ in range(4)))
    for period in range(shape[2]):
        out.came[:, :, period], out.left[:, :, period] = flows.step(period)
        out.inside[:, :, period], out.queue[:, :, period] = flows.inside, flows.queue.sum(axis=1)
    return out


class _Flows:
    """People on their way, at gates and inside, by the number of sites that they chose before.

    Arrays are (B, stages, sites, ...); a stage is the number of the site that people see, 0 for the first.
    """

    def __init__(self, ground: Ground, figures: Figures) -> None:
        self._ground, self._figures = ground, figures
        sets, sites = figures.pull.shape
        periods = ground.arrivals.shape[1]
        walk = ground.walk_s / ground.period_s * mean_pace()
        self._walk_min = np.where(np.isfinite(ground.walk_s), ground.walk_s / 60.0, np.inf)
        self._lag = _lags(walk, periods)
        there = np.minimum(np.arange(periods)[:, None, None] + np.minimum(np.nan_to_num(walk), periods), periods - 1)
        self._opened = ground.opened[np.arange(sites), there.astype(int)]
        self._stay = _stays(figures, ground.period_s, periods)
        self._goes_on = _goes_on(figures.mean_visits)
        self._holds = ground.sites.holds(figures.area_per_person_m2)
        shape = (sets, MOST_VISITS, sites)
        self._coming = np.zeros((*shape, periods + self._lag.shape[2]))
        self._leaving = np.zeros((*shape, periods + self._stay.shape[2]))
        self.inside, self.queue = np.zeros((sets, sites)), np.zeros(shape)
        self._went = np.full((sets, MOST_VISITS, sites, sites), _LEAST_FLOW)
        """People by (stage, from site, to site) so far: who is where has been where."""

    def step(self, period: int) -> tuple[np.ndarray, np.ndarray]:
        """One period; (B, sites) who were let in and who left."""
        shut = self._ground.opened[:, period] == 0
        if shut.any():
            self._leaving[:, :, shut, period] = self._leaving[:, :, shut, period:].sum(axis=-1)
            self._leaving[:, :, shut, period + 1 :] = 0.0
        left = self._leaving[..., period]
        self.inside = self.inside - left.sum(axis=1)
        self._choose(period, left)
        self.queue += self._coming[..., period]
        came = self._admit(period)
        return came.sum(axis=1), left.sum(axis=1)

    def _choose(self, period: int, left: np.ndarray) -> None:
        """Who is free goes on or home."""
        weight = self._weights(period)
        sources = len(self._ground.arrivals)
        first = weight[:, :sources] / np.maximum(weight[:, :sources].sum(axis=2, keepdims=True), 1e-300)
        begin = self._figures.people[:, None] * self._ground.arrivals[:, period]
        self._send(period, 0, begin[:, :, None] * first, self._lag[:sources])
        if (period + 0.5) * self._ground.period_s >= self._ground.closes_s:
            return
        seen = np.zeros_like(weight[:, sources:])
        for stage in range(1, MOST_VISITS):
            onward = weight[:, sources:] * (1.0 - np.minimum(seen + np.eye(seen.shape[1]), 1.0))
            share = onward / np.maximum(onward.sum(axis=2, keepdims=True), 1e-300)
            free = left[:, stage - 1] * self._goes_on[:, stage - 1, None]
            went = free[:, :, None] * share
            self._send(period, stage, went, self._lag[sources:])
            self._went[:, stage] += went
            before = self._went[:, stage] / self._went[:, stage].sum(axis=1, keepdims=True)
            seen = before.transpose(0, 2, 1) @ (np.eye(seen.shape[1]) + seen)

    def _send(self, period: int, stage: int, people: np.ndarray, lag: np.ndarray) -> None:
        """People (B, from, sites) set out now."""
        spread = np.matmul(people.transpose(2, 0, 1), lag.transpose(1, 0, 2))
        self._coming[:, stage, :, period : period + lag.shape[2]] += spread.transpose(1, 0, 2)

    def _weights(self, period: int) -> np.ndarray:
        """(B, sources + sites, sites) what each site weighs for somebody at each place."""
        figures, ground = self._figures, self._ground
        full = (self.inside + self.queue.sum(axis=1)) / self._holds
        wet = figures.rain[:, None] * (1.0 - ground.sites.indoor) * ground.rain[period]
        here = figures.pull + wet + figures.crowding[:, None] * full
        utility = here[:, None, :] + figures.per_min[:, None, None] * self._walk_min
        best = utility.max(axis=2, keepdims=True)
        weight: np.ndarray = np.exp(utility - np.where(np.isfinite(best), best, 0.0))
        return weight * self._opened[period]

    def _admit(self, period: int) -> np.ndarray:
        """(B, stages, sites) let in; those of every stage in proportion, as they stand in one line."""
        ground = self._ground
        waiting = self.queue.sum(axis=1)
        room = np.where(ground.one_out_one_in, np.maximum(self._holds - self.inside, 0.0), np.inf)
        allowed = np.minimum(np.minimum(ground.sites.gate_ps * ground.period_s, room), waiting)
        allowed = allowed * ground.opened[:, period]
        came: np.ndarray = self.queue * (allowed / np.maximum(waiting, _LEAST_FLOW))[:, None]
        self.queue = self.queue - came
        self.inside = self.inside + came.sum(axis=1)
        length = self._stay.shape[2]
        self._leaving[..., period : period + length] += came[..., None] * self._stay[:, None]
        return came


@cache
def mean_pace() -> float:
    """Mean walking time over that at the mean free speed: groups walk as their slowest."""
    drawn = draw_people(Sources(("stop",), np.array([0]), np.array([4000])), seed=0)
    return float((FREE_SPEED_MPS / drawn.speed_mps).mean())


def _lags(walk: np.ndarray, periods: int) -> np.ndarray:
    """(places, sites, lags) share that arrives so many periods later; nobody where there is no way."""
    known = np.where(np.isfinite(walk), np.minimum(walk, periods), 0.0)
    whole = np.floor(known).astype(int)
    out = np.zeros((*walk.shape, int(whole.max(initial=0)) + 2))
    rows, columns = np.indices(walk.shape)
    out[rows, columns, whole] = 1.0 - (known - whole)
    out[rows, columns, whole + 1] = known - whole
    return out * np.isfinite(walk)[..., None]


def _stays(figures: Figures, period_s: float, periods: int) -> np.ndarray:
    """(B, sites, lags) share that leaves so many periods after it was let in, at any moment of a period; 1 at least."""
    edges = np.arange(0.0, periods + 1.5, 0.5) * period_s
    log = np.log(np.maximum(edges, 1e-9)) - np.log(figures.stay_median_s)[..., None]
    gone = ndtr(log / np.maximum(figures.stay_spread, 1e-3)[..., None])
    until = (gone[..., 0:-2:2] + 4.0 * gone[..., 1:-1:2] + gone[..., 2::2]) / 6.0
    until[..., 0], until[..., -1] = 0.0, 1.0
    return np.diff(until, axis=-1, prepend=0.0)


def _goes_on(mean_visits: np.ndarray) -> np.ndarray:
    """(B, MOST_VISITS - 1) share that wants another site after so many, as `draw_people` draws wishes."""
    more = poisson.sf(np.arange(-1, MOST_VISITS - 1), np.maximum(mean_visits - 1.0, 1e-6)[:, None])
    return np.asarray(more[:, 1:] / more[:, :-1])
