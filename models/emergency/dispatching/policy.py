"""Whom to send, and where to wait: rules behind one interface, so that they can be compared on the same calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from models.emergency.dispatching.coverage import Demand, marginal_coverage
from models.emergency.dispatching.fleet import Crewed
from models.emergency.dispatching.wave import Wave
from models.emergency.planning import Call
from models.routing import Floats


@dataclass(frozen=True)
class Offer:
    """A unit that could go: how long from the order until it is there (s), and whether a task is taken from it."""

    crewed: Crewed
    response_s: float
    diverts: bool = False


@dataclass(frozen=True)
class Scene:
    """What a rule may look at.

    Attributes:
        now: s of the run.
        posts: Edges where the other idle units of the class wait, or are on their way to wait.
        times: (origins, destinations) believed travel times of now.
        turnout_s: From order to wheels rolling.
    """

    now: float
    posts: tuple[int, ...]
    times: Callable[[Sequence[int], NDArray[np.int64]], Floats]
    turnout_s: float


class SendRule(Protocol):
    """Chooses among the units that could go."""

    def choose(self, call: Call, offers: Sequence[Offer], scene: Scene) -> Offer:
        """One of the offers, of which there is at least one; they are in order of response time."""
        ...


class WaitRule(Protocol):
    """Says where a unit that has become free waits."""

    def post(self, crewed: Crewed, scene: Scene) -> int:
        """An edge."""
        ...


@dataclass(frozen=True)
class Nearest:
    """The unit that is there first by live time: the baseline."""

    def choose(self, call: Call, offers: Sequence[Offer], scene: Scene) -> Offer:  # noqa: ARG002
        """See `SendRule`."""
        return offers[0]


@dataclass(frozen=True)
class LeastLost:
    """Of the units that are in time the one whose place loses least coverage; of those that are late the first there.

    Source: Jagtenberg, Bhulai & van der Mei (2017), Dynamic ambulance dispatching: is the closest-idle policy always
    optimal?, Health Care Management Science 20, 517-531, doi:10.1007/s10729-016-9368-0 (abstract read): there fewer
    calls are late, by 18 %, and the mean response is longer, by 37 %. So it is the share in time that it is for, never
    the median; `margin_s` bounds what a call may lose to it (not of the paper). Coverage as in MEXCLP.

    Attributes:
        demand: Where calls come from.
        limit_s: In time means so long from the order.
        busy: Share of the time that a unit is busy.
        margin_s: Only units that are there so little after the first are considered.
    """

    demand: Demand
    limit_s: float
    busy: float
    margin_s: float = np.inf

    def choose(self, call: Call, offers: Sequence[Offer], scene: Scene) -> Offer:
        """See `SendRule`; calls of priority 1 always get the first there."""
        latest = min(self.limit_s, offers[0].response_s + self.margin_s)
        timely = [offer for offer in offers if offer.response_s <= latest]
        if len(timely) < 2 or call.priority == 1:
            return offers[0]
        lost = [self._lost(offer.crewed, scene) for offer in timely]
        return timely[int(np.argmin(lost))]

    def _lost(self, crewed: Crewed, scene: Scene) -> float:
        others = list(scene.posts)
        if crewed.post in others:
            others.remove(crewed.post)
        reach = scene.turnout_s + scene.times([crewed.post, *others], self.demand.edges) <= self.limit_s
        counts = reach[1:].sum(axis=0).astype(np.float64)
        return float(marginal_coverage(counts, reach[:1], self.demand.weights, self.busy)[0])


@dataclass(frozen=True)
class Home:
    """Every unit goes back to its own station."""

    def post(self, crewed: Crewed, scene: Scene) -> int:  # noqa: ARG002
        """See `WaitRule`."""
        return crewed.base


@dataclass(frozen=True)
class Dmexclp:
    """A unit that becomes free waits where it adds most expected coverage; the others stay where they are.

    Source: DMEXCLP, Jagtenberg, Bhulai & van der Mei (2015), An efficient heuristic for real-time ambulance
    redeployment, doi:10.1016/j.orhc.2015.01.001 (abstract read; its DOI is known from citations only).

    Attributes:
        demand: Where calls come from.
        bases: (bases,) edges of stations and stand-by points.
        limit_s: In time means so long from the order.
        busy: q, the share of the time that a unit is busy.
    """

    demand: Demand
    bases: NDArray[np.int64]
    limit_s: float
    busy: float

    def post(self, crewed: Crewed, scene: Scene) -> int:
        """See `WaitRule`; of equals the nearest, and a base out of reach is none."""
        asked = [*scene.posts, *self.bases.tolist()]
        reach = scene.turnout_s + scene.times(asked, self.demand.edges) <= self.limit_s
        counts = reach[: len(scene.posts)].sum(axis=0).astype(np.float64)
        added = marginal_coverage(counts, reach[len(scene.posts) :], self.demand.weights, self.busy)
        away_s = scene.times([crewed.where(scene.now)], self.bases)[0]
        added = np.where(np.isfinite(away_s), added, -np.inf)
        if not np.isfinite(added).any():
            return crewed.base
        best = np.flatnonzero(added >= added.max() - 1e-12)
        return int(self.bases[best[np.argmin(away_s[best])]])


@dataclass(frozen=True)
class Policy:
    """How a control room works.

    Attributes:
        name: For tables.
        send: Whom.
        wait: Where units wait.
        divert_gain_s: A unit on its way to a less urgent call is taken where it is so much earlier; None: never.
        aid: Neighbours are asked `never`, as the `last` resort, or also when all of one's own are `late`.
        late_s: What late is, s from the order.
        wave: What a green wave is worth on the way to a call; None: no signal hands over.
        queue: Calls wait for a unit; False: a call that finds none is lost (given to others).
    """

    name: str = "nearest"
    send: SendRule = Nearest()
    wait: WaitRule = Home()
    divert_gain_s: float | None = None
    aid: Literal["never", "last", "late"] = "last"
    late_s: float = 720.0
    wave: Wave | None = None
    queue: bool = True
