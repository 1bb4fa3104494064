"""What a replayed evening adds to the state that pages read: the models' own minute, and how its feeds are."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.live.unit_places import unit_places

if TYPE_CHECKING:
    from twin.cycle import LiveClock
    from twin.live.evening import Evening
    from twin.live.hearing import Feeds
    from twin.live.people_now import People
    from twin.live.simulated import Simulated

CROWDED_PM2 = 3.5


class EveningNow:
    """Tells it minute by minute between cycles, as the last simulation has it; what never changes is prepared once.

    Args:
        evening: The stage that simulates it.
        feeds: What is heard.
        clock: The replay's.
        over: Whether it was played to its end.
        people: Who is in which site; None: nobody counts.
    """

    def __init__(
        self, evening: Evening, feeds: Feeds, clock: LiveClock, over: Callable[[], bool], people: People | None = None
    ) -> None:
        from pyproj import Transformer

        self.evening, self.feeds, self.clock, self.over, self.people = evening, feeds, clock, over, people
        edges, links = evening.city.layer("edges"), evening.city.layer("walk_links")
        self._lines = dict(zip(edges["edge_id"], edges.geometry, strict=True))
        self._link_m2 = (links["length_m"] * links["width_m"]).to_numpy(dtype=float)
        to_lonlat = Transformer.from_crs(evening.city.crs, "EPSG:4326", always_xy=True)
        self._lonlat: Callable[[float, float], tuple[float, float]] = to_lonlat.transform

    def state(self, now: datetime) -> dict[str, Any]:
        """Parts of the state, in place of a followed town's; JSON-ready, null is "not known"."""
        plan, cycle = self.evening.plan, self.evening.cycle
        document: dict[str, Any] = {
            "now": now.astimezone(plan.period.begin.tzinfo).isoformat(timespec="seconds"),
            "run_time_s": round(plan.seconds(now), 1),
            "speed": self.clock.speed,
            "held": self.clock.held and not self.over(),
            "mode": "synthetic replay",
            "labels": "synthetic replay",
            "figures": self._feed_figures(now),
            "feeds": self._feeds(),
        }
        if cycle is not None:
            document |= self._simulated(cycle, now)
            document["figures"] = self._model_figures(cycle, now) + document["figures"]
        return document

    def _simulated(self, cycle: Simulated, now: datetime) -> dict[str, Any]:
        fields = cycle.fields
        here, last = fields.minute(now), fields.minutes - 1
        return {
            "roads": {
                "speed_ratio": _rounded(fields.speed_ratio[here]),
                "closed": np.flatnonzero(fields.closed[here]).tolist(),
            },
            "depth_m": _rounded(fields.depth_m[here]),
            "crowd": [list(pair) for pair in fields.crowd.get(here, ())],
            "units": self._units(cycle, now),
            "calls": self._calls(now),
            "forecast": {
                "made_at": cycle.made_at.isoformat(),
                "horizon_s": round((last - here) * 60.0, 1),
                "members": fields.members,
                "roads_speed_ratio": _rounded(fields.speed_ratio[last]),
                "depth_m": _rounded(fields.depth_m[last]),
                "closed": np.flatnonzero(fields.closed[last]).tolist(),
                "rests_on": list(self.evening.city.guesses),
            },
        }

    def _model_figures(self, cycle: Simulated, now: datetime) -> list[dict[str, Any]]:
        fields, here = cycle.fields, cycle.fields.minute(now)
        before = max(0, here - 5)
        crowded = sum(d * float(self._link_m2[link]) for link, d in fields.crowd.get(here, ()) if d >= CROWDED_PM2)
        figures = [
            _figure("vehicles", round(float(fields.vehicles[here])), "", float(fields.vehicles[before])),
            _figure("walkers", round(float(fields.walkers[here])), "", float(fields.walkers[before])),
            _figure("closed_roads", int(fields.closed[here].sum()), "", float(fields.closed[before].sum())),
            _figure("max_depth_m", round(float(fields.depth_m[here].max(initial=0.0)), 2), "m"),
            _figure("crowded_people", round(crowded), ""),
            _figure("open_calls", len(self.evening.open_calls(now)), ""),
            _figure("demand_factor", round(cycle.demand, 2), ""),
        ]
        if self.evening.gain is not None:
            figures.append(_figure("forecast_gain", round(self.evening.gain, 2), ""))
        return figures

    def _feed_figures(self, now: datetime) -> list[dict[str, Any]]:
        """What the feeds say themselves, model or no model."""
        rain = [o for o in self.feeds.table.series("rain_intensity") if o.result is not None and o.end <= now]
        told = [_figure("rain_mm_h", round(float(rain[-1].result or 0.0), 1), "mm/h")] if rain else []
        watch = self.people.watch if self.people else None
        return told if watch is None else [*told, _figure("site_alarms", watch.alarms, "")]

    def _units(self, cycle: Simulated, now: datetime) -> list[dict[str, Any]]:
        from scenarios import units_in

        rows = []
        for place in unit_places(units_in(self.evening.city, cycle.scenario), cycle.fields, self._lines, now):
            lon, lat = self._lonlat(place.x, place.y)
            rows.append({"id": place.unit_id, "lon": round(lon, 6), "lat": round(lat, 6), "state": place.state})
        return rows

    def _calls(self, now: datetime) -> list[dict[str, Any]]:
        """Calls heard that nobody has reached yet, where they are."""
        open_calls, rows = set(self.evening.open_calls(now)), []
        for seen in self.feeds.table.series("emergency_call"):
            line = self._lines.get(seen.details.get("edge_id"))
            if seen.details.get("call_id") in open_calls and line is not None:
                middle = line.interpolate(0.5, normalized=True)
                lon, lat = self._lonlat(float(middle.x), float(middle.y))
                rows.append({"id": seen.details["call_id"], "lon": round(lon, 6), "lat": round(lat, 6)})
        return rows

    def _feeds(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"name": h.name, "last_s_ago": _second(h.last_s_ago), "count": h.count, "status": h.status}
            for h in self.feeds.health()
        ]
        dead = self.feeds.dead_count
        return [*rows, {"name": "dead_letters", "last_s_ago": None, "count": dead, "status": "look" if dead else "ok"}]


def _figure(key: str, value: float, unit: str, before: float | None = None) -> dict[str, Any]:
    figure: dict[str, Any] = {"key": key, "value": value, "unit": unit}
    if before is not None:
        figure["trend"] = round(value - before, 2)
    return figure


def _rounded(values: np.ndarray) -> list[float | None]:
    return [None if math.isnan(v) else round(v, 2) for v in values.astype(float).tolist()]


def _second(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
