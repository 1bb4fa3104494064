"""Policies side by side on the same calls: what each changes against nearest by live time, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.emergency import Call, Unit
from models.emergency.dispatching import (
    Answered,
    Delays,
    Dmexclp,
    LeastLost,
    Policy,
    parts_of,
)
from models.emergency.resources import Target
from networks.errors import BadInput
from scenarios.comparison import Verdict, paired_interval, verdict_of
from scenarios.emergency.control_rooms import ControlRooms, Way
from scenarios.emergency.draws import drawn_calls
from scenarios.emergency.judged import judged, lower_is_better, targets_of
from scenarios.emergency.service import Service
from scenarios.emergency.sites import propose
from scenarios.emergency.wave_gain import WaveGain

USUAL = Delays()
BASELINE = "nearest"
MARGIN_S = 60.0
"""What a call may lose at most to coverage, in the rule for daily use (a choice, not of a paper)."""
PLANNED = "sited"
"""The row of a planning result: the same units at other stations, for good."""


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
    """What came out; a measure that means nothing on a day (no call was answered) is NaN there.

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

    def mean(self, way: str, measure: str) -> float:
        """Over the days that have it; NaN where none has."""
        values = self.measures[way][measure]
        return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else np.nan


def compare_policies(
    services: Sequence[Service],
    *,
    seeds: Sequence[int],
    per_hour: Mapping[str, float],
    within_s: float = 480.0,
    delays: Delays = USUAL,
    given: Sequence[Call] = (),
    gain: WaveGain | None = None,
) -> Trials:
    """Let every way to work answer the same calls of each seed on the same roads, or the calls that are given.

    Args:
        services: Units, roads, demand, one for each class of vehicles. With several, calls ask for all units of their
            kind (`models.emergency.dispatching.parts_of`); with one, for a unit of that class alone.
        seeds: At least two, for intervals.
        per_hour: Calls an hour by kind.
        within_s: What rules of coverage count as in time, from the call.
        delays: Steps without driving.
        given: Calls instead of drawn ones: one seed, no intervals.
        gain: What green waves gained where they were measured; without, a way without waits at lights stands in.

    Raises:
        BadInput: There are no calls at all.
    """
    seeds = (0,) if given else tuple(seeds)
    calls = {seed: tuple(given) if given else _drawn(services[0], seed, per_hour) for seed in seeds}
    if not any(calls.values()):
        raise BadInput("not one call is drawn", remedy="more calls an hour, or more hours")
    aims = tuple(targets_of(sorted({call.kind for day in calls.values() for call in day})))
    if len(services) > 1:
        calls = {seed: tuple(part for call in day for part in parts_of(call)) for seed, day in calls.items()}
    rooms = ControlRooms(services, calls, delays, gain)
    base = [rooms.run(Way(Policy(BASELINE)), seed) for seed in seeds]
    busy = float(np.clip(np.mean([one.utilisation for one in base]), 0.05, 0.9))
    ways = _ways(services, within_s, busy, delays, gain)
    answers: dict[str, list[Answered]] = {BASELINE: base} | {name: [] for name in ways}
    for seed in seeds:
        for name, way in ways.items():
            answers[name].append(rooms.run(way, seed))
    measures = {name: _columns([judged(one, aims, within_s) for one in done]) for name, done in answers.items()}
    deltas = {
        name: {key: _delta(key, measures[BASELINE][key], values) for key, values in told.items()}
        for name, told in measures.items()
        if name != BASELINE
    }
    return Trials(measures, deltas, {name: done[0] for name, done in answers.items()}, busy, aims, tuple(seeds))


def _drawn(service: Service, seed: int, per_hour: Mapping[str, float]) -> tuple[Call, ...]:
    days = (drawn_calls(service, seed, per_hour=rate, kind=kind) for kind, rate in per_hour.items())
    return tuple(sorted((call for day in days for call in day), key=lambda call: (call.time_s, call.call_id)))


def _ways(
    services: Sequence[Service], within_s: float, busy: float, delays: Delays, gain: WaveGain | None
) -> dict[str, Way]:
    service = services[0]
    limit_s = within_s - delays.handling_s
    demand, bases = service.demand, np.array(service.bases, dtype=np.int64)
    send, wait = LeastLost(demand, limit_s, busy), Dmexclp(demand, bases, limit_s, busy)
    near = replace(send, margin_s=MARGIN_S)
    ways = {
        "least_lost": Way(Policy("least_lost", send=send)),
        "least_lost_near": Way(Policy("least_lost_near", send=near)),
        "stand_by": Way(Policy("stand_by", wait=wait)),
        "diversion": Way(Policy("diversion", divert_gain_s=60.0)),
        "all": Way(Policy("all", send=near, wait=wait, divert_gain_s=60.0)),
    }
    if gain is not None:
        ways["green_wave"] = Way(Policy("green_wave"), measured=True)
    elif service.roads.traffic is None or not service.roads.traffic.holds_waits:
        ways["no_lights"] = Way(Policy("no_lights"), waved=True)
    if service.roads.water is not None:
        ways = {"forecast": Way(Policy("forecast"), forecast=True)} | ways
        ways["all"] = replace(ways["all"], forecast=True)
    sited = tuple(unit for one in services for unit in _sited(one, within_s, busy, delays))
    return ways | {PLANNED: Way(Policy(PLANNED), units=sited)}


def _sited(service: Service, within_s: float, busy: float, delays: Delays) -> tuple[Unit, ...]:
    """The service's own units where MEXCLP puts them, and the neighbours' where they are."""
    own = sum(not one.mutual_aid for one in service.units)
    found = propose(service, own, aim="expected", within_s=within_s, busy=busy, delays=delays)
    return found.units + tuple(one for one in service.units if one.mutual_aid)


def _columns(rows: list[dict[str, float]]) -> dict[str, np.ndarray]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return {key: np.array([row.get(key, np.nan) for row in rows]) for key in keys}


def _delta(key: str, base: np.ndarray, values: np.ndarray) -> Delta:
    """Over the seeds in which both have the measure: a day without calls has no median."""
    both = np.isfinite(base) & np.isfinite(values)
    base, values = base[both], values[both]
    if not len(base):
        return Delta(np.nan, np.nan, np.nan, np.nan, "cannot tell")
    low, high = paired_interval(base, values)
    better = verdict_of(low, high, "lower" if lower_is_better(key) else "higher")
    return Delta(float(np.mean(values)), float(np.mean(values - base)), low, high, better)
