"""Visitors on foot: a Mesa model of everybody who walks. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.crowd.city.city_crowd import CityCrowd
    from models.crowd.city.walkers import THRESHOLDS_PM2
    from models.crowd.coupled import CoupledCrowd
    from models.crowd.crossings import crossing_wait_s, signal_wait_s
    from models.crowd.plans import VisitorPlans
    from models.crowd.speed import weidmann_speed

_WHERE: dict[str, str] = {
    "THRESHOLDS_PM2": "models.crowd.city.walkers",
    "CityCrowd": "models.crowd.city.city_crowd",
    "CoupledCrowd": "models.crowd.coupled",
    "VisitorPlans": "models.crowd.plans",
    "crossing_wait_s": "models.crowd.crossings",
    "signal_wait_s": "models.crowd.crossings",
    "weidmann_speed": "models.crowd.speed",
}

__all__ = [
    "THRESHOLDS_PM2",
    "CityCrowd",
    "CoupledCrowd",
    "VisitorPlans",
    "crossing_wait_s",
    "signal_wait_s",
    "weidmann_speed",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
