"""Demand estimated with the simulation in the loop: what is asked of the streets is what they can carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from calibration.counting import Counts
from calibration.flows.bounded_fit import bounded_fit
from calibration.flows.calibrated import CalibratedDemand, Round
from calibration.flows.carrying import capacity
from calibration.flows.departing import departures
from calibration.flows.fitting import NOISE, estimate
from calibration.flows.learned import learned_prior
from calibration.flows.passing import at_edges, passing
from calibration.flows.paths import PathSet, find_paths
from calibration.flows.prior import Prior
from calibration.flows.roads import Floats, Roads, read_roads
from calibration.flows.streets import Streets, bounds, first_streets, learned
from calibration.flows.trial import Town, car_rows, counted, misfit, tried
from networks.errors import BadInput

NEGLIGIBLE = 0.02
"""Paths on which fewer vehicles than this set out in the first estimate are left out."""
FULL = 0.95
"""Share of a capacity that may be asked for."""


def calibrate_demand(
    net_file: Path | str,
    counts: Counts,
    *,
    additional: Sequence[Path | str] = (),
    known: Sequence[Path | str] = (),
    rounds: int = 8,
    micro_rounds: int = 2,
    seed: int = 0,
    ahead_s: float = 0.0,
    vehicle_type: str | None = None,
    paths: PathSet | None = None,
    prior: Prior | None = None,
) -> CalibratedDemand:
    """Demand of a network from counts, with the simulation in the loop.

    A static estimate comes first, held to what signals, lanes and right of way let through. Then each round simulates
    it, learns how slow the streets were, how long vehicles waited to enter and where jams had their heads, and
    estimates anew: flows nearest to the first estimate that agree with the counts under these times and ask less of
    the jams' heads. Mesoscopic rounds come first, microscopic ones check and go on; the round that agrees best with
    the sensors under simulation is kept. The same seed gives the same bytes.

    Args:
        net_file: The network.
        counts: What was counted.
        additional: Stops, vehicle types, signal programs.
        known: Route files of vehicles that are known beforehand (buses by timetable); they are in the counts.
        rounds: Mesoscopic rounds.
        micro_rounds: Microscopic ones, the first being the check; 0 leaves out the check.
        seed: Of all draws.
        ahead_s: Time to fill the streets before the first count; 0 where they are empty then.
        vehicle_type: Type or distribution in `additional` for all vehicles; SUMO's default car without.
        paths: Where vehicles may go; searched in the network by default.
        prior: What was believed about them; learned from the network and the counts by default.

    Raises:
        BadInput: No round is asked for, nothing was counted, or no path passes any sensor.
        EngineFailed: SUMO stopped.
    """
    if rounds + micro_rounds < 1:
        raise BadInput("no round is asked for", place="rounds", expected="at least one of rounds and micro_rounds")
    if not np.isfinite(counts.vehicles).any():
        raise BadInput("nothing was counted: every period of every sensor is a gap", expected="one count at least")
    file = Path(net_file).absolute()
    more, others = (tuple(Path(one).absolute() for one in files) for files in (additional, known))
    roads = read_roads(file)
    _check_edges(roads, counts, file)
    counts = _with_gap_ahead(counts, ahead_s)
    paths = find_paths(roads, seed=seed) if paths is None else paths
    carried = capacity(file, roads.edges, more)
    town = Town(file, more, others, roads, carried, counts, None, vehicle_type, seed)
    if others:
        town = replace(town, others=counted(town, others))
    unknown = replace(counts, vehicles=_unknown(town))
    first = estimate(paths, unknown, learned_prior(paths, roads, unknown) if prior is None else prior)
    some = first.flows.sum(axis=1) > min(NEGLIGIBLE, float(first.flows.sum(axis=1).max()) / 2)
    return _looped(town, paths.chosen(some), first.flows[some], rounds, micro_rounds, first.unreached)


def _looped(
    town: Town, paths: PathSet, before: Floats, rounds: int, micro_rounds: int, unreached: tuple[str, ...]
) -> CalibratedDemand:
    streets = first_streets(town.roads, town.carried, before.shape[1], town.counts.period_s)
    streets = replace(streets, limits=np.maximum(streets.limits, _most_counted(town)[:, None] / FULL))
    first_limits = streets.limits
    flows = _fitted(town, paths, before, streets)
    done: list[Round] = []
    best: CalibratedDemand | None = None
    for number in range(rounds + micro_rounds):
        meso = number < rounds
        if number == rounds and best is not None:
            flows = best.flows  # the check begins with what did best so far, and only checks count from now on
            best = None
        leaving = departures(paths, flows, begin_s=town.counts.begin_s, period_s=town.counts.period_s, seed=town.seed)
        told, waits_s = tried(town, paths, leaving, meso=meso)
        off = misfit(town.counts, told)
        if best is None or off < best.misfit:
            best = CalibratedDemand(paths, flows, leaving, told, off, (), number, unreached)
        streets = learned(
            streets, town.roads, paths, flows, leaving, car_rows(town, told), waits_s, first_limits,
            damping=0.5 if number else 1.0,
        )  # fmt: skip
        done.append(Round(meso, off, len(leaving), told.totals, int(streets.jammed.sum())))
        if number + 1 < rounds + micro_rounds:
            flows = _fitted(town, paths, before, streets)
    assert best is not None
    return replace(best, rounds=tuple(done))


def _unknown(town: Town) -> Floats:
    """What was counted without the vehicles that are known beforehand (S, T)."""
    if town.others is None:
        return town.counts.vehicles
    row = {edge: at for at, edge in enumerate(town.others.counts.edges)}
    known = town.others.counts.vehicles[[row[edge] for edge in town.counts.edges]]
    return np.maximum(town.counts.vehicles - known, 0.0)


def _most_counted(town: Town) -> Floats:
    """Most vehicles counted in a period on each road (E): it carries at least as many."""
    row = {edge: at for at, edge in enumerate(town.roads.edges)}
    most = np.zeros(len(row))
    for edge, counts in zip(town.counts.edges, town.counts.vehicles, strict=True):
        if edge in row:
            most[row[edge]] = max(most[row[edge]], np.nan_to_num(counts).max())
    return most


def _fitted(town: Town, paths: PathSet, before: Floats, streets: Streets) -> Floats:
    """Flows nearest to `before` under what is believed of the streets."""
    counts, periods = town.counts, before.shape[1]
    wanted = _unknown(town)
    every = tuple(dict.fromkeys(counts.edges))
    seen = passing(paths, at_edges(paths, every), len(every), streets.edge_s, streets.wait_s, counts.period_s)
    place = np.array([every.index(edge) for edge in counts.edges])
    seen = seen[(place[:, None] * periods + np.arange(periods)).ravel()]
    there = np.isfinite(wanted).ravel()
    value = wanted.ravel()[there]
    carried, most = bounds(paths, streets, town.carried, counts.period_s)
    limited = np.flatnonzero(np.isfinite(most) & (np.asarray(carried @ before.ravel()) > 0.3 * most))
    most = FULL * most[limited]
    return bounded_fit(
        before.ravel(),
        (seen[np.flatnonzero(there)], value, np.sqrt(np.maximum(value, 1.0) + (NOISE * value) ** 2)),
        (carried[limited], most, np.sqrt(np.maximum(most, 1.0))),
    ).reshape(before.shape)


def _check_edges(roads: Roads, counts: Counts, file: Path) -> None:
    from calibration.flows.normal_edges import normal_edges

    every = set(normal_edges(file))
    for sensor, edge in zip(counts.sensors, counts.edges, strict=True):
        if edge not in every:
            raise BadInput(
                f"sensor {sensor} watches edge {edge!r}, and the network has none of that name",
                file=file,
                expected=f"one of {len(every)} edges, such as {roads.edges[0]!r}",
                remedy="correct the edge in the file of counts",
            )


def _with_gap_ahead(counts: Counts, ahead_s: float) -> Counts:
    """The same with periods in front of which nothing is known."""
    if ahead_s < 0 or not np.isfinite(ahead_s):
        raise BadInput(f"{ahead_s} s ahead of the counts", place="ahead_s", expected="0 s or more")
    periods = int(np.ceil(ahead_s / counts.period_s))
    gap = np.full((len(counts.sensors), periods), np.nan)
    begin_s = counts.begin_s - periods * counts.period_s
    return replace(counts, begin_s=begin_s, vehicles=np.hstack([gap, counts.vehicles]))
