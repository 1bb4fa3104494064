"""How many vehicles would take each path, before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.flows.paths import PathSet
from calibration.flows.roads import Floats, Roads
from networks.errors import BadInput

RIM_TRIPS = 100.0
"""Trips per hour at a lane of the rim where 1 m/s is allowed; they grow with the root of the speed (guess)."""
INNER_PER_M = 0.02
"""Trips that begin or end on a metre of an inner edge, for every 100 that do at a lane of the rim (guess)."""
REACH_S = 1200.0
"""Travel time over which the number of trips between two places falls to 1/e (guess)."""
DETOUR_S = 15.0
"""Longer by so many seconds, a path is taken by 1/e of those who take the quickest (guess)."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed about the demand before counting.

    Attributes:
        vehicles_h: Vehicles per hour that take each path (P), above 0.
        total_known: Whether their sum is held; else only their proportions count, and counts tell the sum.
    """

    vehicles_h: Floats
    total_known: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no number of vehicles.

        Raises:
            BadInput: A path has none, or an infinite number.
        """
        if not (np.isfinite(self.vehicles_h).all() and (self.vehicles_h > 0).all()):
            raise BadInput("a path's prior flow is not above 0", expected="vehicles per hour above 0 for every path")


def fringe_prior(
    paths: PathSet,
    roads: Roads,
    *,
    sizes: tuple[Floats, Floats] | None = None,
    inner_per_m: float = INNER_PER_M,
    reach_s: float = REACH_S,
    detour_s: float = DETOUR_S,
) -> Prior:
    """A gravity model from the net alone: what its roads at the rim can carry, and a little from every inner street.

    Trips between two edges are in proportion to the size of both and fall with travel time; paths between them share
    them by a logit on their time. Source: Ortuzar & Willumsen, Modelling Transport, 4th ed., 5.4 and 10.3. A guess:
    only proportions are meant.

    Args:
        paths: Where vehicles may go.
        roads: The net that they were found on.
        sizes: Trips that begin, and that end, at each edge (E), e.g. from `zone_sizes`; from the net alone by default.
        inner_per_m: Trips of an inner street's metre, where no sizes are given.
        reach_s: Time over which trips fall to 1/e.
        detour_s: Of the logit between paths of one pair.
    """
    if sizes is None:
        capacity, inner = RIM_TRIPS * roads.lanes * np.sqrt(roads.speed_mps), inner_per_m * roads.length_m
        sizes = np.where(roads.entries, capacity, inner), np.where(roads.exits, capacity, inner)
    begins, ends = sizes
    size = begins[paths.origin] * ends[paths.destination]
    pair = paths.origin * len(roads.edges) + paths.destination
    _, group = np.unique(pair, return_inverse=True)
    quickest = np.full(group.max() + 1, np.inf)
    np.minimum.at(quickest, group, paths.length_s)
    choice = np.exp(-(paths.length_s - quickest[group]) / detour_s)
    share = choice / np.bincount(group, weights=choice)[group]
    trips = size * np.exp(-quickest[group] / reach_s) * share
    return Prior(1000.0 * trips / trips.sum() + 1e-9)


def od_prior(paths: PathSet, trips_h: dict[tuple[int, int], float], *, detour_s: float = DETOUR_S) -> Prior:
    """A given trip table on the paths; pairs that it does not name get almost nothing.

    Args:
        paths: Where trips may go.
        trips_h: Vehicles per hour from one edge (by number) to another.
        detour_s: Of the logit between paths of one pair.

    Raises:
        BadInput: No path serves any of its pairs.
    """
    pair = list(zip(paths.origin.tolist(), paths.destination.tolist(), strict=True))
    wanted = np.array([trips_h.get(key, 0.0) for key in pair])
    if not wanted.any():
        raise BadInput("no path serves any pair of the trip table", expected="pairs of edges that paths connect")
    _, group = np.unique(paths.origin * len(paths.edges) + paths.destination, return_inverse=True)
    quickest = np.full(group.max() + 1, np.inf)
    np.minimum.at(quickest, group, paths.length_s)
    choice = np.exp(-(paths.length_s - quickest[group]) / detour_s) + 1e-6
    flows = wanted * choice / np.bincount(group, weights=choice)[group]
    return Prior(np.maximum(flows, 1e-6 * wanted.sum() / len(paths)), total_known=True)
