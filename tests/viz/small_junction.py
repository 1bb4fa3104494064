"""A crossroads of two streets with a signal, small enough to reckon by hand."""

from __future__ import annotations

import math
from dataclasses import replace

from networks import Controller, Layout, SignalPhase, SignalPlan, build_controller
from networks.signals.layouts.layout import Approach
from networks.signals.layouts.movement import Movement

_ARMS = {"n": (0.0, 1.0), "e": (1.0, 0.0), "s": (0.0, -1.0), "w": (-1.0, 0.0)}
_TO = {"n": "s", "s": "n", "e": "w", "w": "e"}


def layout(tls: str = "x") -> Layout:
    """Four straight movements, links 0..3 from n, e, s, w; those of different streets cross."""
    ways, edges = [], {}
    for index, (arm, (dx, dy)) in enumerate(_ARMS.items()):
        heading = math.atan2(-dy, -dx)
        path = ((10 * dx, 10 * dy), (-10 * dx, -10 * dy))
        ways.append(
            Movement(index, f"{arm}_in", 0, f"{_TO[arm]}_out", 0, "s", tls, "vehicle", path, heading, heading, 14.0)
        )
        street = "High <Street>" if arm in "ns" else "Mill Road"
        edges[f"{arm}_in"] = Approach(f"{arm}_in", street, "primary", 1, 14.0, 200.0, arm, tls)
        edges[f"{arm}_out"] = Approach(f"{arm}_out", street, "primary", 1, 14.0, 200.0, tls, arm)
    cross = frozenset((a, b) for a in range(4) for b in range(4) if a % 2 != b % 2)
    return Layout(tls, tuple(ways), cross, frozenset(), edges, False, "rrrr")


def controller(tls: str = "x") -> Controller:
    """Its groups and stages."""
    return build_controller(layout(tls))


def plan(tls: str = "x", offset_s: float = 0.0, splits_s: tuple[float, float] = (30.0, 20.0)) -> SignalPlan:
    """North and south, then east and west, 3 s yellow and 2 s all-red between."""

    def phase(seconds: float, state: str) -> SignalPhase:
        return SignalPhase(seconds, state, seconds, seconds)

    first, second = splits_s
    phases = [phase(first, "GrGr"), phase(3, "yryr"), phase(2, "rrrr")]
    phases += [phase(second, "rGrG"), phase(3, "ryry"), phase(2, "rrrr")]
    return SignalPlan(tls, "p", offset_s, tuple(phases), "measured")


def actuated(one: SignalPlan) -> SignalPlan:
    """The same with greens that may last from 5 to 50 s."""
    phases = tuple(replace(p, min_s=5.0, max_s=50.0) if "G" in p.state else p for p in one.phases)
    return replace(one, phases=phases, kind="actuated")
