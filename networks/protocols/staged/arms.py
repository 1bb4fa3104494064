"""Where lamps stand and what they point at: the arm that their traffic comes from, and its turn."""

from __future__ import annotations

import math
from dataclasses import replace

from networks.protocols.staged.plan import NO_ARM, StagedGroup, StagedPlan
from networks.signals.layouts.layout import Layout

_ARMS = 8
_TURNS = {"s": "s", "l": "l", "L": "l", "t": "l", "r": "r", "R": "r"}


def with_arms(plan: StagedPlan, layout: Layout) -> StagedPlan:
    """The plan with the arm and the turn of its groups; people on foot have no arm here."""
    return replace(plan, groups=tuple(_with_arm(group, layout) for group in plan.groups))


def _with_arm(group: StagedGroup, layout: Layout) -> StagedGroup:
    own = [m for m in layout.movements if m.index in group.links and m.kind != "pedestrian"]
    arms = {_arm(movement.heading_in) for movement in own}
    turns = {_TURNS.get(movement.direction, "") for movement in own}
    return replace(group, arm=arms.pop() if len(arms) == 1 else NO_ARM, turn=turns.pop() if len(turns) == 1 else "")


def _arm(heading: float) -> int:
    """1 north, clockwise to 8 northwest: the side from which one comes who travels in this direction."""
    north = math.pi / 2 - (heading + math.pi)
    return round(north / (math.tau / _ARMS)) % _ARMS + 1
