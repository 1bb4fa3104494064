"""The proof of a calibrated demand: what it does at sensors that it never saw, beside other demands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.counting import Counts
from calibration.proof.days import RouteTime, day_measures, driven, journey_rows, route_pairs
from calibration.proof.demand_runs import DemandRuns
from calibration.proof.distance import distances_m
from calibration.proof.evidence import Evidence, Floats, LineFlow, Pairs
from calibration.proof.fit import Fit, fit
from calibration.proof.hold_out import HoldOut
from calibration.proof.hours import hourly
from calibration.proof.judging import judge
from calibration.proof.noise_floor import ceiling
from calibration.proof.observed_journeys import Journeys
from calibration.proof.screenlines import screenlines
from calibration.proof.verdict import Verdict
from networks.roads.net_file import Net


@dataclass(frozen=True)
class Side:
    """One demand against the same sensors.

    Attributes:
        runs: What it does.
        simulated_vph: At each sensor and hour (S, H), mean of its seeds.
        held: Its figures at the held-out sensors.
        used: Its figures at the others.
    """

    runs: DemandRuns
    simulated_vph: Floats
    held: Fit
    used: Fit


@dataclass(frozen=True)
class Proof:
    """What is known of a calibrated demand.

    Attributes:
        counts: What was counted, every sensor (S).
        hold: Which of them the calibration never saw.
        observed_vph: By sensor and hour (S, H); NaN at gaps.
        distance_m: From each sensor's edge to the nearest used one (S).
        ours: The calibrated demand.
        before: The reference demand, where there is one.
        peer: SUMO's routeSampler, where it was asked for.
        verdicts: Every criterion.
        ceiling: Share of held-out flows on which the seeds of ours agree by GEH < 5; NaN with one seed.
        journeys: Each route's time as measured and as simulated; None where nobody measured any.
    """

    counts: Counts
    hold: HoldOut
    observed_vph: Floats
    distance_m: Floats
    ours: Side
    before: Side | None
    peer: Side | None
    verdicts: tuple[Verdict, ...]
    ceiling: float
    journeys: tuple[RouteTime, ...] | None = None

    @property
    def is_held(self) -> np.ndarray:
        """Whether each sensor was held out (S)."""
        return np.isin(self.counts.sensors, self.hold.held)


def prove(
    net: Net,
    counts: Counts,
    hold: HoldOut,
    ours: DemandRuns,
    *,
    before: DemandRuns | None = None,
    peer: DemandRuns | None = None,
    speeds_mps: Floats | None = None,
    journeys: Journeys | None = None,
    by_day: Floats | None = None,
) -> Proof:
    """Hold simulated demands against the counts.

    Args:
        net: The network.
        counts: Every sensor, held-out ones too.
        hold: Which are which.
        ours: The calibrated demand, simulated.
        before: A reference demand: total trips and trip lengths are held against it.
        peer: Another estimate from the same sensors.
        speeds_mps: Mean speeds at the sensors (S), NaN where none; None where nobody measured any.
        journeys: Times along routes, where somebody measured them; `ours` has drives then.
        by_day: What each of several days counted (D, S, T), in the periods of `counts`, their mean.
    """
    seen = hourly(counts)
    held = np.isin(counts.sensors, hold.held)
    sides = [None if runs is None else _side(counts, seen, held, runs) for runs in (ours, before, peer)]
    mine = sides[0]
    assert mine is not None
    by_seed = ours.at(counts.edges)[:, held]
    known = np.isfinite(seen[held])
    flows = by_seed[:, known]
    driven_s = None if journeys is None else driven(journeys, ours)
    evidence = Evidence(
        held=pairs(seen[held], mine.simulated_vph[held]),
        used=pairs(seen[~held], mine.simulated_vph[~held]),
        lines=_lines(net, counts, seen, mine.simulated_vph),
        trips=None if before is None else (before.vehicles, ours.vehicles),
        lengths_m=None if before is None else (before.lengths_m, ours.lengths_m),
        speeds_mps=None if speeds_mps is None else (speeds_mps[held], _speeds(ours, counts)[:, held]),
        seeds_vph=flows,
        journeys_s=None if journeys is None or driven_s is None else route_pairs(journeys, driven_s),
        days=day_measures(counts, held, ours, by_day, journeys, driven_s),
    )
    used = [edge for edge, out in zip(counts.edges, held, strict=True) if not out]
    return Proof(
        counts, hold, seen, distances_m(net, counts.edges, used), mine, sides[1], sides[2], judge(evidence),
        ceiling(flows), None if journeys is None or driven_s is None else journey_rows(journeys, driven_s),
    )  # fmt: skip


def pairs(seen: Floats, found: Floats) -> Pairs:
    """Observed and simulated flows without gaps, flat."""
    known = np.isfinite(seen)
    return Pairs(seen[known], found[known])


def _side(counts: Counts, seen: Floats, held: np.ndarray, runs: DemandRuns) -> Side:
    found = runs.at(counts.edges).mean(axis=0)
    return Side(runs, found, fit(pairs(seen[held], found[held])), fit(pairs(seen[~held], found[~held])))


def _speeds(runs: DemandRuns, counts: Counts) -> Floats:
    place = {name: row for row, name in enumerate(runs.edges)}
    return runs.speeds_mps[:, [place[edge] for edge in counts.edges]]


def _lines(net: Net, counts: Counts, seen: Floats, found: Floats) -> tuple[LineFlow, ...]:
    """Each screenline with the counted edges that cross it; two sensors on one edge count once."""
    lines = []
    first = {edge: at for at, edge in reversed(list(enumerate(counts.edges))) if np.isfinite(seen[at]).all()}
    for line in screenlines(net):
        rows: Sequence[int] = [first[edge] for edge in line.edges if edge in first]
        if rows:
            lines.append(
                LineFlow(line.name, len(rows), float(seen[rows].mean(1).sum()), float(found[rows].mean(1).sum()))
            )
    return tuple(lines)
