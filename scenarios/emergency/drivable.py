"""Every way that a vehicle could drive through a city: what the rules allow for nothing, against them at a price."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats, Routes

if TYPE_CHECKING:
    from networks import City

AGAINST_M = 300.0
"""So much longer a lawful way must be before one against the rules is likelier (guess)."""


class Drivable:
    """States of a vehicle under way: on a road edge in its direction, or on a one-way edge against it.

    Args:
        city: The city.
        vclass: Edges that this class may not use at all are left out.

    Attributes:
        edge: (states,) row in the layer `edges`.
        backward: (states,) against the edge's direction.
        allowed: (states,) the class may use the edge.
        length_m: (states,) m.
        routes: Shortest ways, m; each move against the rules costs AGAINST_M more: a turn that the network does not
            have, or turning into an edge against its direction.
    """

    def __init__(self, city: City, vclass: str) -> None:
        graph, edges = city.road_graph(vclass), city.layer("edges")
        allowed, number = np.asarray(graph.allowed, dtype=bool), len(graph.edge_ids)
        _, node = np.unique(np.concatenate([edges["from_node"], edges["to_node"]]).astype(str), return_inverse=True)
        start, end = node[:number], node[number:]
        there, back = start * (node.max() + 1) + end, end * (node.max() + 1) + start
        one_way = np.flatnonzero(allowed & ~np.isin(there, back[allowed]))
        self.edge = np.concatenate([np.arange(number), one_way])
        self.backward = np.arange(len(self.edge)) >= number
        self.allowed = allowed[self.edge]
        self.length_m: Floats = np.maximum(np.asarray(graph.length_m, dtype=np.float64), 0.01)[self.edge]
        begins = np.where(self.backward, end[self.edge], start[self.edge])
        ends = np.where(self.backward, start[self.edge], end[self.edge])
        lawful = np.column_stack([graph.conn_from, graph.conn_to]).astype(np.int64)
        other = _meeting(begins, ends, self.allowed)
        other = other[~np.isin(other @ [len(begins), 1], lawful @ [len(begins), 1])]
        price = np.where(self.backward[other[:, 0]], 0.0, AGAINST_M)  # once it is wrong, going on costs nothing more
        turns = np.vstack([lawful, other])
        ways = SimpleNamespace(
            edge_ids=tuple(range(len(self.edge))), length_m=self.length_m, speed_mps=np.ones(len(self.edge)),
            from_xy=np.where(self.backward[:, None], graph.to_xy[self.edge], graph.from_xy[self.edge]),
            to_xy=np.where(self.backward[:, None], graph.from_xy[self.edge], graph.to_xy[self.edge]),
            conn_from=turns[:, 0], conn_to=turns[:, 1], allowed=self.allowed,
        )  # fmt: skip
        self.routes = Routes(ways, turn_s=np.concatenate([np.zeros(len(lawful)), price]))  # type: ignore[arg-type]
        self._lawful = set(map(tuple, lawful.tolist()))

    def turns_as_allowed(self, first: int, second: int) -> bool:
        """Whether the network has the turn from one state into another."""
        return (first, second) in self._lawful


def _meeting(begins: np.ndarray, ends: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """(turns, 2) every state into every state that begins where it ends."""
    order = np.flatnonzero(allowed)
    order = order[np.argsort(begins[order], kind="stable")]
    low, high = (np.searchsorted(begins[order], ends, side=side) for side in ("left", "right"))
    many = np.where(allowed, high - low, 0)
    first = np.repeat(np.arange(len(ends)), many)
    place = np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)
    return np.column_stack([first, order[low[first] + place]])
