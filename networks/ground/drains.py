"""Drains: what they take from each zone, from the storm that they were designed for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from networks.ground.storms import Storms

RETURN_PERIOD_Y = 1.0
"""Years; the design storm of drains of which nobody says anything: a guess, the size of older quarters' sewers."""
DURATION_MIN = 60.0
"""The capacity is the mean intensity of the design storm of this duration: how pumped districts are rated in China."""
PUMP_PERIOD_Y, PUMP_DURATION_MIN, PUMP_RUNOFF = 10.0, 10.0, 0.9
"""Design storm and runoff coefficient of an underpass' pumps where nobody says how strong they are: guesses."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Drains:
    """What the drains of a city were designed for.

    Attributes:
        storms: The city's storms.
        return_period_y: Years.
        stated: True where whoever builds the city states the return period.
    """

    storms: Storms
    return_period_y: float
    stated: bool

    @property
    def capacity_mm_h(self) -> float:
        """What they take where there are any, mm/h."""
        return self.storms.intensity_mm_h(self.return_period_y, DURATION_MIN)

    @property
    def source(self) -> str:
        """`stated` when both the return period and the storms are given, else `guessed`."""
        return "stated" if self.stated and not self.storms.guessed else "guessed"

    def pump_m3s(self, low_m2: float) -> float:
        """What the pumps of an underpass may lift (m3/s), by the rational method: runoff x intensity x area.

        Args:
            low_m2: The low part alone, m2: pumps are built for the rain on ramps and roadway, and water from higher
                ground is meant to be led away before; what comes from there nevertheless is the flood.
        """
        intensity = self.storms.intensity_mm_h(PUMP_PERIOD_Y, PUMP_DURATION_MIN)
        return PUMP_RUNOFF * intensity / 3.6e6 * low_m2


def drains_of(storms: Storms, return_period_y: float | None) -> Drains:
    """The drains of a city; a return period that nobody states is guessed."""
    return Drains(storms, return_period_y or RETURN_PERIOD_Y, return_period_y is not None)


def drain_rows(drains: Drains, zones: Rows, streets: Sequence[BaseGeometry], built: Sequence[BaseGeometry]) -> Rows:
    """Rows of the layer `drains`: one per zone, in their order.

    Drains lie where there are streets or buildings; a zone with neither (a wood, the sea) has none, so 0 mm/h.

    Args:
        drains: What they were designed for.
        zones: Rows of the layer `zones`.
        streets: Axes of roads at ground level, m.
        built: Buildings, m.
    """
    shapes = [*streets, *built]
    tree = STRtree(shapes)
    served = set(tree.query([z["geometry"] for z in zones], predicate="intersects")[0].tolist()) if zones else set()
    capacity = round(drains.capacity_mm_h, 2)
    return [_row(drains, zone, capacity if i in served else 0.0) for i, zone in enumerate(zones)]


def _row(drains: Drains, zone: Mapping[str, Any], capacity_mm_h: float) -> dict[str, Any]:
    return {
        "zone_id": zone["zone_id"],
        "capacity_mm_h": capacity_mm_h,
        "return_period_y": drains.return_period_y if capacity_mm_h else 0.0,
        "source": drains.source if capacity_mm_h else "derived",
        "storm_source": drains.storms.source["en"],
        "geometry": zone["geometry"],
    }
