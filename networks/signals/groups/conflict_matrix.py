"""The conflict matrix: which groups may be green together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Conflict(Enum):
    """How two groups stand to each other."""

    NONE = "none"
    """Their ways do not meet."""
    PERMISSIVE = "permissive"
    """They may be green together: one gives way."""
    CONFLICT = "conflict"
    """They may never be green together."""


@dataclass(frozen=True)
class ConflictMatrix:
    """Group x group; symmetric.

    Attributes:
        names: The groups' names, in the controller's order.
        pairs: What differs from NONE, each pair once, in the order of `names`.
    """

    names: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Conflict] = field(default_factory=dict)

    def between(self, one: str, other: str) -> Conflict:
        """How two groups stand to each other; a group never conflicts with itself."""
        return self.pairs.get((one, other), self.pairs.get((other, one), Conflict.NONE))

    def forbids(self, one: str, other: str) -> bool:
        """Whether the two may never be green together."""
        return self.between(one, other) is Conflict.CONFLICT
