"""The rain of a flood run: from a scenario, a nowcast, radar, gauges, or a design storm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from models.flood import Rain, chicago_storm
from networks import City
from networks.errors import BadInput
from scenarios.members.flood_run import hyetograph_of
from scenarios.reading import read_scenario

PEAK = 0.4


@dataclass(frozen=True)
class FallingRain:
    """What falls.

    Attributes:
        rains: One for all members, or one for each.
        begin: The run's begin on the wall clock; None for a design storm.
        ensemble: The rains are members of a forecast: no further spread is drawn.
    """

    rains: tuple[Rain, ...]
    begin: datetime | None
    ensemble: bool

    @property
    def source(self) -> str:
        """Where it comes from."""
        return self.rains[0].source

    def depth_mm(self, duration_s: float) -> float:
        """Mean over members and cells of what falls within a duration, mm."""
        return float(np.mean([_depth_mm(rain, duration_s) for rain in self.rains]))


def rain_for(city: City, place: Path) -> FallingRain:
    """Read the rain from a scenario (YAML), a nowcast's folder, a folder of radar frames or a CSV of gauges.

    Raises:
        BadInput: It is none of them, or holds no rain for this city.
    """
    if place.suffix.lower() in (".yaml", ".yml"):
        scenario = read_scenario(place)
        rain = hyetograph_of(scenario)
        if rain is None:
            raise BadInput("the scenario has no rainfall", file=place, expected="an intervention of kind rainfall")
        return FallingRain((rain,), scenario.start, False)
    from models.flood.rain import law_named
    from models.flood.rain.sources import rains_from
    from models.flood.rain.terrain_rain import Cells

    terrain = city.terrain()
    cells = Cells(city.crs, terrain.transform, terrain.elevation_m.shape)
    rains, begin = rains_from(place, cells, law_named("finland"))
    return FallingRain(tuple(rains), begin, len(rains) > 1)


def design_rain(depth_mm: float, minutes: float, source: str) -> FallingRain:
    """A Chicago storm of a depth (mm) and a length (min).

    Raises:
        BadInput: A depth or length that is not positive, or no source.
    """
    length = minutes * 60
    storm = chicago_storm(depth_mm=depth_mm, duration_s=length, peak_ratio=PEAK, step_s=60, begin_s=0.0, source=source)
    return FallingRain((storm,), None, False)


def _depth_mm(rain: Rain, duration_s: float) -> float:
    times = np.asarray(rain.times_s, np.float64)
    moments = np.unique(np.r_[0.0, times[(times > 0) & (times < duration_s)], duration_s])
    pieces = zip(moments[:-1].tolist(), moments[1:].tolist(), strict=True)
    return float(sum(np.mean(rain.rate_mm_h(begin, end)) * (end - begin) / 3600 for begin, end in pieces))
