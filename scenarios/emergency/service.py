"""One rescue service of a city: its units, its roads dry or in water, and where it is called to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.emergency import Unit
from models.emergency.dispatching import Demand, LiveRoads, RoadTimes
from models.emergency.resources import Resources
from models.routing import Floats, turn_costs
from networks import Sentence, say
from networks.signals.plans.plan_file import read_signal_plans
from scenarios.emergency.demand import demand_of, demand_source
from scenarios.emergency.journey import Roads
from scenarios.flooding.streets import Streets

if TYPE_CHECKING:
    from networks import City
    from scenarios.emergency.water import WaterAhead


@dataclass(frozen=True)
class Service:
    """Units of one class and all they need.

    Attributes:
        city: The city.
        resources: Stations, rosters, hospitals.
        roads: Its roads for the class, with their waits, bans and water.
        begin: When the run begins, by the local clock.
        hours: How long it is.
    """

    city: City
    resources: Resources
    roads: Roads
    begin: datetime
    hours: float

    @property
    def index(self) -> dict[str, int]:
        """Road edges by name."""
        return self.roads.router.index

    @property
    def end_s(self) -> float:
        """The run's length."""
        return self.hours * 3600.0

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Units of the class that are on duty at some time of the run."""
        return self.resources.units(self.begin, self.end_s, kinds=(self.roads.vehicle.name,))

    def street(self, edge_id: str) -> str:
        """The name of a road, or its id where it has none."""
        return self._streets.through([edge_id]) or edge_id

    @cached_property
    def _streets(self) -> Streets:
        return Streets(self.city)

    @cached_property
    def demand(self) -> Demand:
        """Where calls come from."""
        return demand_of(self.city, self.index)

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """Edges where a unit may wait: own stations and stand-by points, each once."""
        own = [one.edge_id for one in self.resources.stations if not one.mutual_aid]
        return tuple(dict.fromkeys(self.index[edge] for edge in [*own, *(s.edge_id for s in self.resources.standby)]))

    @cached_property
    def shut_s(self) -> Floats:
        """(edges,) s from which on water shuts each edge to the class, in the members' middle; infinite: never."""
        water: WaterAhead | None = self.roads.water
        if water is None:
            return np.full(self.roads.router.edges, np.inf)
        return np.where((water.chance >= self.roads.alarm) & (water.chance > 0.0), water.shut_s, np.inf)

    @cached_property
    def true(self) -> RoadTimes:
        """The roads as they are."""
        allowed = np.asarray(self.roads.graph.allowed, dtype=bool)
        return RoadTimes.closing(np.where(allowed, self.roads.edge_s, np.inf), self.shut_s)

    def passing(self, origin: int) -> Callable[[Floats], Floats]:
        """Seconds to pass each edge entered at given moments (edges,), for one that stands on `origin`."""

        def passing_s(when_s: Floats) -> Floats:
            spent = self.true.at(when_s)
            if np.isfinite(self.shut_s[origin]):
                return spent
            spent[origin] = self.roads.edge_s[origin]
            return spent

        return passing_s

    def live(self, places: Sequence[int] = (), *, forecast: bool = False, waved: bool = False) -> LiveRoads:
        """Travel for a control room that knows what is shut now.

        Args:
            places: More edges between which times will be asked.
            forecast: It knows what will be shut on the way, too.
            waved: No unit waits at any light.
        """
        asked = [*self.bases, *(self.index[one.edge_id] for one in self.units), *self.demand.edges.tolist()]
        asked += [self.index[one.edge_id] for one in self.resources.hospitals]
        turn_s, who = self.roads.turn_s, self.roads.vehicle
        if waved:
            turns, plans = self.city.turns(who.vclass), read_signal_plans(self.city.net_file)
            turn_s = turn_costs(turns, plans, replace(who, wait_share=0.0))
        return LiveRoads(self.roads.graph, self.true, foresees=forecast, turn_s=turn_s, places=[*asked, *places])

    def notes(self, *, calls: bool = True) -> list[Sentence]:
        """What all of this rests on, where calls come from if that matters, and stations that the flood takes."""
        vehicle, told = self.roads.vehicle, [*self.resources.notes, *([demand_source()] if calls else [])]
        told.append(
            say(
                f"times: {vehicle.name} on an empty road ({vehicle.speed_factor:g} times the limit) with waits at "
                "lights; no traffic is counted",
                f"行程时间：{vehicle.name}在空闲道路上（限速的{vehicle.speed_factor:g}倍），计入信号等待，未计交通拥堵",
            )
        )
        for one in self.resources.stations:
            since = float(self.shut_s[self.index[one.edge_id]])
            if np.isfinite(since):
                name = one.name or one.site_id
                told.append(
                    say(
                        f"{name} is itself in water from minute {since / 60:.0f} on: move its units out before",
                        f"{name}自第{since / 60:.0f}分钟起被水围困：请提前转移车辆",
                    )
                )
        return told
