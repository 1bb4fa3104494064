"""Who rides a bicycle or an e-bike instead of driving, and which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Router
from models.streams import stream
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City
    from scenarios.schema import DemandText

Ends = tuple[int, int]

RIDDEN_WORDS = say(
    "bicycles and e-bikes: their shares are the scenario's; they take the shortest way that the net allows them, share "
    "lanes where there is no cycle lane, and give way to water from 0.15 m on (guessed)",
    "自行车与电动自行车：比例由情景给定；按路网允许的最短路径行驶，无自行车道处与机动车混行，积水0.15米起不通行（推测）。",
)


def ridden_words(demand: DemandText) -> Sentence | None:
    """What is to be told of riders; None where nobody rides."""
    return RIDDEN_WORDS if demand.bicycle_share + demand.ebike_share > 0 else None


def kinds_of(seed: int, name: str, demand: DemandText, count: int) -> np.ndarray:
    """(count,) `bicycle`, `ebike` or "" for those who drive, from a stream of their own.

    A higher share takes drivers and leaves every other trip as it was; riders stay riders.
    """
    kinds = np.full(count, "", dtype="<U7")
    if demand.bicycle_share + demand.ebike_share <= 0:
        return kinds
    rank = stream(seed, f"riding {name}").random(count)
    kinds[rank < demand.bicycle_share] = "bicycle"
    kinds[rank >= 1.0 - demand.ebike_share] = "ebike"
    return kinds


def ways(city: City, wanted: Sequence[Ends]) -> Mapping[Ends, tuple[int, ...]]:
    """The shortest way (indices of edges) between the ends of each trip, where the net has one for bicycles."""
    if not wanted:
        return {}
    kernel = Router(city.road_graph("bicycle"))
    length_m = np.asarray(kernel.graph.length_m)
    asked: dict[int, set[int]] = {}
    for origin, destination in wanted:
        asked.setdefault(origin, set()).add(destination)
    found: dict[Ends, tuple[int, ...]] = {}
    for origin, ends in sorted(asked.items()):
        for end, route in zip(sorted(ends), kernel.routes_from(origin, sorted(ends), length_m), strict=True):
            if route is not None:
                found[origin, end] = route
    return found
