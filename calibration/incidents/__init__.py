"""Incidents found from what sensors say: suspected, tried in the twin, and told with what they rest on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.incidents.adding_up import cusum, run_length, threshold_for
    from calibration.incidents.expected import Expected, expected_of
    from calibration.incidents.preparing import Usual, reach_in, streets_in, usual_of, ways_of
    from calibration.incidents.reach import Reach, reach_of
    from calibration.incidents.suspicion import Evidence, Suspicion, evidence_of, suspicions
    from calibration.incidents.trying import TownForks, Try
    from calibration.incidents.verdict import KINDS, Verdict
    from calibration.incidents.watch import Street, Watch
    from calibration.incidents.weighing import Weight, weigh

__all__ = [
    "KINDS",
    "Evidence",
    "Expected",
    "Reach",
    "Street",
    "Suspicion",
    "TownForks",
    "Try",
    "Usual",
    "Verdict",
    "Watch",
    "Weight",
    "cusum",
    "evidence_of",
    "expected_of",
    "reach_in",
    "reach_of",
    "run_length",
    "streets_in",
    "suspicions",
    "threshold_for",
    "usual_of",
    "ways_of",
    "weigh",
]

_HOMES = {
    "adding_up": "cusum run_length threshold_for",
    "expected": "Expected expected_of",
    "preparing": "Usual reach_in streets_in usual_of ways_of",
    "reach": "Reach reach_of",
    "suspicion": "Evidence Suspicion evidence_of suspicions",
    "trying": "TownForks Try",
    "verdict": "KINDS Verdict",
    "watch": "Street Watch",
    "weighing": "Weight weigh",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
