"""The roads that cars may use, as arrays: what paths are searched on and what a prior is guessed from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from networks import read_net
from networks.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Roads:
    """Edges that cars may use and the turns between them; U-turns are left out.

    Attributes:
        edges: SUMO's edge ids (E), in the file's order.
        length_m: Length of each edge (E).
        speed_mps: Speed limit of each edge (E).
        lanes: Lanes of each edge that motor vehicles may use (E).
        kinds: Road class of each edge (E), e.g. primary; empty where the net does not say.
        tail: Edge that each turn leaves (A).
        head: Edge that each turn enters (A).
        turn_lanes: Connections, lane to lane, of each turn (A).
        entries: Edges that no turn leads to (E): vehicles come from beyond the net.
        exits: Edges that no turn leads from (E).
    """

    edges: tuple[str, ...]
    length_m: Floats
    speed_mps: Floats
    lanes: Floats
    kinds: tuple[str, ...]
    tail: Ints
    head: Ints
    turn_lanes: Floats
    entries: Bools
    exits: Bools

    @property
    def free_s(self) -> Floats:
        """Seconds to pass each edge at its speed limit (E)."""
        return self.length_m / self.speed_mps


def read_roads(net_file: Path) -> Roads:
    """The roads for cars of a SUMO net.

    Raises:
        BadCity: It is not a SUMO network.
        BadInput: It has no road for cars.
    """
    net = read_net(net_file)
    found = [edge for edge in net.edges if "passenger" in edge.allows]
    if not found:
        raise BadInput("no edge is open to cars", file=net_file, expected="edges that allow passenger")
    number = {edge.edge_id: place for place, edge in enumerate(found)}
    turns: dict[tuple[int, int], int] = {}
    for link in net.links:
        if "passenger" in link.allows and not link.turnaround:
            pair = number[link.from_edge], number[link.to_edge]
            turns[pair] = turns.get(pair, 0) + 1
    pairs = np.array(sorted(turns), dtype=np.int64).reshape(-1, 2)
    entries, exits = np.ones(len(found), dtype=bool), np.ones(len(found), dtype=bool)
    entries[pairs[:, 1]], exits[pairs[:, 0]] = False, False
    return Roads(
        edges=tuple(number),
        length_m=np.array([edge.length_m for edge in found]),
        speed_mps=np.array([edge.speed_mps for edge in found]),
        lanes=np.array([float(edge.lanes) for edge in found]),
        kinds=tuple(edge.kind for edge in found),
        tail=pairs[:, 0].copy(),
        head=pairs[:, 1].copy(),
        turn_lanes=np.array([float(turns[tail, head]) for tail, head in pairs.tolist()]),
        entries=entries,
        exits=exits,
    )
