"""`Streams`: how many event streams are open, and how many may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class TooMany(Exception):
    """No more streams for now; comes out as 429."""


class Streams:
    """Counts open streams, of everybody and of each.

    Args:
        most: Of everybody together.
        each: Of one person, or of one address where nobody signs in.
    """

    def __init__(self, most: int = 200, each: int = 16) -> None:
        self.most, self.each = most, each
        self.open: Counter[str] = Counter()

    @contextmanager
    def one(self, whose: str) -> Iterator[None]:
        """Hold one stream open.

        Raises:
            TooMany: There are as many as there may be.
        """
        if self.open.total() >= self.most or self.open[whose] >= self.each:
            raise TooMany
        self.open[whose] += 1
        try:
            yield
        finally:
            self.open[whose] -= 1
            if not self.open[whose]:
                del self.open[whose]
