"""What stands in the city and what is told of it now, as rows of the cockpit's map (`Hour.rows`).

Every row has `id`, `name`, `lon` and `lat` (degrees; null where nobody knows the place), and by layer:

    cameras   sees: ring [[lon, lat], ...] of what it shows; heading_known; stream: address of its picture, or ""
    signals   state: "runs" what the map has, or "changed" by a recommendation; source: who told the plan
    sensors   status "ok", "late" or "silent"; fault: {en, zh}, or null
    parks     capacity, guessed: whether that is a guess; taken: cars standing there, or null; last_s_ago, or null
    units     state: "free" or "busy"
    areas     edges: rows of streets; target_s; time_s, low, high: by step
    ponds     depth_m, low, high: by step; limit_m; reach_s: from the first step until half of the members are above
              it, sooner_s: until one in twenty is; null: not within the hour
    sites     people, low, high: by step; holds, or null
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.skill import Forecast

if TYPE_CHECKING:
    from calibration.health import Issue
    from networks import Camera, City

Floats = NDArray[np.float64]
Row = dict[str, Any]
Places = Mapping[str, tuple[float, float]]
LIKELY, PERHAPS = 0.5, 0.05


def to_degrees(city: City) -> Callable[[float, float], tuple[float, float]]:
    """From the city's plane (m) to longitude and latitude, to a tenth of a metre."""
    from pyproj import Transformer

    told = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)

    def degrees(x: float, y: float) -> tuple[float, float]:
        lon, lat = told.transform(x, y)
        return round(float(lon), 6), round(float(lat), 6)

    return degrees


def places_in(city: City, layer: str, key: str) -> dict[str, tuple[float, float]]:
    """Where each row of a layer is: id -> (lon, lat) of its middle."""
    degrees, rows = to_degrees(city), city.layer(layer)
    middles = [shape if shape.geom_type == "Point" else shape.representative_point() for shape in rows.geometry]
    return {str(name): degrees(one.x, one.y) for name, one in zip(rows[key], middles, strict=True)}


def camera_rows(city: City, given: Sequence[Camera] | None = None) -> list[Row]:
    """Cameras (the city's, unless others are given), with the ground that each shows."""
    from networks import read_cameras

    degrees = to_degrees(city)
    return [
        _row(one.camera_id, one.name, degrees(one.x, one.y))
        | {
            "sees": [list(degrees(*point[:2])) for point in one.view().exterior.coords],
            "heading_known": bool(np.isfinite(one.heading_deg)), "stream": one.stream,
        }
        for one in (read_cameras(city) if given is None else given)
    ]  # fmt: skip


def signal_rows(city: City, changed: Sequence[str] = ()) -> list[Row]:
    """Signals, and which of them run a plan that a recommendation brought."""
    places = places_in(city, "signals", "tls_id")
    sources = dict(zip(city.layer("signals")["tls_id"], city.layer("signals")["plan_source"], strict=True))
    return [
        _row(name, "", place) | {"state": "changed" if name in changed else "runs", "source": str(sources[name])}
        for name, place in places.items()
    ]


def sensor_rows(
    names: Sequence[str], places: Places, silent: Sequence[str], late: Sequence[str], issues: Sequence[Issue]
) -> list[Row]:
    """Sensors that are listened to, how they are, and which of them are not believed."""
    from calibration.health import FAULTS

    faults = {one.sensor: dict(FAULTS[one.fault]) for one in issues}
    return [
        _row(name, "", places.get(name))
        | {"status": "silent" if name in silent else "late" if name in late else "ok", "fault": faults.get(name)}
        for name in names
    ]


def park_rows(city: City, taken: Mapping[str, tuple[float, float]] = {}, capacity: Mapping[str, int] = {}) -> list[Row]:
    """Car parks; `taken`: cars that stand there and how many seconds ago that was told, by id; `capacity`: as told."""
    layer = city.layer("car_parks")
    places = places_in(city, "car_parks", "osm_id")
    rows = []
    for one in layer.itertuples(index=False):
        cars, ago = taken.get(str(one.osm_id), (None, None))
        told = capacity.get(str(one.osm_id))
        holds = int(one.capacity) if told is None else told
        more = {"capacity": holds, "guessed": told is None and one.capacity_source == "guessed"}
        rows.append(_row(one.osm_id, one.name, places[str(one.osm_id)]) | more | {"taken": cars, "last_s_ago": ago})
    return rows


def pond_rows(depth: Forecast, limit_m: float, places: Places) -> list[Row]:
    """Ponding points: depth by step with its 90 % interval, and when it reaches the limit."""
    low, high = depth.interval(0.9)
    median = depth.median
    share = (depth.members >= limit_m).mean(axis=0)
    rows = []
    for at, name in enumerate(depth.places):
        course = {"depth_m": _two(median[at]), "low": _two(low[at]), "high": _two(high[at]), "limit_m": limit_m}
        times = {
            "reach_s": first_s(share[at], LIKELY, depth.period_s),
            "sooner_s": first_s(share[at], PERHAPS, depth.period_s),
        }
        rows.append(_row(name, "", places.get(name)) | course | times)
    return rows


def first_s(share: Floats, least: float, period_s: float) -> float | None:
    """Seconds from the first step's begin to the begin of the first at which `share` (H) is at least so much."""
    there = np.flatnonzero(share >= least)
    return float(there[0] * period_s) if len(there) else None


def site_rows(people: Forecast, names: Mapping[str, str], holds: Mapping[str, float], places: Places) -> list[Row]:
    """People in zones by step, with the 90 % interval."""
    low, high = people.interval(0.9)
    median = people.median
    return [
        _row(zone, names.get(zone, ""), places.get(zone))
        | {"people": _whole(median[at]), "low": _whole(low[at]), "high": _whole(high[at]), "holds": holds.get(zone)}
        for at, zone in enumerate(people.places)
    ]


def area_rows(response: Forecast, streets: Mapping[str, Sequence[int]], targets_s: Mapping[str, float]) -> list[Row]:
    """Response times of areas by step, with the 90 % interval."""
    low, high = response.interval(0.9)
    median = response.median
    return [
        _row(area, area, None)
        | {
            "edges": list(streets.get(area, ())), "target_s": targets_s.get(area), "time_s": _whole(median[at]),
            "low": _whole(low[at]), "high": _whole(high[at]),
        }
        for at, area in enumerate(response.places)
    ]  # fmt: skip


def unit_rows(units: Mapping[str, str], busy: Sequence[str], places: Places) -> list[Row]:
    """Units where they wait (unit -> edge), and whether they can be sent."""
    return [
        _row(name, "", places.get(edge)) | {"state": "busy" if name in busy else "free"} for name, edge in units.items()
    ]


def seconds_ago(now: datetime, told: datetime) -> float:
    """Whole seconds, never negative."""
    return max(round((now - told).total_seconds()), 0)


def _row(name: object, title: object, place: tuple[float, float] | None) -> Row:
    lon, lat = place or (None, None)
    return {"id": str(name), "name": str(title) if title == title and title else "", "lon": lon, "lat": lat}


def _two(values: Floats) -> list[float | None]:
    return [None if np.isnan(one) else round(float(one), 2) for one in values]


def _whole(values: Floats) -> list[int | None]:
    return [None if np.isnan(one) else round(float(one)) for one in values]
