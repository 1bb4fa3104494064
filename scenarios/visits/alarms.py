"""Alarms of a day: sites that fill beyond their capacity, and paths that get dense, with the time that they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from models.crowd.sites import Capacity, VisitSite, capacity_of, level_now
from scenarios.visits.visit_day import VisitDay
from scenarios.visits.walked import HOUR_S, WalkedDay


@dataclass(frozen=True)
class SiteAlarm:
    """What a site holds and how full it gets, over the draws.

    Attributes:
        site: The site.
        capacity: What it holds.
        most: Most people at once: mean over the draws.
        most_low, most_high: 5th and 95th percentile of the draws.
        share: `most` over the capacity at once; None where that is not known.
        first_s: (levels,) median of the first moments at each level (s after the begin); None where fewer than half of
            the draws reach it.
        chance: (levels,) share of the draws that reach it.
        lead_s: Median time from the first level's alarm to the last one's; None where half of them never get there.
        visits: Mean visits of the day.
        daily_share: `visits` over the capacity of a day; None where that is not known.
    """

    site: VisitSite
    capacity: Capacity
    most: float
    most_low: float
    most_high: float
    share: float | None
    first_s: tuple[float | None, ...]
    chance: tuple[float, ...]
    lead_s: float | None
    visits: float
    daily_share: float | None


@dataclass(frozen=True)
class DensePath:
    """A path on which more than 3.5 persons stand on a square metre.

    Attributes:
        link: Row of `walk_links`.
        hour: Hour of the day (0: its first) with the most person-minutes.
        person_min: Person-minutes above 3.5 persons/m2 of the whole day, mean over the draws.
        most_pm2: Largest density seen, of all draws.
        chance: Share of the draws in which it gets so dense.
        lead_s: Median time from 2 to 3.5 persons/m2, of those draws.
    """

    link: int
    hour: int
    person_min: float
    most_pm2: float
    chance: float
    lead_s: float


def site_alarms(day: VisitDay, walked: Sequence[WalkedDay]) -> list[SiteAlarm]:
    """Every site: approved capacities first, then those by formula, each by how many are too many at once."""
    rows = [_site(day, walked, at, site) for at, site in enumerate(day.sites)]
    basis = {"approved": 0, "formula": 1}
    return sorted(
        rows,
        key=lambda one: (basis.get(one.capacity.instant_basis, 2), (one.capacity.instant or 0.0) - one.most),
    )


def _site(day: VisitDay, walked: Sequence[WalkedDay], at: int, site: VisitSite) -> SiteAlarm:
    capacity = capacity_of(site)
    most = np.array([one.inside[:, at].max() for one in walked], dtype=float)
    visits = float(np.mean([one.visits[at] for one in walked]))
    levels = len(day.alarms.shares)
    firsts = np.full((len(walked), levels), np.inf)
    if capacity.instant:
        for row, one in enumerate(walked):
            firsts[row] = first_levels(day, one.times_s, one.inside[:, at] / capacity.instant)
    reached = np.isfinite(firsts)
    lead = [float(b - a) for a, b in firsts[:, [0, -1]] if np.isfinite(b)]
    return SiteAlarm(
        site, capacity, float(most.mean()), float(np.quantile(most, 0.05)), float(np.quantile(most, 0.95)),
        float(most.mean() / capacity.instant) if capacity.instant else None,
        tuple(_middle(column) for column in firsts.T), tuple(float(one) for one in reached.mean(axis=0)),
        median(lead) if 2 * len(lead) >= len(walked) else None, visits,
        visits / capacity.daily if capacity.daily else None,
    )  # fmt: skip


def first_levels(day: VisitDay, times_s: np.ndarray, share: np.ndarray) -> np.ndarray:
    """(levels,) first moment at which each level of alarm is on (s), infinite where it never is."""
    found, level = np.full(len(day.alarms.shares), np.inf), 0
    for time, one in zip(times_s.tolist(), share.tolist(), strict=True):
        level = level_now(day.alarms, one, level)
        new = np.arange(len(found)) < level
        found[new & np.isinf(found)] = time
    return found


def _middle(moments: np.ndarray) -> float | None:
    middle = float(np.median(moments))
    return middle if np.isfinite(middle) else None


def dense_paths(walked: Sequence[WalkedDay], most: int = 20) -> list[DensePath]:
    """Paths above 3.5 persons/m2, those with the most person-minutes first."""
    danger = np.mean([one.danger_s for one in walked], axis=0)
    total = danger.sum(axis=0)
    order = np.argsort(-total, kind="stable")[:most]
    return [_path(walked, danger[:, link], int(link)) for link in order if total[link] > 0]


def _path(walked: Sequence[WalkedDay], by_hour: np.ndarray, link: int) -> DensePath:
    there = [one for one in walked if np.isfinite(one.first_danger_s[link])]
    leads = [float(one.first_danger_s[link] - one.first_dense_s[link]) for one in there]
    seen = max(float(one.density_pm2[:, link].max()) for one in walked)
    return DensePath(
        link, int(by_hour.argmax()), float(by_hour.sum()) / 60.0, seen, len(there) / len(walked), median(leads)
    )


def danger_by_hour(walked: Sequence[WalkedDay]) -> np.ndarray:
    """(draws, hours) person-minutes above 3.5 persons/m2."""
    return np.array([one.danger_s.sum(axis=1) / 60.0 for one in walked])


def hours_of(day: VisitDay) -> int:
    """Hours of a day, the last one perhaps cut."""
    return int(np.ceil(day.length_s / HOUR_S))
