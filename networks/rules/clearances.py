"""The intergreen that a table asks of two who meet."""

from __future__ import annotations

import math
from collections.abc import Mapping

from networks.rules.table import RuleTable
from networks.rules.yellows import approach_speed
from networks.signals.groups.encounter import Clearance, Encounter
from networks.signals.groups.intergreens import clearing_s, entering_s


def clearance_of(table: RuleTable, yellows: Mapping[int, float]) -> Clearance:
    """How a table reckons the time between two greens; 0 where it asks nothing.

    Args:
        table: Its rows `intergreen` and `clearance` name the method.
        yellows: Yellow of each link, s.
    """

    def needed(met: Encounter) -> float:
        walks = met.leaving == "pedestrian"
        if ("clearance" if walks else "intergreen") not in table:
            return 0.0
        if walks:
            return _walked(table, met)
        yellow = yellows[met.approach.index]
        row = table.rows["intergreen"]
        if met.entering == "pedestrian" and "intergreen_to_walk" in table:
            return max(table.value("intergreen_to_walk"), yellow)
        if row.method == "kinematic":
            return max(row.value, yellow + _red_clearance(table, met))
        if row.method == "difference":
            chief = "intergreen_turning" if met.leaving == "turning" and "intergreen_turning" in table else "intergreen"
            return max(row.value, yellow, table.rows[chief].at(met.clearing_m - met.entering_m))
        if row.method == "fixed":
            return max(row.value, yellow)
        time = clearing_s(met.leaving, met.clearing_m, met.limit_mps) - entering_s(met.entering, met.entering_m)
        return float(math.ceil(max(time, yellow, row.value) - 1e-6))

    return needed


def _walked(table: RuleTable, met: Encounter) -> float:
    """From the end of people's green: their way, and where the method takes it off, the way of who enters."""
    row = table.rows["clearance"]
    time = met.clearing_m / table.value("walk_speed", 1.2)
    if row.method == "geometry":
        time -= entering_s(met.entering, met.entering_m)
    return float(math.ceil(max(time, row.value) * 10 - 1e-6)) / 10


def _red_clearance(table: RuleTable, met: Encounter) -> float:
    """(w + l) / v less the start-up of who enters, in tenths of a second."""
    speed = approach_speed(table, met.approach).speed_85_mps or met.limit_mps
    if met.leaving == "turning":
        speed = min(speed, table.value("turn_entry_speed", speed))
    if met.leaving in ("bicycle", "tram"):
        speed = min(speed, met.limit_mps)
    seconds = (met.clearing_m + table.value("vehicle_length")) / speed - table.value("entry_delay")
    return math.ceil(max(seconds, table.value("red_clearance")) * 10 - 1e-6) / 10
