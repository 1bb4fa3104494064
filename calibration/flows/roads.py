"""The roads that cars may use, as arrays: what paths are searched on and what a prior is guessed from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from networks import read_net
from networks.errors import BadCity, BadInput
from networks.safe_xml import read_xml

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


MINOR_S = 1.5
"""Reluctance to give way at a turn: `weights.minor-penalty` of SUMO's own routing."""
UTURN_S = 10.0
"""Reluctance to turn round (guess)."""


@dataclass(frozen=True, slots=True)
class Roads:
    """Edges that cars may use and the turns between them.

    Attributes:
        edges: SUMO's edge ids (E), in the file's order.
        length_m: Length of each edge (E).
        speed_mps: Speed limit of each edge (E).
        lanes: Lanes of each edge that motor vehicles may use (E).
        kinds: Road class of each edge (E), e.g. primary; empty where the net does not say.
        tail: Edge that each turn leaves (A).
        head: Edge that each turn enters (A).
        turn_s: Seconds that each turn takes in free flow, with the usual reluctance to give way or turn round (A).
        turn_lanes: Connections, lane to lane, of each turn (A).
        start_xy: Where each edge begins, m (E, 2).
        end_xy: Where it ends, m (E, 2).
        heading: Its direction at its begin and at its end, rad (E, 2).
        entries: Edges that nothing but a U-turn leads to (E): vehicles come from beyond the net, or from a dead end.
        exits: Edges that nothing but a U-turn leads from (E).
    """

    edges: tuple[str, ...]
    length_m: Floats
    speed_mps: Floats
    lanes: Floats
    kinds: tuple[str, ...]
    tail: Ints
    head: Ints
    turn_s: Floats
    turn_lanes: Floats
    start_xy: Floats
    end_xy: Floats
    heading: Floats
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
    seconds = _turn_seconds(net_file)
    turns: dict[tuple[int, int], list[float]] = {}
    round_about: set[tuple[int, int]] = set()
    for link in net.links:
        if "passenger" in link.allows:
            pair = number[link.from_edge], number[link.to_edge]
            lane = f"{link.from_edge}_{link.from_lane}", f"{link.to_edge}_{link.to_lane}"
            turns.setdefault(pair, []).append(seconds.get(lane, 0.0) + UTURN_S * link.turnaround)
            round_about |= {pair} if link.turnaround else set()
    pairs = np.array(sorted(turns), dtype=np.int64).reshape(-1, 2)
    entries, exits = np.ones(len(found), dtype=bool), np.ones(len(found), dtype=bool)
    through = np.array([pair not in round_about for pair in map(tuple, pairs.tolist())], dtype=bool)
    entries[pairs[through, 1]], exits[pairs[through, 0]] = False, False
    return Roads(
        edges=tuple(number),
        length_m=np.array([edge.length_m for edge in found]),
        speed_mps=np.array([edge.speed_mps for edge in found]),
        lanes=np.array([float(edge.lanes) for edge in found]),
        kinds=tuple(edge.kind for edge in found),
        tail=pairs[:, 0].copy(),
        head=pairs[:, 1].copy(),
        turn_s=np.array([min(turns[tail, head]) for tail, head in pairs.tolist()]),
        turn_lanes=np.array([float(len(turns[tail, head])) for tail, head in pairs.tolist()]),
        start_xy=np.array([edge.shape[0] for edge in found]),
        end_xy=np.array([edge.shape[-1] for edge in found]),
        heading=np.array([[_heading(edge.shape[:2]), _heading(edge.shape[-2:])] for edge in found]),
        entries=entries,
        exits=exits,
    )


def _heading(ends: Sequence[tuple[float, float]]) -> float:
    (x0, y0), (x1, y1) = ends[0], ends[-1]
    return math.atan2(y1 - y0, x1 - x0)


def _turn_seconds(net_file: Path) -> dict[tuple[str, str], float]:
    """Seconds in free flow from the end of one lane to the begin of the next, with the reluctance to give way."""
    root = read_xml(net_file, roots=("net",), wrong=BadCity)
    inside = {
        lane.attrib["id"]: float(lane.attrib["length"]) / float(lane.attrib["speed"])
        for edge in root.iter("edge")
        if edge.get("function") == "internal"
        for lane in edge.iter("lane")
    }
    links = list(root.iter("connection"))
    onward = {
        f"{link.attrib['from']}_{link.attrib['fromLane']}": link.attrib["via"] for link in links if link.get("via")
    }
    found = {}
    for link in links:
        lanes = tuple(f"{link.attrib[end]}_{link.attrib[end + 'Lane']}" for end in ("from", "to"))
        via = link.get("via")
        taken = MINOR_S if link.get("state", "M") in "mswo" else 0.0
        while via:
            taken, via = taken + inside.get(via, 0.0), onward.get(via)
        found[lanes[0], lanes[1]] = taken
    return found
