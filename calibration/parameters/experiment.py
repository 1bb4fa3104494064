"""One simulation with some parameters: the step that every search repeats, and Ray carries about."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.flows import SimulatedCounts, simulated
from calibration.parameters.catalogue import Kind
from calibration.parameters.signal_plans import SignalPlans
from calibration.parameters.space import Parameter, Space
from calibration.parameters.street import Street
from calibration.parameters.vehicle_types import VehicleTypes
from models.sumo import SumoCase

Floats = NDArray[np.float64]
DRIVERS, SIGNALS = "drivers.add.xml", "signals.add.xml"
FEWEST = 0.05
"""A group with a smaller share of the vehicles is left as it is."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A case that can be simulated with any parameters.

    Attributes:
        case: Without vehicle types.
        types: They.
        plans: Signal plans whose greens are searched; None where plans are known.
        space: What is searched.
        street: What was seen; a simulation is asked the same.
        begin_s: First second of a simulation, whole periods before the first count.
        facts: Length (m) and speed limit (m/s) by edge.
    """

    case: SumoCase
    types: VehicleTypes
    plans: SignalPlans | None
    space: Space
    street: Street
    begin_s: float
    facts: Mapping[str, tuple[float, float]]

    def __call__(self, item: tuple[tuple[float, ...], int]) -> Floats:
        """What a simulation at (point, seed) says of all that was seen (N)."""
        point, seed = item
        with tempfile.TemporaryDirectory(prefix="citytwin-parameters-") as folder:
            return self.street.said(self.run(np.array(point), seed, Path(folder)), self.facts)

    def run(self, point: Floats, seed: int, folder: Path) -> SimulatedCounts:
        """Simulate at a point, with everything written in `folder`."""
        counts = self.street.counts
        own = {"step-length": f"{self.case.step_s:g}", **self.case.options}
        return simulated(
            self.case.net, self.case.routes, additional=self.written(self.space.values(point), folder),
            begin_s=self.begin_s, end_s=counts.end_s, period_s=counts.period_s, seed=seed, options=own, folder=folder,
        )  # fmt: skip

    def written(self, values: Mapping[str, float], folder: Path) -> tuple[Path, ...]:
        """The additional files of the case with these values, new ones written to `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        starts = {one.name: one.start for one in self.space.parameters}
        files = (self.types.write(folder / DRIVERS, values, starts), *self.case.additionals)
        if self.plans is not None and "signals cycle" in values:
            files = (*files, self.plans.write(folder / SIGNALS, values["signals cycle"]))
        return files


def space_of(types: VehicleTypes, kinds: Sequence[Kind], step_s: float) -> Space:
    """One parameter of each kind for each group with enough vehicles; bounds reach to what the case itself has."""
    total = sum(types.vehicles.values())
    groups = [name for name in ("cars", "trucks") if types.vehicles.get(name, 0) >= FEWEST * total]
    found = []
    for kind in kinds:
        for group in ["signals"] if kind.name == "cycle" else groups:
            start = 1.0 if kind.name == "cycle" else types.usual(group, kind.name)
            low = max(kind.low, step_s) if kind.name == "tau" else kind.low
            found.append(Parameter(kind, group, start, min(low, start), max(kind.high, start)))
    return Space(tuple(found))
