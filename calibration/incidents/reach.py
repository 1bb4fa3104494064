"""Which streets a blocked lane reaches: those that it holds back, upstream, and those that it starves, downstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.flows import PathSet
from calibration.flows.roads import Floats

QUEUE_M = 300.0
"""How far a queue is expected to reach back: its weight falls to 1/e over this (guess)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a blocked lane on each edge does to each sensor.

    Attributes:
        edges: Edges where a lane may be blocked (E): all that anybody drives on.
        held: Weight with which a queue from the edge is seen at a sensor (E, S): the share of the sensor's vehicles
            that go on over the edge, less the further it is.
        starved: Share of the sensor's vehicles that have come over the edge (E, S).
        flow: Vehicles over each edge (E), in the unit of the paths' flows.
    """

    edges: tuple[str, ...]
    held: Floats
    starved: Floats
    flow: Floats


def reach_of(paths: PathSet, flows: Floats, length_m: Floats, sensors: Sequence[str]) -> Reach:
    """Follow every path.

    Args:
        paths: Where vehicles go (P), over E edges.
        flows: Vehicles on each path (P).
        length_m: Length of each edge of `paths.edges` (E).
        sensors: Edges with a sensor (S).
    """
    row = {edge: number for number, edge in enumerate(sensors)}
    column = np.array([row.get(edge, -1) for edge in paths.edges], dtype=np.int64)
    shape = (len(paths.edges), len(sensors))
    held, starved, flow = np.zeros(shape), np.zeros(shape), np.zeros(shape[0])
    for number in np.flatnonzero(flows > 0):
        way = paths.indices[paths.indptr[number] : paths.indptr[number + 1]]
        flow[way] += flows[number]
        begins = np.concatenate([[0.0], np.cumsum(length_m[way])[:-1]])
        for at in np.flatnonzero(column[way] >= 0):
            one = column[way[at]]
            away = np.maximum(0.0, begins[at:] - begins[at] - length_m[way[at]])
            held[way[at:], one] += flows[number] * np.exp(-away / QUEUE_M)
            starved[way[: at + 1], one] += flows[number]
    passed = np.maximum(np.array([flow[column == one].sum() for one in range(shape[1])]), 1e-9)
    driven = np.flatnonzero(flow > 0)
    unique = [row[edge] for edge in sensors]
    names = tuple(paths.edges[at] for at in driven)
    return Reach(names, (held / passed)[driven][:, unique], (starved / passed)[driven][:, unique], flow[driven])
