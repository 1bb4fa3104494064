"""The state of now: demand corrected by what was just counted, a simulation that follows it, and its futures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.live.belief import Spread
    from calibration.live.cycle import Cycle
    from calibration.live.owning import own_demand
    from calibration.live.town import LiveTown, Rhythm
    from calibration.live.usual import Usual

__all__ = ["Cycle", "LiveTown", "Rhythm", "Spread", "Usual", "own_demand"]

_HOMES = {
    "belief": "Spread",
    "cycle": "Cycle",
    "owning": "own_demand",
    "town": "LiveTown Rhythm",
    "usual": "Usual",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
