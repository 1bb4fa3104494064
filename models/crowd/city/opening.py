"""When sites are open, who stays to the end, and over how long people leave at closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput

Span = tuple[float, float]


@dataclass(frozen=True)
class Opening:
    """Opening hours of all sites.

    Attributes:
        opens_s, closes_s: (sites, spans) s after the run's start, rising along a row; a row that has fewer spans than
            the longest is filled up with spans at infinity.
        out_s: (sites,) people leave over so long after closing (s); 0: all of them at once.
        held: (sites,) bool: who is in stays until the end, as at a concert.

    Raises:
        BadInput: A span that ends before it begins, a negative `out_s`.
    """

    opens_s: np.ndarray
    closes_s: np.ndarray
    out_s: np.ndarray
    held: np.ndarray

    def __post_init__(self) -> None:
        if (self.closes_s < self.opens_s).any():
            row = int(np.argwhere(self.closes_s < self.opens_s)[0][0])
            raise BadInput("a site closes before it opens", place=f"site {row}", expected="from before to")
        if (self.out_s < 0).any():
            raise BadInput(f"people leave over {self.out_s.min():g} s", expected="0 or more")

    def wait_s(self, at_s: np.ndarray) -> np.ndarray:
        """Seconds from each moment until a site is open, infinite where it will not open any more.

        Args:
            at_s: (..., sites) s after the run's start; infinite where nobody gets there.
        """
        known = np.where(np.isfinite(at_s), at_s, 0.0)
        waits = np.full(np.shape(at_s), np.inf)
        for opens, closes in zip(self.opens_s.T, self.closes_s.T, strict=True):
            waits = np.minimum(waits, np.where(known < closes, np.maximum(opens - known, 0.0), np.inf))
        return np.where(np.isfinite(at_s), waits, np.inf)

    def is_open(self, now_s: float) -> np.ndarray:
        """(sites,) bool."""
        return np.asarray(((self.opens_s <= now_s) & (now_s < self.closes_s)).any(axis=1))

    def over(self, now_s: float) -> np.ndarray:
        """(sites,) bool: closed, and not to open any more."""
        return np.asarray((self.closes_s <= now_s).all(axis=1))

    def stay_s(self, site: np.ndarray, now_s: float, stay_s: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """How long people who enter open sites now stay (s): their own stay, cut at closing, or all until the end.

        Args:
            site: (n,) its row for each of them.
            now_s: When they enter.
            stay_s: (n,) how long each would like to stay.
            normal: (n,) standard normal draws: who stays longest leaves last.
        """
        from scipy.special import ndtr

        now_open = (self.opens_s <= now_s) & (now_s < self.closes_s)
        first = now_open.argmax(axis=1)
        closes = np.where(now_open.any(axis=1), self.closes_s[np.arange(len(first)), first], np.inf)[site]
        left = closes - now_s + self.out_s[site] * ndtr(normal)
        ends = np.where(self.held[site], left, np.minimum(stay_s, left))
        return np.where(np.isfinite(closes), ends, stay_s)


def opening_of(spans: Sequence[Sequence[Span]], out_s: Sequence[float], held: Sequence[bool]) -> Opening:
    """Opening hours from a row of spans (from, to; s) for each site; one without any is always open."""
    rows = [tuple(one) or ((-np.inf, np.inf),) for one in spans]
    most = max((len(one) for one in rows), default=1)
    padded = np.array([[*one, *((np.inf, np.inf),) * (most - len(one))] for one in rows], dtype=np.float64)
    padded = padded.reshape(len(rows), most, 2)
    return Opening(padded[:, :, 0], padded[:, :, 1], np.asarray(out_s, dtype=float), np.asarray(held, dtype=bool))
