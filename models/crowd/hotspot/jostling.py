"""People who block each other turn their shoulders: two who are wedged in a doorway do not stay there for good."""

from __future__ import annotations

import numpy as np

STUCK_S = 4.0
"""How long somebody stands before they turn their shoulders (s)."""
STUCK_M = 0.1
"""Somebody who has moved less than this in that time stands (m)."""
TURNED = 0.75
"""Share of the radius that a person keeps who has turned their shoulders."""
FREE_M = 1.0
"""Way after which they are as wide as before (m)."""


class Jostling:
    """Who stands, since when, and whose shoulders are turned.

    An assumption of this project: the model itself has no such rule, and wedges people in narrow doors for good.
    """

    def __init__(self) -> None:
        self._where: dict[int, tuple[float, float]] = {}
        self._since_s: dict[int, float] = {}
        self._turned: set[int] = set()

    def look(self, now_s: float, who: np.ndarray, where: np.ndarray, wants: np.ndarray) -> dict[int, float]:
        """Share of their radius that people have from now on; those for whom it changes.

        Args:
            now_s: Time (s).
            who: Numbers of people, shape (n,).
            where: Where they are (m), shape (n, 2).
            wants: Who wants to walk and is held by nobody, bool, shape (n,).
        """
        changes: dict[int, float] = {}
        for number, (x, y), willing in zip(who.tolist(), where.tolist(), wants.tolist(), strict=True):
            x0, y0 = self._where.setdefault(number, (x, y))
            since = self._since_s.setdefault(number, now_s)
            moved = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
            if number in self._turned:
                if moved > FREE_M:
                    self._turned.discard(number)
                    changes[number] = 1.0
                    self._mark(number, x, y, now_s)
            elif moved > STUCK_M or not willing:
                self._mark(number, x, y, now_s)
            elif now_s - since >= STUCK_S:
                self._turned.add(number)
                changes[number] = TURNED
        return changes

    def _mark(self, number: int, x: float, y: float, now_s: float) -> None:
        self._where[number], self._since_s[number] = (x, y), now_s
