"""Who comes to the city for a day: groups from stations, car parks, stops and hotels, of all ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.crowd.plans import VisitorPlans
from models.streams import stream
from networks.errors import BadInput

AGES = ("child", "adult", "old")
AGE_SHARES = (0.15, 0.67, 0.18)
"""Shares of children, adults and people of 65 and more; an assumption."""
AGE_SPEED_MPS = ((1.10, 0.20), (1.36, 0.24), (1.05, 0.22))
"""Mean and spread of the free speed by age (m/s): about 1.3 over all, Weidmann's is 1.34; the parts are
assumptions."""
GROUP_SHARES = (0.25, 0.40, 0.15, 0.15, 0.05)
"""Shares of groups of 1 to 5; an assumption."""
MOST_VISITS = 4


@dataclass(frozen=True)
class Sources:
    """Where people come from and go back to; arrays of shape (sources,).

    Attributes:
        kind: "station", "car_park", "stop" or "hotel".
        node: Node of the walk graph.
        people: How many come from there in a day.
    """

    kind: tuple[str, ...]
    node: np.ndarray
    people: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "node", np.asarray(self.node, dtype=np.int32))
        object.__setattr__(self, "people", np.asarray(self.people, dtype=np.int64))
        if not len(self.kind) == len(self.node) == len(self.people):
            raise BadInput("the columns of the sources differ in length", expected="one row each")
        if (self.people < 0).any():
            raise BadInput("fewer than 0 people come from a source", expected="0 or more")


@dataclass(frozen=True)
class DayPeople:
    """Everybody of a day, one row each, in order of arrival in the city.

    Attributes:
        arrive_s: When it sets out from its source (s after the run's start), shape (people,).
        source: Row of its source, int32.
        party: Number of its group, int32; a group keeps together.
        age: Index into AGES, int8.
        speed_mps: Free speed, that of the slowest of the group (m/s).
        visits: How many attractions the group wants to see, int8.
        taste_u, stay_z: Uniform and standard normal draws by group and visit, float32, shape (groups, MOST_VISITS).
        follow_u: Uniform draws by group: who follows advice, float32, shape (groups,); empty: nobody was asked.
    """

    arrive_s: np.ndarray
    source: np.ndarray
    party: np.ndarray
    age: np.ndarray
    speed_mps: np.ndarray
    visits: np.ndarray
    taste_u: np.ndarray
    stay_z: np.ndarray
    follow_u: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def __len__(self) -> int:
        return len(self.arrive_s)

    def plans(self, sources: Sources, first_node: np.ndarray) -> VisitorPlans:
        """The first ways, from the sources to `first_node` (one for each person); in the order of these rows."""
        return VisitorPlans(self.arrive_s, sources.node[self.source], first_node, self.speed_mps, self.party)


@dataclass(frozen=True)
class Arrivals:
    """When people come, by slices of time such as quarter hours.

    Attributes:
        first_s: Where the first slice begins (s after the run's start).
        slice_s: Length of a slice (s).
        share: (sources, slices) relative numbers; within a slice all moments are equally likely.

    Raises:
        BadInput: A negative share, a source without any, a slice that has no length.
    """

    first_s: float
    slice_s: float
    share: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", np.atleast_2d(np.asarray(self.share, dtype=np.float64)))
        if not (self.slice_s > 0 and self.first_s >= 0):
            raise BadInput(
                f"slices of {self.slice_s:g} s from {self.first_s:g} s on", expected="more than 0, 0 or more"
            )
        if (self.share < 0).any() or not (self.share.sum(axis=1) > 0).all():
            raise BadInput("shares of arrivals by time", expected="0 or more, and one above 0 for each source")

    def when_s(self, source: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Moments (s) of uniform draws `u` (n,) for people of `source` (n,): the same draw, the same place in line."""
        found = np.empty(len(u))
        slices = np.arange(self.share.shape[1] + 1)
        for row, share in enumerate(self.share):
            mine = source == row
            found[mine] = np.interp(u[mine], np.concatenate([[0.0], np.cumsum(share) / share.sum()]), slices)
        return self.first_s + self.slice_s * found


def draw_people(
    sources: Sources, seed: int, *, first_s: float = 0.0, last_s: float = 8 * 3600.0, mean_visits: float = 2.0,
    arrivals: Arrivals | None = None, group_shares: Sequence[float] = GROUP_SHARES,
    age_shares: Sequence[float] = AGE_SHARES,
) -> DayPeople:  # fmt: skip
    """Draw a day's people: each group its source, size, ages, arrival (a bell between first and last), and wishes.

    Every draw is made here, by group, so that an intervention changes what people do and not who they are.

    Args:
        sources: Where they come from.
        seed: Of all streams.
        first_s: The first arrival (s), where `arrivals` does not say more.
        last_s: The last one (s).
        mean_visits: Sites that a group wants to see, 1 to MOST_VISITS.
        arrivals: When they come, by source and slice of time.
        group_shares: Shares of groups of 1, 2, ...
        age_shares: Shares of AGES.

    Raises:
        BadInput: The last arrival lies before the first; shares that do not add up to 1.
    """
    if not last_s > first_s >= 0:
        raise BadInput(f"arrivals from {first_s} s to {last_s} s", expected="0 <= first < last")
    for what, shares in (("groups", group_shares), ("ages", age_shares)):
        if min(shares) < 0 or abs(sum(shares) - 1.0) > 1e-6:
            raise BadInput(f"shares of {what} {tuple(shares)}", expected="0 or more, 1 together")
    size_u = stream(seed, "crowd group sizes")
    source: list[np.ndarray] = []
    party: list[np.ndarray] = []
    begun = 0
    for row, people in enumerate(sources.people.tolist()):
        sizes = 1 + size_u.choice(len(group_shares), max(1, people), p=group_shares)
        groups = int(np.searchsorted(np.cumsum(sizes), people)) + 1 if people else 0
        member = np.repeat(np.arange(groups), sizes[:groups])[:people]
        party.append(member + begun)
        begun += groups
        source.append(np.full(people, row))
    group = np.concatenate(party).astype(np.int32) if party else np.zeros(0, dtype=np.int32)
    group = np.unique(group, return_inverse=True)[1].astype(np.int32)
    n, groups = len(group), int(group.max()) + 1 if len(group) else 0
    age = stream(seed, "crowd ages").choice(len(AGES), n, p=age_shares).astype(np.int8)
    mean, spread = np.array(AGE_SPEED_MPS).T
    own = np.clip(mean[age] + spread[age] * stream(seed, "crowd speeds").standard_normal(n), 0.5, 2.0)
    slowest = np.full(groups, np.inf)
    np.minimum.at(slowest, group, own)
    when = first_s + (last_s - first_s) * stream(seed, "crowd arrivals").beta(2.5, 3.5, groups)
    if arrivals is not None:
        lead = np.zeros(groups, dtype=np.int32)
        lead[group] = np.concatenate(source) if source else 0
        when = arrivals.when_s(lead, stream(seed, "crowd arrivals by slice").random(groups))
    visits = np.clip(stream(seed, "crowd visits").poisson(mean_visits - 1.0, groups) + 1, 1, MOST_VISITS)
    order = np.argsort(when[group], kind="stable")
    return DayPeople(
        arrive_s=when[group][order],
        source=np.concatenate(source)[order].astype(np.int32) if source else np.zeros(0, dtype=np.int32),
        party=group[order],
        age=age[order],
        speed_mps=slowest[group][order],
        visits=visits[group][order].astype(np.int8),
        taste_u=stream(seed, "crowd choices").random((groups, MOST_VISITS), dtype=np.float32),
        stay_z=stream(seed, "crowd stays").standard_normal((groups, MOST_VISITS), dtype=np.float32),
        follow_u=stream(seed, "crowd compliance").random(groups, dtype=np.float32),
    )
