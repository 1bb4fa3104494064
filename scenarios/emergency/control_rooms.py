"""Control rooms on the roads of one seed after the other: a class of units each, or a fleet of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.emergency import Call, Unit
from models.emergency.dispatching import Answered, Delays, LiveRoads, Policy, Wave, simulate
from scenarios.emergency.drawn_days import drawn_day
from scenarios.emergency.service import Service
from scenarios.emergency.wave_gain import LEAST_SIGNALS, WaveGain


@dataclass(frozen=True)
class Way:
    """A way to work: a policy; ways by the flood's forecast; no wait at lights; measured green waves; sited units."""

    policy: Policy
    forecast: bool = False
    waved: bool = False
    measured: bool = False
    units: tuple[Unit, ...] | None = None


class ControlRooms:
    """What becomes of the calls of each seed, by a way to work.

    Args:
        services: One for each class of vehicles, of one city.
        calls: By seed.
        delays: Steps without driving.
        gain: What green waves gained where they were measured, or None.
    """

    def __init__(
        self, services: Sequence[Service], calls: Mapping[int, Sequence[Call]], delays: Delays, gain: WaveGain | None
    ) -> None:
        self._services, self._calls, self._delays, self._gain = tuple(services), calls, delays, gain
        self._drawn = services[0].truth is not None or services[0].closures > 0
        self._roads = dict[tuple[str, bool, bool], LiveRoads]()
        self._seed = -1

    def run(self, way: Way, seed: int) -> Answered:
        """The calls of a seed answered."""
        first, policy = self._services[0], way.policy
        if way.measured and self._gain is not None:
            blue = tuple(one.roads.vehicle.name for one in self._services if one.roads.vehicle.traffic_share < 1.0)
            policy = replace(policy, wave=Wave(self._gain.saved, first.roads.signals_on, blue, LEAST_SIGNALS, seed))
        own = [unit for one in self._services for unit in one.units]
        return simulate(
            {one.roads.vehicle.name: self._live(one, way, seed).fresh() for one in self._services}, first.index,
            own if way.units is None else way.units, self._calls[seed], hospitals=first.resources.hospitals,
            policy=policy, delays=self._delays, named=first.street,
        )  # fmt: skip

    def _live(self, service: Service, way: Way, seed: int) -> LiveRoads:
        """The same roads for all seeds, unless days are drawn: then those of one are kept at a time."""
        if self._drawn and seed != self._seed:
            self._roads.clear()
            self._seed = seed
        key = service.roads.vehicle.name, way.forecast, way.waved
        if key not in self._roads:
            places = [service.index[call.edge_id] for calls in self._calls.values() for call in calls]
            day = drawn_day(service, seed) if self._drawn else None
            self._roads[key] = service.live(places, forecast=way.forecast, waved=way.waved, day=day)
        return self._roads[key]
