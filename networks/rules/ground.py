"""What a table asks of the ground of one signal: conflicts, yellows, intergreens and crossings of given lamps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from networks.rules.clearances import clearance_of
from networks.rules.table import RuleTable
from networks.rules.yellows import lamp_yellow_s
from networks.signals.equipment.crossings import find_crossings
from networks.signals.groups.conflict_matrix import ConflictMatrix
from networks.signals.groups.conflicts import find_conflicts
from networks.signals.groups.crossing import Crossing
from networks.signals.groups.encounter import Encounter
from networks.signals.groups.group import SignalGroup
from networks.signals.groups.intergreen_matrix import IntergreenMatrix
from networks.signals.layouts.layout import Layout


@dataclass(frozen=True)
class Ground:
    """The figures of a table for the lamps of one signal.

    Attributes:
        layout: The ground.
        table: The rules.
        lamps: With the table's yellow, red-amber, least green and clearance.
        conflicts: Who may never be green together, whatever the engineer permits.
        protected: The same, and the turns that the table protects.
        intergreens: Between them.
        decided: Of each two, the encounter that asks for the longest intergreen.
    """

    layout: Layout
    table: RuleTable
    lamps: tuple[SignalGroup, ...]
    conflicts: ConflictMatrix
    protected: ConflictMatrix
    intergreens: IntergreenMatrix
    decided: Mapping[tuple[str, str], Encounter]

    @cached_property
    def named(self) -> dict[str, SignalGroup]:
        """Lamps by name."""
        return {lamp.name: lamp for lamp in self.lamps}

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """Crossings that the network does not hold, with the table's times."""
        return tuple(ruled_crossing(self.table, one) for one in find_crossings(self.layout, self.lamps))


def ground_of(
    layout: Layout, lamps: tuple[SignalGroup, ...], table: RuleTable, *, loose: frozenset[str] = frozenset()
) -> Ground:
    """The figures of a table for lamps of a signal; turns from the edges of `loose` need no protection."""
    ruled = tuple(_ruled(layout, lamp, table) for lamp in lamps)
    yellows = {link: lamp.yellow_s for lamp in ruled for link in lamp.links}
    clearance = clearance_of(table, yellows)
    always, _ = find_conflicts(
        layout, ruled, protect_lanes=math.inf, protect_mps=math.inf, clearance=clearance, half_turns=True
    )
    lanes = table.value("protected_turn", math.inf)
    limit = table.value("protected_turn_speed", math.inf) / 3.6
    home = {link: lamp.name for lamp in ruled for link in lamp.links}
    longest: dict[tuple[str, str], tuple[float, Encounter]] = {}

    def noted(met: Encounter) -> float:
        seconds, pair = clearance(met), (home[met.approach.index], home[met.entry.index])
        if pair not in longest or seconds > longest[pair][0]:
            longest[pair] = seconds, met
        return seconds

    strict, seconds = find_conflicts(
        layout, ruled, protect_lanes=lanes, protect_mps=limit, clearance=noted, loose=loose
    )
    decided = {pair: met for pair, (_, met) in longest.items()}
    return Ground(layout, table, ruled, always, strict, seconds, decided)


def _ruled(layout: Layout, lamp: SignalGroup, table: RuleTable) -> SignalGroup:
    if lamp.kind == "pedestrian":
        lengths = [m.length_m for m in layout.movements if m.index in lamp.links]
        clearance = max(lengths, default=0.0) / table.value("walk_speed", math.inf)
        return replace(lamp, min_green_s=table.value("walk"), yellow_s=0.0, red_amber_s=0.0, clearance_s=clearance)
    return replace(
        lamp,
        min_green_s=table.value("least_green"),
        yellow_s=lamp_yellow_s(table, layout, lamp.links),
        red_amber_s=table.value("red_amber"),
    )


def ruled_crossing(table: RuleTable, crossing: Crossing) -> Crossing:
    """A crossing with the walk and clearance of a table."""
    walk, clearance = table.value("crossing_time"), crossing.width_m / table.value("walk_speed", math.inf)
    slow = slow_walk_s(table, crossing.width_m)
    return replace(crossing, walk_s=max(walk, slow - clearance), clearance_s=clearance)


def slow_walk_s(table: RuleTable, width_m: float) -> float:
    """Walk and clearance together for who walks slowly, s; 0 where the table does not ask."""
    if "walk_total" not in table:
        return 0.0
    return (width_m + table.value("walk_setback")) / table.value("walk_total_speed", math.inf)
