"""How good forecasts are, against whom, and which one is served."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.skill.forecast import Forecast
    from calibration.skill.ledger import SERVED, Ledger
    from calibration.skill.outcome import Outcome
    from calibration.skill.scores import LEVEL, Foretold, Scored, covered, foretold, interval_score, scored
    from calibration.skill.seen import Seen

__all__ = [
    "LEVEL",
    "SERVED",
    "Forecast",
    "Foretold",
    "Ledger",
    "Outcome",
    "Scored",
    "Seen",
    "covered",
    "foretold",
    "interval_score",
    "scored",
]

_HOMES = {
    "forecast": "Forecast",
    "ledger": "SERVED Ledger",
    "outcome": "Outcome",
    "scores": "LEVEL Foretold Scored covered foretold interval_score scored",
    "seen": "Seen",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
