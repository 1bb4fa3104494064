"""The rain of a flood run: from a storm, a scenario, a nowcast, radar, gauges, or by its depth alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from models.flood import Rain, chicago_storm
from networks import City
from networks.errors import BadInput
from scenarios.interventions import Rainfall
from scenarios.rain.rain_run import cells_of, rain_of
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


def rain_for(city: City, place: Path, law: str = "finland") -> FallingRain:
    """Read the rain from a storm or a scenario (YAML), a nowcast's folder, radar frames or a CSV of gauges.

    Args:
        city: On whose terrain it falls.
        place: Where it is.
        law: What turns a radar's reflectivity into rain: a name, or A,B of Z = A R^B.

    Raises:
        BadInput: It is none of them, or holds no rain for this city.
    """
    from models.flood.rain import law_named, rains_from

    if place.suffix.lower() in (".yaml", ".yml") and _is_scenario(place):
        return _of_scenario(city, place)
    rains, begin = rains_from(place, cells_of(city), law_named(law))
    return FallingRain(tuple(rains), begin, len(rains) > 1)


def _of_scenario(city: City, place: Path) -> FallingRain:
    scenario = read_scenario(place)
    said = scenario.of(Rainfall)
    if not said:
        raise BadInput("the scenario has no rainfall", file=place, expected="an intervention of kind rainfall")
    radar = said[0].radar
    seeds = range(1, radar.members + 1) if radar is not None and radar.member is None and radar.members else (None,)
    rains = [rain_of(scenario, city, seed) for seed in seeds]
    return FallingRain(tuple(one for one in rains if one is not None), scenario.start, len(rains) > 1)


def _is_scenario(file: Path) -> bool:
    """Whether a YAML file says what a scenario says, and not a storm alone; a file that cannot be read is a storm's."""
    import yaml

    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    return isinstance(said, dict) and not {"period", "interventions", "name"}.isdisjoint(said)


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
