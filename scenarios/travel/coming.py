"""Visitors as walks: to the site, away from it, and the cars between which some of them walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.streams import stream
from networks.sentence import say
from scenarios.interventions import Parking
from scenarios.travel.parties import VisitorCar

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.interventions import Event

ARRIVAL_A, ARRIVAL_B = 2.5, 1.5
"""When people come within `arrival_s`: a beta distribution, most of them late (guess)."""
COMING = say(
    "visitors who come: when they come, that all places of a car park are free, how long a car stands at the barrier "
    "and how long drivers wait before they try another are guessed, unless the scenario says so",
    "到达的观众：到达时间分布、停车场初始全空、闸口停留时间及司机转往他处前的等待时间均为推测（情景另有给定者除外）",
)


@dataclass(frozen=True)
class Targets:
    """What visitors can head for, by position: stops first, then car parks, then homes on foot."""

    name: list[str]
    kind: list[str]
    node: np.ndarray
    pull: np.ndarray
    edge_id: list[str]
    park_id: list[str]

    def where(self, *kinds: str) -> np.ndarray:
        """Positions of targets of these kinds."""
        return np.flatnonzero(np.isin(np.array(self.kind), kinds))


@dataclass
class Crowd:
    """Columns of one event's visitors: how they leave, and by which node (`entry`) and when (`come_s`) they come.

    `come_s`: when they want to be there; nobody comes where it is empty. `car`: index within the event, -1: none.
    """

    depart_s: np.ndarray
    exit: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    speed_mps: np.ndarray
    way_m: np.ndarray
    entry: np.ndarray
    entry_way_m: np.ndarray
    come_s: np.ndarray = field(default_factory=lambda: np.zeros(0))
    car: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def wished_s(event: Event, begins_s: float, n: int, seed: int) -> np.ndarray:
    """When each of n visitors wants to be at the site, s after the run's start."""
    spread = stream(seed, f"visitors {event.name} come").beta(ARRIVAL_A, ARRIVAL_B, n)
    return np.asarray(begins_s - event.arrival_s * (1.0 - spread))


def cars_of(
    event: Event, seed: int, crowd: Crowd, groups: Sequence[np.ndarray], wanted: np.ndarray, targets: Targets
) -> list[VisitorCar]:
    """One car for each party whose car park can be reached; notes in the crowd who comes and leaves in which.

    Args:
        event: Whose visitors.
        seed: The member's.
        crowd: Changed: `car`, and `come_s`, which its people share.
        groups: People of each party; the first of them drives.
        wanted: Targets that are car parks, the best first, for each visitor.
        targets: What they head for.
    """
    from models.traffic import Wish
    from models.visits import PARK_S, TO_THE_CAR_S

    parking = event.parking or Parking()
    follows = stream(seed, f"visitors {event.name} signs").random(len(groups)) < parking.guidance
    crowd.car = np.full(len(crowd.depart_s), -1, dtype=np.int64)
    cars = list[VisitorCar]()
    for k, people in enumerate(groups):
        edge_id, way_s = targets.edge_id[crowd.target[people[0]]], crowd.way_m[people] / crowd.speed_mps[people]
        if not edge_id or not np.isfinite(way_s).all():
            continue
        crowd.car[people] = len(cars)
        leaves = round(float((crowd.depart_s[people] + way_s).max()) + TO_THE_CAR_S, 1)
        wish, arrive_s = None, float("nan")
        if len(crowd.come_s):
            crowd.come_s[people] = crowd.come_s[people[0]]
            walk_s = float((crowd.entry_way_m[people] / crowd.speed_mps[people]).max())
            arrive_s = round(float(crowd.come_s[people[0]]) - walk_s - PARK_S, 1)
            parks = tuple(targets.park_id[at] for at in wanted[people[0]])
            wish = Wish(parks, bool(follows[k]), parking.patience_s)
        cars.append(VisitorCar(f"{event.name}.car{k}", edge_id, leaves, wish, arrive_s))
    return cars


def walks_of(event: Event, group: int, crowd: Crowd, targets: Targets, *, first: int, cars: int) -> list[pd.DataFrame]:
    """Walks of an event's visitors: those away from it, and before them, where it has a begin, those to it.

    Args:
        event: Whose visitors.
        group: Its index.
        crowd: The visitors.
        targets: What they head for.
        first: Walks of the events before.
        cars: Cars of the events before.

    Returns:
        Tables of depart_s, origin, goal (nodes), speed_mps, group, target, inward, after (row of all walks, -1: none)
        and car (of all cars, -1: none).
    """
    import pandas as pd

    n = len(crowd.depart_s)
    node = targets.node[crowd.target]
    common = {"speed_mps": crowd.speed_mps, "group": group, "target": crowd.target}
    common["car"] = np.where(crowd.car >= 0, crowd.car + cars, -1)
    away = pd.DataFrame(
        {"depart_s": crowd.depart_s, "origin": crowd.origin, "goal": node, **common, "inward": False, "after": -1}
    )
    if event.begins is None:
        return [away]
    walk_s = np.where(np.isfinite(crowd.entry_way_m), crowd.entry_way_m, 0.0) / crowd.speed_mps
    there = pd.DataFrame(
        {"depart_s": np.round(np.maximum(0.0, crowd.come_s - walk_s), 1), "origin": node, "goal": crowd.entry, **common,
         "inward": True, "after": -1}
    )  # fmt: skip
    return [there, away.assign(after=first + np.arange(n))]
