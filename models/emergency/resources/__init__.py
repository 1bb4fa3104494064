"""What the rescue services have: stations, rosters, depots, shelters, hospitals, calls; from files and from the map."""

from __future__ import annotations

from models.emergency.resources.calls import call_place, read_calls
from models.emergency.resources.on_map import resources_on_map
from models.emergency.resources.reading import read_resources
from models.emergency.resources.resources import Crew, Resources
from models.emergency.resources.shift import Shift, duty_spans
from models.emergency.resources.site import Depot, Hospital, Shelter, Site, Station
from models.emergency.resources.stock import Taken, stock_left
from models.emergency.resources.table import CLOCKS, CallKind, Target, call_kind, call_kinds, targets

__all__ = [
    "CLOCKS",
    "CallKind",
    "Crew",
    "Depot",
    "Hospital",
    "Resources",
    "Shelter",
    "Shift",
    "Site",
    "Station",
    "Taken",
    "Target",
    "call_kind",
    "call_kinds",
    "call_place",
    "duty_spans",
    "read_calls",
    "read_resources",
    "resources_on_map",
    "stock_left",
    "targets",
]
