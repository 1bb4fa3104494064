"""The least time that a drive can take: nobody else on the streets, and every signal of its way green all the way."""

from __future__ import annotations

import os

from models.sumo.session import Session
from networks import Corridor
from scenarios.greenwave.order import BLUE, Call

MOST_S = 1500.0


def least_s(session: Session, call: Call, corridor: Corridor) -> float:
    """Seconds from the call to the end of its way in empty streets; NaN where it does not come.

    Everybody else is taken out of the simulation, which is of no other use after that: call it in a fork.

    Args:
        session: At the moment of the call.
        call: The call.
        corridor: Its way.
    """
    sumo, name, began = session.sumo, f"{BLUE}.{call.call_id}", session.time_s
    sumo.simulation.setScale(0.0)
    links: dict[str, set[int]] = {}
    for stop in corridor.stops:
        links.setdefault(stop.tls_id, set()).update(stop.links)
    for tls, mine in links.items():
        count = len(sumo.trafficlight.getRedYellowGreenState(tls))
        state = "".join("G" if link in mine else "r" for link in range(count))
        sumo.trafficlight.setRedYellowGreenState(tls, state)
    _empty(session, name)
    sumo.route.add(name, corridor.edges)
    sumo.vehicle.add(name, name, BLUE, depart="now", departLane="best", departSpeed="max")
    parent = os.getppid()
    while session.time_s < began + MOST_S and os.getppid() == parent:
        session.step()
        if name in sumo.simulation.getArrivedIDList():
            return session.time_s - began
        _empty(session, name)
    return float("nan")


def _empty(session: Session, mine: str) -> None:
    sumo = session.sumo
    for one in {*sumo.vehicle.getIDList(), *sumo.simulation.getPendingVehicles()} - {mine}:
        sumo.vehicle.remove(one)
    for one in sumo.person.getIDList():
        sumo.person.removeStages(one)
