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
    Wave,
    simulate,
)
from models.emergency.resources import Target
from networks.errors import BadInput
from scenarios.comparison import Verdict, paired_interval, verdict_of
from scenarios.emergency.drawn_days import drawn_day
from scenarios.emergency.draws import drawn_calls
from scenarios.emergency.judged import LOWER, judged, targets_of
from scenarios.emergency.service import Service
from scenarios.emergency.sites import propose
from scenarios.emergency.wave_gain import LEAST_SIGNALS, WaveGain

USUAL = Delays()
BASELINE = "nearest"
MARGIN_S = 60.0
"""What a call may lose at most to coverage, in the rule for daily use (a choice, not of a paper)."""
PLANNED = "sited"
"""The row of a planning result: the same units at other stations, for good."""


@dataclass(frozen=True)
class Way:
    """A way to work: a policy; ways by the flood's forecast; no wait at lights; measured green waves; sited units."""

    policy: Policy
    forecast: bool = False
    waved: bool = False
    measured: bool = False
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
    gain: WaveGain | None = None,
) -> Trials:
    """Let every way to work answer the same calls of each seed on the same roads, or the calls that are given.

    Args:
        service: Units, roads, demand.
        seeds: At least two, for intervals.
        per_hour: Calls an hour.
        kind: Their kind.
        within_s: What rules of coverage count as in time, from the call.
        delays: Steps without driving.
        given: Calls instead of drawn ones: one seed, no intervals.
        gain: What green waves gained where they were measured; without, a way without waits at lights stands in.

    Raises:
        BadInput: There are no calls at all.
    """
    aims = tuple(targets_of(kind))
    seeds = (0,) if given else tuple(seeds)
    calls = {0: tuple(given)} if given else {s: drawn_calls(service, s, per_hour=per_hour, kind=kind) for s in seeds}
    if not any(calls.values()):
        raise BadInput("not one call is drawn", remedy="more calls an hour, or more hours")
    rooms = _Rooms(service, calls, delays, gain)
    base = [rooms.run(Way(Policy(BASELINE)), seed) for seed in seeds]
    busy = float(np.clip(np.mean([one.utilisation for one in base]), 0.05, 0.9))
    ways = _ways(service, within_s, busy, delays, gain)
    answers: dict[str, list[Answered]] = {BASELINE: base} | {name: [] for name in ways}
    for seed in seeds:
        for name, way in ways.items():
            answers[name].append(rooms.run(way, seed))
    measures = {name: _columns([judged(one, aims) for one in done]) for name, done in answers.items()}
    deltas = {
        name: {key: _delta(key, measures[BASELINE][key], values) for key, values in told.items()}
        for name, told in measures.items()
        if name != BASELINE
    }
    return Trials(measures, deltas, {name: done[0] for name, done in answers.items()}, busy, aims, tuple(seeds))


class _Rooms:
    """Control rooms on the roads of one seed after the other."""

    def __init__(
        self, service: Service, calls: dict[int, tuple[Call, ...]], delays: Delays, gain: WaveGain | None
    ) -> None:
        self._service, self._calls, self._delays, self._gain = service, calls, delays, gain
        self._drawn = service.truth is not None or service.closures > 0
        self._roads = dict[tuple[bool, bool], LiveRoads]()
        self._seed = -1

    def run(self, way: Way, seed: int) -> Answered:
        """What becomes of the calls of a seed."""
        service, policy = self._service, way.policy
        if way.measured and self._gain is not None:
            wave = Wave(self._gain.saved, service.roads.signals_on, LEAST_SIGNALS, seed)
            policy = replace(policy, wave=wave)
        return simulate(
            self._live(way, seed).fresh(), service.index, service.units if way.units is None else way.units,
            self._calls[seed], hospitals=service.resources.hospitals, policy=policy, delays=self._delays,
            named=service.street,
        )  # fmt: skip

    def _live(self, way: Way, seed: int) -> LiveRoads:
        """The same roads for all seeds, unless days are drawn: then those of one are kept at a time."""
        if self._drawn and seed != self._seed:
            self._roads.clear()
            self._seed, self._day = seed, drawn_day(self._service, seed)
        key = way.forecast, way.waved
        if key not in self._roads:
            places = [self._service.index[call.edge_id] for calls in self._calls.values() for call in calls]
            day = self._day if self._drawn else None
            self._roads[key] = self._service.live(places, forecast=way.forecast, waved=way.waved, day=day)
        return self._roads[key]


def _ways(service: Service, within_s: float, busy: float, delays: Delays, gain: WaveGain | None) -> dict[str, Way]:
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
