"""Changes of a city that is told its demand as it goes: vehicles on known ways, limits, manners, its state kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.sumo.change import AfterStep, Change


@dataclass(frozen=True)
class VehiclesSent(Change):
    """Vehicles that no route file has, each on one of a few ways.

    A vehicle whose way the network does not have stays away. They enter on the lane that suits their way and as fast as
    traffic allows.

    Attributes:
        name: Begins the name of each vehicle; what follows is its number.
        ways: (name of the way, its edges from first to last).
        leaving: (number of its way in `ways`, departure in simulation seconds) of each vehicle.
        vtype: Vehicle type or distribution of the case.
    """

    name: str
    ways: tuple[tuple[str, tuple[str, ...]], ...]
    leaving: tuple[tuple[int, float], ...]
    vtype: str = "DEFAULT_VEHTYPE"

    @property
    def words(self) -> str:
        """In words."""
        return f"{len(self.leaving)} vehicles {self.name}"

    def carry_out(self, sumo: Any) -> None:
        """Add them."""
        known = set(sumo.route.getIDList())
        there = [self._way_there(sumo, name, edges, known) for name, edges in self.ways]
        for number, (way, depart_s) in enumerate(self.leaving):
            if there[way]:
                who, along = f"{self.name}.{number}", self.ways[way][0]
                try:
                    sumo.vehicle.add(who, along, self.vtype, f"{depart_s:.2f}", "best", "base", "max")
                except sumo.TraCIException:
                    there[way] = False

    def _way_there(self, sumo: Any, name: str, edges: Sequence[str], known: set[str]) -> bool:
        if name in known:
            return True
        try:
            sumo.route.add(name, list(edges))
        except sumo.TraCIException:
            return False
        return True


@dataclass(frozen=True)
class LimitsTimes(Change):
    """All speed limits of streets are multiplied: rain, ice, dusk.

    Attributes:
        factor: Above 0.
    """

    factor: float

    def carry_out(self, sumo: Any) -> None:
        """On every lane."""
        for lane in sumo.lane.getIDList():
            sumo.lane.setMaxSpeed(lane, sumo.lane.getMaxSpeed(lane) * self.factor)


@dataclass(frozen=True)
class Manners(Change):
    """How drivers of all types follow, times a factor; whoever is on the road drives so from now on.

    Attributes:
        headway: Factor of the wished time headway (tau), which never falls below SUMO's step: drivers would collide.
        gap: Factor of the gap when standing.
    """

    headway: float
    gap: float

    def carry_out(self, sumo: Any) -> None:
        """Set it on every vehicle type."""
        step_s = sumo.simulation.getDeltaT()
        for kind in sorted(sumo.vehicletype.getIDList()):
            tau_s = sumo.vehicletype.getTau(kind)
            sumo.vehicletype.setTau(kind, max(tau_s * self.headway, min(tau_s, step_s)))
            sumo.vehicletype.setMinGap(kind, sumo.vehicletype.getMinGap(kind) * self.gap)


@dataclass(frozen=True)
class LanesOpened(Change):
    """Lanes that were closed are open again to whom the network lets in.

    Attributes:
        lanes: (id of the lane, classes that it allows, classes that it does not), as the network tells it: one of
            both, or none where everybody may go.
    """

    lanes: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]

    def carry_out(self, sumo: Any) -> None:
        """Open them."""
        for lane, allowed, disallowed in self.lanes:
            if allowed:
                sumo.lane.setAllowed(lane, list(allowed))
            else:
                sumo.lane.setDisallowed(lane, list(disallowed))


@dataclass(frozen=True)
class Later(Change):
    """Another change, at a later moment.

    Attributes:
        at_s: Simulation time; a moment that is over is now.
        change: What is done then.
    """

    at_s: float
    change: Change

    def carry_out(self, sumo: Any) -> AfterStep | None:
        """Wait for it."""
        if sumo.simulation.getTime() >= self.at_s:
            return self.change.carry_out(sumo)
        watching: list[AfterStep] = []
        done: list[float] = []

        def after_step(after: Any) -> None:
            if not done and after.simulation.getTime() >= self.at_s:
                done.append(self.at_s)
                further = self.change.carry_out(after)
                watching.extend([further] if further else [])
            for one in watching:
                one(after)

        return after_step


@dataclass(frozen=True)
class StateKept(Change):
    """SUMO's state of now goes into a file, whole or not at all; for a fresh process only, and only nearly the same.

    Ask for `--save-state.rng true --save-state.precision 15` when the city is opened.

    Attributes:
        file: A .xml.gz; absolute.
    """

    file: str

    def carry_out(self, sumo: Any) -> None:
        """Write beside, then rename."""
        place = Path(self.file)
        beside = place.with_name(f"beside-{os.getpid()}-{place.name}")
        try:
            sumo.simulation.saveState(str(beside))
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
