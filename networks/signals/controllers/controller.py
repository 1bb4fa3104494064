"""A controller: everything about one signal that does not change with its plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from networks.signals.controllers.stage import Stage
from networks.signals.groups.conflict_matrix import ConflictMatrix
from networks.signals.groups.crossing import Crossing
from networks.signals.groups.group import SignalGroup
from networks.signals.groups.intergreen_matrix import IntergreenMatrix


@dataclass(frozen=True)
class Controller:
    """Groups, what stands between them, and the stages that they may form.

    Attributes:
        tls_id: Its id in the network.
        groups: Every group; each link belongs to exactly one.
        conflicts: Which groups may be green together.
        intergreens: Seconds between the greens of groups that may not.
        stages: Legal stages in their order; every group is in one of them.
        crossings: Crossings on foot that the stages leave time for.
        yields: (link, other): the first gives way to the second when both are green.
        lags: (feeding, fed) -> seconds that the fed group stays green longer, so that a short edge inside the junction
            empties.
        red: The letter of each link when it may not go: r, or s where turning on red is allowed.
    """

    tls_id: str
    groups: tuple[SignalGroup, ...]
    conflicts: ConflictMatrix
    intergreens: IntergreenMatrix
    stages: tuple[Stage, ...]
    crossings: tuple[Crossing, ...]
    yields: frozenset[tuple[int, int]]
    lags: dict[tuple[str, str], float]
    red: str

    @cached_property
    def group_of(self) -> dict[int, SignalGroup]:
        """Group of each link."""
        return {link: group for group in self.groups for link in group.links}

    @cached_property
    def named(self) -> dict[str, SignalGroup]:
        """Groups by name."""
        return {group.name: group for group in self.groups}

    @cached_property
    def gives_way(self) -> dict[int, tuple[int, ...]]:
        """The links that each link gives way to."""
        return {k: tuple(sorted(b for a, b in self.yields if a == k)) for k in range(len(self.red))}
