"""Splits and offsets from flows: the seed that a simulation search starts from.

Only durations and offsets change here; the order of phases, the states and every yellow and all-red stay as they were.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from networks import SignalLink, SignalPhase, SignalPlan

SATURATION_VPHPL = 1800.0
"""Vehicles per hour of green and lane (HCM 2016, ch. 19: base 1900, lowered for narrow urban lanes)."""

MIN_GREEN_S = 10.0
"""Shortest green, s: who starts walking at its begin has crossed 12 m at 1.2 m/s (FGSV, RiLSA 2015, 2.7.5)."""


@dataclass(frozen=True)
class Leg:
    """A stream of vehicles from one signal to the next.

    Attributes:
        first: The signal that it leaves.
        second: The signal that it meets.
        feeding: Approach (edge) of `first` that feeds it.
        arriving: Approach (edge) of `second` that it arrives on.
        travel_s: Time between the two stop lines, s.
        flow_vph: Vehicles per hour.
    """

    first: str
    second: str
    feeding: str
    arriving: str
    travel_s: float
    flow_vph: float


def is_green(phase: SignalPhase) -> bool:
    """A phase whose length may be chosen: it shows a green and does not lie between stages."""
    return not phase.changing and any(light in "Gg" for light in phase.state)


def flow_ratios(
    plan: SignalPlan, links: Sequence[SignalLink], flow_vph: Mapping[str, float], lanes: Mapping[str, int]
) -> np.ndarray:
    """Critical flow ratio of each phase (0 for transitions): the busiest lane's flow over its saturation flow.

    A lane that is green in several phases spreads its flow over them. Source: Webster 1958, Road Research Technical
    Paper 39.

    Args:
        plan: The signal's plan.
        links: Its links.
        flow_vph: Vehicles per hour by edge.
        lanes: Number of lanes by edge.
    """
    served: dict[tuple[str, int], set[int]] = {}
    for number, phase in enumerate(plan.phases):
        if is_green(phase):
            for link in links:
                if phase.state[link.index] in "Gg":
                    served.setdefault((link.from_edge, link.from_lane), set()).add(number)
    ratios = np.zeros(len(plan.phases))
    for (edge, _lane), phases in sorted(served.items()):
        load = flow_vph.get(edge, 0.0) / max(lanes.get(edge, 1), 1) / SATURATION_VPHPL / len(phases)
        for number in phases:
            ratios[number] = max(ratios[number], load)
    return ratios


def webster_cycle_s(plan: SignalPlan, ratios: np.ndarray, *, shortest: float = 40.0, longest: float = 120.0) -> float:
    """Webster's cycle (1.5 L + 5) / (1 - Y) in s, within bounds; the longest when the signal is over-saturated."""
    lost = sum(phase.duration_s for phase in plan.phases if not is_green(phase))
    total = float(ratios.sum())
    best = (1.5 * lost + 5.0) / (1.0 - total) if total < 0.95 else longest
    return float(min(max(best, shortest), longest))


def with_splits(plan: SignalPlan, ratios: np.ndarray, cycle_s: float) -> SignalPlan:
    """The plan with a whole-second cycle, greens in proportion to `ratios`, transitions untouched.

    The cycle grows beyond `cycle_s` when the minimum greens do not fit into it.
    """
    greens = [number for number, phase in enumerate(plan.phases) if is_green(phase)]
    lost = sum(phase.duration_s for phase in plan.phases if not is_green(phase))
    shortest = {number: _shortest_green_s(plan.phases[number]) for number in greens}
    spare = max(0.0, round(cycle_s) - lost - sum(shortest.values()))
    weight = np.array([ratios[number] for number in greens])
    weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(greens), 1 / max(len(greens), 1))
    wished = {number: shortest[number] + spare * w for number, w in zip(greens, weight, strict=True)}
    length = {number: math.floor(wished[number]) for number in greens}
    rest = round(sum(wished.values()) - sum(length.values()))
    for number in sorted(greens, key=lambda n: (length[n] - wished[n], n))[:rest]:
        length[number] += 1
    phases = tuple(
        _lasting(phase, float(length[number])) if number in length else phase
        for number, phase in enumerate(plan.phases)
    )
    return replace(plan, phases=phases)


def fixed_time(plan: SignalPlan) -> SignalPlan:
    """The plan with every phase as long as it is written, whether or not vehicles come."""
    phases = tuple(replace(phase, min_s=phase.duration_s, max_s=phase.duration_s) for phase in plan.phases)
    return replace(plan, phases=phases, kind="static")


def _shortest_green_s(phase: SignalPhase) -> float:
    """MIN_GREEN_S, or the phase's own minimum when it has one (a fixed phase's limits are its duration)."""
    return max(MIN_GREEN_S, math.ceil(phase.min_s)) if phase.min_s < phase.max_s else MIN_GREEN_S


def _lasting(phase: SignalPhase, duration_s: float) -> SignalPhase:
    if phase.min_s < phase.max_s:
        return replace(phase, duration_s=duration_s, max_s=max(phase.max_s, duration_s))
    return replace(phase, duration_s=duration_s, min_s=duration_s, max_s=duration_s)


def green_start_s(plan: SignalPlan, links: Sequence[SignalLink], from_edge: str) -> float:
    """Seconds from the cycle's start to the first full green of an approach; 0 when it never gets one."""
    begin = 0.0
    indices = [link.index for link in links if link.from_edge == from_edge]
    for phase in plan.phases:
        if is_green(phase) and any(phase.state[index] in "Gg" for index in indices):
            return begin
        begin += phase.duration_s
    return 0.0


def with_progression(
    plans: Mapping[str, SignalPlan],
    links: Mapping[str, Sequence[SignalLink]],
    legs: Sequence[Leg],
) -> dict[str, SignalPlan]:
    """Offsets that let the busiest streams meet a green: a spanning tree of the heaviest legs, walked from its root.

    Args:
        plans: Plans by signal; only signals with equal cycles can be coordinated for longer than one cycle.
        links: Links by signal.
        legs: Streams between them.

    Source: the combination method's reduction to a tree (Hillier 1965), here with the heaviest legs.
    """
    names = sorted(plans)
    index = {name: number for number, name in enumerate(names)}
    heaviest: dict[tuple[int, int], Leg] = {}
    for leg in legs:
        pair = (min(index[leg.first], index[leg.second]), max(index[leg.first], index[leg.second]))
        if pair[0] != pair[1] and (pair not in heaviest or leg.flow_vph > heaviest[pair].flow_vph):
            heaviest[pair] = leg
    if not heaviest:
        return dict(plans)
    rows, columns = zip(*sorted(heaviest), strict=True)
    weights = [-1.0 - heaviest[pair].flow_vph for pair in sorted(heaviest)]
    tree = minimum_spanning_tree(csr_array((weights, (rows, columns)), shape=(len(names), len(names))))
    result = dict(plans)
    placed: set[int] = set()
    for root in range(len(names)):
        if root in placed:
            continue
        order, before = breadth_first_order(tree, root, directed=False)
        placed.update(int(node) for node in order)
        for node in order[1:]:
            parent = int(before[node])
            leg = heaviest[(min(parent, int(node)), max(parent, int(node)))]
            result[names[node]] = _following(result[names[parent]], result[names[node]], links, leg)
    return result


def _following(
    parent: SignalPlan, child: SignalPlan, links: Mapping[str, Sequence[SignalLink]], leg: Leg
) -> SignalPlan:
    """The child's plan with the offset at which the leg's platoon meets its green, seen from the parent's."""
    forward = leg.first == parent.tls_id
    here, there = (leg.feeding, leg.arriving) if forward else (leg.arriving, leg.feeding)
    start = parent.offset_s + green_start_s(parent, links[parent.tls_id], here)
    shift = leg.travel_s if forward else -leg.travel_s
    offset = start + shift - green_start_s(child, links[child.tls_id], there)
    return replace(child, offset_s=float(round(offset % child.cycle_s)))
