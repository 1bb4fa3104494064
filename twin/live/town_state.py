"""The state of a served town as the cockpit's page reads it: one JSON document, made anew for every moment."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.live.desk_now import DeskNow
from twin.live.ladder import RUNGS

if TYPE_CHECKING:
    from datetime import datetime

    from networks import City
    from twin.cycle import Picture
    from twin.desk import Desk
    from twin.live.city_now import CityNow
    from twin.live.hour import Hour
    from twin.live.people_now import People
    from twin.live.streets_now import StreetsNow
    from twin.live.town_hour import TownHour
    from twin.live.warnings_now import WarningsNow

BUSY = {"traffic": "forecast", "advice": "search"}
"""Stages that take long, as pages call them."""


@dataclass
class TownState:
    """Makes the state.

    Attributes:
        city: Where; its layer of edges gives the order of every array.
        now: The city that is kept in step.
        traffic: Its stage of streets.
        desk: What is recommended.
        people: Who is in which zone, where counters say.
        hours: Now and the next hour in steps.
        warnings: Official warnings, where feeds tell them.
        beside: What a replay tells otherwise than a followed town at a moment: parts of the state, by name.
    """

    city: City
    now: CityNow
    traffic: StreetsNow
    desk: Desk
    people: People | None = None
    hours: TownHour | None = None
    warnings: WarningsNow | None = None
    beside: Callable[[datetime], Mapping[str, Any]] = lambda _: {}
    _edges: list[str] = field(init=False)
    _free_mps: NDArray[np.float64] = field(init=False)
    _desk_now: DeskNow = field(init=False)

    def __post_init__(self) -> None:
        self._desk_now = DeskNow(self.desk)
        layer = self.city.layer("edges")
        self._edges = [str(edge) for edge in layer["edge_id"]]
        self._free_mps = layer["speed_mps"].to_numpy(dtype=np.float64)

    def state(self) -> dict[str, Any]:
        """Everything the page shows, JSON-ready; null is "not known"."""
        loop, clock = self.now, self.now.clock.now()
        picture, watch = loop.picture, self.people.watch if self.people else None
        document: dict[str, Any] = {
            "now": clock.astimezone(loop.round.zone).isoformat(timespec="seconds"), "mode": "live",
            "speed": 1.0, "held": False,
            "busy": BUSY.get(loop.round.at, loop.busy), "figures": [],
            "roads": {"speed_ratio": []}, "depth_m": [], "crowd": [], "units": [],
            "occupancy": watch.state(clock) if watch else None,
            "feeds": self._feeds(), "forecast": None, **self._desk_now.state(),
            "log": [{"time": line.time.isoformat(), "en": line.en, "zh": line.zh} for line in loop.log],
        }  # fmt: skip
        hour = self.hour()
        document["hour"] = hour.head() if hour else None
        document["parks"] = self._parks(clock)
        if picture is not None:
            document |= self._pictured(picture)
        return {**document, **self.beside(clock)}

    def hour(self) -> Hour | None:
        """Now and the next hour in steps; None before the first cycle."""
        return self.hours.hour if self.hours else None

    def hour_id(self) -> str:
        """Of the newest hour; empty before the first cycle."""
        hour = self.hour()
        return hour.hour_id if hour else ""

    def _pictured(self, picture: Picture) -> dict[str, Any]:
        speed = picture.of("speed")
        first, last = (self._ratio(picture, at) for at in (0, -1)) if speed else ([], [])
        cycle = self.traffic.cycle
        figures = []
        if cycle is not None and math.isfinite(cycle.factor[1]):
            figures.append(_figure("demand_factor", round(cycle.factor[1], 2)))
        depth = picture.of("depth")
        if depth is not None:
            figures.append(_figure("max_depth_m", round(float(depth.median[:, 0].max()), 2), "m"))
        if self.people is not None and self.people.watch is not None:
            figures.append(_figure("site_alarms", self.people.watch.alarms))
        horizon_s = speed.period_s * speed.members.shape[2] if speed else 0.0
        return {
            "run_id": picture.run_id,
            "figures": figures,
            "roads": {"speed_ratio": first},
            "forecast": {
                "made_at": picture.now.isoformat(), "horizon_s": horizon_s, "roads_speed_ratio": last, "depth_m": [],
                "members": cycle.members if cycle else None, "rests_on": list(self.city.guesses),
            },
            "left_out": [dict(one) for one in picture.left_out],
            "seconds": {name: round(took, 1) for name, took in picture.seconds.items()},
            "ladder": [{"at": at <= self.now.round.ladder.rung, **one.words} for at, one in enumerate(RUNGS)],
        }  # fmt: skip

    def _ratio(self, picture: Picture, period: int) -> list[float | None]:
        """Median speed over free speed by edge of the city; null where no member drove."""
        speed = picture.of("speed")
        assert speed is not None
        said = dict(zip(speed.places, speed.median[:, period].tolist(), strict=True))
        found = (
            said.get(edge, math.nan) / free for edge, free in zip(self._edges, self._free_mps.tolist(), strict=True)
        )
        return [None if math.isnan(one) else round(min(one, 1.0), 2) for one in found]

    def _parks(self, now: datetime) -> list[dict[str, Any]]:
        """Car parks that somebody tells of."""
        parks = self.hours.parks if self.hours else None
        told = parks.ago(now) if parks else {}
        return [{"id": park, "taken": cars, "last_s_ago": round(ago)} for park, (cars, ago) in told.items()]

    def _feeds(self) -> list[dict[str, Any]]:
        counts, newest = self.now.counts, self.now.heard
        total = len(counts.sensors)
        ago = None if newest is None else max((self.now.clock.now() - newest).total_seconds(), 0.0)
        step = self.now.due.step_s
        status = "silent" if ago is None or ago > 6 * step else "late" if ago > 2 * step else "ok"
        told = self.warnings.row() if self.warnings else None
        counted = {"name": "vehicle_count", "last_s_ago": ago, "count": total, "status": status}
        return [counted, *([told] if told else [])]


def _figure(key: str, value: float, unit: str = "") -> dict[str, Any]:
    return {"key": key, "value": value, "unit": unit}
