"""Days of visitors whose figures are known: a small city, what `CityDay` makes of it, and counters that watch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calibration.choices import Count, Ground
from models.crowd.city import CityDay, SiteTable, Sources, Taste, draw_people
from networks import WalkGraph

PERIOD_S, PERIODS, SIDE = 300.0, 96, 10
TRUE_TASTE = Taste(per_min=-0.10, crowding=-3.5, rain=-0.8)
RAIN_S = (3 * 3600.0, 4 * 3600.0)


def streets() -> WalkGraph:
    """SIDE x SIDE crossings, 60 m apart."""
    at = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    begins = np.concatenate([at[:-1].ravel(), at[:, :-1].ravel()]).astype(np.int32)
    ends = np.concatenate([at[1:].ravel(), at[:, 1:].ravel()]).astype(np.int32)
    x, y = (60.0 * axis.ravel() for axis in np.indices((SIDE, SIDE)))
    size = np.full(len(begins), 60.0)
    return WalkGraph(x, y, begins, ends, size, size / 10.0, ("footway",) * len(begins), ((),) * len(begins))


@dataclass(frozen=True)
class Lived:
    """What happened: people by site and period, and what is known beforehand."""

    ground: Ground
    people: dict[str, np.ndarray]


def believed(seed: int, sites: int = 6) -> SiteTable:
    """Sites as somebody believes them to be."""
    rng = np.random.default_rng(seed)
    return SiteTable(
        tuple(f"s{at}" for at in range(sites)), rng.choice(SIDE * SIDE // 2, sites, replace=False) * 2,
        rng.normal(0.0, 0.6, sites), rng.uniform(0.6, 4.0, sites), rng.uniform(1500.0, 3600.0, sites),
        np.full(sites, 0.5), rng.uniform(2000.0, 9000.0, sites), np.full(sites, np.nan), np.arange(sites) % 3 == 0,
    )  # fmt: skip


def true(sites: SiteTable, seed: int) -> SiteTable:
    """The same sites as they are."""
    rng = np.random.default_rng(seed)
    pull = sites.pull + rng.normal(0.0, 0.7, len(sites))
    stay = sites.stay_median_s * np.exp(rng.normal(0.25, 0.35, len(sites)))
    return replace(sites, pull=pull, stay_median_s=stay, stay_spread=sites.stay_spread * 1.3)


def live(sites: SiteTable, taste: Taste, seed: int, *, people: int = 3000, mean_visits: float = 2.4) -> Lived:
    """A day of `CityDay`."""
    sources = Sources(("station", "stop"), np.array([1, 97]), np.array([people * 2 // 3, people // 3]))
    drawn = draw_people(sources, seed, last_s=5 * 3600.0, mean_visits=mean_visits)
    day = CityDay(streets(), sources, sites, drawn, taste=taste, closes_s=7 * 3600.0, step_s=5.0, rain_s=RAIN_S)
    inside, visits = np.zeros((2, len(sites), PERIODS))
    for period in range(PERIODS):
        day.live(PERIOD_S * (period + 1))
        inside[:, period], visits[:, period] = day.attractions.inside, day.attractions.visits
    came = np.diff(visits, axis=1, prepend=0.0)
    arrivals, rain = np.zeros((2, PERIODS)), np.zeros(PERIODS)
    np.add.at(arrivals, (drawn.source, (drawn.arrive_s // PERIOD_S).astype(int)), 1.0)
    rain[int(RAIN_S[0] // PERIOD_S) : int(RAIN_S[1] // PERIOD_S)] = 1.0
    goals = day.routes.destination(sites.node)
    walk = day.routes.cost_s[np.ix_(goals, np.concatenate([sources.node, sites.node]))].T
    ground = Ground(
        sites, arrivals, walk, rain, np.ones((len(sites), PERIODS)), 7 * 3600.0, np.zeros(len(sites), dtype=bool),
        PERIOD_S,
    )  # fmt: skip
    return Lived(ground, {"came": came, "left": came - np.diff(inside, axis=1, prepend=0.0), "inside": inside})


def counted(lived: Lived, seed: int) -> list[Count]:
    """Doors in and out and a device counter at every site; each counter has its own error."""
    rng, found = np.random.default_rng(seed), []
    for site in range(len(lived.ground.sites)):
        for what, per_person, error in (("came", 1.0, 0.05), ("left", 1.0, 0.05), ("inside", 0.6, 0.2)):
            true_count = lived.people[what][site] * per_person * (1.0 + rng.normal(0.0, error))
            told = np.round(np.maximum(0.9 * true_count + rng.poisson(0.1 * np.maximum(true_count, 0.0)), 0.0))
            found.append(Count(f"{what}{site}", site, what, per_person, error, told))
    return found
