"""What a branch of a live city does differently: said as plain values, carried out through libsumo."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models.sumo.change import AfterStep, Change
from models.sumo.diverted import EVERY_S, Diverted
from models.sumo.narrowed import Narrowed, free

FOREVER_S = 1e6
_EVERYBODY = ["all"]
_BLOCKER_M = 5.0
"""Length of SUMO's default vehicle."""


@dataclass(frozen=True)
class SignalProgram(Change):
    """A signal goes over to a program that it has already."""

    signal: str
    program: str

    def carry_out(self, sumo: Any) -> None:
        """Switch."""
        sumo.trafficlight.setProgram(self.signal, self.program)


@dataclass(frozen=True)
class SignalPhases(Change):
    """A signal gets a fixed-time program.

    Attributes:
        signal: Its id.
        phases: (duration in s, SUMO's state string) from the first to the last; it starts with the first at once.
    """

    signal: str
    phases: tuple[tuple[float, str], ...]

    def carry_out(self, sumo: Any) -> None:
        """Give it."""
        light = sumo.trafficlight
        phases = [light.Phase(float(duration), state) for duration, state in self.phases]
        light.setProgramLogic(self.signal, light.Logic("branch", 0, 0, phases))
        light.setProgram(self.signal, "branch")


@dataclass(frozen=True)
class SignalHeld(Change):
    """A signal stays in its phase of now for `for_s`."""

    signal: str
    for_s: float = FOREVER_S

    @property
    def words(self) -> str:
        """In words."""
        return f"signal {self.signal} held in its phase"

    def carry_out(self, sumo: Any) -> None:
        """Hold it."""
        sumo.trafficlight.setPhaseDuration(self.signal, self.for_s)


@dataclass(frozen=True)
class LanesClosed(Change):
    """Lanes that nobody may enter any more.

    Attributes:
        lanes: Their ids. Where all lanes of a road are closed, SUMO must be told to ignore route errors.
        reroute: Whoever is on the way, or departs later, and would pass looks for another way, where there is one.
    """

    lanes: tuple[str, ...]
    reroute: bool = False

    def carry_out(self, sumo: Any) -> AfterStep | None:
        """Close them."""
        for lane in self.lanes:
            sumo.lane.setDisallowed(lane, _EVERYBODY)
        if not self.reroute:
            return None
        self._reroute(sumo, sumo.vehicle.getIDList())
        return lambda after: self._reroute(after, after.simulation.getDepartedIDList())

    def _reroute(self, sumo: Any, names: Iterable[str]) -> None:
        edges = {lane.rpartition("_")[0] for lane in self.lanes}
        for name in sorted(names):
            if edges & set(sumo.vehicle.getRoute(name)[max(sumo.vehicle.getRouteIndex(name), 0) :]):
                with contextlib.suppress(sumo.TraCIException):  # no way leads there: it waits at the closure
                    sumo.vehicle.rerouteTraveltime(name, True)


@dataclass(frozen=True)
class LaneBlocked(Change):
    """A vehicle stands in a lane, and nobody passes it there; the lane beside it stays open.

    A mesoscopic simulation has no lanes: there the street lets through what its open lanes would (`Narrowed`).

    Attributes:
        lane: Its id.
        at_m: Where, m from the lane's begin; it comes to stand there as soon as there is room.
        for_s: For so long.
        around: Share of those who would pass that look for another way while it stands there, 0 to 1; nobody does in a
            mesoscopic simulation.
        seed: Of who does.
    """

    lane: str
    at_m: float
    for_s: float = FOREVER_S
    around: float = 0.0
    seed: int = 0

    def carry_out(self, sumo: Any) -> AfterStep | None:
        """Put it there."""
        edge, _, number = self.lane.rpartition("_")
        if is_meso(sumo):
            return Narrowed(edge, (self.lane,)).carry_out(sumo)
        name, at_m = _blocker(self.lane), max(self.at_m, _BLOCKER_M + 0.2)
        if name in sumo.vehicle.getIDList():
            return self._around(sumo, edge)  # it stands there already: a state of SUMO was loaded in which it does
        if f"{name}.way" not in sumo.route.getIDList():
            sumo.route.add(f"{name}.way", [edge])
        sumo.vehicle.add(name, f"{name}.way", departLane=number, departPos=f"{at_m:.2f}", departSpeed="0")
        sumo.vehicle.setStop(name, edge, at_m + 0.1, int(number), self.for_s)
        return self._around(sumo, edge)

    def _around(self, sumo: Any, edge: str) -> AfterStep | None:
        """Tell those who would pass, for as long as something stands there."""
        if not self.around:
            return None
        state = {"looked_s": sumo.simulation.getTime(), "stood": 0.0}
        diversion = Diverted((edge,), self.around, self.seed)
        tell = diversion.carry_out(sumo)

        def after_step(after: Any) -> None:
            now_s = after.simulation.getTime()
            if now_s < state["looked_s"] + EVERY_S:
                return
            state["looked_s"] = now_s
            if any(one.startswith(_blocker(f"{edge}_")) for one in after.vehicle.getIDList()):
                state["stood"] = 1.0
                tell(after)
            elif state["stood"]:
                state["stood"] = 0.0
                diversion.end(after)

        return after_step


@dataclass(frozen=True)
class LaneFreed(Change):
    """What stood in a lane (`LaneBlocked`) is gone; nothing happens where nothing stood."""

    lane: str

    def carry_out(self, sumo: Any) -> None:
        """Take it away."""
        if is_meso(sumo):
            return free(sumo, self.lane)
        with contextlib.suppress(sumo.TraCIException):
            sumo.vehicle.remove(_blocker(self.lane))
        return None


def is_meso(sumo: Any) -> bool:
    """Whether a running libsumo is mesoscopic."""
    return str(sumo.simulation.getOption("mesosim")) == "true"


def _blocker(lane: str) -> str:
    return f"blocked.{lane}"


@dataclass(frozen=True)
class SpeedLimit(Change):
    """A road's limit, m/s."""

    edge: str
    speed_mps: float

    def carry_out(self, sumo: Any) -> None:
        """Set it."""
        sumo.edge.setMaxSpeed(self.edge, self.speed_mps)


@dataclass(frozen=True)
class NewVehicle(Change):
    """A vehicle that the route files do not have.

    Attributes:
        vehicle_id: Its name.
        route: Edges from first to last.
        depart_s: Simulation time.
        vtype: One of the case's vehicle types.
        speed_factor: The driver's wish as a share of the limit; None is the type's own draw.
    """

    vehicle_id: str
    route: tuple[str, ...]
    depart_s: float
    vtype: str = "DEFAULT_VEHTYPE"
    speed_factor: float | None = None

    def carry_out(self, sumo: Any) -> None:
        """Add it."""
        sumo.route.add(f"{self.vehicle_id}.way", list(self.route))
        sumo.vehicle.add(self.vehicle_id, f"{self.vehicle_id}.way", self.vtype, f"{self.depart_s:.2f}", "best", "base")
        if self.speed_factor is not None:
            sumo.vehicle.setSpeedFactor(self.vehicle_id, self.speed_factor)


def busiest_signal(sumo: Any) -> str | None:
    """The signal with most vehicles on the lanes that it controls (the first by name of equals); None without any."""

    def waiting(signal: str) -> int:
        lanes = set(sumo.trafficlight.getControlledLanes(signal))
        return sum(sumo.lane.getLastStepVehicleNumber(lane) for lane in lanes)

    return max(sorted(sumo.trafficlight.getIDList()), key=waiting, default=None)
