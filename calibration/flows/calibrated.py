"""A demand that agrees with counts once it is simulated, and the rounds that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from calibration.flows.departing import Departures, write_departures
from calibration.flows.paths import PathSet
from calibration.flows.roads import Floats
from calibration.flows.simulation import SimulatedCounts, Totals


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of the loop.

    Attributes:
        meso: Whether it was simulated mesoscopically.
        misfit: Mean GEH of the sensors' hourly flows under simulation.
        vehicles: That set out.
        totals: What became of all vehicles, those known beforehand included.
        jammed: Edges and periods that were heads of jams.
    """

    meso: bool
    misfit: float
    vehicles: int
    totals: Totals
    jammed: int


@dataclass(frozen=True, slots=True)
class CalibratedDemand:
    """A demand that agrees with counts once it is simulated.

    Attributes:
        paths: Paths (P).
        flows: Vehicles on each path in each period of departure (P, T).
        leaving: The same as whole vehicles.
        simulated: What the check (micro, where it was asked for) counted with these vehicles.
        misfit: Mean GEH at the sensors of that check.
        rounds: All turns in their order; the best is kept, not the last.
        best: Which.
        unreached: Sensors that no path passes.
    """

    paths: PathSet
    flows: Floats
    leaving: Departures
    simulated: SimulatedCounts
    misfit: float
    rounds: tuple[Round, ...]
    best: int
    unreached: tuple[str, ...]

    def write(self, file: Path, *, vehicle_type: str | None = None) -> Path:
        """Write the vehicles as a SUMO route file."""
        return write_departures(file, self.paths, self.leaving, vehicle_type=vehicle_type)
