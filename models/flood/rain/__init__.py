"""Rain: in time, in space, as it was measured, and as it may fall next. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.rain.adjustment import Adjustment, adjust_to_gauges
    from models.flood.rain.between import rates_between
    from models.flood.rain.climatology import Climatology, read_climatology
    from models.flood.rain.design_storm import IntensityFormula, chicago_storm
    from models.flood.rain.field import Rain, RainField
    from models.flood.rain.frames import RadarFrames
    from models.flood.rain.gauges import Gauge, Gauges, read_gauges
    from models.flood.rain.hyetograph import Hyetograph, uniform_rain
    from models.flood.rain.nowcast import Nowcast, nowcast_rain
    from models.flood.rain.nowcast_files import load_nowcast, save_nowcast
    from models.flood.rain.radar_grid import RadarGrid
    from models.flood.rain.rain_signals import Reached, highest_signal, hold_signals
    from models.flood.rain.reading import read_radar
    from models.flood.rain.reflectivity import LAWS, PowerLaw, law_named
    from models.flood.rain.scores import crps, fss
    from models.flood.rain.signal_table import Level, SignalTable, read_signal_table
    from models.flood.rain.sources import gauge_rain, rain_from, rains_from
    from models.flood.rain.storm_file import read_storm
    from models.flood.rain.terrain_rain import Cells, forecast_rain, observed_rain

_WHERE: dict[str, str] = {
    "Adjustment": "adjustment",
    "Cells": "terrain_rain",
    "Climatology": "climatology",
    "Gauge": "gauges",
    "Gauges": "gauges",
    "Hyetograph": "hyetograph",
    "IntensityFormula": "design_storm",
    "LAWS": "reflectivity",
    "Level": "signal_table",
    "Nowcast": "nowcast",
    "PowerLaw": "reflectivity",
    "RadarFrames": "frames",
    "RadarGrid": "radar_grid",
    "Rain": "field",
    "RainField": "field",
    "Reached": "rain_signals",
    "SignalTable": "signal_table",
    "adjust_to_gauges": "adjustment",
    "chicago_storm": "design_storm",
    "crps": "scores",
    "forecast_rain": "terrain_rain",
    "fss": "scores",
    "gauge_rain": "sources",
    "highest_signal": "rain_signals",
    "hold_signals": "rain_signals",
    "law_named": "reflectivity",
    "load_nowcast": "nowcast_files",
    "nowcast_rain": "nowcast",
    "observed_rain": "terrain_rain",
    "rain_from": "sources",
    "rains_from": "sources",
    "rates_between": "between",
    "read_climatology": "climatology",
    "read_gauges": "gauges",
    "read_radar": "reading",
    "read_signal_table": "signal_table",
    "read_storm": "storm_file",
    "save_nowcast": "nowcast_files",
    "uniform_rain": "hyetograph",
}

__all__ = [
    "LAWS",
    "Adjustment",
    "Cells",
    "Climatology",
    "Gauge",
    "Gauges",
    "Hyetograph",
    "IntensityFormula",
    "Level",
    "Nowcast",
    "PowerLaw",
    "RadarFrames",
    "RadarGrid",
    "Rain",
    "RainField",
    "Reached",
    "SignalTable",
    "adjust_to_gauges",
    "chicago_storm",
    "crps",
    "forecast_rain",
    "fss",
    "gauge_rain",
    "highest_signal",
    "hold_signals",
    "law_named",
    "load_nowcast",
    "nowcast_rain",
    "observed_rain",
    "rain_from",
    "rains_from",
    "rates_between",
    "read_climatology",
    "read_gauges",
    "read_radar",
    "read_signal_table",
    "read_storm",
    "save_nowcast",
    "uniform_rain",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"models.flood.rain.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
