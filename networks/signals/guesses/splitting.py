"""Cycle and greens of a controller's stages from flow ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping

from networks.signals.controllers.assembling import assemble_plan
from networks.signals.controllers.controller import Controller

SHORTEST_CYCLE_S, LONGEST_CYCLE_S = 40.0, 90.0
_MOST_SATURATED = 0.9


def split_greens(
    controller: Controller,
    ratios: Mapping[str, float],
    *,
    shortest_s: float = SHORTEST_CYCLE_S,
    longest_s: float = LONGEST_CYCLE_S,
) -> tuple[float, ...]:
    """Whole seconds of green for each stage.

    The cycle is Webster's (1.5 L + 5) / (1 - Y) within bounds (Webster 1958, Road Research Technical Paper 39), with
    the changes and the stages without vehicles as lost time L; it grows beyond the bounds only where least greens need
    it. What is left after the least greens goes to stages in proportion to their share of the critical flow.
    """
    least = [stage.min_green_s for stage in controller.stages]
    shares = critical_shares(controller, ratios)
    plan = assemble_plan(controller, least)
    changes = plan.cycle_s - sum(least)
    lost = changes + sum(s for s, stage in zip(least, controller.stages, strict=True) if not stage.groups)
    total = sum(shares)
    cycle = (1.5 * lost + 5.0) / (1.0 - min(total, _MOST_SATURATED))
    green = round(min(max(cycle, shortest_s), longest_s)) - changes
    return _filled(least, shares, green)


def critical_shares(controller: Controller, ratios: Mapping[str, float]) -> list[float]:
    """Flow ratio that each stage must serve: of the groups that only it serves, and what others still lack."""
    shares = [0.0] * len(controller.stages)
    served = {name: [n for n, s in enumerate(controller.stages) if name in s.groups] for name in ratios}
    for name in sorted(ratios, key=lambda one: (len(served[one]), -ratios[one], one)):
        lacking = ratios[name] - sum(shares[n] for n in served[name])
        if served[name] and lacking > 0:
            busiest = max(served[name], key=lambda n: (shares[n], -n))
            shares[busiest] += lacking
    return shares


def _filled(least: list[float], shares: list[float], green: float) -> tuple[float, ...]:
    """Greens in proportion to `shares` that sum to `green`, none below its least; whole seconds."""
    fixed: set[int] = {n for n, share in enumerate(shares) if share <= 0}
    wished = list(least)
    while len(fixed) < len(shares):
        rest = green - sum(least[n] for n in fixed)
        total = sum(share for n, share in enumerate(shares) if n not in fixed)
        wished = [least[n] if n in fixed else rest * shares[n] / total for n in range(len(shares))]
        below = {n for n in range(len(shares)) if n not in fixed and wished[n] < least[n]}
        if not below:
            break
        fixed |= below
    else:
        wished = list(least)
    floors = [math.floor(max(w, lo) + 1e-9) for w, lo in zip(wished, least, strict=True)]
    spare = round(sum(max(w, lo) for w, lo in zip(wished, least, strict=True)) - sum(floors))
    order = sorted(range(len(shares)), key=lambda n: (floors[n] - wished[n], n))
    for n in order[: max(0, spare)]:
        floors[n] += 1
    return tuple(float(max(f, lo)) for f, lo in zip(floors, least, strict=True))
