"""What an ensemble of floods does not know: rain, roughness, drains and the terrain, drawn per member."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models import stream
from models.flood import Rain

ROUGHNESS = 0.03
RAIN_SPREAD, ROUGHNESS_SPREAD = 0.2, 0.25
"""Standard deviations of the logarithms (guesses): rain by about a fifth, Manning's n by about a quarter."""
LEAST_DRAINS = 0.5
"""Drains take between half and all of their capacity, evenly (guess): blocked inlets."""


@dataclass(frozen=True)
class Draw:
    """One member's world.

    Attributes:
        member: Its number; 0 is the city as it is described.
        rain_factor: The rain is multiplied by it.
        manning: Roughness, s/m**(1/3).
        drain_share: Of the drains' capacity.
        terrain_seed: Its terrain's error is drawn from it; None: the terrain as it is.
    """

    member: int
    rain_factor: float
    manning: float
    drain_share: float
    terrain_seed: int | None


def draw_members(members: int, seed: int, *, vary_rain: bool, terrain_error: bool) -> list[Draw]:
    """Members 0 (as described), 1, 2, ...; each purpose has its own stream, so that more members change none.

    Args:
        members: How many.
        seed: Of the ensemble.
        vary_rain: The rain is drawn too; False where it is an ensemble already.
        terrain_error: Each member but 0 meets a terrain of its own.
    """
    draws = [Draw(0, 1.0, ROUGHNESS, 1.0, None)]
    for member in range(1, members):
        named = {name: stream(seed, f"flood {name} {member}") for name in ("rain", "roughness", "drains")}
        rain = float(np.exp(RAIN_SPREAD * named["rain"].standard_normal() - RAIN_SPREAD**2 / 2)) if vary_rain else 1.0
        rough = ROUGHNESS * float(np.exp(ROUGHNESS_SPREAD * named["roughness"].standard_normal()))
        drains = float(named["drains"].uniform(LEAST_DRAINS, 1.0))
        draws.append(Draw(member, rain, rough, drains, seed * 10_000 + member if terrain_error else None))
    return draws


class ScaledRain:
    """Rain times a factor."""

    def __init__(self, rain: Rain, factor: float) -> None:
        self._rain, self._factor = rain, factor
        self.times_s, self.source = rain.times_s, rain.source

    def rate_mm_h(self, begin_s: float, end_s: float) -> float | np.ndarray:
        """Mean rate (mm/h) over an interval, as `models.flood.Rain`."""
        return self._rain.rate_mm_h(begin_s, end_s) * self._factor
