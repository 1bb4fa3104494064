"""Gauges correct a flood that runs as an ensemble, and forecasts are scored. Everything is loaded on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.assimilation.alarms import AlarmScore, score_alarms
    from models.flood.assimilation.ensemble import FloodEnsemble, FloodMember, Update
    from models.flood.assimilation.gauges import LevelGauge
    from models.flood.assimilation.kalman import kalman_increments
    from models.flood.assimilation.ponds import pond_of

_WHERE: dict[str, str] = {
    "AlarmScore": "alarms",
    "FloodEnsemble": "ensemble",
    "FloodMember": "ensemble",
    "LevelGauge": "gauges",
    "Update": "ensemble",
    "kalman_increments": "kalman",
    "pond_of": "ponds",
    "score_alarms": "alarms",
}

__all__ = [
    "AlarmScore",
    "FloodEnsemble",
    "FloodMember",
    "LevelGauge",
    "Update",
    "kalman_increments",
    "pond_of",
    "score_alarms",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"models.flood.assimilation.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
