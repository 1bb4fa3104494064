"""Policies side by side on the same calls: what each changes against nearest by live time, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.emergency import Call, Unit
from models.emergency.dispatching import (
    Answered,
    Delays,
    Dmexclp,
    LeastLost,
    LiveRoads,
    Policy,
    simulate,
)
from models.emergency.resources import Target
from networks.errors import BadInput
from scenarios.comparison import Verdict, paired_interval, verdict_of
from scenarios.emergency.draws import drawn_calls
from scenarios.emergency.judged import LOWER, judged, targets_of
from scenarios.emergency.service import Service
from scenarios.emergency.sites import propose

USUAL = Delays()
BASELINE = "nearest"
PLANNED = "sited"
"""The row of a planning result: the same units at other stations, for good."""


@dataclass(frozen=True)
class Way:
    """A way to work: a policy; ways by the flood's forecast; no wait at lights; units of its own where sited."""

    policy: Policy
    forecast: bool = False
    waved: bool = False
    units: tuple[Unit, ...] | None = None


@dataclass(frozen=True)
class Delta:
    """A measure of a way to work against the baseline: mean, mean difference, its 90 % interval, verdict."""

    mean: float
    difference: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True)
class Trials:
    """What came out.

    Attributes:
        measures: Way -> measure -> (seeds,) values.
        deltas: Way -> measure -> against the baseline.
        first: Way -> what became of the calls of the first seed.
        busy: The share of the time that a unit is busy, from the baseline.
        aims: Targets that were judged.
        seeds: Which.
    """

    measures: dict[str, dict[str, np.ndarray]]
    deltas: dict[str, dict[str, Delta]]
    first: dict[str, Answered]
    busy: float
    aims: tuple[Target, ...]
    seeds: tuple[int, ...]


def compare_policies(
    service: Service,
    *,
    seeds: Sequence[int],
    per_hour: float,
    kind: str = "medical",
    within_s: float = 480.0,
    delays: Delays = USUAL,
    given: Sequence[Call] = (),
) -> Trials:
    """Let every way to work answer the same calls of each seed, or the calls that are given.

    Args:
        service: Units, roads, demand.
        seeds: At least two, for intervals.
        per_hour: Calls an hour.
        kind: Their kind.
        within_s: What rules of coverage count as in time, from the call.
        delays: Steps without driving.
        given: Calls instead of drawn ones: one seed, no intervals.

    Raises:
        BadInput: There are no calls at all.
    """
    aims = tuple(targets_of(kind))
    seeds = (0,) if given else tuple(seeds)
    calls = {0: tuple(given)} if given else {s: drawn_calls(service, s, per_hour=per_hour, kind=kind) for s in seeds}
    if not any(calls.values()):
        raise BadInput("not one call is drawn", remedy="more calls an hour, or more hours")
    places = [service.index[call.edge_id] for call in given]
    roads = dict[tuple[bool, bool], LiveRoads]()

    def run(way: Way) -> list[Answered]:
        key = way.forecast, way.waved
        if key not in roads:
            roads[key] = service.live(places, forecast=way.forecast, waved=way.waved)
        travel = roads[key]
        units = service.units if way.units is None else way.units
        return [
            simulate(
                travel.fresh(), service.index, units, calls[seed], hospitals=service.resources.hospitals,
                policy=way.policy, delays=delays, named=service.street,
            )
            for seed in seeds
        ]  # fmt: skip

    base = run(Way(Policy(BASELINE)))
    busy = float(np.clip(np.mean([one.utilisation for one in base]), 0.05, 0.9))
    answers = {BASELINE: base} | {name: run(way) for name, way in _ways(service, within_s, busy, delays).items()}
    measures = {name: _columns([judged(one, aims) for one in done]) for name, done in answers.items()}
    deltas = {
        name: {key: _delta(key, measures[BASELINE][key], values) for key, values in told.items()}
        for name, told in measures.items()
        if name != BASELINE
    }
    return Trials(measures, deltas, {name: done[0] for name, done in answers.items()}, busy, aims, tuple(seeds))


def _ways(service: Service, within_s: float, busy: float, delays: Delays) -> dict[str, Way]:
    limit_s = within_s - delays.handling_s
    demand, bases = service.demand, np.array(service.bases, dtype=np.int64)
    send, wait = LeastLost(demand, limit_s, busy), Dmexclp(demand, bases, limit_s, busy)
    ways = {
        "least_lost": Way(Policy("least_lost", send=send)),
        "stand_by": Way(Policy("stand_by", wait=wait)),
        "diversion": Way(Policy("diversion", divert_gain_s=60.0)),
        "all": Way(Policy("all", send=send, wait=wait, divert_gain_s=60.0)),
    }
    ways["green_wave"] = Way(Policy("green_wave"), waved=True)
    if service.roads.water is not None:
        ways = {"forecast": Way(Policy("forecast"), forecast=True)} | ways
        ways["all"] = replace(ways["all"], forecast=True)
    return ways | {PLANNED: Way(Policy(PLANNED), units=_sited(service, within_s, busy, delays))}


def _sited(service: Service, within_s: float, busy: float, delays: Delays) -> tuple[Unit, ...]:
    """The service's own units where MEXCLP puts them, and the neighbours' where they are."""
    own = sum(not one.mutual_aid for one in service.units)
    found = propose(service, own, aim="expected", within_s=within_s, busy=busy, delays=delays)
    return found.units + tuple(one for one in service.units if one.mutual_aid)


def _columns(rows: list[dict[str, float]]) -> dict[str, np.ndarray]:
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def _delta(key: str, base: np.ndarray, values: np.ndarray) -> Delta:
    """Over the seeds in which both have the measure: a day without calls has no median."""
    both = np.isfinite(base) & np.isfinite(values)
    base, values = base[both], values[both]
    if not len(base):
        return Delta(np.nan, np.nan, np.nan, np.nan, "cannot tell")
    low, high = paired_interval(base, values)
    better = verdict_of(low, high, "lower" if key in LOWER else "higher")
    return Delta(float(np.mean(values)), float(np.mean(values - base)), low, high, better)
