"""Travel times over the members of an ensemble: what is likely, and how often there is a way at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.routing.kernel import Floats
from models.routing.routes import Routes


@dataclass(frozen=True)
class Spread:
    """Times between origins and destinations over members; all arrays (origins, destinations).

    Attributes:
        low_s, middle_s, high_s: Quantiles over all members, infinite where so many have no way.
        open_share: Share of the members in which there is a way.
    """

    low_s: Floats
    middle_s: Floats
    high_s: Floats
    open_share: Floats


def spread(
    routes: Routes, members_s: ArrayLike, origins: ArrayLike, destinations: ArrayLike, *, interval: float = 0.9
) -> Spread:
    """Weigh the roads by each member's edge times (members, edges) in turn, and take quantiles of the times.

    A member without a way counts as infinitely long: the quantile is then a time that was reached or infinite, never a
    mixture of both. The routes keep the weights of the last member.

    Args:
        routes: Roads of one class.
        members_s: (members, edges) s to pass each edge, infinite where shut.
        origins: First edges.
        destinations: Last edges.
        interval: Width of the interval from low to high, 0 to 1.
    """
    times = []
    for edge_s in np.asarray(members_s, dtype=np.float64):
        routes.weigh(edge_s)
        times.append(routes.table(origins, destinations))
    every = np.stack(times)
    ends = (1.0 - interval) / 2.0, 0.5, (1.0 + interval) / 2.0
    low, middle, high = (np.quantile(every, at, axis=0, method="inverted_cdf") for at in ends)
    return Spread(low, middle, high, np.isfinite(every).mean(axis=0))
