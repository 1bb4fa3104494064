"""A prior that has learned from the counts of a whole period what this town's traffic likes.

The flow of a path is log-linear in what is known of it and in effects that nobody knows,

    log h = x b + log share + a(begin) + e(end) + w(place of begin) + w(place of end) + o(pair) + sum of s(edge) ,

b around a guess, the effects around 0, all normal with the standard deviations of `Spread`; the share is a logit on
time between paths of one pair. Counts c of the edges that h passes, and probes n of a path (Poisson with an unknown
share r of all vehicles), give the mode of the posterior (`posterior`). Counts are compared after a square root, where
their noise is even, with Student's t, so a sensor that nothing else agrees with loses its say. The heavy-tailed
effects matter: real demand is concentrated on few pairs, and maximum entropy alone spreads it (sources: Hazelton 2008,
Statistical inference for time varying origin-destination matrices, Transportation Research B 42,
doi:10.1016/j.trb.2007.11.003; Tebaldi & West 1998, Bayesian inference on network traffic using link count data, JASA
93, doi:10.1080/01621459.1998.10473707; Freeman & Tukey 1950, doi:10.1214/aoms/1177729756; known from citations).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack

from calibration.counting import Counts
from calibration.flows.paths import PathSet
from calibration.flows.posterior import Seen, most_likely
from calibration.flows.prior import DETOUR_S, Prior
from calibration.flows.roads import Bools, Floats, Ints, Roads
from calibration.flows.traits import EXPECTED, UNSURE, pairs, places, quickest_s, traits
from calibration.flows.turning import TurnCounts, all_counted, passes, seeing
from networks.errors import BadInput


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations (log) of what nobody knows.

    Attributes:
        end: Of each edge as a begin, and as an end, of trips.
        place: Of each place, for trips that begin and trips that end there alike.
        pair: Of each pair of ends.
        path: Of each path, beside its pair.
        edge: Of each edge that a path passes.
        count: Of a count, beside Poisson's noise.
    """

    end: float = 0.5
    place: float = 0.6
    pair: float = 1.5
    path: float = 0.0
    edge: float = 0.15
    count: float = 0.07


GIVEN = Spread(end=0.2, place=0.0, pair=0.6, path=0.5, edge=0.1)
"""Around a trip table that is given, each entry known to about 50 %."""


def learned_prior(
    paths: PathSet,
    roads: Roads,
    counts: Counts,
    *,
    turns: TurnCounts | None = None,
    given: Prior | None = None,
    spread: Spread | None = None,
    steps: int = 60,
) -> Prior:
    """Flow of each path, as the counts of the whole time, probes and the net itself make it likely.

    Args:
        paths: Where vehicles may go; their `probes` are used where there are any.
        roads: The net that they were found on.
        counts: What was counted; a sensor with gaps counts as the mean of its other periods.
        turns: What was counted of turns, in the same periods.
        given: What is believed instead of the gravity guess, e.g. a trip table.
        spread: How unsure everything is; by default `Spread()`, or `GIVEN` around a given prior.
        steps: Most iterations of the solver.

    Raises:
        BadInput: No path passes any sensor that counted something.
    """
    spread = spread or _usual(paths, given)
    hours = counts.period_s / 3600.0
    vehicles = all_counted(counts, turns)
    said: Bools = np.asarray(np.isfinite(vehicles).any(axis=1))
    seen = np.nanmean(np.where(said[:, None], vehicles, 0.0), axis=1) / hours
    at = passes(paths, seeing(paths, counts, turns))
    used = said & (np.diff(at.indptr) > 0)
    if not used.any():
        raise BadInput("no path passes any sensor", expected="sensors on edges that cars use, by their SUMO edge ids")
    length_h = counts.vehicles.shape[1] * hours
    known = Seen(at[np.flatnonzero(used)], seen[used], spread.count, paths.probes, length_h)
    expected = _expected(paths, roads, known, given)
    flows = most_likely(expected, _unsure(paths, roads, spread, given), known, steps=steps)
    return Prior(np.maximum(flows, 1e-9), total_known=True)


def _usual(paths: PathSet, given: Prior | None) -> Spread:
    """Paths of one pair are told apart where probes show which of them are driven."""
    usual = Spread() if given is None else GIVEN
    return replace(usual, path=1.5) if paths.probes.any() else usual


def _expected(paths: PathSet, roads: Roads, seen: Seen, given: Prior | None) -> Floats:
    """Logarithm of the flows before anything is counted (P), at the level that the counts tell."""
    log = traits(paths, roads) @ EXPECTED + _log_share(paths) if given is None else np.log(given.vehicles_h)
    if given is not None and given.total_known:
        return log
    return np.asarray(log + np.log(max(seen.vehicles_h.sum(), 1.0) / float((seen.at @ np.exp(log)).sum())))


def _unsure(paths: PathSet, roads: Roads, spread: Spread, given: Prior | None) -> csr_matrix:
    """What each unknown, in its standard deviations, adds to the logarithm of each path's flow (P, N)."""
    size = len(paths)
    columns = [csr_matrix(np.ones((size, 1)))]
    if given is None:
        columns.append(csr_matrix(traits(paths, roads) * UNSURE))
    for groups, count, deviation in _effects(paths, roads, spread):
        if deviation > 0:
            column, row = np.concatenate(groups), np.tile(np.arange(size), len(groups))
            columns.append(csr_matrix((np.full(len(row), deviation), (row, column)), shape=(size, count)))
    if spread.edge > 0:
        columns.append(paths.incidence() * spread.edge)
    return hstack(columns).tocsr()


def _effects(paths: PathSet, roads: Roads, spread: Spread) -> list[tuple[Sequence[Ints], int, float]]:
    """Groups of each path, how many groups there are, and the standard deviation of their effect."""
    begins, ends = places(roads)
    pair = pairs(paths)
    return [
        ([paths.origin], len(roads.edges), spread.end),
        ([paths.destination], len(roads.edges), spread.end),
        (
            [begins[paths.origin], ends[paths.destination]],
            1 + int(max(begins.max(), ends.max())),
            spread.place,
        ),
        ([pair], 1 + int(pair.max()), spread.pair),
        ([np.arange(len(paths))], len(paths), spread.path),
    ]


def _log_share(paths: PathSet) -> Floats:
    """Logarithm of the logit share of each path among those of its pair."""
    pair = pairs(paths)
    choice = np.exp(-(paths.length_s - quickest_s(paths)) / DETOUR_S) + 1e-12
    return np.log(choice / np.bincount(pair, weights=choice)[pair])
