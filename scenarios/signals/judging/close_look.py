"""A close look at what plans change: runs of both on the judged seeds, by mode, by approach, by movement, by phase."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.sumo import Loop
from networks import Layout, RuleTable, SignalPlan, read_layouts, rule_controller
from networks.signals.layouts.lane_lengths import read_lane_lengths
from scenarios.measures.channels import Channels, lay_channels
from scenarios.measures.signal_events import loops_of
from scenarios.signals.judging.loads import Load, green_shares, loads_of
from scenarios.signals.judging.observing import Observed, Watched, observe
from scenarios.signals.judging.paired import Paired, paired
from scenarios.signals.judging.phases import Log, log_of
from scenarios.signals.judging.plain import plain
from scenarios.signals.trying.modes import MODES, read_modes
from scenarios.signals.trying.trials import Trials

MOST_LOGGED = 60
"""Signals whose events are recorded: those with most traffic; the log of one is some ten thousand lines."""


@dataclass(frozen=True)
class ModeLook:
    """Delay of one mode, s per traveller; `travellers` in a run."""

    mode: str
    travellers: float
    delay_s: Paired


@dataclass(frozen=True)
class Approach:
    """One edge that leads to a signal.

    Attributes:
        edge: Its id.
        vehicles: That came onto it in a run, mean of both plans.
        delay_s: Lost there with the wait to enter, s per vehicle.
        queue_m: Longest queue of its worst lane (by share of the lane); None where none is measured.
        storage_m: Length of that lane.
        full: Share of the minutes in which a queue fills a lane, of the worst lane.
    """

    edge: str
    vehicles: float
    delay_s: Paired
    queue_m: Paired | None
    storage_m: float
    full: Paired | None


@dataclass(frozen=True)
class SignalLook:
    """One signal.

    Attributes:
        hours: Vehicle-hours lost on its approaches in a run.
        delay_s: The same per vehicle.
        approaches: Those that lose most today first.
        loads: Movements, in the run of the first judged seed; empty where it was not recorded.
        log: Events of that run; None likewise.
    """

    hours: Paired
    delay_s: Paired
    approaches: tuple[Approach, ...]
    loads: tuple[Load, ...]
    log: Log | None


@dataclass(frozen=True)
class CloseLook:
    """What the judged runs told.

    Attributes:
        seed: Whose runs gave the loads and logs.
        modes: Those that travel in the case.
        signals: Every signal that may change, those that gain most first.
    """

    seed: int
    modes: tuple[ModeLook, ...]
    signals: Mapping[str, SignalLook]

    def as_json(self) -> dict[str, Any]:
        """As JSON, without the events; what is not a number is null."""
        signals = {
            tls: {
                "hours": asdict(one.hours),
                "delay_s": asdict(one.delay_s),
                "approaches": [asdict(each) for each in one.approaches],
                "movements": [asdict(each) for each in one.loads],
                "phases": [asdict(each) for each in one.log.phases] if one.log else [],
            }
            for tls, one in self.signals.items()
        }
        told = {"seed": self.seed, "modes": [asdict(one) for one in self.modes], "signals": signals}
        return dict(plain(told))


def look_closely(
    trials: Trials,
    plans: Mapping[str, SignalPlan],
    seeds: Sequence[int],
    table: RuleTable,
    flows: Mapping[tuple[str, str], float],
) -> tuple[list[Observed], list[Observed], CloseLook]:
    """Run a case as it is and with plans, and compare.

    Args:
        trials: Makes the runs.
        plans: By signal.
        seeds: That judge.
        table: Rules; its controllers name the phases.
        flows: Vehicles per hour from edge to edge.

    Returns:
        What was seen of both, by seed, and the comparison.
    """
    layouts, lengths = read_layouts(trials.case.net), read_lane_lengths(trials.case.net)
    modes = read_modes(trials.case, *trials.days)
    own = {tls: trials.links[tls] for tls in plans}
    lanes = {
        lane: lengths[lane]
        for links in own.values()
        for link in links
        if (lane := f"{link.from_edge}_{link.from_lane}") in lengths and not lane.startswith(":")
    }
    logged = _busiest({tls: {link.from_edge for link in links} for tls, links in own.items()}, flows, layouts)
    channels = {tls: lay_channels(layouts[tls], rule_controller(layouts[tls], table), lengths) for tls in logged}
    wanted = [
        _watched(trials, which, seed, lanes, modes, channels if seed == seeds[0] else {})
        for which in ({}, plans)
        for seed in seeds
    ]
    seen = trials.executor.map(observe, wanted)
    before, after = seen[: len(seeds)], seen[len(seeds) :]
    looks = {tls: _signal(tls, trials, before, after, flows, lanes, channels.get(tls)) for tls in plans}
    ranked = sorted((look.hours.change, tls) for tls, look in looks.items() if look is not None)
    signals = {tls: look for _, tls in ranked if (look := looks[tls]) is not None}
    return before, after, CloseLook(seeds[0], _modes(before, after), signals)


def _watched(
    trials: Trials,
    plans: Mapping[str, SignalPlan],
    seed: int,
    lanes: Mapping[str, float],
    modes: dict[str, str],
    channels: Mapping[str, Channels],
) -> Watched:
    loops = tuple(Loop(*spot) for one in channels.values() for spot in loops_of(one))
    return Watched(trials.job(plans, seed), lanes, modes, tuple(channels), loops)


def _busiest(
    approaches: Mapping[str, set[str]], flows: Mapping[tuple[str, str], float], layouts: Mapping[str, Layout]
) -> list[str]:
    came: dict[str, float] = {}
    for (begin, _), volume in flows.items():
        came[begin] = came.get(begin, 0.0) + volume
    busy = {tls: sum(came.get(edge, 0.0) for edge in edges) for tls, edges in approaches.items() if tls in layouts}
    return sorted(sorted(busy, key=lambda tls: (-busy[tls], tls))[:MOST_LOGGED])


def _modes(before: Sequence[Observed], after: Sequence[Observed]) -> tuple[ModeLook, ...]:
    found = []
    for mode in MODES:
        count = [one.modes.get(mode, (0, 0.0))[0] for one in (*before, *after)]
        sides = [[_each(one.modes.get(mode, (0, 0.0))) for one in side] for side in (before, after)]
        if (delay := paired(*sides)) is not None:
            found.append(ModeLook(mode, sum(count) / len(count), delay))
    return tuple(found)


def _signal(
    tls: str,
    trials: Trials,
    before: Sequence[Observed],
    after: Sequence[Observed],
    flows: Mapping[tuple[str, str], float],
    lanes: Mapping[str, float],
    channels: Channels | None,
) -> SignalLook | None:
    edges = sorted({link.from_edge for link in trials.links[tls] if not link.from_edge.startswith(":")})
    both = [[_sum(one, edges) for one in side] for side in (before, after)]
    hours = paired(*([lost / 3600.0 for _, lost in side] for side in both))
    delay = paired(*([_each(one) for one in side] for side in both))
    if hours is None or delay is None:
        return None
    known = [_approach(edge, before, after, lanes) for edge in edges]
    approaches = sorted((one for one in known if one is not None), key=lambda one: -one.delay_s.before * one.vehicles)
    loads, log = tuple[Load, ...](), None
    recorded = [one for one in (before[0].recorded, after[0].recorded) if one is not None]
    if channels is not None and len(recorded) == 2:
        end_s = trials.case.end_s or 0.0
        shares = [green_shares(states[states["tls_id"] == tls], end_s) for states, _ in recorded]
        loads = loads_of(trials.links[tls], flows, *shares) if all(shares) else ()
        log = log_of(channels, recorded)
    return SignalLook(hours, delay, tuple(approaches), loads, log)


def _approach(
    edge: str, before: Sequence[Observed], after: Sequence[Observed], lanes: Mapping[str, float]
) -> Approach | None:
    sides = [[one.edges.get(edge, (0, 0.0)) for one in side] for side in (before, after)]
    delay = paired(*([_each(one) for one in side] for side in sides))
    if delay is None:
        return None
    own = [lane for lane in lanes if lane.rpartition("_")[0] == edge and lane in before[0].queues]
    vehicles = sum(count for side in sides for count, _ in side) / (2 * len(before))
    if not own:
        return Approach(edge, vehicles, delay, None, math.nan, None)
    worst = max(own, key=lambda lane: (sum(one.queues[lane][0] for one in (*before, *after)) / lanes[lane], lane))
    queue, full = (
        paired([one.queues[worst][n] for one in before], [one.queues[worst][n] for one in after]) for n in (0, 1)
    )
    return Approach(edge, vehicles, delay, queue, lanes[worst], full)


def _sum(one: Observed, edges: Sequence[str]) -> tuple[int, float]:
    own = [one.edges.get(edge, (0, 0.0)) for edge in edges]
    return sum(count for count, _ in own), sum(lost for _, lost in own)


def _each(counted: tuple[int, float]) -> float:
    count, lost = counted
    return lost / count if count else math.nan
