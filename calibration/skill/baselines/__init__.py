"""What a forecast has to be better than: rules from past values alone, with the quantiles of their own errors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.skill.baselines.boosting import Boosting, boosting_missing
    from calibration.skill.baselines.family import baselines
    from calibration.skill.baselines.own_errors import Baseline
    from calibration.skill.baselines.past import Past
    from calibration.skill.baselines.rules import Blend, HistoricalMean, Persistence
    from calibration.skill.baselines.typical import TypicalDays, typical_days

__all__ = [
    "Baseline",
    "Blend",
    "Boosting",
    "HistoricalMean",
    "Past",
    "Persistence",
    "TypicalDays",
    "baselines",
    "boosting_missing",
    "typical_days",
]

_HOMES = {
    "boosting": "Boosting boosting_missing",
    "family": "baselines",
    "own_errors": "Baseline",
    "past": "Past",
    "rules": "Blend HistoricalMean Persistence",
    "typical": "TypicalDays typical_days",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
