"""What happens next: events by time, in the order in which they were planned where they fall together."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from models.emergency.dispatching.fleet import Crewed


class Agenda:
    """Events to come.

    Attributes:
        now: When the last event happened, s of the run.
    """

    def __init__(self) -> None:
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = 0
        self.now = 0.0

    def at(self, when: float, happen: Callable[[float], None]) -> None:
        """Plan something."""
        heapq.heappush(self._events, (when, self._number, happen))
        self._number += 1

    def then(self, crewed: Crewed, when: float, happen: Callable[[Crewed, float], None]) -> None:
        """Plan something for a unit, unless it has been told otherwise by then."""
        version = crewed.version

        def unless_changed(now: float) -> None:
            if crewed.version == version:
                happen(crewed, now)

        self.at(when, unless_changed)

    def run(self, end_s: float) -> None:
        """Let everything happen up to `end_s`."""
        while self._events and self._events[0][0] <= end_s:
            self.now, _, happen = heapq.heappop(self._events)
            happen(self.now)
