"""Bottlenecks: where queues begin, what they cost, why, and whether they go when the cause is taken away."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.bottlenecks.causes import CAUSES, Cause, Ends, cause_of, ends_in, turns_driven
    from calibration.bottlenecks.jams import Jam, Traffic, find_jams
    from calibration.bottlenecks.proving import Proof, green_file, mean_traffic, more_green, proved, runs_of

__all__ = [
    "CAUSES",
    "Cause",
    "Ends",
    "Jam",
    "Proof",
    "Traffic",
    "cause_of",
    "ends_in",
    "find_jams",
    "green_file",
    "mean_traffic",
    "more_green",
    "proved",
    "runs_of",
    "turns_driven",
]

_HOMES = {
    "causes": "CAUSES Cause Ends cause_of ends_in turns_driven",
    "jams": "Jam Traffic find_jams",
    "proving": "Proof green_file mean_traffic more_green proved runs_of",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
