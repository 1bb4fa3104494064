"""Floods of many worlds over one city, and where gauges on its roads tell most of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models import stream
from models.flood import chicago_storm, simulate_flood, water_along
from networks import City, perturbed
from scenarios.flooding.draws import ScaledRain, draw_members
from scenarios.flooding.places import lanes_and_paths

SURVEYED_M = 0.10
"""Standard error of the terrain."""
STORM_MM, LASTS_S = 50.0, 5400.0
EVERY_M = 0.02
"""Standard error of a reading."""


@dataclass(frozen=True)
class Floods:
    """Depths on roads in many worlds: (worlds, t, edges), m."""

    times_s: np.ndarray
    depth_m: np.ndarray

    def only(self, world: int) -> Floods:
        """One of them."""
        return Floods(self.times_s, self.depth_m[world : world + 1])

    def telling(self, number: int) -> np.ndarray:
        """So many roads whose depth tells most of the others: each in turn has the most variance that is left.

        Greatest depths over the worlds; what a chosen road explains by linear regression is taken off all roads.
        """
        left = self.depth_m.max(axis=1).astype(np.float64)
        left -= left.mean(axis=0)
        chosen: list[int] = []
        for _ in range(number):
            at = int(np.argmax(np.sum(left**2, axis=0)))
            chosen.append(at)
            one = left[:, at].copy()
            left -= np.outer(one, one @ left / (one @ one + len(left) * EVERY_M**2))
            left[:, at] = 0.0
        return np.array(chosen, dtype=np.int64)


def floods(city: City, worlds: int, seed: int) -> Floods:
    """Worlds drawn as `twin flood run` draws its members; the first of a seed is left out, it is as described."""
    terrain = city.terrain()
    roads, _ = lanes_and_paths(city, terrain)
    rain = chicago_storm(depth_mm=STORM_MM, duration_s=3600, source="benchmark")
    depth = []
    for draw in draw_members(worlds + 1, seed, vary_rain=True, terrain_error=True)[1:]:
        ground = perturbed(terrain, stream(draw.terrain_seed or 0, "terrain"), error_m=SURVEYED_M)
        flood = simulate_flood(
            ground.elevation_m, ground.cell_m, ScaledRain(rain, draw.rain_factor), duration_s=LASTS_S,
            output_every_s=60.0, manning=draw.manning, drain_capacity_mm_h=12.0 * draw.drain_share,
            surface=ground.surface, dtype=np.float32,
        )  # fmt: skip
        depth.append(water_along(flood, roads).depth_m)
    return Floods(flood.times_s, np.stack(depth))
