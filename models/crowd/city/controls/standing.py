"""People who stand and wait somewhere off the streets, first come, first served."""

from __future__ import annotations

import numpy as np

DENSE = 3.5
"""Density from which on standing counts as dangerous (persons/m2)."""


class Standing:
    """A place to wait.

    Attributes:
        area_m2: Its ground, on which people are taken to spread evenly.
        waited_s: Time waited (person-seconds).
        dense_s: The part of it at more than DENSE (person-seconds).
        most: Most people at one time.
    """

    def __init__(self, area_m2: float) -> None:
        self.area_m2 = area_m2
        self.waited_s = self.dense_s = 0.0
        self.most = 0
        self._line: list[np.ndarray] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def join(self, who: np.ndarray) -> None:
        """Stand at the end of the line, in the order given."""
        if len(who):
            self._line.append(who)
            self._count += len(who)
            self.most = max(self.most, self._count)

    def take(self, most: int) -> np.ndarray:
        """The first `most` of the line, at most, who now leave it."""
        if not self._count or most <= 0:
            return np.empty(0, dtype=np.int32)
        line = np.concatenate(self._line)
        self._line = [line[most:]]
        self._count = len(self._line[0])
        return line[:most]

    def wait(self, seconds: float) -> None:
        """Everybody in line waits for so long."""
        self.waited_s += self._count * seconds
        if self._count > DENSE * self.area_m2:
            self.dense_s += self._count * seconds
