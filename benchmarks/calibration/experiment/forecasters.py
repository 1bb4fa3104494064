"""Everybody who forecasts, by name."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from benchmarks.calibration.experiment.setting import Opened

_HOMES = {
    "survey": ("baselines.survey", False),
    "survey-level": ("baselines.survey_and_level", False),
    "oracles": ("baselines.oracles", True),
    "oracle-boosting": ("baselines.boosting", True),
    "floor": ("floor.floor", False),
    "twin": ("live.twin", False),
    "twin-meso": ("live.mesoscopic", False),
    "twin-told": ("live.told", False),
    "twin-watching": ("live.watching", False),
    "twin-survey": ("corrected.corrected", False),
    "mixed": ("served.mixed", False),
    "oracle-served": ("served.served", True),
}
"""Name -> (function, whether it sees the judged places live and on all days of history)."""
FORECASTERS = tuple(_HOMES)


def opened(name: str) -> tuple[Opened, bool]:
    """How a forecaster is opened, and whether it is an oracle."""
    home, oracle = _HOMES[name]
    module, function = home.split(".")
    return cast(Opened, getattr(import_module(f"{__package__}.{module}"), function)), oracle
