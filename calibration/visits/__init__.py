"""Visitors by day: what came, which sort of day each is, what comes next, and how good such forecasts were."""

from __future__ import annotations

from calibration.visits.daily import DayForecast, Forecast, forecast_visits
from calibration.visits.day_kinds import DAY_KINDS, DayKinds, day_kinds
from calibration.visits.history import VisitHistory, read_history
from calibration.visits.own_days import OwnDay, read_own_days
from calibration.visits.skill import HorizonSkill, score
from calibration.visits.weather import Weather, read_weather

__all__ = [
    "DAY_KINDS",
    "DayForecast",
    "DayKinds",
    "Forecast",
    "HorizonSkill",
    "OwnDay",
    "VisitHistory",
    "Weather",
    "day_kinds",
    "forecast_visits",
    "read_history",
    "read_own_days",
    "read_weather",
    "score",
]
