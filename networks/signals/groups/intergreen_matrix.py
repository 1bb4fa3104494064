"""The intergreen matrix: from the end of one group's green to the beginning of another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class IntergreenMatrix:
    """Losing group x gaining group; not symmetric.

    Attributes:
        seconds: (losing, gaining) -> least seconds between the end of one's green and the begin of the other's. It
            holds every pair in conflict, and the pairs of which one gives way.
    """

    seconds: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def between(self, losing: str, gaining: str) -> float:
        """Least seconds from `losing` to `gaining`; 0 where the two do not meet."""
        return self.seconds.get((losing, gaining), 0.0)
