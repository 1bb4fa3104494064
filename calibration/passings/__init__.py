"""Number-plate passings: hashed with a salt that rotates, turned into times, ways and turns, and forgotten."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.passings.clocks import Clocks, clock_offsets
    from calibration.passings.journeys import (
        Leg,
        Turn,
        observations,
        path_samples,
        penetration,
        travel_times,
        turning_shares,
    )
    from calibration.passings.salting import RotatingSalt
    from calibration.passings.table import Passings, passings, read_passings
    from calibration.passings.ways import free_times

__all__ = [
    "Clocks",
    "Leg",
    "Passings",
    "RotatingSalt",
    "Turn",
    "clock_offsets",
    "free_times",
    "observations",
    "passings",
    "path_samples",
    "penetration",
    "read_passings",
    "travel_times",
    "turning_shares",
]

_HOMES = {
    "clocks": "Clocks clock_offsets",
    "journeys": "Leg Turn observations path_samples penetration travel_times turning_shares",
    "salting": "RotatingSalt",
    "table": "Passings passings read_passings",
    "ways": "free_times",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
