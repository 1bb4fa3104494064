"""The planner's exchange: matrices in, settled flows out, and what a scheme changes."""

from __future__ import annotations

from scenarios.planning.appraisal import Benefit, Compared, benefits, do_something
from scenarios.planning.assigned import Assigned, assign_city, assign_network, edge_table, skims, turn_table
from scenarios.planning.city_network import CityNetwork, Doors, city_network, zone_doors
from scenarios.planning.from_scenario import read_scheme_or_scenario
from scenarios.planning.growth import grown, growth_in, read_growth
from scenarios.planning.matrices import HourlyTrips, clock, hourly_trips, scaled
from scenarios.planning.scheme import Scheme, SchemeFile, ValueOfTime, read_scheme, with_scheme
from scenarios.planning.screenlines import crossings, read_screenlines
from scenarios.planning.writing import (
    check_selected,
    difference_table,
    is_assignment,
    selections,
    write_assigned,
    write_comparison,
)

__all__ = [
    "Assigned",
    "Benefit",
    "CityNetwork",
    "Compared",
    "Doors",
    "HourlyTrips",
    "Scheme",
    "SchemeFile",
    "ValueOfTime",
    "assign_city",
    "assign_network",
    "benefits",
    "check_selected",
    "city_network",
    "clock",
    "crossings",
    "difference_table",
    "do_something",
    "edge_table",
    "grown",
    "growth_in",
    "hourly_trips",
    "is_assignment",
    "read_growth",
    "read_scheme",
    "read_scheme_or_scenario",
    "read_screenlines",
    "scaled",
    "selections",
    "skims",
    "turn_table",
    "with_scheme",
    "write_assigned",
    "write_comparison",
    "zone_doors",
]
