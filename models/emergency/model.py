"""The emergency model: calls come in, units are chosen, sent, turned round at the water, and come home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.clock import Exchange
from models.emergency.cases import Case, Crew, calls_table, check_names
from models.emergency.planning import USUAL, Call, Choice, Unit, choose_unit, nearest_reachable, plan_route
from models.routing import EdgeForecast, Router, vehicle
from models.traffic import AddVehicle, Arrived, Blocked, Closure, Reached, Reroute, Withdraw
from networks.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from networks import RoadGraph

Policy = Literal["free_flow", "forecast"]
REMEMBERED_S = 900.0
"""A road that a crew found shut is avoided by all units for so long."""


class Emergency:
    """Clock model "emergency"; give it to the clock before traffic.

    A unit drives off `turnout_s` after it was dispatched, stays `on_scene_s`, drives back to its base, and is free
    there. Calls wait, by priority and time, while no unit is free. A unit that finds no way on is free where it stands,
    and the call goes to the next unit; when none is left, the call is answered: no, why, and the nearest edge that can
    be reached.

    Args:
        graph: The city's edge graph for emergency vehicles.
        units: All units.
        calls: All calls, known to nobody before their time.
        policy: `free_flow` plans on speed limits and learns of water when it meets it; `forecast` plans on the
            forecast's travel times and avoids edges that will be under water when the unit gets there.
        forecast: What `forecast` plans on, edges in the graph's order.
        assignments: Call id -> (unit id, route): sent like this instead of by the policy.
        closures: Closed roads that the dispatcher knows of.
        turnout_s: From dispatch to wheels rolling.
        on_scene_s: From arrival to leaving the scene.
        depth_limit_m: Units do not enter deeper water, judged on the real depth when they get there; an ambulance's
            by default (`models/routing/vehicles.csv`).
        water: Reads `road_depth_m`; False when no flood model runs.

    Raises:
        BadInput: A name used twice, an edge that is not in the graph, an assignment that does not fit, no forecast.
    """

    name = "emergency"
    writes: Sequence[str] = ()

    def __init__(
        self, graph: RoadGraph, units: Sequence[Unit], calls: Sequence[Call], *,
        policy: Policy = "free_flow", forecast: EdgeForecast | None = None,
        assignments: Mapping[str, tuple[str, Sequence[str]]] | None = None, closures: Sequence[Closure] = (),
        turnout_s: float = 90.0, on_scene_s: float = 600.0, depth_limit_m: float | None = None, water: bool = True,
    ) -> None:  # fmt: skip
        self.reads: Sequence[str] = ("road_depth_m",) * water
        self._kernel = Router(graph)
        if policy not in ("free_flow", "forecast") or (policy == "forecast" and forecast is None):
            raise BadInput(f"policy {policy!r} cannot be followed", expected="free_flow, or forecast with a forecast")
        self._forecast = forecast if policy == "forecast" else None
        self._crews = {unit.unit_id: Crew(unit, unit.edge_id) for unit in units}
        self._cases = [Case(call) for call in sorted(calls, key=lambda c: (c.time_s, c.priority, c.call_id))]
        self._assigned = {call: (unit, tuple(route)) for call, (unit, route) in (assignments or {}).items()}
        self._closures, self._turnout_s, self._on_scene_s = tuple(closures), turnout_s, on_scene_s
        self._depth_limit_m = vehicle(USUAL).depth_limit_m if depth_limit_m is None else depth_limit_m
        self._found_shut = dict[str, float]()
        self._queue: list[Case] = []
        self._missions: dict[str, Crew] = {}
        self._coming = 0
        if len(units) != len(self._crews):
            raise BadInput("two units or two calls have the same name")
        check_names(self._kernel, self._crews, self._cases, self._closures, self._assigned)

    def start(self, exchange: Exchange) -> None:
        """Nothing is published: this model speaks in commands."""

    def advance(self, until: float, exchange: Exchange) -> None:
        """Take what crews report, take calls up to `until` (s), and dispatch."""
        for message in exchange.take(self.name):
            self._hear(message, exchange)
        while self._coming < len(self._cases) and self._cases[self._coming].call.time_s < until:
            self._queue.append(self._cases[self._coming])
            self._coming += 1
        self._queue.sort(key=lambda case: (case.call.priority, case.call.time_s, case.call.call_id))
        for case in list(self._queue):
            if self._dispatch(case, exchange):
                self._queue.remove(case)

    def close(self) -> None:
        """Nothing is held open."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """Table `calls`, one row for each call that came in: see `calls_table`."""
        return {"calls": calls_table(self._cases[: self._coming], self._still_open)}

    def _dispatch(self, case: Case, exchange: Exchange) -> bool:
        """True when the case leaves the queue: a unit is on its way, or nobody can get there."""
        now = max(exchange.now, case.call.time_s)
        afloat = self._afloat(exchange)
        able = [c for c in self._crews.values() if c.unit.unit_id not in case.tried]
        free = [c for c in able if c.case is None and c.edge_id not in afloat]
        choice = self._choose(case, free, now)
        if choice is not None:
            self._send(self._crews[choice.unit_id], case, choice, now, exchange)
            return True
        if any(c.case is not None for c in able):
            return False  # a unit that is out may still reach it
        standing = [c.edge_id for c in self._crews.values() if c.case is None and c.edge_id not in afloat]
        case.reason = case.reason or (
            "no road is open from any unit to the call" if standing else "every base is under water"
        )
        case.nearest_edge = case.nearest_edge or (
            nearest_reachable(
                self._kernel, standing, case.call.edge_id, depart_s=now + self._turnout_s, forecast=self._forecast,
                depth_limit_m=self._depth_limit_m, closed=self._known_shut(now),
            ) or ""
        )  # fmt: skip
        return True

    def _choose(self, case: Case, free: Sequence[Crew], now: float) -> Choice | None:
        assigned = self._assigned.get(case.call.call_id)
        if assigned is not None and assigned[0] not in case.tried:
            crew = self._crews[assigned[0]]
            if crew not in free:
                return None if crew.case is not None else self._by_policy(case, free, now)
            if assigned[1] and assigned[1][0] == crew.edge_id:
                return Choice(assigned[0], assigned[1], np.nan)
            free = [crew]
        return self._by_policy(case, free, now)

    def _by_policy(self, case: Case, free: Sequence[Crew], now: float) -> Choice | None:
        return choose_unit(
            self._kernel, [(c.unit.unit_id, c.edge_id) for c in free], case.call.edge_id,
            depart_s=now + self._turnout_s, forecast=self._forecast, depth_limit_m=self._depth_limit_m,
            closed=self._known_shut(now),
        )  # fmt: skip

    def _send(self, crew: Crew, case: Case, choice: Choice, now: float, exchange: Exchange) -> None:
        crew.missions += 1
        crew.case, crew.homeward, crew.vehicle = case, False, f"{crew.unit.unit_id}.{crew.missions}"
        self._missions[crew.vehicle] = crew
        case.unit_id, case.dispatch_s = crew.unit.unit_id, now
        case.route = case.planned = choice.route
        case.tried.append(crew.unit.unit_id)
        exchange.post(
            "traffic",
            AddVehicle(
                crew.vehicle, USUAL, choice.route, case.call.edge_id, self._on_scene_s,
                depart_s=now + self._turnout_s, depth_limit_m=self._depth_limit_m,
            ),
        )  # fmt: skip

    def _hear(self, message: object, exchange: Exchange) -> None:
        if not isinstance(message, Reached | Blocked | Arrived) or message.vehicle_id not in self._missions:
            return
        crew = self._missions[message.vehicle_id]
        if isinstance(message, Reached):
            self._on_scene(crew, message, exchange)
        elif isinstance(message, Blocked):
            self._turn_round(crew, message, exchange)
        else:
            case = crew.case
            self._free(crew, message.edge_id)
            if case is not None and not case.answered:  # SUMO moved it past the scene; counted with the teleports
                case.reason = f"{crew.unit.unit_id} was carried past the scene by the simulation"
                self._queue.append(case)

    def _on_scene(self, crew: Crew, message: Reached, exchange: Exchange) -> None:
        case = crew.case
        if case is None or crew.homeward:
            return
        case.arrival_s, case.answered, case.route = message.time_s, True, message.driven
        case.max_depth_m = max(case.max_depth_m, message.max_depth_m)
        crew.homeward = True
        route, _ = self._way(message.edge_id, crew.unit.edge_id, message.time_s + self._on_scene_s)
        if route is not None:  # else it leaves the road there, and is free there
            exchange.post("traffic", Reroute(crew.vehicle, route))

    def _turn_round(self, crew: Crew, message: Blocked, exchange: Exchange) -> None:
        self._found_shut[message.edge_id] = exchange.now
        case = crew.case
        if case is None:
            return
        target = crew.unit.edge_id if crew.homeward else case.call.edge_id
        route, _ = self._way(message.at_edge, target, exchange.now)
        if route is not None:
            case.detours += not crew.homeward
            exchange.post("traffic", Reroute(crew.vehicle, route))
            return
        exchange.post("traffic", Withdraw(crew.vehicle))
        self._free(crew, message.at_edge)
        if not case.answered:
            case.reason = f"{crew.unit.unit_id} found {message.edge_id} shut and no way round from {message.at_edge}"
            case.nearest_edge = message.at_edge
            self._queue.append(case)

    def _way(self, origin: str, destination: str, depart_s: float) -> tuple[tuple[str, ...] | None, float]:
        return plan_route(
            self._kernel, origin, destination, depart_s=depart_s, forecast=self._forecast,
            depth_limit_m=self._depth_limit_m, closed=self._known_shut(depart_s),
        )  # fmt: skip

    def _free(self, crew: Crew, edge_id: str) -> None:
        del self._missions[crew.vehicle]
        crew.case, crew.edge_id, crew.vehicle = None, edge_id, ""

    def _known_shut(self, now: float) -> list[str]:
        shut = {edge for edge, since in self._found_shut.items() if now - since < REMEMBERED_S}
        shut |= {c.edge_id for c in self._closures if c.begin_s <= now < c.end_s and not c.emergency_may_pass}
        return sorted(shut)

    def _afloat(self, exchange: Exchange) -> set[str]:
        """Edges with units on them that are under too much water to drive off."""
        if not self.reads:
            return set()
        depth, places = exchange.fields["road_depth_m"], {crew.edge_id for crew in self._crews.values()}
        return {edge for edge in places if depth[self._kernel.index[edge]] > self._depth_limit_m}

    def _still_open(self, case: Case) -> str:
        return "no unit became free" if case in self._queue else f"{case.unit_id} was still on its way at the end"
