"""The towns: their own demand, simulated once, is the truth that sensors count."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.kept import kept_run
from calibration.counting import Counts
from calibration.flows import SimulatedCounts, simulated
from models.sumo import SumoCase, read_case
from networks.roads.net_file import Net, read_net

TOWNS = {
    "cologne8": ("resco/cologne8/cologne8.sumocfg", 25200.0, "", None),
    "ingolstadt21": ("resco/ingolstadt21/ingolstadt21.sumocfg", 57600.0, "", None),
    "bologna": ("sumo/bologna/run.sumocfg", 0.0, "joined_busses.rou.xml", "private"),
}
"""Name -> configuration under CITYTWIN_DATA, first second of its hour, route file of its buses, type of its cars."""
HOUR_S, PERIOD_S = 3600.0, 900.0
_OUTPUTS = {
    "tripinfo-output": "tripinfo.xml",
    "vehroute-output": "vehroutes.xml",
    "vehroute-output.write-unfinished": "true",
}


@dataclass(frozen=True)
class Town:
    """A town, an hour, and what truly drove there.

    Attributes:
        name: Of TOWNS.
        case: Its configuration, cut to the hour.
        buses: Route files whose vehicles everybody knows beforehand (a timetable).
        folder: Where its truth is kept.
        vehicle_type: Type of its cars where its files define one: how they follow each other is no secret.
    """

    name: str
    case: SumoCase
    buses: tuple[Path, ...]
    folder: Path
    vehicle_type: str | None = None

    @property
    def cars(self) -> tuple[Path, ...]:
        """Route files of the hidden demand."""
        return tuple(file for file in self.case.routes if file not in self.buses)

    @cached_property
    def net(self) -> Net:
        """Its network."""
        return read_net(self.case.net)

    @cached_property
    def truth(self) -> SimulatedCounts:
        """What its own demand does in micro, by edge and 15 minutes."""
        return self._kept(self.case.routes, "truth")

    @cached_property
    def known(self) -> Counts:
        """Buses by edge and 15 minutes, when they drive alone."""
        return self._kept(self.buses, "buses").counts if self.buses else self._nobody()

    @cached_property
    def trips(self) -> int:
        """Hidden vehicles that set out within the hour."""
        return sum(len(departures_s(file, self.case.begin_s, self.case.begin_s + HOUR_S)) for file in self.cars)

    @cached_property
    def lengths_m(self) -> NDArray[np.float64]:
        """Way driven by each vehicle of the truth that arrived."""
        assert self.truth
        return trip_lengths_m(self.folder / "truth")

    def run(self, routes: tuple[Path, ...], folder: Path, seed: int = 1) -> SimulatedCounts:
        """Simulate some demand in micro for the hour, as the town's configuration does."""
        begin_s = self.case.begin_s
        return simulated(
            self.case.net, routes, additional=self.case.additionals, begin_s=begin_s, end_s=begin_s + HOUR_S,
            period_s=PERIOD_S, seed=seed, options=_OUTPUTS, folder=folder.absolute(),
        )  # fmt: skip

    def _kept(self, routes: tuple[Path, ...], name: str) -> SimulatedCounts:
        inputs = (self.case.net, *routes, *self.case.additionals)
        return kept_run(self.folder / name, inputs, lambda: self.run(routes, self.folder / name))

    def _nobody(self) -> Counts:
        counts = self.truth.counts
        return Counts(
            counts.sensors, counts.edges, counts.begin_s, counts.period_s, np.zeros_like(self.truth.counts.vehicles)
        )


def town(name: str, folder: Path) -> Town:
    """A town of TOWNS; CITYTWIN_DATA says where the data lie."""
    file, begin_s, buses, vehicle_type = TOWNS[name]
    case = read_case(Path(os.environ["CITYTWIN_DATA"]) / file).between(begin_s, begin_s + HOUR_S)
    known = tuple(path for path in case.routes if path.name == buses)
    return Town(name, case, known, folder / name, vehicle_type)


def departures_s(file: Path, begin_s: float, end_s: float) -> list[float]:
    """When the vehicles of a route file set out, as far as it is within a window."""
    times = re.findall(r"<(?:vehicle|trip)\b[^>]*\bdepart=\"([\d.]+)\"", file.read_text(encoding="utf-8"))
    return [time for time in map(float, times) if begin_s <= time < end_s]


def trip_lengths_m(folder: Path) -> NDArray[np.float64]:
    """Way driven by each vehicle that arrived in a kept simulation."""
    text = (folder / "tripinfo.xml").read_text(encoding="utf-8")
    return np.array([float(size) for size in re.findall(r"routeLength=\"([\d.]+)\"", text)])
