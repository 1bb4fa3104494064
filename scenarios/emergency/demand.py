"""Where calls come from: people who live and work in each zone, at the road for emergency vehicles next to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.emergency.dispatching import Demand
from networks import NearestRoad, Sentence, say
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import City

AT_WORK = 0.3
"""A job is worth so many residents: people are at work less than a third of the week (guess)."""


def demand_of(city: City, index: dict[str, int]) -> Demand:
    """Demand by zone: residents, and jobs at AT_WORK each; zones at one road are added up, weights sum to 1.

    Raises:
        BadInput: Nobody lives or works in the city, as far as it is known.
    """
    zones = city.layer("zones")
    zones = zones[zones["source"] != "outside"]
    weights = (zones["population"] + AT_WORK * zones["jobs"]).to_numpy(dtype=np.float64)
    roads, found = NearestRoad(city, "emergency"), dict[int, float]()
    for shape, weight in zip(zones.geometry, weights.tolist(), strict=True):
        if weight > 0:
            point = shape.representative_point()
            edge = index[roads.to(point.x, point.y)[0]]
            found[edge] = found.get(edge, 0.0) + weight
    if not found:
        raise BadInput(f"nobody lives or works in {city.name} as far as is known", remedy="twin import zones")
    edges = sorted(found)
    total = sum(found.values())
    return Demand(np.array(edges, dtype=np.int64), np.array([found[edge] / total for edge in edges]))


def demand_source() -> Sentence:
    """What the demand rests on."""
    return say(
        f"where calls come from: residents and jobs by zone, a job as {AT_WORK:g} residents (guess); "
        "the service's own records are better",
        f"呼叫来源：各小区居民与岗位（每岗位按{AT_WORK:g}名居民计，为估计）；建议改用历史记录",
    )
