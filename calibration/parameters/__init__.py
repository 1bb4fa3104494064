"""Driver, signal and capacity parameters of a SUMO case from counts, speeds and travel times."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.parameters.case_file import parameter_table, write_case, write_fitted
    from calibration.parameters.catalogue import KINDS, USUAL, Kind
    from calibration.parameters.experiment import Experiment
    from calibration.parameters.fitting import FittedParameters, Found, experiment_of, fit_parameters
    from calibration.parameters.judging import Judgement, Side
    from calibration.parameters.searching import SEARCHES
    from calibration.parameters.street import Journeys, Street, edge_facts, path_seconds, read_journeys
    from calibration.parameters.vehicle_types import VehicleTypes, taken_out

__all__ = [
    "KINDS",
    "SEARCHES",
    "USUAL",
    "Experiment",
    "FittedParameters",
    "Found",
    "Journeys",
    "Judgement",
    "Kind",
    "Side",
    "Street",
    "VehicleTypes",
    "edge_facts",
    "experiment_of",
    "fit_parameters",
    "parameter_table",
    "path_seconds",
    "read_journeys",
    "taken_out",
    "write_case",
    "write_fitted",
]

_HOMES = {
    "case_file": "parameter_table write_case write_fitted",
    "catalogue": "KINDS USUAL Kind",
    "experiment": "Experiment",
    "fitting": "FittedParameters Found experiment_of fit_parameters",
    "judging": "Judgement Side",
    "searching": "SEARCHES",
    "street": "Journeys Street edge_facts path_seconds read_journeys",
    "vehicle_types": "VehicleTypes taken_out",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
