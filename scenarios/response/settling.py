"""The settled state: days are simulated again and again until no driver would gain much by another way.

After each day a driver takes the best way with the probability min(1 / (day / 2 + 2), swap x gain), where the gain is
what the best way would save, over what it takes; swap begins at 4, grows by a fifth after a day on which the gap fell
and halves after one on which it rose. Source: swaps in proportion to the gain (Smith 1984, doi:10.1287/trsc.18.3.245),
capped by steps that shrink as in the method of successive averages on vehicles (Sbayti, Lu & Mahmassani 2007,
doi:10.3141/2029-02); the factors by trial on two roads. Whose way is shut takes the best one at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.routing import Router
from models.streams import stream
from scenarios.travel.way_times import Trip, Way, WayTimes, filled, relative_gap

Ways = tuple[Way | None, ...]
"""One way for each trip; None for a trip that is given up because no way leads there."""
Simulate = Callable[[Ways], WayTimes]

STABLE_DAYS = 4
"""So many days running the gap must hold."""
EXPECT_OVER = 2.0
"""A day weighs one over so many in what drivers expect of the next."""
SWAP, SWAP_LEAST, SWAP_MOST, GROWS, SHRINKS = 4.0, 0.5, 16.0, 1.2, 0.5
"""Probability of a swap over the relative gain, and how it follows the gap."""
COLUMNS = ("day", "gap", "gap_expected", "mean_s", "best_s", "changed", "given_up")


@dataclass(frozen=True)
class Iteration:
    """One simulated day.

    Attributes:
        day: From 0.
        gap: Relative gap by this day's own edge times.
        gap_expected: Relative gap by what drivers expect of the next day.
        mean_s: Mean cost of the trips by this day's edge times.
        best_s: Mean cost of the best ways.
        changed: Trips on another way than the day before.
        given_up: Trips not made.
    """

    day: int
    gap: float
    gap_expected: float
    mean_s: float
    best_s: float
    changed: int
    given_up: int


@dataclass(frozen=True)
class Settled:
    """Where the days led to.

    Attributes:
        ways: Those of the last simulated day.
        days: One entry for each.
        reached: The gap was held for STABLE_DAYS days.
    """

    ways: Ways
    days: tuple[Iteration, ...]
    reached: bool


class Expected:
    """What is known of edge times, from the days on which an edge was driven on, the later ones weighing more.

    Args:
        prior_s: (edges,) s to pass an edge that nobody has driven on yet.
        over: A new day weighs one over so many; the first days weigh one over their number.
    """

    def __init__(self, prior_s: np.ndarray, over: float = EXPECT_OVER) -> None:
        self._prior_s, self._over = prior_s, over
        self._edge_s: np.ndarray | None = None

    def learn(self, day: WayTimes) -> tuple[WayTimes, WayTimes]:
        """Take in a day; the day's own times with gaps filled, and what is expected from now on."""
        if self._edge_s is None:
            self._edge_s = np.tile(self._prior_s, (len(day.middles_s), 1))
            self._met = np.zeros_like(self._edge_s)
        drove = np.isfinite(day.edge_s)
        self._met += drove
        weight = np.where(drove, 1.0 / np.clip(self._met, 1.0, self._over), 0.0)
        self._edge_s += weight * (np.where(drove, day.edge_s, self._edge_s) - self._edge_s)
        nobody = WayTimes(day.middles_s, np.full_like(day.edge_s, np.nan), day.shut)
        return filled(day, self._edge_s), filled(nobody, self._edge_s)


@dataclass(frozen=True)
class Offers:
    """What each trip costs on its way, and the best that there is (s).

    Attributes:
        ways: The best ways; None without any.
        shut: Trips whose way is shut, where there is another.
    """

    spent_s: np.ndarray
    best_s: np.ndarray
    ways: Ways
    shut: np.ndarray

    @property
    def gap(self) -> float:
        """The relative gap."""
        return relative_gap(self.spent_s, self.best_s)


def offers(kernel: Router, trips: Sequence[Trip], ways: Ways, times: WayTimes) -> Offers:
    """Cost each trip's way and the best way by the same edge times.

    A way that is shut costs the whole run where there is a better one.
    """
    departs = [trip.depart_s for trip in trips]
    found = times.best(kernel, trips)
    spent = times.costs(departs, [way or trip.way for way, trip in zip(ways, trips, strict=True)])
    best = times.costs(departs, [way or trip.way for way, trip in zip(found, trips, strict=True)])
    spent[[way is None for way in ways]] = math.inf
    none = ~np.isfinite(best) & ~np.isfinite(spent)
    better = best < spent
    end_s = 2.0 * float(times.middles_s[-1]) - (float(times.middles_s[-2]) if len(times.middles_s) > 1 else 0.0)
    lost = ~np.isfinite(spent) & np.isfinite(best)
    spent[lost] = np.maximum(best[lost], end_s - np.asarray(departs)[lost])
    kept = tuple(
        None if no else (new if take else old) for new, old, take, no in zip(found, ways, better, none, strict=True)
    )
    return Offers(spent, np.minimum(best, spent), kept, lost)


def settle(
    kernel: Router,
    trips: Sequence[Trip],
    prior_s: np.ndarray,
    simulate: Simulate,
    *,
    gap: float,
    most_days: int,
    seed: int = 0,
) -> Settled:
    """Simulate days until the gap is held for STABLE_DAYS days running, or `most_days` have passed.

    Args:
        kernel: The road graph.
        trips: Who chooses; they begin on the ways known from before.
        prior_s: (edges,) expected where nobody has driven.
        simulate: Edge times of a day on which everybody takes the given way.
        gap: The relative gap to reach.
        most_days: Days at most.
        seed: Of the streams `settle DAY VEHICLE` that say who swaps first.
    """
    ways: Ways = tuple(trip.way for trip in trips)
    expected, changed, swap = Expected(prior_s), 0, SWAP
    rows: list[Iteration] = []
    for day in range(most_days):
        own, mean = expected.learn(simulate(ways))
        now, then = offers(kernel, trips, ways, own), offers(kernel, trips, ways, mean)
        if rows:
            swap = float(np.clip(swap * (GROWS if now.gap <= rows[-1].gap else SHRINKS), SWAP_LEAST, SWAP_MOST))
        rows.append(iteration(day, now, then.gap, ways, changed))
        if len(rows) >= STABLE_DAYS and all(row.gap <= gap for row in rows[-STABLE_DAYS:]):
            return Settled(ways, tuple(rows), reached=True)
        if day < most_days - 1:
            following = _swapped(trips, ways, then, day, swap, seed)
            changed = sum(a != b for a, b in zip(ways, following, strict=True))
            ways = following
    return Settled(ways, tuple(rows), reached=False)


def iteration(day: int, now: Offers, gap_expected: float, ways: Ways, changed: int) -> Iteration:
    """The day's row of the table of days."""
    counted = np.isfinite(now.best_s)
    mean, best = (float(cost[counted].mean()) if counted.any() else 0.0 for cost in (now.spent_s, now.best_s))
    given_up = sum(way is None for way in ways)
    return Iteration(day, now.gap, gap_expected, mean, best, changed, given_up)


def _swapped(trips: Sequence[Trip], ways: Ways, then: Offers, day: int, swap: float, seed: int) -> Ways:
    """Some of those who would gain take the best way; those on a shut one, without any, or with one again: at once."""
    cap = 1.0 / (day / 2.0 + 2.0)
    following: list[Way | None] = []
    rows = zip(trips, ways, then.ways, then.spent_s, then.best_s, then.shut, strict=True)
    for trip, old, new, spent_s, best_s, shut in rows:
        if old is None or new is None or old == new or shut:
            following.append(new)
            continue
        gain = (spent_s - best_s) / max(best_s, 1.0)
        swaps = stream(seed, f"settle {day} {trip.vehicle_id}").random() < min(cap, swap * gain)
        following.append(new if swaps else old)
    return tuple(following)
