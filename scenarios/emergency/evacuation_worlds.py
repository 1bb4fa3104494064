"""How many an evacuation leaves behind in each world of a flood forecast."""

from __future__ import annotations

import numpy as np

from models.emergency.incidents import Shuttled
from scenarios.emergency.evacuation import Evacuated, Roadways
from scenarios.emergency.service import Service
from scenarios.emergency.worlds import open_in, worlds_of


def left_in_worlds(service: Service, found: Evacuated, times: Roadways, plan: Shuttled) -> np.ndarray:
    """(worlds,) people left where buses drive by a plan and one that meets water brings nobody any more.

    Args:
        service: Roads of buses and their water.
        found: Buses, stops and shelters.
        times: Ways as they were planned.
        plan: Trips, of `found` or of one that lost.
    """
    left: np.ndarray = np.full(len(worlds_of(service)), float(sum(plan.left)))
    runs = np.ones((len(found.buses), len(left)), dtype=bool)
    where = [one.edge for one in found.buses]
    for one in plan.trips:
        stop, end = found.stops[one.stop].edge, found.ends[one.shelter]
        for edge, depart_s, to in ((where[one.bus], one.sets_out_s, stop), (stop, one.leaves_s, end)):
            way, entered = times.way(edge, depart_s, to), times(edge, depart_s)
            runs[one.bus] &= open_in(service, way, [float(entered[service.index[i]]) for i in way])
        left += np.where(runs[one.bus], 0, one.people)
        where[one.bus] = end
    return left
