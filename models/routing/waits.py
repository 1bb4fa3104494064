"""What turns cost: the wait to be expected at lights, and turning round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from models.routing.kernel import Floats
from models.routing.vehicles import Vehicle

if TYPE_CHECKING:
    from networks import SignalPlan
    from networks.graphs import Turns


def signal_wait_s(plan: SignalPlan, link: int, saturation: float = 0.0) -> float:
    """Mean wait (s) at a signal's link of whoever comes at any moment of the cycle; infinite where it is never green.

    Every stretch without green of r seconds costs r^2 / 2C. With one green of g that is Webster's uniform delay
    C (1 - g/C)^2 / 2 (1 - x g/C) at degree of saturation x = 0; for x > 0 the queue in front is counted by the same
    divisor. Source: Webster 1958, Traffic Signal Settings, Road Research Technical Paper 39, first term, secondary
    source: known from citations and textbooks, the paper was not at hand. The second term (random queues) is left out.
    Actuated plans count with the lengths that their phases state.

    Args:
        plan: The signal's plan.
        link: Place in its states.
        saturation: Flow over what the green lets through, 0 to 1.
    """
    green = [phase.state[link] in "Gg" for phase in plan.phases]
    if plan.cycle_s <= 0.0 or all(phase.state[link] in "oO" for phase in plan.phases):
        return 0.0  # the signal is dark
    if not any(green):
        return np.inf
    first = green.index(True)
    reds, share = [0.0], 0.0
    for n in range(len(green)):
        phase, shows = plan.phases[(first + n) % len(green)], green[(first + n) % len(green)]
        if shows:
            share += phase.duration_s / plan.cycle_s
            reds.append(0.0)
        else:
            reds[-1] += phase.duration_s
    return sum(red * red for red in reds) / (2.0 * plan.cycle_s * (1.0 - min(saturation, 0.99) * share))


def turn_costs(turns: Turns, plans: Mapping[str, SignalPlan], vehicle: Vehicle) -> Floats:
    """Seconds that each connection costs a vehicle (connections,): its share of the wait at lights, and U-turns.

    Of several lanes that make the same turn the one with the shortest wait counts; a link that a plan never serves
    costs the plan's whole cycle. A signal without plan costs nothing.
    """
    costs = np.zeros(len(turns.direction))
    waits: dict[tuple[str, int], float] = {}
    for row, (direction, signal, links) in enumerate(zip(turns.direction, turns.signal, turns.links, strict=True)):
        plan = plans.get(signal)
        if plan is not None and links:
            for link in links:
                if (signal, link) not in waits:
                    waits[signal, link] = min(signal_wait_s(plan, link), plan.cycle_s)
            costs[row] += vehicle.wait_share * min(waits[signal, link] for link in links)
        if direction == "t":
            costs[row] += vehicle.u_turn_s
    return costs
