"""A city several times side by side: real shapes, as many streets as a benchmark asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from networks import City

GAP_M = 100.0
AREAS = ("water", "landuse", "buildings")
KEYS = {"edges": "edge_id", "signals": "tls_id", "sensors": "sensor_id", "cameras": "camera_id", "car_parks": "osm_id"}


@dataclass
class WideCity:
    """`copies` of a city in a row of rows; whatever asks for layers of a city may ask this one.

    Attributes:
        city: The city.
        copies: How many of it.
        across: How many stand beside each other.
    """

    city: City
    copies: int
    across: int = 3
    _layers: dict[str, GeoDataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name, self.crs, self.digest = f"{self.city.name} x {self.copies}", self.city.crs, self.city.digest
        self.attribution, self.guesses = self.city.attribution, self.city.guesses
        self.georeferenced = True

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Of all copies, metres."""
        minx, miny, maxx, maxy = self._one()
        columns, rows = min(self.copies, self.across), -(-self.copies // self.across)
        wide, high = maxx - minx + GAP_M, maxy - miny + GAP_M
        return minx, miny, minx + columns * wide - GAP_M, miny + rows * high - GAP_M

    def _one(self) -> tuple[float, float, float, float]:
        """Of one copy: its streets, without the open sea."""
        minx, miny, maxx, maxy = self.city.layer("edges").total_bounds
        return float(minx), float(miny), float(maxx), float(maxy)

    def layer(self, name: str) -> GeoDataFrame:
        """A layer with every copy's rows."""
        if name not in self._layers:
            self._layers[name] = self._copied(name)
        return self._layers[name]

    def _copied(self, name: str) -> GeoDataFrame:
        import pandas as pd

        minx, miny, maxx, maxy = self._one()
        parts = []
        for at in range(self.copies):
            x, y = (at % self.across) * (maxx - minx + GAP_M), (at // self.across) * (maxy - miny + GAP_M)
            part = (
                self.city.layer(name).clip((minx, miny, maxx, maxy)) if name in AREAS else self.city.layer(name).copy()
            )
            part["geometry"] = part.geometry.translate(x, y)
            if at and name in KEYS:
                part[KEYS[name]] = part[KEYS[name]].astype(str) + f"~{at}"
            parts.append(part)
        whole: GeoDataFrame = pd.concat(parts, ignore_index=True)
        return whole
