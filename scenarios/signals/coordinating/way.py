"""A way over several signals, and what its vehicles find green there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Window:
    """The green of one way's traffic at one signal.

    Attributes:
        tls_id: The signal.
        begin_s: Of the green, after the begin of the signal's own cycle.
        green_s: How long it lasts.
        run_s: Travel time from the way's first stop line, without any stop.
    """

    tls_id: str
    begin_s: float
    green_s: float
    run_s: float


@dataclass(frozen=True)
class Way:
    """A way over signals of one cycle.

    Attributes:
        windows: In the order of travel.
        flow_vph: Vehicles per hour that drive all of it.
    """

    windows: tuple[Window, ...]
    flow_vph: float

    @property
    def most_s(self) -> float:
        """The widest band that any offsets allow: the shortest green."""
        return min(window.green_s for window in self.windows)


def band_s(way: Way, offsets_s: Mapping[str, float], cycle_s: float) -> float:
    """Width of the widest band over a way: who passes the first stop line in it meets no red; s.

    A band begins where one of the greens does, so each of them is tried. Definition: J. D. C. Little, M. D. Kelson,
    N. H. Gartner, "MAXBAND", Transportation Research Record 795 (1981), known from secondary sources.

    Args:
        way: With greens shorter than the cycle.
        offsets_s: By signal; its cycle begins so long after a multiple of `cycle_s`.
        cycle_s: Of every signal.
    """
    begins = np.array([[offsets_s[w.tls_id] + w.begin_s - w.run_s for w in way.windows]])
    return float(_widths(begins, way, cycle_s)[0])


def bands_s(way: Way, offsets_s: Mapping[str, float], cycle_s: float, tls_id: str, tried_s: np.ndarray) -> np.ndarray:
    """`band_s` for each of several offsets of one signal, shape (offsets,).

    Args:
        way: As there.
        offsets_s: As there, of the other signals.
        cycle_s: As there.
        tls_id: The signal whose offset is tried.
        tried_s: Its offsets, shape (offsets,).
    """
    fixed = np.array([0.0 if w.tls_id == tls_id else offsets_s[w.tls_id] for w in way.windows])
    moved = np.array([w.tls_id == tls_id for w in way.windows])
    own = np.array([w.begin_s - w.run_s for w in way.windows])
    return _widths(own + fixed + moved * tried_s[:, None], way, cycle_s)


def _widths(begins: np.ndarray, way: Way, cycle_s: float) -> np.ndarray:
    """Width of the widest band for each row of green begins, shape (rows, windows)."""
    greens = np.array([w.green_s for w in way.windows])
    into = (begins[:, :, None] - begins[:, None, :]) % cycle_s
    into[cycle_s - into < 1e-9] = 0.0
    return np.maximum((greens - into).min(axis=2).max(axis=1), 0.0)


def share_on_green(ways: Sequence[Way], offsets_s: Mapping[str, float], cycle_s: float) -> float:
    """Vehicles per hour within bands: each way's flow by the part of its widest possible band that it has."""
    return float(sum(way.flow_vph * band_s(way, offsets_s, cycle_s) / way.most_s for way in ways))
