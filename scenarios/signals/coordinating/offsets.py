"""Offsets with the widest bands, by mixed-integer programming.

For each way: a band begins at time e at the first stop line and has a width b; at every signal, with its offset o, the
green (begin g, length G) must hold it, some whole number n of cycles C later:

    o + g + n C <= e + run        and        e + run + b <= o + g + G + n C

All ways of a street, in both directions, and of a whole network are in one programme: signals that several ways share
have one offset, so loops need no rows of their own. A way for which there is no band takes part no longer (a binary).
Maximised is the flow within bands. After J. D. C. Little, M. D. Kelson, N. H. Gartner, "MAXBAND: a program for setting
signals on arteries and triangular networks", Transportation Research Record 795 (1981), with splits and cycle given;
the paper is known from secondary sources. Solved by HiGHS (Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised
simplex method", Mathematical Programming Computation 10 (2018)) through scipy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.signals.coordinating.way import Way, bands_s, share_on_green

MOST_NODES = 5000
"""Of the solver's tree: the answer does not depend on how fast the machine is, unless the time ends before."""
_FINE_S = 1.0


@dataclass(frozen=True)
class Offsets:
    """Offsets found for some signals.

    Attributes:
        seconds: By signal, whole seconds.
        flow_vph: Vehicles per hour within bands.
        most_vph: What no offsets can exceed, as far as the solver knows.
        proved: Whether the solver ended by itself; otherwise its limit ended it.
    """

    seconds: dict[str, float]
    flow_vph: float
    most_vph: float
    proved: bool

    @property
    def gap(self) -> float:
        """What may be lacking to the best, as a share of what no offsets can exceed."""
        return max(1.0 - self.flow_vph / self.most_vph, 0.0) if self.most_vph > 0 else 0.0


def best_offsets(
    ways: Sequence[Way],
    cycle_s: float,
    *,
    given_s: Mapping[str, float] | None = None,
    limit_s: float = 20.0,
    nodes: int = MOST_NODES,
) -> Offsets:
    """Offsets that let most vehicles pass within bands.

    Args:
        ways: Over signals of one cycle; each green is shorter than it.
        cycle_s: Of every signal.
        given_s: Offsets that are settled, by signal.
        limit_s: Longest time that the solver may take; what it knows by then is the answer.
        nodes: Most nodes of its tree, likewise.

    Raises:
        ValueError: A green is not shorter than the cycle, or there is no way.
    """
    if not ways or any(not 0 < window.green_s < cycle_s for way in ways for window in way.windows):
        raise ValueError(f"ways need greens between 0 and the cycle of {cycle_s:g} s")
    settled = dict(given_s or {})
    signals = sorted({window.tls_id for way in ways for window in way.windows})
    free = [tls for tls in signals if tls not in settled]
    found, bound, proved = _solved(ways, cycle_s, signals, settled, {"time_limit": limit_s, "node_limit": nodes})
    rounded = {tls: settled.get(tls, float(round(found[tls] * cycle_s) % cycle_s)) for tls in signals}
    better = polished(ways, rounded, cycle_s, free)
    return Offsets(better, share_on_green(ways, better, cycle_s), bound, proved)


def polished(
    ways: Sequence[Way], offsets_s: Mapping[str, float], cycle_s: float, free: Sequence[str]
) -> dict[str, float]:
    """The offsets after each free signal took its best whole second in turn, until none gains."""
    best = dict(offsets_s)
    own = {tls: [way for way in ways if any(window.tls_id == tls for window in way.windows)] for tls in free}
    for _ in range(20):
        before = dict(best)
        for tls in free:
            tried_s = np.append(best[tls], np.arange(0.0, cycle_s, _FINE_S))
            values = np.zeros(len(tried_s))
            for way in own[tls]:
                values += way.flow_vph / way.most_s * bands_s(way, best, cycle_s, tls, tried_s)
            if values.max() > values[0] + 1e-9:
                best[tls] = float(tried_s[int(values.argmax())])
        if best == before:
            break
    return best


def _solved(
    ways: Sequence[Way],
    cycle_s: float,
    signals: Sequence[str],
    settled: Mapping[str, float],
    limits: Mapping[str, float],
) -> tuple[dict[str, float], float, bool]:
    """Offsets as shares of the cycle, the bound in vehicles per hour, and whether it is proved."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    programme = _Programme(ways, cycle_s, signals, settled)
    answer = milp(
        programme.cost,
        integrality=programme.whole,
        bounds=Bounds(programme.low, programme.high),
        constraints=LinearConstraint(programme.matrix(), -np.inf, programme.right),
        options=dict(limits),
    )
    most = float(sum(way.flow_vph for way in ways))
    known = answer.get("mip_dual_bound")
    bound = min(most, -float(known)) if known is not None and math.isfinite(known) else most
    if answer.x is None:
        return {tls: settled.get(tls, 0.0) / cycle_s for tls in signals}, bound, False
    return {tls: float(answer.x[k]) for k, tls in enumerate(signals)}, bound, answer.status == 0


class _Programme:
    """Columns: an offset for each signal; for each way e, b, whether it takes part; a whole number for each window."""

    def __init__(
        self, ways: Sequence[Way], cycle_s: float, signals: Sequence[str], settled: Mapping[str, float]
    ) -> None:
        place = {tls: k for k, tls in enumerate(signals)}
        count, size = len(signals), len(signals) + sum(3 + len(way.windows) for way in ways)
        self.cost, self.whole, self.low = np.zeros(size), np.zeros(size), np.zeros(size)
        self.high, self.right = np.ones(size), list[float]()
        self._cells: list[tuple[int, int, float]] = []
        for tls, seconds in settled.items():
            if tls in place:
                self.low[place[tls]] = self.high[place[tls]] = seconds / cycle_s % 1.0
        if not any(tls in place for tls in settled):
            self.high[0] = 0.0  # only differences matter
        for way in ways:
            e, b, part = count, count + 1, count + 2
            self.cost[b] = -way.flow_vph * cycle_s / way.most_s
            self.high[b], self.whole[part] = way.most_s / cycle_s, 1.0
            self._row([(b, 1.0), (part, -way.most_s / cycle_s)], 0.0)
            for number, window in enumerate(way.windows):
                o, n = place[window.tls_id], count + 3 + number
                begin, green = window.begin_s / cycle_s % 1.0, window.green_s / cycle_s
                run = window.run_s / cycle_s % 1.0
                self.whole[n], self.low[n], self.high[n] = 1.0, -4.0, 4.0
                # without a band the way's rows hold for every offset
                self._row([(o, 1.0), (n, 1.0), (e, -1.0), (part, 1.0)], run - begin + 1.0)
                self._row([(e, 1.0), (b, 1.0), (o, -1.0), (n, -1.0), (part, 1.0)], begin + green - run + 1.0)
            count += 3 + len(way.windows)

    def _row(self, cells: Sequence[tuple[int, float]], right: float) -> None:
        row = len(self.right)
        self._cells += [(row, column, value) for column, value in cells]
        self.right.append(right)

    def matrix(self) -> object:
        """The rows' left sides, sparse."""
        from scipy.sparse import csr_array

        rows, columns, values = (np.array(part) for part in zip(*self._cells, strict=True))
        return csr_array((values, (rows, columns)), shape=(len(self.right), len(self.cost)))
