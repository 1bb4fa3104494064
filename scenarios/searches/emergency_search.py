"""Search for who answers which call, and by which way, on forecast travel times and depths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from models import EdgeForecast, Router
from models.emergency import Call, Unit
from models.emergency.planning import USUAL
from models.routing import vehicle
from networks import City
from scenarios.interventions import EmergencyCall
from scenarios.members.dispatching import calls_in, units_in
from scenarios.schema import Scenario

MOST_PLANS = 20_000


@dataclass(frozen=True)
class Answer:
    """One unit on its way to one call, as forecast.

    Attributes:
        unit_id: Who drives.
        route: Edges from where it stands to the call; empty when no way stays open.
        arrives_s: Run time of arrival, infinite when there is no way.
        response_s: From the call to the arrival.
    """

    unit_id: str
    route: tuple[str, ...]
    arrives_s: float
    response_s: float


DispatchPlan = dict[str, Answer]
"""Answer by call id."""


def dispatch_plans(city: City, scenario: Scenario, forecast: EdgeForecast, *, most: int = 4) -> list[DispatchPlan]:
    """The best ways to share the calls among the units by forecast response (priority 1 counts double), best first.

    Every sharing is looked at while there are at most MOST_PLANS of them; beyond that each call in turn takes one of
    its two quickest units. A unit that answers a second call leaves from the first one, after its time on the scene.
    """
    graph = city.road_graph("emergency")
    desk = _Desk(scenario, forecast, Router(graph), {edge: row for row, edge in enumerate(graph.edge_ids)})
    calls, units = calls_in(city, scenario), units_in(city, scenario)
    if not calls or not units:
        return []
    choices = [list(units)] * len(calls)
    if len(units) ** len(calls) > MOST_PLANS:
        choices = [sorted(units, key=lambda unit, call=call: desk.first(unit, call).response_s)[:2] for call in calls]  # type: ignore[misc]
    plans = [desk.plan(calls, chosen) for chosen in product(*choices)]
    weight = {call.call_id: 2.0 if call.priority == 1 else 1.0 for call in calls}

    def cost(plan: DispatchPlan) -> float:
        return sum(weight[call] * min(answer.response_s, 1e6) for call, answer in plan.items())

    return sorted(plans, key=cost)[:most]


class _Desk:
    """Answers for a scenario's calls on one forecast, each leg searched once."""

    def __init__(self, scenario: Scenario, forecast: EdgeForecast, kernel: Router, row: Mapping[str, int]) -> None:
        self.scenario, self.forecast, self.kernel, self.row = scenario, forecast, kernel, row
        self._limit_m = vehicle(USUAL).depth_limit_m
        self._legs: dict[tuple[str, str, float], tuple[tuple[str, ...], float]] = {}

    def first(self, unit: Unit, call: Call) -> Answer:
        """A unit that comes straight from its base."""
        return self._answer(unit.unit_id, unit.edge_id, call, call.time_s)

    def plan(self, calls: Sequence[Call], units: Sequence[Unit]) -> DispatchPlan:
        """Every call answered by its unit, in the order of the calls."""
        place = {unit.unit_id: (unit.edge_id, 0.0) for unit in units}
        answers: DispatchPlan = {}
        for call, unit in zip(calls, units, strict=True):
            edge, free_s = place[unit.unit_id]
            answer = self._answer(unit.unit_id, edge, call, max(call.time_s, free_s))
            answers[call.call_id] = answer
            place[unit.unit_id] = (call.edge_id, answer.arrives_s + self.scenario.dispatch.on_scene_s)
        return answers

    def _answer(self, unit_id: str, edge: str, call: Call, ready_s: float) -> Answer:
        leaves = ready_s + self.scenario.dispatch.turnout_s
        route, arrives = self._leg(edge, call.edge_id, leaves) if np.isfinite(leaves) else ((), np.inf)
        return Answer(unit_id, route, arrives, arrives - call.time_s)

    def _leg(self, origin: str, destination: str, leaves_s: float) -> tuple[tuple[str, ...], float]:
        key = (origin, destination, leaves_s)
        if key not in self._legs:
            route, arrives = self.kernel.route_at(
                self.row[origin],
                self.row[destination],
                leaves_s,
                lambda when: self.forecast.at(when, depth_limit_m=self._limit_m),
            )
            self._legs[key] = (self.kernel.ids(route) if route else (), arrives)
        return self._legs[key]


def assigned(scenario: Scenario, plan: DispatchPlan) -> Scenario:
    """The scenario with each call's unit and route decided as in `plan`; a call without a way keeps its dispatch."""
    items = []
    for item in scenario.interventions:
        answer = plan.get(item.call_id) if isinstance(item, EmergencyCall) else None
        if isinstance(item, EmergencyCall) and answer and answer.route:
            item = item.model_copy(update={"unit": answer.unit_id, "route": answer.route})
        items.append(item.model_dump(mode="json"))
    return scenario.replacing(interventions=items)
