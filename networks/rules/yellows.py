"""The yellow that a table asks of a lamp."""

from __future__ import annotations

import math

from networks.rules.table import ApproachSpeed, RuleTable
from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement, turned

_TURN = math.radians(40)
_G_MPS2 = 9.81
_LEAST_BRAKING_MPS2 = 0.5
"""Below it a grade leaves no braking that the formula could tell of (guard; no standard asks it)."""


def turns(movement: Movement) -> bool:
    """Whether a movement turns by more than 40 degrees."""
    return abs(turned(movement.heading_in, movement.heading_out)) > _TURN


def lamp_yellow_s(table: RuleTable, layout: Layout, links: tuple[int, ...]) -> float:
    """Yellow after green for the links of one lamp, s; 0 for people on foot and where the table asks none."""
    own = [m for m in layout.movements if m.index in links and m.kind != "pedestrian"]
    if not own or "yellow" not in table:
        return 0.0
    row = table.rows["yellow"]
    if row.method == "by_speed":
        return max(row.at(m.speed_mps * 3.6 - 0.5) for m in own)
    if row.method == "kinematic":
        turning = all(turns(m) for m in own)
        longest = max(kinematic_s(table, approach_speed(table, m), turning=turning) for m in own)
        return min(max(longest, row.value), table.value("yellow_most", math.inf))
    return row.value


def approach_speed(table: RuleTable, movement: Movement) -> ApproachSpeed:
    """The 85th percentile and grade of an approach: measured, or the limit and what people drive above it."""
    told = table.approaches.get(movement.from_edge, ApproachSpeed())
    if told.speed_85_mps is not None:
        return told
    return ApproachSpeed(movement.speed_mps + table.value("speed_over_limit"), told.grade)


def kinematic_s(table: RuleTable, approach: ApproachSpeed, *, turning: bool) -> float:
    """The kinematic yellow, in tenths of a second, rounded up; for who turns the extended form.

    t + (v - ve) / (a + g G) + ve / (2 a + 2 g G), where ve is the speed at which the stop line is passed: v for who
    goes straight on (ITE 2020; ITE Journal, March 2020, page 37, equation 11).

    Args:
        table: Reaction, braking and the speed of entering turns.
        approach: 85th percentile and grade.
        turning: Whether the lamp lets go nobody but who turns.
    """
    speed = approach.speed_85_mps or 0.0
    entry = min(speed, table.value("turn_entry_speed", speed)) if turning else speed
    braking = max(table.value("yellow_braking", 3.05) + _G_MPS2 * approach.grade, _LEAST_BRAKING_MPS2)
    seconds = table.value("yellow_reaction", 1.0) + (speed - entry) / braking + entry / (2 * braking)
    return math.ceil(seconds * 10 - 1e-6) / 10
