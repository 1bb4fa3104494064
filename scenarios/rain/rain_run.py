"""The rain of a scenario in run time: on the cells where radar saw it, its mean where one number is needed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.errors import BadInput
from scenarios.rain.rainfall import ChicagoText, RadarText, Rainfall

if TYPE_CHECKING:
    from datetime import datetime

    from models.flood import Hyetograph, RainField
    from models.flood.rain import Cells
    from networks import City, Sentence
    from scenarios.schema import Scenario


def rain_of(scenario: Scenario, city: City, seed: int | None = None) -> Hyetograph | RainField | None:
    """The scenario's rain as the flood solver takes it, or None without rain.

    Args:
        scenario: Its rainfall.
        city: On whose terrain it falls.
        seed: The member's, which of a nowcast's courses it meets.

    Raises:
        BadInput: Radar rain whose folder is not there, holds something else by now, or does not reach the city.
        NotThere: Radar rain, and the city has no terrain.
    """
    for rain in scenario.of(Rainfall):
        if rain.radar is not None:
            return _laid(rain.radar, rain.radar.member_of(seed), scenario.start, cells_of(city))
    return hyetograph_of(scenario)


def hyetograph_of(scenario: Scenario, city: City | None = None, seed: int | None = None) -> Hyetograph | None:
    """The scenario's rain as one course in run time, the mean over the city's terrain; None without rain.

    Args:
        scenario: Its rainfall.
        city: Needed where the rain is radar's.
        seed: See `rain_of`.

    Raises:
        BadInput: See `rain_of`; or radar rain without a city.
    """
    from models.flood import Hyetograph

    for rain in scenario.of(Rainfall):
        if rain.radar is not None:
            if city is None:
                raise BadInput("radar rain has no mean without a city", place="rainfall")
            return _laid(rain.radar, rain.radar.member_of(seed), scenario.start, cells_of(city)).mean()
        if rain.chicago is not None:
            return _design_storm(rain.chicago, scenario.seconds(rain.chicago.begin), rain.source)
        steps = rain.hyetograph
        assert steps is not None
        times = scenario.seconds(steps.begin) + np.arange(len(steps.intensity_mm_h) + 1) * steps.step_s
        return Hyetograph(times, np.array(steps.intensity_mm_h), rain.source)
    return None


def rain_inputs(scenario: Scenario, seed: int | None) -> dict[str, Any]:
    """What identifies the rain that a seed meets, for the address of its flood."""
    radar = next((rain.radar for rain in scenario.of(Rainfall)), None)
    if radar is None:
        rain = hyetograph_of(scenario)
        assert rain is not None
        course = {"times_s": rain.times_s.tolist(), "intensity_mm_h": rain.intensity_mm_h.tolist()}
        return course | {"source": rain.source}
    said: dict[str, Any] = {"digest": radar.digest, "law": radar.law, "member": radar.member_of(seed)}
    return {"radar": said, "begin": scenario.start.isoformat()}


def rain_on_drivers(scenario: Scenario, city: City | None = None, seed: int | None = None) -> Hyetograph | None:
    """The rain that drivers drive by, or None where there is none or the scenario leaves them as in the dry."""
    return hyetograph_of(scenario, city, seed) if any(rain.on_drivers for rain in scenario.of(Rainfall)) else None


def rain_words(scenario: Scenario) -> Sentence | None:
    """What is to be told of the rain's effect on drivers; None where it has none."""
    from networks import say

    if not any(rain.on_drivers for rain in scenario.of(Rainfall)):
        return None
    return say(
        "rain on drivers: speed and saturation flow by HCM chapter 29 (American urban streets); above 16 mm/h, and how "
        "long the road stays wet, guessed",
        "雨天驾驶：车速与饱和流率按美国HCM第29章（城市道路）折减；16毫米/小时以上的影响及路面湿润时长为推测。",
    )


def cells_of(city: City) -> Cells:
    """The cells of a city's terrain.

    Raises:
        NotThere: It has none.
    """
    from models.flood.rain import Cells

    terrain = city.terrain()
    return Cells(city.crs, terrain.transform, terrain.elevation_m.shape)


def _laid(radar: RadarText, member: int, begin: datetime, cells: Cells) -> RainField:
    """Radar rain on cells, read once for each member in a process."""
    return _read(radar.folder, radar.digest, radar.law, member, begin, cells.crs, cells.transform, cells.shape)


@lru_cache(maxsize=2)
def _read(
    folder: str, digest: str, law: str, member: int, begin: datetime, crs: str, transform: Any, shape: tuple[int, int]
) -> RainField:
    from models.flood import RainField
    from models.flood.rain import Cells, law_named, rain_digest, rain_from

    place = Path(folder)
    if rain_digest(place) != digest:
        raise BadInput(
            "it holds another rain than when the scenario was read", file=place, remedy="read the scenario once more"
        )
    rain, _ = rain_from(place, Cells(crs, transform, shape), law_named(law), begin=begin, member=member)
    assert isinstance(rain, RainField)
    return rain


def _design_storm(storm: ChicagoText, begin_s: float, source: str) -> Hyetograph:
    from models.flood import IntensityFormula, chicago_storm

    length, peak, step = storm.duration_s, storm.peak_ratio, storm.step_s
    if storm.formula is None:
        depth = storm.depth_mm
        return chicago_storm(
            depth_mm=depth, duration_s=length, peak_ratio=peak, step_s=step, begin_s=begin_s, source=source
        )
    law = storm.formula
    town = IntensityFormula(law.a1_mm_min, law.b_min, law.n, source, law.c)
    years = law.return_period_years
    return town.storm(return_period_years=years, duration_s=length, peak_ratio=peak, step_s=step, begin_s=begin_s)
