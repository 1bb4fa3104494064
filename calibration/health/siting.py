"""Where another sensor would help most: what is believed of every street beforehand, and what one tells of all others.

The error of all flows is the sum of their variances, weighted by the length of their streets. Sensors are chosen one
after the other, each where it takes off most. For this aim greedy choice has no general guarantee (variance is
submodular only without suppressors: Das & Kempe 2011, arXiv:1102.3975; the factor 1 - 1/e of Nemhauser et al. 1978 is
for entropy), so a bound is computed for the case at hand: k readings, whatever they measure, take off no more than the
k largest eigenvalues of the weighted covariance.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.health.believed_flows import COUNT_CV, RouteFlows
from networks.errors import BadInput

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Site:
    """One place for a sensor.

    Attributes:
        edge: The street.
        own_cv: How uncertain its own flow is before it stands: standard deviation over mean.
        taken: Share of the error at the outset that it takes off.
        left: Share of the error at the outset that is left with it and all before.
    """

    edge: str
    own_cv: float
    taken: float
    left: float


@dataclass(frozen=True, slots=True)
class Siting:
    """Places in the order in which they help.

    Attributes:
        sites: The places.
        bound: Share of the error that no choice of as many sensors could undercut.
        edges: Streets with a belief (E).
        before: Standard deviation of each street's flow before (E), vehicles per hour.
        after: The same with all sites (E).
        mean: Believed flows (E), vehicles per hour.
    """

    sites: tuple[Site, ...]
    bound: float
    edges: tuple[str, ...]
    before: Floats
    after: Floats
    mean: Floats


def site_sensors(
    flows: RouteFlows, length_m: Sequence[float], count: int, *, existing: Collection[str] = (),
    allowed: Collection[str] | None = None,
) -> Siting:  # fmt: skip
    """Choose places for more sensors.

    Args:
        flows: What is believed of the streets beforehand.
        length_m: Of each street of `flows`: its weight.
        count: Sensors to place.
        existing: Streets that are counted already; their word is heard first.
        allowed: Streets where one may stand; None: anywhere.

    Raises:
        BadInput: There are fewer places than sensors, or none is asked for.
    """
    weight = np.asarray(length_m, dtype=np.float64) / float(np.sum(length_m))
    noise = flows.mean + (COUNT_CV * flows.mean) ** 2 + 1.0
    spread = flows.covariance.copy()
    for row in (row for row, edge in enumerate(flows.edges) if edge in set(existing)):
        spread = _heard(spread, row, noise)
    free = np.array([edge not in existing and (allowed is None or edge in allowed) for edge in flows.edges])
    if not 0 < count <= int(free.sum()):
        raise BadInput(
            f"{count} sensors were asked for", expected=f"1 to {int(free.sum())}, the streets where one may stand"
        )
    before = np.sqrt(np.maximum(np.diag(spread), 0.0))
    whole = float(weight @ before**2)
    rooted = np.sqrt(weight)[:, None] * spread * np.sqrt(weight)[None]
    largest = np.sort(np.linalg.eigvalsh(rooted))[::-1][:count]
    sites, left = [], 1.0
    for _ in range(count):
        gains = weight @ spread**2 / (np.diag(spread) + noise)
        row = int(np.argmax(np.where(free, gains, -1.0)))
        taken = float(gains[row]) / whole
        own = float(np.sqrt(max(spread[row, row], 0.0)) / flows.mean[row])
        spread, left = _heard(spread, row, noise), left - taken
        free[row] = False
        sites.append(Site(flows.edges[row], own, taken, left))
    after = np.sqrt(np.maximum(np.diag(spread), 0.0))
    bound = max(0.0, 1.0 - float(largest.sum()) / whole)
    return Siting(tuple(sites), bound, flows.edges, before, after, flows.mean)


def _heard(spread: Floats, row: int, noise: Floats) -> Floats:
    """The covariance after an hour's count on one street (Kalman's update of one reading)."""
    towards = spread[:, row]
    return spread - np.outer(towards, towards) / (spread[row, row] + noise[row])
