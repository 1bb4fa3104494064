"""People whose way leads across a hot spot: in by one door, out by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city.ways import CityWays
from models.crowd.hotspot.map_spot import MapSpot
from models.streams import stream
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph

SPEED_MPS, SCATTER_MPS = 1.34, 0.26
"""Mean and standard deviation of the speeds that people want to walk at (m/s); Weidmann (1993)."""


@dataclass(frozen=True)
class Crossers:
    """One row for each person.

    Attributes:
        depart_s: When they set out (s), shape (people,).
        origin, destination: Nodes of the walk graph.
        door_in, door_out: Numbers of doors of the hot spot.
        speed_mps: Speed that they want to walk at (m/s).
    """

    depart_s: np.ndarray
    origin: np.ndarray
    destination: np.ndarray
    door_in: np.ndarray
    door_out: np.ndarray
    speed_mps: np.ndarray

    def __len__(self) -> int:
        return len(self.depart_s)


def draw_crossers(
    graph: WalkGraph, spot: MapSpot, people: int, over_s: float, *, away_m: float = 150.0, seed: int = 1
) -> Crossers:
    """People who come from and go to places about `away_m` off, a declared synthetic demand.

    By which doors is drawn in proportion to their widths, when is even over `over_s`.

    Args:
        graph: The walk graph.
        spot: The hot spot.
        people: How many.
        over_s: Time over which they set out (s).
        away_m: How far off they begin and end, along the streets (m).
        seed: Of the draws.

    Raises:
        BadInput: Fewer than two doors from which streets lead away.
    """
    ends = street_ends(graph, spot, away_m)
    usable = np.flatnonzero(ends >= 0)
    if len(usable) < 2:
        raise BadInput(
            f"{len(usable)} of its {len(spot.doors)} doors lead to streets",
            place=spot.name,
            expected="at least two, to come by and to leave by",
            remedy="let people leave instead: --evacuate",
        )
    draw = stream(seed, "hotspot crossers")
    share = np.array([spot.doors[door].door.width_m for door in usable])
    first = draw.choice(len(usable), people, p=share / share.sum())
    onward = np.array([draw.choice(len(usable), p=_others(share, door)) for door in first], dtype=np.int64)
    depart = np.sort(draw.uniform(0, over_s, people))
    speed = draw.normal(SPEED_MPS, SCATTER_MPS, people).clip(0.6, 2.1)
    first, onward = usable[first], usable[onward.reshape(-1)]
    return Crossers(depart, ends[first], ends[onward], first, onward, speed)


def _others(share: np.ndarray, door: int) -> np.ndarray:
    left = np.where(np.arange(len(share)) == door, 0.0, share)
    return np.asarray(left / left.sum())


def street_ends(graph: WalkGraph, spot: MapSpot, away_m: float) -> np.ndarray:
    """For each door the node about `away_m` off whose way to the hot spot leads by that door; -1 without one."""
    nodes = np.array([one.node for one in spot.doors])
    ways = CityWays(graph, nodes, np.zeros(len(graph.length_m)))
    ways.close(spot.links)
    apart = ways.cost_s[ways.destination(nodes)] * SPEED_MPS
    own = apart.argmin(axis=0)
    found = np.full(len(nodes), -1, dtype=np.int64)
    for door in range(len(nodes)):
        near = np.where(
            (own == door) & np.isfinite(apart[door]) & (apart[door] > 1.0), np.abs(apart[door] - away_m), np.inf
        )
        if np.isfinite(near).any():
            found[door] = int(near.argmin())
    return found
