"""What is believed of every street's flow before counting, as one normal distribution: streets that share routes err
together, which is what lets a sensor speak for streets where none stands.

Trips of a path are uncertain by themselves, with all that begin, and with all that end, at the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from calibration.flows import PathSet, Prior

Floats = NDArray[np.float64]
PATH_CV, PLACE_CV = 1.0, 0.6
"""Coefficients of variation of one path's trips, and of all trips of one place (guesses)."""
COUNT_CV = 0.05
"""Of a count, beside its own chance (guess)."""


@dataclass(frozen=True, slots=True)
class RouteFlows:
    """A normal distribution over the flows of streets.

    Attributes:
        edges: Streets (E).
        mean: Vehicles per hour (E).
        covariance: Of them (E, E).
    """

    edges: tuple[str, ...]
    mean: Floats
    covariance: Floats

    def noise(self, rows: NDArray[np.int64]) -> Floats:
        """Variance of an hour's count on some streets."""
        return self.mean[rows] + (COUNT_CV * self.mean[rows]) ** 2 + 1.0


def route_flows(paths: PathSet, prior: Prior) -> RouteFlows:
    """The distribution that paths and their prior make; streets that no path uses are left out."""
    from scipy.sparse import csr_matrix, diags

    used = paths.incidence().T.tocsr()
    scaled = used @ diags(prior.vehicles_h)
    mean = np.asarray(scaled.sum(axis=1)).ravel()
    kept = np.flatnonzero(mean > 1e-6)
    scaled = scaled[kept]
    covariance = PATH_CV**2 * (scaled @ scaled.T).toarray()
    for place in (paths.origin, paths.destination):
        _, group = np.unique(place, return_inverse=True)
        of = csr_matrix((np.ones(len(group)), (np.arange(len(group)), group)))
        summed = scaled @ of
        covariance += PLACE_CV**2 * (summed @ summed.T).toarray()
    return RouteFlows(tuple(paths.edges[row] for row in kept), mean[kept], covariance)


def network_flows(net_file: Path | str) -> RouteFlows:
    """The same of a network about which nothing else is known: its rim, its capacities, its shortest ways."""
    from calibration.flows import find_paths, fringe_prior, read_roads

    roads = read_roads(Path(net_file))
    paths = find_paths(roads)
    return route_flows(paths, fringe_prior(paths, roads))


def told_by_others(flows: RouteFlows, edges: Sequence[str], per_hour: Floats) -> tuple[Floats, Floats]:
    """log(count / what all other sensors make of it) for each sensor (S) and its error; NaN where no route passes.

    Leave-one-out in closed form: with K the inverse covariance of the counts, the others foretell count i as
    y_i - (K (y - mean))_i / K_ii (Dubrule 1983, doi:10.1007/BF01033233). The sensor that strays most is taken out of
    the others' word, and so on, so that liars do not speak for each other.
    """
    row_of = {edge: row for row, edge in enumerate(flows.edges)}
    out, errors = np.full((2, len(edges)), np.nan)
    at = np.array([i for i, edge in enumerate(edges) if edge in row_of and not np.isnan(per_hour[i])], dtype=np.int64)
    if len(at) < 5:
        return out, errors
    rows = np.array([row_of[edges[i]] for i in at])
    scale = float(np.median(per_hour[at] / flows.mean[rows]))
    mean, seen = flows.mean[rows] * scale, per_hour[at]
    noise = seen + (COUNT_CV * seen) ** 2 + 1.0
    prior = flows.covariance[np.ix_(rows, rows)] * scale**2
    speaking = np.ones(len(at), dtype=bool)
    for _ in range(len(at) // 3 + 1):
        foretold, spread = _left_out(prior, noise, mean, seen, speaking)
        away = np.abs(np.log((seen + 1) / np.maximum(foretold, 1.0))) / np.maximum(
            spread / np.maximum(foretold, 1.0), 0.05
        )
        worst = int(np.argmax(np.where(speaking, away, -1.0)))
        if away[worst] < 3.0:
            break
        speaking[worst] = False
    foretold, spread = _left_out(prior, noise, mean, seen, speaking)
    foretold = np.maximum(foretold, 0.05 * mean) + 1.0
    out[at], errors[at] = np.log((seen + 1.0) / foretold), np.minimum(spread / foretold, 2.0)
    return out, errors


def _left_out(
    prior: Floats, noise: Floats, mean: Floats, seen: Floats, speaking: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """What those who speak, but for itself, foretell for each; and its standard deviation."""
    foretold, spread = np.empty(len(mean)), np.empty(len(mean))
    inside = np.flatnonzero(speaking)
    inverse = np.linalg.inv(prior[np.ix_(inside, inside)] + np.diag(noise[inside]))
    pull = inverse @ (seen[inside] - mean[inside])
    foretold[inside] = seen[inside] - pull / np.diag(inverse)
    spread[inside] = np.sqrt(1.0 / np.diag(inverse))
    for row in np.flatnonzero(~speaking):
        towards = prior[row, inside]
        foretold[row] = mean[row] + towards @ pull
        spread[row] = np.sqrt(max(prior[row, row] + noise[row] - towards @ inverse @ towards, 1e-9))
    return foretold, spread
