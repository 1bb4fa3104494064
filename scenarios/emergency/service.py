"""One rescue service of a city: its units, its roads dry or in water, and where it is called to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.emergency import Unit
from models.emergency.dispatching import Demand, LiveRoads, Outlook, RoadTimes
from models.emergency.resources import Resources
from models.routing import Floats, turn_costs
from networks import Sentence, say
from networks.signals.plans.plan_file import read_signal_plans
from scenarios.emergency.demand import demand_of, demand_source
from scenarios.emergency.drawn_day import DrawnDay, days_told
from scenarios.emergency.journey import Roads
from scenarios.flooding.streets import Streets

if TYPE_CHECKING:
    from networks import City
    from scenarios.emergency.traffic import Traffic
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
        truth: A flood run whose members are what happens, hidden from the forecast in `roads`; None: the forecast's
            middle is what happens.
        closures: Roads that shut at random on each drawn day.
    """

    city: City
    resources: Resources
    roads: Roads
    begin: datetime
    hours: float
    truth: WaterAhead | None = None
    closures: int = 0

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

    def streets_along(self, edges: Sequence[str]) -> list[str]:
        """Names of the roads of a way, each once."""
        return self._streets.along(edges)

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
    def base(self) -> RoadTimes:
        """The roads dry, in the traffic that is known, its slices on this run's clock."""
        who, graph, traffic = self.roads.vehicle, self.roads.graph, self.roads.traffic
        allowed = np.asarray(graph.allowed, dtype=bool)
        if traffic is None:
            return RoadTimes(np.zeros(1), np.where(allowed, self.roads.edge_s, np.inf)[None, :])
        taken = who.edge_s(graph, traffic.edge_s)
        times_s = traffic.times_s - traffic.ahead_s(self.begin)
        return RoadTimes(times_s, np.where(allowed & ~traffic.shut, taken, np.inf))

    @cached_property
    def true(self) -> RoadTimes:
        """The roads as they are, if the flood comes as the forecast's middle says."""
        return self.base.shut(self.shut_s)

    def passing(self, origin: int) -> Callable[[Floats], Floats]:
        """Seconds to pass each edge entered at given moments (edges,), for one that stands on `origin`."""

        def passing_s(when_s: Floats) -> Floats:
            spent = self.true.at(when_s)
            if np.isfinite(self.shut_s[origin]):
                return spent
            spent[origin] = self.roads.edge_s[origin]
            return spent

        return passing_s

    def live(
        self, places: Sequence[int] = (), *, forecast: bool = False, waved: bool = False, day: DrawnDay | None = None
    ) -> LiveRoads:
        """Travel for a control room that knows what is shut now.

        Args:
            places: More edges between which times will be asked.
            forecast: It knows what the flood forecast says of the way, too.
            waved: No unit waits at any light.
            day: The roads of a drawn day; `true` by default, known as they are.
        """
        asked = [*self.bases, *(self.index[one.edge_id] for one in self.units), *self.demand.edges.tolist()]
        asked += [self.index[one.edge_id] for one in self.resources.hospitals]
        turn_s, who = self.roads.turn_s, self.roads.vehicle
        if waved:
            turns, plans = self.city.turns(who.vclass), read_signal_plans(self.city.net_file)
            turn_s = turn_costs(turns, plans, replace(who, wait_share=0.0))
        believed, true = (self.true, self.true) if day is None else (day.believed, day.true)
        always_right = Outlook(self.shut_s[None, :])
        outlook = (always_right if day is None else day.outlook or always_right) if forecast else None
        return LiveRoads(self.roads.graph, believed, true, outlook=outlook, turn_s=turn_s, places=[*asked, *places])

    def notes(self, *, calls: bool = True) -> list[Sentence]:
        """What all of this rests on, where calls come from if that matters, and stations that the flood takes."""
        told = [*self.resources.notes, *([demand_source()] if calls else [])]
        told.append(self._times_told())
        if self.roads.traffic is not None:
            told += [self.roads.traffic.told, *self._apart_told(self.roads.traffic)]
        hidden = None if self.truth is None else len(self.truth.worlds_s)
        members = 0 if self.roads.water is None else len(self.roads.water.worlds_s)
        told += days_told(hidden, members, self.closures)
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

    def _apart_told(self, traffic: Traffic) -> list[Sentence]:
        """A warning where the run begins outside the traffic, so that one slice of it holds all the time."""
        ahead_s = traffic.ahead_s(self.begin)
        if traffic.begin is None or -3600.0 * self.hours < ahead_s <= float(traffic.times_s[-1]):
            return []
        slice_ = ("first", "首段") if ahead_s < 0 else ("last", "末段")
        return [
            say(
                f"the traffic begins at {traffic.begin:%Y-%m-%d %H:%M}, this run at {self.begin:%Y-%m-%d %H:%M}: only "
                f"its {slice_[0]} slice is used",
                f"交通数据始于{traffic.begin:%Y-%m-%d %H:%M}，"
                f"本次运行始于{self.begin:%Y-%m-%d %H:%M}：仅用其{slice_[1]}",
            )
        ]

    def _times_told(self) -> Sentence:
        who = self.roads.vehicle
        if self.roads.traffic is not None:
            return say(
                f"times: {who.name} in traffic needs {who.traffic_share:g} of what others need, and no less than on "
                f"an empty road ({who.speed_factor:g} times the limit)",
                f"行程时间：{who.name}在车流中用时为社会车辆的{who.traffic_share:g}倍，不少于空闲道路（限速的{who.speed_factor:g}倍）",
            )
        return say(
            f"times: {who.name} on an empty road ({who.speed_factor:g} times the limit) with waits at "
            "lights; no traffic is counted",
            f"行程时间：{who.name}在空闲道路上（限速的{who.speed_factor:g}倍），计入信号等待，未计交通拥堵",
        )
