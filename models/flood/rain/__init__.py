"""Rain: in time, in space, as it was measured, and as it may fall next. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.rain.climatology import Climatology, read_climatology
    from models.flood.rain.design_storm import IntensityFormula, chicago_storm
    from models.flood.rain.field import Rain, RainField
    from models.flood.rain.frames import RadarFrames
    from models.flood.rain.hyetograph import Hyetograph, uniform_rain
    from models.flood.rain.nowcast import Nowcast, nowcast_rain
    from models.flood.rain.radar_grid import RadarGrid
    from models.flood.rain.reading import read_radar
    from models.flood.rain.reflectivity import LAWS, PowerLaw, law_named
    from models.flood.rain.scores import crps, fss

_WHERE: dict[str, str] = {
    "Climatology": "climatology",
    "Hyetograph": "hyetograph",
    "IntensityFormula": "design_storm",
    "LAWS": "reflectivity",
    "Nowcast": "nowcast",
    "PowerLaw": "reflectivity",
    "RadarFrames": "frames",
    "RadarGrid": "radar_grid",
    "Rain": "field",
    "RainField": "field",
    "chicago_storm": "design_storm",
    "crps": "scores",
    "fss": "scores",
    "law_named": "reflectivity",
    "nowcast_rain": "nowcast",
    "read_climatology": "climatology",
    "read_radar": "reading",
    "uniform_rain": "hyetograph",
}

__all__ = [
    "LAWS",
    "Climatology",
    "Hyetograph",
    "IntensityFormula",
    "Nowcast",
    "PowerLaw",
    "RadarFrames",
    "RadarGrid",
    "Rain",
    "RainField",
    "chicago_storm",
    "crps",
    "fss",
    "law_named",
    "nowcast_rain",
    "read_climatology",
    "read_radar",
    "uniform_rain",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"models.flood.rain.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
