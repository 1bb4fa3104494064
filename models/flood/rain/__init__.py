"""Rain: in time, in space, as it was measured, and as it may fall next. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.rain.field import Rain, RainField
    from models.flood.rain.forecast.between import rates_between
    from models.flood.rain.forecast.climatology import Climatology, read_climatology
    from models.flood.rain.forecast.nowcast import Nowcast, nowcast_rain
    from models.flood.rain.forecast.nowcast_files import load_nowcast, save_nowcast
    from models.flood.rain.forecast.scores import crps, crps_each, fss
    from models.flood.rain.gauging.adjustment import Adjustment, adjust_to_gauges
    from models.flood.rain.gauging.gauges import Gauge, Gauges, read_gauges
    from models.flood.rain.radar.frames import RadarFrames
    from models.flood.rain.radar.radar_grid import RadarGrid
    from models.flood.rain.radar.reading import read_radar
    from models.flood.rain.radar.reflectivity import LAWS, PowerLaw, law_named
    from models.flood.rain.signals.rain_signals import Reached, highest_signal, hold_signals
    from models.flood.rain.signals.signal_table import Level, SignalTable, read_signal_table
    from models.flood.rain.sources import gauge_rain, rain_digest, rain_from, rains_from
    from models.flood.rain.storms.design_storm import IntensityFormula, chicago_storm
    from models.flood.rain.storms.hyetograph import Hyetograph, uniform_rain
    from models.flood.rain.storms.storm_file import read_storm
    from models.flood.rain.terrain_rain import Cells, forecast_rain, observed_rain

_WHERE: dict[str, str] = {
    "Adjustment": "gauging.adjustment",
    "Cells": "terrain_rain",
    "Climatology": "forecast.climatology",
    "Gauge": "gauging.gauges",
    "Gauges": "gauging.gauges",
    "Hyetograph": "storms.hyetograph",
    "IntensityFormula": "storms.design_storm",
    "LAWS": "radar.reflectivity",
    "Level": "signals.signal_table",
    "Nowcast": "forecast.nowcast",
    "PowerLaw": "radar.reflectivity",
    "RadarFrames": "radar.frames",
    "RadarGrid": "radar.radar_grid",
    "Rain": "field",
    "RainField": "field",
    "Reached": "signals.rain_signals",
    "SignalTable": "signals.signal_table",
    "adjust_to_gauges": "gauging.adjustment",
    "chicago_storm": "storms.design_storm",
    "crps": "forecast.scores",
    "crps_each": "forecast.scores",
    "forecast_rain": "terrain_rain",
    "fss": "forecast.scores",
    "gauge_rain": "sources",
    "highest_signal": "signals.rain_signals",
    "hold_signals": "signals.rain_signals",
    "law_named": "radar.reflectivity",
    "load_nowcast": "forecast.nowcast_files",
    "nowcast_rain": "forecast.nowcast",
    "observed_rain": "terrain_rain",
    "rain_digest": "sources",
    "rain_from": "sources",
    "rains_from": "sources",
    "rates_between": "forecast.between",
    "read_climatology": "forecast.climatology",
    "read_gauges": "gauging.gauges",
    "read_radar": "radar.reading",
    "read_signal_table": "signals.signal_table",
    "read_storm": "storms.storm_file",
    "save_nowcast": "forecast.nowcast_files",
    "uniform_rain": "storms.hyetograph",
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
    "crps_each",
    "forecast_rain",
    "fss",
    "gauge_rain",
    "highest_signal",
    "hold_signals",
    "law_named",
    "load_nowcast",
    "nowcast_rain",
    "observed_rain",
    "rain_digest",
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
