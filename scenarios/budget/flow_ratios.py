"""Critical flow ratios of a plan's phases: the seed of splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from networks import SignalLink, SignalPhase, SignalPlan

SATURATION_VPHPL = 1800.0
"""Vehicles per hour of green and lane (HCM 2016, ch. 19: base 1900, lowered for narrow urban lanes)."""


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
