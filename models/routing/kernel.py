"""What every search for quickest ways can do, whoever does it: weights in, times and ways out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from networks.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TICK_S = 1e-4
"""Kernels count in whole ticks of so many seconds, so that all of them give the same answer to the last digit."""
SHUT = 2**31 - 1
"""Ticks of an arc that is shut. A way of so many ticks or more (59 hours) counts as no way."""


@dataclass(frozen=True)
class Way:
    """A quickest way: its time, its nodes with both ends, and the arcs between them by their place in the graph."""

    time_s: float
    nodes: tuple[int, ...]
    arcs: tuple[int, ...]


class RouteKernel(Protocol):
    """Quickest ways over one directed graph whose weights change: the one seam behind which engines are exchanged.

    Nodes are 0..nodes-1; the graph's arcs keep their order; parallel arcs, loops and parts that do not hang together
    are allowed. What a node stands for is the caller's: a junction, or a road edge whose arcs are turns
    (`models.routing.TurnGraph`). Weights are rounded to ticks of TICK_S, and are one tick at least. A kernel is used by
    one thread; processes make their own.

    Attributes:
        nodes: How many nodes.
        arcs: How many arcs.
    """

    nodes: int
    arcs: int

    def weigh(self, weights_s: ArrayLike) -> None:
        """New weights everywhere: (arcs,) s, infinite where an arc is shut."""
        ...

    def update(self, arcs: ArrayLike, weights_s: ArrayLike) -> None:
        """New weights (s) for some arcs; the others stay."""
        ...

    def time(self, origin: int, destination: int) -> float:
        """Seconds of a quickest way; infinite where there is none."""
        ...

    def way(self, origin: int, destination: int) -> Way | None:
        """A quickest way, or None."""
        ...

    def times(self, origins: ArrayLike, destinations: ArrayLike) -> Floats:
        """Seconds from each origin to each destination: (origins, destinations)."""
        ...

    def times_from(self, origin: int) -> Floats:
        """Seconds from one node to every node: (nodes,)."""
        ...

    def times_to(self, destination: int) -> Floats:
        """Seconds from every node to one node: (nodes,)."""
        ...


def ticks(weights_s: ArrayLike, expected: int) -> Ints:
    """Weights (s) in whole ticks: one at least, SHUT where infinite or too long.

    Raises:
        BadInput: There are not `expected` of them, or one is negative or no number.
    """
    weights = np.asarray(weights_s, dtype=np.float64)
    if weights.shape != (expected,):
        raise BadInput(f"weights of shape {weights.shape}", expected=f"({expected},), one for each arc")
    if not bool((weights >= 0.0).all()):
        raise BadInput("a weight is negative or not a number", expected="seconds, infinite where an arc is shut")
    whole: Ints = np.minimum(np.maximum(np.rint(weights / TICK_S), 1.0), float(SHUT)).astype(np.int64)
    return whole


def check_graph(nodes: int, tail: ArrayLike, head: ArrayLike) -> tuple[Ints, Ints]:
    """The arcs' ends as arrays.

    Raises:
        BadInput: An arc ends at a node that does not exist.
    """
    ends = np.asarray(tail, dtype=np.int64), np.asarray(head, dtype=np.int64)
    for end in ends:
        if end.shape != ends[0].shape or not bool(((end >= 0) & (end < nodes)).all()):
            raise BadInput("an arc ends at a node that does not exist", expected=f"nodes 0 to {nodes - 1}")
    return ends


def check_places(number: int, given: ArrayLike, what: str = "node") -> Ints:
    """Nodes or arcs that are asked for, as an array (n,).

    Raises:
        BadInput: One does not exist.
    """
    asked = np.atleast_1d(np.asarray(given, dtype=np.int64))
    wrong = asked[(asked < 0) | (asked >= number)]
    if len(wrong):
        raise BadInput(f"there is no {what} {int(wrong[0])}", expected=f"{what}s 0 to {number - 1}")
    return asked
