"""The demand of a network from what was counted on it, with the simulation in the loop."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.flows.calibrated import CalibratedDemand, Round
    from calibration.flows.carrying import Capacity, capacity
    from calibration.flows.departing import Departures, departures, write_departures
    from calibration.flows.fitting import Fit, estimate
    from calibration.flows.learned import Spread, learned_prior
    from calibration.flows.looping import calibrate_demand
    from calibration.flows.paths import PathSet, find_paths, joined
    from calibration.flows.prior import Prior, fringe_prior, od_prior
    from calibration.flows.probing import probe_paths
    from calibration.flows.roads import Roads, read_roads
    from calibration.flows.simulation import SimulatedCounts, Totals, simulated
    from calibration.flows.turning import TurnCounts
    from calibration.flows.zones import table_trips, zone_sizes

__all__ = [
    "CalibratedDemand",
    "Capacity",
    "Departures",
    "Fit",
    "PathSet",
    "Prior",
    "Roads",
    "Round",
    "SimulatedCounts",
    "Spread",
    "Totals",
    "TurnCounts",
    "calibrate_demand",
    "capacity",
    "departures",
    "estimate",
    "find_paths",
    "fringe_prior",
    "joined",
    "learned_prior",
    "od_prior",
    "probe_paths",
    "read_roads",
    "simulated",
    "table_trips",
    "write_departures",
    "zone_sizes",
]

_HOMES = {
    "calibrated": "CalibratedDemand Round",
    "carrying": "Capacity capacity",
    "departing": "Departures departures write_departures",
    "fitting": "Fit estimate",
    "learned": "Spread learned_prior",
    "looping": "calibrate_demand",
    "paths": "PathSet find_paths joined",
    "prior": "Prior fringe_prior od_prior",
    "probing": "probe_paths",
    "roads": "Roads read_roads",
    "simulation": "SimulatedCounts Totals simulated",
    "turning": "TurnCounts",
    "zones": "table_trips zone_sizes",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
