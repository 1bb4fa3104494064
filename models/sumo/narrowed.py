"""A street that lets fewer vehicles through, where lanes cannot be blocked one by one: mesoscopic simulations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.sumo.change import AfterStep, Change

LANE_VEH_H = 1750.0
"""What passes a blocked lane on each lane beside it, vehicles/h: microscopic SUMO with a vehicle standing in one lane
of two or in one or two of three lets 1500 to 1870 through."""
QUEUE_M = 8.1
"""In a mesoscopic queue vehicles follow every QUEUE_M / speed seconds on each lane (measured, 0.5 to 3 m/s)."""
PAST_MPS, SHUT_MPS = 11.0, 0.01
QUEUED = 4.0
_EVERY_S = 2.0
_BLOCKED = "citytwin.blocked"


@dataclass(frozen=True)
class Narrowed(Change):
    """No more than so many vehicles an hour pass an edge, as where lanes are blocked.

    Its limit is lowered to the speed at which a mesoscopic segment lets so many through, as long as more come than may
    pass; whoever passes while fewer come is hardly held up. It ends when nothing blocks the edge any more (`free`).

    Attributes:
        edge: The street.
        lanes: Which of its lanes are blocked; all of them let nobody through.
    """

    edge: str
    lanes: tuple[str, ...]

    def carry_out(self, sumo: Any) -> AfterStep:
        """Lower the limit, and look every few seconds."""
        usual_mps, count = sumo.lane.getMaxSpeed(f"{self.edge}_0"), sumo.edge.getLaneNumber(self.edge)
        before = sumo.edge.getParameter(self.edge, _BLOCKED).split()
        sumo.edge.setParameter(self.edge, _BLOCKED, " ".join(sorted({*before, *self.lanes})))
        there: set[str] = set(sumo.edge.getLastStepVehicleIDs(self.edge))
        state = {"mps": usual_mps, "looked_s": sumo.simulation.getTime(), "over": bool(before), "queue": 0.0}

        def after_step(after: Any) -> None:
            passed_s = after.simulation.getTime() - state["looked_s"]
            if state["over"] or passed_s < _EVERY_S:
                return
            state["looked_s"] += passed_s
            blocked = len(after.edge.getParameter(self.edge, _BLOCKED).split())
            state["over"] = blocked == 0
            here = set(after.edge.getLastStepVehicleIDs(self.edge))
            may = LANE_VEH_H / 3600.0 * (count - blocked)
            state["queue"] = max(state["queue"] + len(here - there) - may * passed_s, 0.0)
            there.clear()
            there.update(here)
            wanted = limit_mps(count, blocked, usual_mps, state["queue"])
            if wanted != state["mps"]:
                after.edge.setMaxSpeed(self.edge, wanted)
                state["mps"] = wanted

        return after_step


def limit_mps(lanes: int, blocked: int, usual_mps: float, queue: float) -> float:
    """The limit (m/s) at which an edge lets through what its open lanes would.

    Args:
        lanes: Of the edge.
        blocked: Of them.
        usual_mps: Its own limit.
        queue: Vehicles that came and cannot have passed yet.
    """
    if blocked == 0:
        return usual_mps
    if blocked >= lanes:
        return SHUT_MPS
    if queue < QUEUED:
        return min(PAST_MPS, usual_mps)
    return LANE_VEH_H * (lanes - blocked) / 3600.0 / lanes * QUEUE_M


def free(sumo: Any, lane: str) -> None:
    """Nothing blocks this lane any more."""
    edge = lane.rpartition("_")[0]
    left = [one for one in sumo.edge.getParameter(edge, _BLOCKED).split() if one != lane]
    sumo.edge.setParameter(edge, _BLOCKED, " ".join(left))
