"""`TownHour`: the stage that puts now and the next hour of a served town in the form that pages read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.live.hour import SURE, Codes, Hour
from twin.live.rows_now import (
    Row,
    area_rows,
    camera_rows,
    park_rows,
    places_in,
    pond_rows,
    sensor_rows,
    signal_rows,
    site_rows,
    to_degrees,
    unit_rows,
)

if TYPE_CHECKING:
    from calibration.skill import Forecast
    from networks import Camera, City
    from twin.alarms import Thresholds
    from twin.cycle import Picture, Turn
    from twin.live.parks_now import Parks
    from twin.live.people_now import People
    from twin.live.response_times import ResponseTimes
    from twin.live.streets_now import StreetsNow

Floats = NDArray[np.float64]
BY_TWIN = ("twin", "mixed")
"""Who is served where the twin has skill: itself, or a mixture that it is part of."""


@dataclass
class TownHour:
    """Makes the hour of a picture.

    Attributes:
        city: Where; its layer of edges gives the order of every array.
        traffic: The stage of the streets.
        thresholds: From where on it is trouble.
        people: Who is in which zone; None: nobody counts.
        response: How soon units come; None: nobody asks.
        cameras: Cameras of a file; None: the city's.
        parks: How many cars stand in car parks; None: nobody tells.
        beside: What else is known of a picture: `depth_m`, `closed` and `crowd` of its `Hour`, by step.
        ponds: Longitude and latitude of ponding points that are no sensors (degrees).
        hour: Of the last cycle that forecast streets; None before that.
    """

    city: City
    traffic: StreetsNow
    thresholds: Thresholds
    people: People | None = None
    response: ResponseTimes | None = None
    cameras: Sequence[Camera] | None = None
    parks: Parks | None = None
    beside: Callable[[Picture], Mapping[str, Any]] = lambda _: {}
    ponds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    name: str = "hour"
    hour: Hour | None = None
    _still: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layer = self.city.layer("edges")
        self._row = {str(edge): at for at, edge in enumerate(layer["edge_id"])}
        self._free_mps = layer["speed_mps"].to_numpy(dtype=np.float64)
        self._lanes = np.maximum(layer["lanes"].to_numpy(dtype=np.float64), 1.0)
        self._edge_places = places_in(self.city, "edges", "edge_id")
        self._sensor_places = places_in(self.city, "sensors", "sensor_id")
        for name, edge in zip(self.traffic.counts.sensors, self.traffic.counts.edges, strict=True):
            if name not in self._sensor_places and edge in self._edge_places:
                self._sensor_places[name] = self._edge_places[edge]
        self._still = {"cameras": camera_rows(self.city, self.cameras), "parks": park_rows(self.city)}

    def run(self, turn: Turn, picture: Picture) -> Picture:  # noqa: ARG002
        """The picture as it is; its hour is kept here, where streets were forecast."""
        self.hour = self.of(picture) or self.hour
        return picture

    def of(self, picture: Picture) -> Hour | None:
        """The hour of a picture; None where streets were not forecast."""
        speed, flow = picture.of("speed"), picture.of("flow")
        if speed is None:
            return None
        free = self._free_mps[None, :, None]
        low, high = (self._by_edge(speed, one) for one in speed.interval(0.9))
        mps = self._by_edge(speed, speed.median)
        spread = np.minimum((high - low) / free[0], 1.0)
        queue = None if flow is None else self._queue(self._by_edge(flow, flow.median), mps, speed.period_s)
        made_at = picture.moment(speed.begin_s)
        return Hour(
            picture.run_id, made_at, speed.period_s, np.minimum(mps / free[0], 1.0).T, self._sure(mps).T,
            None if queue is None else queue.T, spread.T, rows=self._rows(picture),
            **self.beside(picture),
        )  # fmt: skip

    def _by_edge(self, told: Forecast, values: Floats) -> Floats:
        """Values by place (N, H) as values by edge of the city."""
        out = np.full((len(self._row), values.shape[1]), np.nan)
        rows = np.array([self._row.get(place, -1) for place in told.places])
        out[rows[rows >= 0]] = values[rows >= 0]
        return out

    def _queue(self, flow: Floats, mps: Floats, period_s: float) -> Floats:
        """Share of each street that its queue fills, as `SpillbackFinder` has it; 0 where it is not slow."""
        limits = self.thresholds.spillback
        with np.errstate(divide="ignore", invalid="ignore"):
            share = flow * limits.metres_per_vehicle.value / (period_s * self._lanes[:, None] * mps)
            slow = mps <= limits.speed_share.value * self._free_mps[:, None]
            return np.where(np.isnan(mps), np.nan, np.where(slow, np.minimum(share, 1.0), 0.0))

    def _sure(self, mps: Floats) -> Codes:
        sure = np.where(np.isnan(mps), SURE["nothing"], SURE["unchecked"]).astype(np.uint8)
        served = self.traffic.served.get("speed") or self.traffic.served.get("flow")
        if served is None:
            return sure
        steps = min(served.by.shape[1], sure.shape[1])
        for at, edge in enumerate(served.forecast.places):
            if (row := self._row.get(edge)) is not None:
                good = np.isin(served.by[at, :steps], BY_TWIN)
                sure[row, :steps] = np.where(good, SURE["skilled"], SURE["no_skill"])
        return sure

    def _rows(self, picture: Picture) -> Mapping[str, list[Row]]:
        running = self.traffic.carried.plans() if self.traffic.carried else {}
        rows = self._still | {"signals": signal_rows(self.city, tuple(running)), "sensors": self._sensors(picture)}
        if self.parks is not None:
            capacity = self.parks.file.capacity if self.parks.file else {}
            rows["parks"] = park_rows(self.city, self.parks.ago(picture.now), capacity)
        if (depth := picture.of("depth")) is not None:
            rows["ponds"] = pond_rows(
                depth, self.thresholds.ponding.level_IV.value, {**self._sensor_places, **self.ponds}
            )
        if (people := picture.of("people")) is not None and self.people is not None:
            rows["sites"] = self._sites(people, self.people)
        if (times := picture.of("response_time")) is not None and self.response is not None:
            rows |= self._coverage(times, self.response, picture)
        return rows

    def _sensors(self, picture: Picture) -> list[Row]:
        counts, _ = self.traffic.counts.up_to((picture.now - picture.origin).total_seconds())
        heard = ~np.isnan(counts.vehicles)
        last = [name for name, told in zip(counts.sensors, heard, strict=True) if not told[-1:].any()]
        hour = max(round(3600.0 / counts.period_s), 1)
        silent = [name for name, told in zip(counts.sensors, heard, strict=True) if not told[-hour:].any()]
        return sensor_rows(counts.sensors, self._sensor_places, silent, last, picture.issues)

    def _sites(self, told: Forecast, people: People) -> list[Row]:
        from models.crowd.sites import capacity_of

        known = {one.site_id: one for one in people.sites.sites}
        holds = {name: capacity_of(one).instant for name, one in known.items()}
        degrees = to_degrees(self.city)
        places = {name: degrees(one.x, one.y) for name, one in known.items()}
        names = {name: one.name for name, one in known.items()}
        return site_rows(told, names, {name: one for name, one in holds.items() if one}, places)

    def _coverage(self, told: Forecast, response: ResponseTimes, picture: Picture) -> dict[str, list[Row]]:
        least_s = self.thresholds.coverage.target_s.value
        targets = {area.name: area.target_s or least_s for area in response.areas}
        streets = {area.name: [self._row[e] for e in area.edges if e in self._row] for area in response.areas}
        units = {one.unit_id: one.edge for one in response.units}
        busy = response.busy(picture.now)
        return {
            "areas": area_rows(told, streets, targets),
            "units": unit_rows(units, busy, self._edge_places),
        }
