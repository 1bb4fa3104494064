"""Whole vehicles from flows: who departs when on which path, and SUMO's route file of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from calibration.flows.paths import PathSet
from calibration.flows.roads import Floats, Ints
from models import stream
from networks.errors import BadInput

MOST_VEHICLES = 5_000_000
"""More than any city has in a day: flows of that sum are in a wrong unit."""


@dataclass(frozen=True, slots=True)
class Departures:
    """Vehicles in order of departure.

    Attributes:
        path: Path of each vehicle (N), by its number.
        depart_s: When it sets out (N), seconds on the simulation's clock, hundredths.
    """

    path: Ints
    depart_s: Floats

    def __len__(self) -> int:
        """Number of vehicles N."""
        return len(self.path)


def departures(paths: PathSet, flows: Floats, *, begin_s: float, period_s: float, seed: int) -> Departures:
    """Whole vehicles that depart on each path in each period.

    Flows are added up pair by pair (origin, destination, path, period) and a vehicle sets out wherever the sum passes
    one more whole number, from a drawn start: each pair, each path and the total keep their flow to less than one
    vehicle. Source: systematic sampling, Madow & Madow 1944, doi:10.1214/aoms/1177731312.

    Args:
        paths: Where vehicles go.
        flows: Vehicles that depart on each path in each period (P, T), fractions allowed.
        begin_s: Begin of the first period.
        period_s: Length of each period.
        seed: Of the draws: one start, and a moment within its period for each vehicle.

    Raises:
        BadInput: Flows of other paths, below zero, not a number, or more than MOST_VEHICLES.
    """
    _check(paths, flows)
    order = np.lexsort((paths.destination, paths.origin))
    sums = np.cumsum(flows[order].ravel()) + stream(seed, "vehicles from flows").random()
    whole = np.diff(np.floor(sums + 1e-9), prepend=0.0).astype(np.int64)
    cell = np.repeat(np.arange(len(whole)), whole)
    path, period = order[cell // flows.shape[1]], cell % flows.shape[1]
    within = stream(seed, "moments of departure").random(len(cell))
    depart_s = np.floor(100.0 * (begin_s + (period + within) * period_s)) / 100.0
    first = np.lexsort((path, depart_s))
    return Departures(path[first], depart_s[first])


def write_departures(file: Path, paths: PathSet, leaving: Departures, *, vehicle_type: str | None = None) -> Path:
    """Write vehicles as a SUMO route file, sorted by departure; it is whole or not there.

    A vehicle's id is its place in `leaving`. It enters on the lane that suits its way and as fast as traffic allows,
    as one that comes from beyond the net does.

    Args:
        file: A .rou.xml.
        paths: Their paths.
        leaving: The vehicles.
        vehicle_type: Id of a vehicle type or distribution that an additional file defines; SUMO's default car without.
    """
    kind = f" type={quoteattr(vehicle_type)}" if vehicle_type else ""
    used = np.unique(leaving.path)
    lines = ["<routes>\n"]
    lines += [f'<route id="p{number}" edges={quoteattr(" ".join(paths.path(int(number))))}/>\n' for number in used]
    lines += [
        f'<vehicle id="{place}"{kind} route="p{path}" depart="{depart_s:.2f}" departLane="best" departSpeed="max"/>\n'
        for place, (path, depart_s) in enumerate(zip(leaving.path.tolist(), leaving.depart_s.tolist(), strict=True))
    ]
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text("".join([*lines, "</routes>\n"]), encoding="utf-8")
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return file


def _check(paths: PathSet, flows: Floats) -> None:
    if flows.ndim != 2 or len(flows) != len(paths):
        raise BadInput(f"flows of shape {flows.shape}", expected=f"({len(paths)}, periods), one row for each path")
    if not np.isfinite(flows).all() or (flows < 0).any():
        raise BadInput("a flow is below zero or not a number", expected="vehicles per period, 0 or more")
    if flows.sum() > MOST_VEHICLES:
        raise BadInput(
            f"{flows.sum():.3g} vehicles would set out",
            expected=f"at most {MOST_VEHICLES:,}",
            remedy="look at the unit of the counts",
        )
