"""The live twin's state as the cockpit's page reads it: one JSON document, made anew for every moment."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.live.desk_now import DeskNow
from twin.live.replay_hour import replay_hour
from twin.live.unit_places import unit_places

if TYPE_CHECKING:
    from networks import Camera
    from twin.live.hour import Hour
    from twin.live.loop import LiveLoop, Picture

CROWDED_PM2 = 3.5


class StateMaker:
    """Makes the state of a live loop; what never changes is prepared once.

    Args:
        loop: The loop.
        cameras: In place of the city's.
    """

    def __init__(self, loop: LiveLoop, cameras: Sequence[Camera] | None = None) -> None:
        from pyproj import Transformer

        self.loop, self._cameras = loop, cameras
        self._desk_now = DeskNow(loop.desk)
        edges = loop.city.layer("edges")
        self._lines = dict(zip(edges["edge_id"], edges.geometry, strict=True))
        links = loop.city.layer("walk_links")
        self._link_m2 = (links["length_m"] * links["width_m"]).to_numpy(dtype=float)
        to_lonlat = Transformer.from_crs(loop.city.crs, "EPSG:4326", always_xy=True)
        self._hour: tuple[Picture, Hour] | None = None
        self._lonlat: Callable[[float, float], tuple[float, float]] = to_lonlat.transform

    def state(self) -> dict[str, Any]:
        """Everything the page shows, JSON-ready; numbers are rounded, null is "not known"."""
        loop = self.loop
        now = loop.clock.now()
        local = now.astimezone(loop.plan.period.begin.tzinfo)
        document: dict[str, Any] = {
            "now": local.isoformat(timespec="seconds"),
            "run_time_s": round(loop.plan.seconds(now), 1),
            "speed": loop.clock.speed,
            "held": loop.clock.held and not loop.over,
            "busy": loop.busy,
            "mode": "synthetic replay",
            "labels": "synthetic replay",
            "figures": self._feed_figures(now),
            "roads": {"speed_ratio": []},
            "depth_m": [],
            "crowd": [],
            "units": [],
            "occupancy": loop.sites.state(now) if loop.sites is not None else None,
            "feeds": self._feeds(),
            "forecast": None,
            **self._desk_now.state(),
            "log": [{"time": line.time.isoformat(), "en": line.en, "zh": line.zh} for line in loop.log],
        }
        picture, hour = loop.picture, self.hour()
        document["hour"] = hour.head() if hour else None
        if picture is not None:
            document |= self._pictured(picture, now)
            document["figures"] = self._model_figures(picture, now) + document["figures"]
        return document

    def hour(self) -> Hour | None:
        """Now and the rest of the forecast in steps; None before the first."""
        picture = self.loop.picture
        if picture is None:
            return None
        if self._hour is None or self._hour[0] is not picture:
            self._hour = (picture, replay_hour(self.loop.city, picture, self._cameras))
        return self._hour[1]

    def _pictured(self, picture: Picture, now: datetime) -> dict[str, Any]:
        fields = picture.fields
        here, last = fields.minute(now), fields.minutes - 1
        return {
            "roads": {
                "speed_ratio": _rounded(fields.speed_ratio[here]),
                "closed": np.flatnonzero(fields.closed[here]).tolist(),
            },
            "depth_m": _rounded(fields.depth_m[here]),
            "crowd": [list(pair) for pair in fields.crowd.get(here, ())],
            "units": self._units(picture, now),
            "calls": self._calls(now),
            "forecast": {
                "made_at": picture.made_at.isoformat(),
                "horizon_s": round((last - here) * 60.0, 1),
                "members": fields.members,
                "roads_speed_ratio": _rounded(fields.speed_ratio[last]),
                "depth_m": _rounded(fields.depth_m[last]),
                "closed": np.flatnonzero(fields.closed[last]).tolist(),
                "rests_on": list(self.loop.city.guesses),
            },
        }

    def _model_figures(self, picture: Picture, now: datetime) -> list[dict[str, Any]]:
        fields, here = picture.fields, picture.fields.minute(now)
        before = max(0, here - 5)
        crowded = sum(d * float(self._link_m2[link]) for link, d in fields.crowd.get(here, ()) if d >= CROWDED_PM2)
        gain = self.loop.skill.gain if self.loop.skill else None
        figures = [
            _figure("vehicles", round(float(fields.vehicles[here])), "", float(fields.vehicles[before])),
            _figure("walkers", round(float(fields.walkers[here])), "", float(fields.walkers[before])),
            _figure("closed_roads", int(fields.closed[here].sum()), "", float(fields.closed[before].sum())),
            _figure("max_depth_m", round(float(fields.depth_m[here].max(initial=0.0)), 2), "m"),
            _figure("crowded_people", round(crowded), ""),
            _figure("open_calls", len(self.loop.open_calls(now)), ""),
            _figure("demand_factor", round(picture.factor, 2), ""),
        ]
        if gain is not None:
            figures.append(_figure("forecast_gain", round(gain, 2), ""))
        return figures

    def _feed_figures(self, now: datetime) -> list[dict[str, Any]]:
        """What the feeds say themselves, model or no model."""
        rain = [o for o in self.loop.feeds.table.series("rain_intensity") if o.result is not None and o.end <= now]
        told = [_figure("rain_mm_h", round(float(rain[-1].result or 0.0), 1), "mm/h")] if rain else []
        sites = self.loop.sites
        return told if sites is None else [*told, _figure("site_alarms", sites.alarms, "")]

    def _units(self, picture: Picture, now: datetime) -> list[dict[str, Any]]:
        from scenarios import units_in

        rows = []
        for place in unit_places(units_in(self.loop.city, picture.scenario), picture.fields, self._lines, now):
            lon, lat = self._lonlat(place.x, place.y)
            rows.append({"id": place.unit_id, "lon": round(lon, 6), "lat": round(lat, 6), "state": place.state})
        return rows

    def _calls(self, now: datetime) -> list[dict[str, Any]]:
        """Calls heard that nobody has reached yet, where they are."""
        open_calls, rows = set(self.loop.open_calls(now)), []
        for seen in self.loop.feeds.table.series("emergency_call"):
            line = self._lines.get(seen.details.get("edge_id"))
            if seen.details.get("call_id") in open_calls and line is not None:
                middle = line.interpolate(0.5, normalized=True)
                lon, lat = self._lonlat(float(middle.x), float(middle.y))
                rows.append({"id": seen.details["call_id"], "lon": round(lon, 6), "lat": round(lat, 6)})
        return rows

    def _feeds(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"name": h.name, "last_s_ago": _second(h.last_s_ago), "count": h.count, "status": h.status}
            for h in self.loop.feeds.health()
        ]
        dead = self.loop.feeds.dead_count
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
