"""The hidden city's water: rain all over the town, and hollows whose level is a balance of catchment and gully.

d(depth)/dt = (runoff x catchment x rain - drain while there is water) / surface: declared, and known to no twin.
"""

from __future__ import annotations

from benchmarks.live.planted import Cloudburst, Planted

WET_MM_H, WET = 2.0, 0.88
"""Rain from which drivers go slower, and how much."""
CRAWL = 0.3
"""Share of the limit where the water is as deep as it may be."""


def rain_mm_h(bursts: tuple[Cloudburst, ...], at_s: float) -> float:
    """Intensity at a moment: up to the peak by the middle of its time, and down again."""
    falls = 0.0
    for burst in bursts:
        if burst.holds(at_s):
            half_s = (burst.to_s - burst.from_s) / 2
            falls += burst.peak_mm_h * (1.0 - abs(at_s - burst.from_s - half_s) / half_s)
    return falls


class Water:
    """Rain so far and depths of all hollows, minute by minute."""

    step_s = 60.0

    def __init__(self, planted: Planted) -> None:
        self._planted = planted
        self.depth_m = {pond.name: 0.0 for pond in planted.ponds}
        self.fallen_mm = 0.0
        self.rain_mm_h = 0.0

    def advance(self, at_s: float) -> None:
        """Let the minute before a moment happen."""
        self.rain_mm_h = rain_mm_h(self._planted.cloudbursts, at_s - self.step_s / 2)
        self.fallen_mm += self.rain_mm_h * self.step_s / 3600.0
        for pond in self._planted.ponds:
            inflow = pond.runoff * pond.catchment_m2 * self.rain_mm_h / 3.6e6
            rise_m = (inflow - pond.drain_m3s) * self.step_s / pond.area_m2
            self.depth_m[pond.name] = max(0.0, self.depth_m[pond.name] + rise_m)

    def factor(self, name: str) -> float:
        """Share of the limit at which a hollow's streets are driven."""
        pond = next(one for one in self._planted.ponds if one.name == name)
        depth_m = self.depth_m[name]
        if depth_m <= pond.slow_m:
            return 1.0
        return 1.0 - (1.0 - CRAWL) * min((depth_m - pond.slow_m) / (pond.close_m - pond.slow_m), 1.0)
