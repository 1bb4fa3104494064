"""The city model held to people in continuous space on shared grounds, and to the speed at which a jam grows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import brentq

from models.check import Check
from models.crowd.city import CityCrowd
from models.crowd.city.streets import CELL_M, FIRST
from models.crowd.city.walkers import HERE
from models.crowd.hotspot.choosing import FLOW_PMS
from models.crowd.plans import VisitorPlans
from models.crowd.speed import CAPACITY_PMS, JAM_DENSITY_PM2, weidmann_speed
from models.crowd.validation.shared_grounds import GROUNDS, graph_of, in_continuous_space, in_the_city_model

OFF = 0.1
"""Most that travel times may differ (relative)."""
INFLOW_PMS, WIDTH_M = 0.5, 4.0
"""The stream that runs into the blocked bridge."""
SEEN_S = (900.0, 1800.0)
"""When its tail is looked at (s)."""


def city_model() -> Iterator[Check]:
    """Each with its gate.

    The city model's capacity is the laboratory's on these grounds (`FLOW_PMS`, which continuous space was fitted to);
    with the cautious one that it has by itself the times are told for orientation.
    """
    for ground in GROUNDS:
        case = f"shared ground, {ground.name}"
        there = in_continuous_space(ground)
        here, cautious = (in_the_city_model(ground, capacity_pms=flow) for flow in (FLOW_PMS, CAPACITY_PMS))
        yield Check(case, "verification", "mean time, continuous space (s)", there, None)
        yield Check(case, "verification", "mean time, city model (s)", here, None)
        yield Check(case, "verification", "mean time, cautious capacity (s)", cautious, None)
        yield Check(
            case, "verification", "mean times differ (relative)", abs(here / there - 1), OFF if ground.gated else None
        )
    yield _spill_back()


def _spill_back() -> Check:
    """Behind a blocked bridge the tail of those who stand moves back at q / (k_jam - k).

    Source: Lighthill and Whitham 1955, On kinematic waves II, doi:10.1098/rspa.1955.0089. The tail is known to a cell.
    """
    free = brentq(lambda k: float(k * weidmann_speed(k)) - INFLOW_PMS, 1e-3, 1.7)
    theory = INFLOW_PMS / (JAM_DENSITY_PM2 - free)
    depart = np.arange(0, 2400, 1 / (INFLOW_PMS * WIDTH_M))
    same = np.zeros(len(depart))
    plans = VisitorPlans(depart, same, same + 3, same + 1.34, same)
    crowd = CityCrowd(graph_of([(0, 1, 300, WIDTH_M), (1, 2, 0.3, 0.001), (2, 3, 30, WIDTH_M)]), plans)
    tail = []
    for until in SEEN_S:
        crowd.advance_to(until)
        first = int(crowd.streets.links[0, FIRST])
        people = crowd.walkers.cells[first : first + 30, HERE : HERE + 2].sum(axis=1)
        tail.append(CELL_M * float(np.argmax(people > JAM_DENSITY_PM2 / 2 * CELL_M * WIDTH_M)))
    speed = (tail[0] - tail[1]) / (SEEN_S[1] - SEEN_S[0])
    return Check("a blocked bridge", "analytic", "spill-back speed, relative error", abs(speed / theory - 1), 0.15)
