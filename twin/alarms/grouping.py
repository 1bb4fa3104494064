"""Findings of one cause become one alarm: near in streets and time, and a parent explains its children."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from twin.alarms.finding import Finding
from twin.alarms.streets import Streets
from twin.alarms.thresholds import Grouping

RANK = ("ponding", "site", "incident", "sensor", "spillback", "coverage")
"""Which finding explains the others of its alarm: the first of these."""
EXPLAINS = {
    "ponding": {"ponding", "incident", "spillback"},
    "site": {"site", "spillback"},
    "incident": {"incident", "spillback"},
    "spillback": {"spillback"},
    "sensor": {"sensor"},
    "coverage": {"coverage"},
}
"""Kind -> kinds that it may cause. Of an incident: water on its street, or another finding of one."""
EARTH_M = 6_371_000.0


@dataclass(slots=True)
class Group:
    """Findings that are believed to have one cause.

    Attributes:
        alarm_id: Of the alarm that stands already; empty for a new one.
        known: What it held before, the newest word of each key.
        fresh: What this cycle found of it.
    """

    alarm_id: str
    known: dict[str, Finding] = field(default_factory=dict)
    fresh: list[Finding] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """All, by what this cycle said where it said something."""
        return list({**self.known, **{one.key: one for one in self.fresh}}.values())


def grouped(findings: Sequence[Finding], standing: Sequence[Group], streets: Streets, rules: Grouping) -> list[Group]:
    """Every finding put into the alarm that has it already, one of the same cause, or a new one.

    Args:
        findings: Of one cycle.
        standing: Alarms that are not over.
        streets: Which streets touch.
        rules: How near is near.

    Returns:
        The standing ones, then the new ones.
    """
    groups = list(standing)
    for one in sorted(findings, key=lambda one: (RANK.index(one.kind), one.begins, one.subject)):
        home = next((group for group in groups if one.key in group.known), None)
        home = home or next((group for group in groups if _belongs(one, group, streets, rules)), None)
        if home is None:
            home = Group("")
            groups.append(home)
        home.fresh.append(one)
    return groups


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The cause first: by rank, then the worst, the surest, the earliest; the order is the same in every cycle."""
    return tuple(
        sorted(findings, key=lambda one: (RANK.index(one.kind), -one.severity, -one.probability, one.begins, one.key))
    )


def _belongs(one: Finding, group: Group, streets: Streets, rules: Grouping) -> bool:
    """Near any finding of the group; a cause of the kind that the group has already, near that one."""
    alike = [other for other in group.findings if other.kind == one.kind != "spillback"]
    return any(_same_cause(one, other, streets, rules) for other in alike or group.findings)


def _same_cause(one: Finding, other: Finding, streets: Streets, rules: Grouping) -> bool:
    if one.kind not in EXPLAINS[other.kind] and other.kind not in EXPLAINS[one.kind]:
        return False
    if not _together(one, other, timedelta(seconds=rules.near_s.value)):
        return False
    if one.cause or other.cause:
        return one.cause == other.cause
    if one.edges and other.edges:
        return bool(streets.around(one.edges, int(rules.near_junctions.value)) & set(other.edges)) or bool(
            set(one.edges) & set(other.edges)
        )
    if one.place and other.place:
        return distance_m(one.place, other.place) <= rules.near_m.value
    return False


def _together(one: Finding, other: Finding, apart: timedelta) -> bool:
    """Causes of one kind begin together; a queue begins before its cause is over, or not much later."""
    if one.kind == other.kind != "spillback":
        return abs(one.begins - other.begins) <= apart
    return one.begins - max(other.at, other.begins) <= apart and other.begins - max(one.at, one.begins) <= apart


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two places (longitude, latitude in degrees) that are not far from each other, m."""
    middle = math.radians((one[1] + other[1]) / 2.0)
    east = math.radians(one[0] - other[0]) * math.cos(middle)
    return EARTH_M * math.hypot(east, math.radians(one[1] - other[1]))
