from .city.city_crowd import CityCrowd as CityCrowd
from .city.walkers import THRESHOLDS_PM2 as THRESHOLDS_PM2
from .coupled import CoupledCrowd as CoupledCrowd
from .crossings import crossing_wait_s as crossing_wait_s, signal_wait_s as signal_wait_s
from .plans import VisitorPlans as VisitorPlans
from .speed import weidmann_speed as weidmann_speed
