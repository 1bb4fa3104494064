"""Options raced on a few members, and the best of them judged on others: who chose does not judge."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from calibration.live import Tried
from models.sumo.change import Change
from networks.sentence import Sentence
from scenarios.comparison import verdict_of
from scenarios.ensembles.interval import student_t
from scenarios.searches.recommendation import Effect
from twin.advice.option import NOTHING, Option

CONFIDENCE = 0.9
GOAL, UNIT = "vehicle_hours", "veh h"
_TALLIED = {GOAL: ("vehicle_h", UNIT), "near_hours": ("near_h", UNIT), "arrived": ("arrived", "veh")}


class TriedIn(Protocol):
    """Members of the future (`calibration.live.Futures`)."""

    def tried(self, alternatives: Mapping[str, Sequence[Change]], members: Sequence[int], *, since_s: float) -> Tried:
        """What each alternative costs in each member."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is run.

    Attributes:
        choosing: Members on which all options are raced.
        judging: Other members, on which the best are judged.
        best: How many options are judged.
        left_s: Wall seconds for all of it: fewer members judge where they would not suffice.
    """

    choosing: int = 4
    judging: int = 16
    best: int = 3
    left_s: float = 1e9

    @property
    def members(self) -> int:
        """Of both kinds."""
        return self.choosing + self.judging


@dataclass(frozen=True, slots=True)
class StreetChange:
    """What an option changes on one street.

    Attributes:
        edge: The street.
        difference: Vehicle hours spent there, done minus not done: the mean of the members.
        low, high: Its interval with CONFIDENCE, of this street alone (Student's t).
        base: Vehicle hours without it.
    """

    edge: str
    difference: float
    low: float
    high: float
    base: float


@dataclass(frozen=True)
class Ranked:
    """An option and what it brings against doing nothing, over the members that judged it.

    Attributes:
        option: What.
        effects: By measure: vehicle_hours (lower is better), near_hours, arrived; empty where it was only raced.
        raced: Mean difference of vehicle hours over the members that chose; NaN where there is none.
        streets: Vehicle hours on each street nearby against doing nothing; empty where it was only raced.
    """

    option: Option
    effects: Mapping[str, Effect]
    raced: float
    streets: tuple[StreetChange, ...] = ()

    @property
    def effect(self) -> Effect | None:
        """Of vehicle hours."""
        return self.effects.get(GOAL)

    @property
    def better(self) -> bool:
        """Beyond chance, all judged options considered together."""
        return self.effect is not None and self.effect.high < 0.0


@dataclass(frozen=True)
class Race:
    """All options, best first: judged ones by what the judging members say, then the others by the race.

    Attributes:
        ranked: Without doing nothing.
        judging: Numbers of the members that judged.
        tallies: Everything that was counted, by option and member, as `vars` of `Tally`.
        left_out: Why a run is missing.
        seconds: Wall seconds of choosing and of judging.
        cpu_s: Processor time of all simulations.
    """

    ranked: tuple[Ranked, ...]
    judging: tuple[int, ...]
    rounds: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]
    runs: tuple[Tried, ...]
    seconds: Mapping[str, float]
    left_out: tuple[Sentence, ...] = ()
    cpu_s: float = field(default=0.0)


def raced(
    options: Sequence[Option], futures: TriedIn, plan: Plan, *, since_s: float,
    clock: Callable[[], float] = time.monotonic,
) -> Race:  # fmt: skip
    """Race all on some members, judge the best on others, each against doing nothing in the same member.

    Where half of the race has taken a third of the time, the other half is left out.

    Intervals hold jointly for all that are judged (Bonferroni): that one of them is chosen makes it no better.
    """
    by_name = {one.name: one for one in options}
    first, begin_s = tuple(range(plan.choosing)), clock()
    everything = {name: one.changes for name, one in by_name.items()}
    waves, runs = [first[: (len(first) + 1) // 2], first[(len(first) + 1) // 2 :]], []
    for number, wave in enumerate(waves):
        if wave and (number == 0 or 3.0 * (clock() - begin_s) < plan.left_s):
            runs.append(futures.tried(everything, wave, since_s=since_s))
    first = tuple(member for wave, _ in zip(waves, runs, strict=False) for member in wave)
    chosen, took_s = _together(runs), clock() - begin_s
    means = {name: _mean(chosen, name, first) for name in by_name if name != NOTHING}
    order = sorted(means, key=lambda name: (np.isnan(means[name]), means[name], list(by_name).index(name)))
    best = order[: plan.best]
    judges = _judges(plan, took_s, len(first) * len(by_name), len(best) + 1)
    judged = futures.tried({name: by_name[name].changes for name in (NOTHING, *best)}, judges, since_s=since_s)
    level = 1.0 - (1.0 - CONFIDENCE) / max(len(best), 1)
    effects = {name: _effects(judged, name, judges, level) for name in best}
    rows = [
        Ranked(by_name[name], effects.get(name, {}), means[name],
               street_changes(judged, name, judges) if name in effects else ())
        for name in order
    ]  # fmt: skip
    rows.sort(
        key=lambda row: (row.effect is None, row.effect.difference if row.effect else order.index(row.option.name))
    )
    return Race(
        tuple(rows), judges,
        (*((tuple(by_name), wave) for wave, _ in zip(waves, runs, strict=False)), ((NOTHING, *best), judges)),
        (*runs, judged),
        {"choosing": took_s, "judging": clock() - begin_s - took_s},
        tuple(why for run in (chosen, judged) for why in run.left_out.values()), chosen.cpu_s + judged.cpu_s,
    )  # fmt: skip


def _together(runs: Sequence[Tried]) -> Tried:
    """Runs of several members as one."""
    tallies = {draw: tally for run in runs for draw, tally in run.tallies.items()}
    left_out = {draw: why for run in runs for draw, why in run.left_out.items()}
    return Tried(tallies, left_out, sum(run.cpu_s for run in runs))


def _judges(plan: Plan, took_s: float, ran: int, kinds: int) -> tuple[int, ...]:
    """As many as there is time for, by what the race took; two at least."""
    each_s = took_s / max(ran, 1) * kinds
    fit = plan.judging if each_s <= 0 else int((plan.left_s - took_s) / each_s)
    return tuple(range(plan.choosing, plan.choosing + min(plan.judging, max(fit, 2))))


def _pairs(run: Tried, name: str, members: Sequence[int], value: str) -> tuple[np.ndarray, np.ndarray]:
    both = [m for m in members if (name, m) in run.tallies and (NOTHING, m) in run.tallies]
    base, values = (np.array([float(getattr(run.tallies[which, m], value)) for m in both]) for which in (NOTHING, name))
    return base, values


def street_changes(run: Tried, name: str, members: Sequence[int]) -> tuple[StreetChange, ...]:
    """What an option changes on each street that was watched, in pairs; the largest changes first."""
    both = [m for m in members if (name, m) in run.tallies and (NOTHING, m) in run.tallies]
    if len(both) < 2:
        return ()
    edges = sorted({edge for m in both for which in (NOTHING, name) for edge in run.tallies[which, m].streets})
    found, wide = [], student_t(0.5 + CONFIDENCE / 2, len(both) - 1) / np.sqrt(len(both))
    for edge in edges:
        base, done = (
            np.array([run.tallies[which, m].streets.get(edge, 0.0) for m in both]) for which in (NOTHING, name)
        )
        change, half = float((done - base).mean()), float((done - base).std(ddof=1)) * wide
        found.append(StreetChange(edge, change, change - half, change + half, float(base.mean())))
    return tuple(sorted(found, key=lambda one: (-abs(one.difference), one.edge)))


def _mean(run: Tried, name: str, members: Sequence[int]) -> float:
    base, values = _pairs(run, name, members, "vehicle_h")
    return float((values - base).mean()) if len(base) == len(members) else float("nan")


def _effects(run: Tried, name: str, members: Sequence[int], level: float) -> dict[str, Effect]:
    found = {}
    for measure, (value, unit) in _TALLIED.items():
        base, values = _pairs(run, name, members, value)
        if len(base) >= 2:
            told = Effect.paired(measure, unit, base, values, "higher" if measure == "arrived" else "lower")
            half = float((values - base).std(ddof=1)) / np.sqrt(len(base)) * student_t(0.5 + level / 2, len(base) - 1)
            low, high = told.difference - half, told.difference + half
            verdict = verdict_of(low, high, "higher" if measure == "arrived" else "lower")
            found[measure] = replace(told, low=low, high=high, verdict=verdict)
    return found
