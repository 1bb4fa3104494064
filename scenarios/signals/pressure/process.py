"""A process that holds one simulation whose signals press: `python -m scenarios.signals.pressure.process`.

An order comes pickled on standard input from `scenarios.signals.pressure.running`, which started it, and the answer
goes back pickled on standard output. SUMO's own words go to standard error.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from models.sumo.session import Session
from networks.errors import TwinError
from scenarios.signals.pressure.kernel import link_pressures
from scenarios.signals.pressure.plan import PressurePlan
from scenarios.signals.pressure.pressed import Pressed

_SPACE_M = 7.5
"""What a standing vehicle takes of a lane."""


@dataclass(frozen=True)
class Order:
    """What to run: SUMO's options, the signals that press, when it ends, and the vehicle-seconds that are too many."""

    options: Mapping[str, str]
    plans: Sequence[PressurePlan]
    end_s: float
    stop_above: float


class _Streets:
    """What the signals see of the simulation."""

    def __init__(self, sumo: Any, plans: Sequence[PressurePlan]) -> None:
        self._sumo, self._at = sumo, -1.0
        self._reach_m = {plan.stages.tls_id: plan.reach_m for plan in plans}
        self._behind = {tls: _lanes_behind(sumo, tls) for tls in self._reach_m}
        self._coming: dict[str, np.ndarray] = {}

    def pressures(self, tls: str) -> np.ndarray:
        """Weight of each link of a signal now."""
        now = self._sumo.simulation.getTime()
        if now != self._at:
            self._look()
            self._at = now
        standing, taken = np.zeros(len(self._coming[tls])), np.zeros(len(self._coming[tls]))
        lane = self._sumo.lane
        for link, (name, room, leads_out) in self._behind[tls].items():
            if not leads_out:
                standing[link] = lane.getLastStepHaltingNumber(name)
            taken[link] = min(lane.getLastStepVehicleNumber(name) / room, 1.0)
        return link_pressures(self._coming[tls], standing, taken)

    def _look(self) -> None:
        count = self._sumo.trafficlight
        self._coming = {tls: np.zeros(len(count.getRedYellowGreenState(tls))) for tls in self._reach_m}
        vehicle = self._sumo.vehicle
        for name in vehicle.getIDList():
            for tls, link, distance_m, _ in vehicle.getNextTLS(name)[:1]:
                if tls in self._coming and distance_m <= self._reach_m[tls]:
                    self._coming[tls][link] += 1.0


def _lanes_behind(sumo: Any, tls: str) -> dict[int, tuple[str, float, bool]]:
    """Link -> the lane behind it, the vehicles that it has room for, and whether it leads out of the network."""
    found = {}
    for link, ways in enumerate(sumo.trafficlight.getControlledLinks(tls)):
        for _, after, _ in ways[:1]:
            room = max(sumo.lane.getLength(after) / _SPACE_M, 1.0)
            found[link] = (after, room, not sumo.lane.getLinks(after))
    return found


def run(order: Order) -> dict[str, Any]:
    """Run the simulation to its end; what it came to, in the words of `models.sumo.spent.Spent`."""
    began, stopped, vehicle_s, teleports = time.monotonic(), False, 0.0, 0
    words = [word for name, value in order.options.items() for word in (f"--{name}", value)]
    session = Session(words)
    try:
        sumo = session.sumo
        streets = _Streets(sumo, order.plans)
        signals = [(plan.stages.tls_id, Pressed(plan)) for plan in order.plans]
        shown = dict.fromkeys((tls for tls, _ in signals), "")
        vehicles, last_s = 0, session.time_s
        while session.time_s < order.end_s and not stopped:
            for tls, signal in signals:
                state = signal.show(session.time_s, partial(streets.pressures, tls))
                if state != shown[tls]:
                    sumo.trafficlight.setRedYellowGreenState(tls, state)
                    shown[tls] = state
            session.step()
            vehicles += sumo.simulation.getLoadedNumber()
            teleports += sumo.simulation.getStartingTeleportNumber()
            here = sumo.vehicle.getIDCount() + len(sumo.simulation.getPendingVehicles())
            vehicle_s += here * (session.time_s - last_s)
            last_s, stopped = session.time_s, vehicle_s > order.stop_above
    finally:
        session.close()
    used = os.times()
    return {
        "vehicle_s": vehicle_s, "passed": (), "vehicles": vehicles, "teleports": teleports, "end_s": last_s,
        "stopped": stopped, "cpu_s": used.user + used.system, "wall_s": time.monotonic() - began,
    }  # fmt: skip


def main() -> None:
    """Answer one order."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what SUMO says is no answer
    try:
        told: dict[str, Any] = run(pickle.load(sys.stdin.buffer))
    except TwinError as error:
        told = {"error": str(error)}
    pickle.dump(told, answers)
    answers.close()


if __name__ == "__main__":
    main()
