"""How far one gets in a time: isochrones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.routing.kernel import Floats
from models.routing.routes import Routes


def reached(routes: Routes, origins: Sequence[int], limit_s: float) -> Floats:
    """(edges,) share of each edge that somebody from one of the origins has driven within `limit_s`, 0 to 1.

    Whoever enters an edge in time drives along it at its own speed until the time is over; whoever starts on an edge
    starts at its beginning.
    """
    entered: Floats = np.full(routes.turns.edges, np.inf)
    for origin in origins:
        entered = np.minimum(entered, routes.times_from(origin))
    passing = routes.edge_s
    left = np.where(np.isfinite(entered), limit_s - entered, -1.0)
    share = np.divide(left, passing, out=np.ones_like(left), where=np.isfinite(passing) & (passing > 0.0))
    return np.where((left < 0.0) | ~np.isfinite(passing), 0.0, np.clip(share, 0.0, 1.0))
