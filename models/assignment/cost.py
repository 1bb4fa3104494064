"""Time on links by flow, its slope, and the step along a direction at which total cost is least."""

from __future__ import annotations

import numpy as np

from models.assignment.network import Floats, FlowNetwork

_STEP_EXACT = 1e-14
_STEP_ROUNDS = 100


def link_time(network: FlowNetwork, flow: Floats) -> Floats:
    """(links,) time at a flow (links,) in passenger cars per hour.

    Source: BPR 1964, Traffic Assignment Manual.
    """
    load = flow / network.capacity
    time: Floats = network.free * (1.0 + network.alpha * load**network.power)
    return time


def link_slope(network: FlowNetwork, flow: Floats) -> Floats:
    """(links,) by how much time grows with one passenger car per hour more."""
    power = network.power
    load = flow / network.capacity
    steep = np.where(power > 0, load ** np.maximum(power - 1.0, 0.0), 0.0)
    slope: Floats = network.free * network.alpha * power * steep / network.capacity
    return slope


def best_step(network: FlowNetwork, flow: Floats, change: Floats, extra: float) -> float:
    """Step in [0, 1] from `flow` along `change` (links,) to the least of Beckmann's sum.

    Its derivative, `sum(time(flow + step * change) * change) + extra`, grows with the step; its zero is found by
    Newton's method, kept between bounds.

    Args:
        network: The network.
        flow: Where to start from.
        change: Direction.
        extra: Cost besides time of the whole direction.

    Source: Beckmann, McGuire & Winsten 1956, Studies in the Economics of Transportation.
    """

    def slope_at(step: float) -> float:
        return float(np.dot(link_time(network, np.maximum(flow + step * change, 0.0)), change)) + extra

    low, high = 0.0, 1.0
    if slope_at(high) <= 0.0:
        return high
    step, steep = 0.0, slope_at(0.0)
    if steep >= 0.0:
        return 0.0
    for _ in range(_STEP_ROUNDS):
        curve = float(np.dot(link_slope(network, np.maximum(flow + step * change, 0.0)), change * change))
        nearer = step - steep / curve if curve > 0.0 else high
        step = nearer if low < nearer < high else (low + high) / 2.0
        steep = slope_at(step)
        low, high = (step, high) if steep < 0.0 else (low, step)
        if steep == 0.0 or high - low < _STEP_EXACT or abs(steep) < 1e-15 * abs(curve):
            break
    return step
