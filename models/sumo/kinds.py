"""All kinds of changes, as plain values and back: for a pipe, a digest, a file."""

from __future__ import annotations

from typing import Any

from models.sumo.change import Change
from models.sumo.changes import (
    LaneBlocked,
    LaneFreed,
    LanesClosed,
    NewVehicle,
    SignalHeld,
    SignalPhases,
    SignalProgram,
    SpeedLimit,
)
from models.sumo.diverted import DiversionEnded, Diverted
from models.sumo.futures import Demand, Drivers, Weather
from models.sumo.narrowed import Narrowed
from models.sumo.sent import LanesOpened, Later, LimitsTimes, Manners, StateKept, VehiclesSent
from models.sumo.switched import SignalSwitched
from models.sumo.tallied import Tallied

KINDS: dict[str, type[Change]] = {
    "signal_program": SignalProgram,
    "signal_phases": SignalPhases,
    "signal_held": SignalHeld,
    "lanes_closed": LanesClosed,
    "lane_blocked": LaneBlocked,
    "lane_freed": LaneFreed,
    "speed_limit": SpeedLimit,
    "new_vehicle": NewVehicle,
    "drivers": Drivers,
    "demand": Demand,
    "weather": Weather,
    "vehicles_sent": VehiclesSent,
    "limits_times": LimitsTimes,
    "manners": Manners,
    "lanes_opened": LanesOpened,
    "later": Later,
    "state_kept": StateKept,
    "narrowed": Narrowed,
    "diverted": Diverted,
    "diversion_ended": DiversionEnded,
    "signal_switched": SignalSwitched,
    "tallied": Tallied,
}
"""By the name that files use."""


def as_values(change: Change) -> dict[str, Any]:
    """Plain values; `from_values` reads them."""
    name = next(name for name, kind in KINDS.items() if kind is type(change))
    plain = {key: as_values(value) if isinstance(value, Change) else value for key, value in vars(change).items()}
    return {"kind": name, **plain}


def from_values(values: dict[str, Any]) -> Change:
    """The change that `as_values` told.

    Raises:
        KeyError: There is no such kind.
        TypeError: A field is missing or too many.
    """
    fields = {name: _hashable(value) for name, value in values.items() if name != "kind"}
    return KINDS[values["kind"]](**fields)


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return from_values(value)
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
