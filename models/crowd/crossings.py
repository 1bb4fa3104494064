"""Where people on foot cross roads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from networks import WalkGraph


SIGNAL_REACH_M = 30.0
"""A crossing not farther than this from the end of a road is one of the signal there; a guess."""


def signal_wait_s(cycle_s: float = 90.0, green_s: float = 40.0) -> float:
    """Expected wait of somebody who comes to a pedestrian signal at any moment (s): (cycle - green)^2 / (2 cycle).

    Source: Highway Capacity Manual 2010, chapter 18, pedestrian delay. The defaults are an assumption: about
    14 s, for every crossing of a road, signalled or not.
    """
    return (cycle_s - green_s) ** 2 / (2.0 * cycle_s)


def crossing_wait_s(graph: WalkGraph) -> np.ndarray:
    """Expected wait before each link of a crowd that no traffic is beside (s), shape (links,): see `signal_wait_s`."""
    return Crossings(graph, ()).wait_s(signal_wait_s())


class Crossings:
    """Which walk links cross which road edges, and at which end.

    Args:
        graph: The walk graph.
        edge_ids: Road edges.
        ends: Where each edge begins and ends (m), shape (edges, 2) each; None: not known, nothing is signalled.
    """

    def __init__(
        self, graph: WalkGraph, edge_ids: Sequence[str], ends: tuple[np.ndarray, np.ndarray] | None = None
    ) -> None:
        rows = {edge: row for row, edge in enumerate(edge_ids)}
        pairs = [
            (link, rows[edge]) for link, edges in enumerate(graph.crossing_edges) for edge in edges if edge in rows
        ]
        self._links, self._edges = len(graph.length_m), len(rows)
        self._pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self._crossing = np.array([bool(edges) for edges in graph.crossing_edges], dtype=np.bool_)
        self._end = np.full(len(self._pairs), -1)
        if ends is not None and len(self._pairs):
            link, edge = self._pairs.T
            x, y = ((xy[graph.link_from[link]] + xy[graph.link_to[link]]) / 2 for xy in (graph.node_x, graph.node_y))
            away = np.stack([np.hypot(xy[edge, 0] - x, xy[edge, 1] - y) for xy in (ends[1], ends[0])])
            self._end = np.where(away.min(axis=0) <= SIGNAL_REACH_M, away.argmin(axis=0), -1)

    def wait_s(self, wait_s: float | np.ndarray) -> np.ndarray:
        """Wait before each link (s): `wait_s` where it crosses a road, 0 elsewhere."""
        return np.where(self._crossing, np.broadcast_to(np.asarray(wait_s, dtype=float), (self._links,)), 0.0)

    def occupancy(self, there: np.ndarray) -> np.ndarray:
        """Persons now on a crossing over each road edge, shape (edges,), given those on each link, shape (links,)."""
        total = np.zeros(self._edges)
        np.add.at(total, self._pairs[:, 1], there[self._pairs[:, 0]])
        return total

    def lights(self, exit_green: np.ndarray, entry_green: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which links are red for people now, and which have lights at all, bool, shape (links,) each.

        It is red as long as vehicles may come out of an edge that the link crosses, or straight into it.

        Args:
            exit_green: Whether vehicles may come out of each edge at its end, shape (edges,): 1, 0, NaN without lights.
            entry_green: Whether they may come straight into it at its begin.
        """
        shown = np.full(len(self._pairs), np.nan)
        for end, green in enumerate((exit_green, entry_green)):
            here = self._end == end
            shown[here] = green[self._pairs[here, 1]]
        red, signalled = np.zeros((2, self._links), dtype=np.bool_)
        red[self._pairs[shown == 1, 0]] = True
        signalled[self._pairs[~np.isnan(shown), 0]] = True
        return red, signalled
