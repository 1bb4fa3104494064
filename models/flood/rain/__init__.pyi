from .field import Rain as Rain, RainField as RainField
from .forecast.at_gauge import Multiples as Multiples, multiples as multiples, shipped_multiples as shipped_multiples
from .forecast.between import rates_between as rates_between
from .forecast.climatology import Climatology as Climatology, read_climatology as read_climatology
from .forecast.nowcast import Nowcast as Nowcast, nowcast_rain as nowcast_rain
from .forecast.nowcast_files import load_nowcast as load_nowcast, save_nowcast as save_nowcast
from .forecast.scores import crps as crps, crps_each as crps_each, fss as fss
from .gauging.adjustment import Adjustment as Adjustment, adjust_to_gauges as adjust_to_gauges
from .gauging.gauges import Gauge as Gauge, Gauges as Gauges, read_gauges as read_gauges
from .radar.composite import Composite as Composite
from .radar.fmi_pgm import fmi_composite as fmi_composite
from .radar.frames import RadarFrames as RadarFrames
from .radar.radar_grid import RadarGrid as RadarGrid
from .radar.reading import read_radar as read_radar
from .radar.reflectivity import LAWS as LAWS, PowerLaw as PowerLaw, law_named as law_named
from .signals.rain_signals import Reached as Reached, highest_signal as highest_signal, hold_signals as hold_signals
from .signals.signal_table import Level as Level, SignalTable as SignalTable, read_signal_table as read_signal_table
from .sources import (
    gauge_rain as gauge_rain,
    rain_digest as rain_digest,
    rain_from as rain_from,
    rains_from as rains_from,
)
from .storms.design_storm import IntensityFormula as IntensityFormula, chicago_storm as chicago_storm
from .storms.hyetograph import Hyetograph as Hyetograph, uniform_rain as uniform_rain
from .storms.storm_file import read_storm as read_storm
from .terrain_rain import Cells as Cells, forecast_rain as forecast_rain, observed_rain as observed_rain
