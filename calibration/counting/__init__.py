"""What was counted on the street: counts by sensor and period, read from files, with gaps as gaps."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.counting.counts import Counts
    from calibration.counting.matching import Place, read_places
    from calibration.counting.reading import ReadCounts, read_counts
    from calibration.counting.repair import Repair, repair_table
    from calibration.counting.seen import LANE_PER_HOUR
    from calibration.counting.series import in_series
    from calibration.counting.watched_streets import WatchedNet, watched, watched_net

__all__ = [
    "LANE_PER_HOUR",
    "Counts",
    "Place",
    "ReadCounts",
    "Repair",
    "WatchedNet",
    "in_series",
    "read_counts",
    "read_places",
    "repair_table",
    "watched",
    "watched_net",
]

_HOMES = {
    "LANE_PER_HOUR": "seen",
    "Counts": "counts",
    "Place": "matching",
    "ReadCounts": "reading",
    "Repair": "repair",
    "WatchedNet": "watched_streets",
    "in_series": "series",
    "read_counts": "reading",
    "read_places": "matching",
    "repair_table": "repair",
    "watched": "watched_streets",
    "watched_net": "watched_streets",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
