"""A storm as an ensemble: members in parallel, and the chances that they give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from models.flood import Rain
from models.flood.underpass import first_passing
from scenarios.ensembles.executor import Executor
from scenarios.flooding.draws import Draw
from scenarios.flooding.member_run import FOOT_CLASSES, SHOWN_M, SHUT_CLASSES, MemberFlood, Storm, run_flood_member
from scenarios.flooding.places import Places

LIKELY = 0.5


@dataclass(frozen=True)
class Passing:
    """When a depth is reached at a place.

    Attributes:
        depth_m: The depth.
        chance: Share of members that reach it.
        first_s: The 10th percentile of when, over the members that do; None: none does.
        middle_s: The median.
    """

    depth_m: float
    chance: float
    first_s: float | None
    middle_s: float | None


@dataclass(frozen=True)
class StormAnswer:
    """What an ensemble says.

    Attributes:
        members: In the order of their numbers; 0 is the city as it is described.
        chance: (rows, columns) share of members in which more than 0.15 m stood at some time.
        deepest_m: (rows, columns) the mean of the members' deepest water.
    """

    members: tuple[MemberFlood, ...]
    chance: np.ndarray
    deepest_m: np.ndarray

    @property
    def times_s(self) -> np.ndarray:
        """(t,) s since the run's begin."""
        return self.members[0].times_s

    def pond_passing(self, at: int, depth_m: float) -> Passing:
        """When a ponding point reaches a depth."""
        return passing([one.pond_m[:, at] for one in self.members], self.times_s, depth_m)

    def underpass_passing(self, at: int, depth_m: float) -> Passing:
        """When an underpass reaches a depth."""
        return passing([one.underpass_m[:, at] for one in self.members], self.times_s, depth_m)

    def shut(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(edges,) for a class of vehicle, (walk links,) for one of people: the share of members in which each closes,
        and the median of when, over those in which it does; inf where it never does.
        """
        if name in SHUT_CLASSES:
            times = [one.shut_s[SHUT_CLASSES.index(name)] for one in self.members]
        else:
            times = [one.foot_shut_s[FOOT_CLASSES.index(name)] for one in self.members]
        ordered = np.sort(times, axis=0)
        count = np.isfinite(ordered).sum(axis=0)
        middle = ordered[np.maximum(count - 1, 0) // 2, np.arange(ordered.shape[1])]
        return count / len(self.members), middle


def passing(courses: Sequence[np.ndarray], times_s: np.ndarray, depth_m: float) -> Passing:
    """When courses of depths, one per member, reach a depth."""
    found = [first_passing(times_s, course, depth_m) for course in courses]
    reached = [one for one in found if one is not None]
    if not reached:
        return Passing(depth_m, 0.0, None, None)
    first, middle = (float(one) for one in np.quantile(reached, (0.1, 0.5)))
    return Passing(depth_m, len(reached) / len(found), first, middle)


def run_storm(
    storm: Storm,
    places: Places,
    rains: Sequence[Rain],
    draws: Sequence[Draw],
    executor: Executor,
    *,
    on_done: Callable[[int, MemberFlood], None] | None = None,
) -> StormAnswer:
    """Run every member.

    Args:
        storm: What they share.
        places: What is watched.
        rains: One for all, or one for each member in turn.
        draws: Their worlds.
        executor: Here, or on Ray.
        on_done: Called with each member's index as it is done.

    Raises:
        BadInput: Structures that do not fit the city.
        InvalidRun: A ledger does not close.
    """
    items = [(rains[draw.member % len(rains)], draw) for draw in draws]
    members = executor.map(partial(_one, storm, places), items, on_done)
    return gathered(members)


def gathered(members: Sequence[MemberFlood]) -> StormAnswer:
    """Members as one answer."""
    deepest = np.mean([one.deepest_m for one in members], axis=0)
    chance = np.mean([one.deepest_m > SHOWN_M for one in members], axis=0)
    return StormAnswer(tuple(members), chance.astype(np.float32), deepest.astype(np.float32))


def _one(storm: Storm, places: Places, item: tuple[Rain, Draw]) -> MemberFlood:
    return run_flood_member(storm, places, *item)
